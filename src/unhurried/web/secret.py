"""The service's secret key: made once, kept in the data folder, readable by its owner only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def secret_key_in(data: Path) -> str:
    """The key from UNHURRIED_SECRET_KEY or the data folder; made there if the folder has none."""
    given = os.environ.get("UNHURRIED_SECRET_KEY")
    if given:
        return given
    kept = data / "secret-key"
    try:
        return kept.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        key = secrets.token_urlsafe(50)
    if not data.is_dir():
        return key  # nothing is served yet (type checks, tests): no folder is made for it
    return _keep(key, kept)


def _keep(key: str, kept: Path) -> str:
    """Put the key in its place whole; of processes that start together, all take the first's."""
    beside = kept.with_name(f".{kept.name}.{secrets.token_hex(8)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        os.link(beside, kept)
    except FileExistsError:
        return kept.read_text(encoding="ascii").strip()
    finally:
        beside.unlink()
    return key
