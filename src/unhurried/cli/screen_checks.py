"""What can be refused before a long read: options that contradict, folders that are not ours."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from unhurried.cli.exits import CommandError, Exit

SHOWN = 10  # people shown on the terminal when --first does not say
WRITTEN = (
    "candidates.csv", "reasons.csv", "episodes.csv", "approaching.csv", "rejects.csv",
    "summary.json",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was asked for on the command line."""

    source: Path
    format: str | None = None
    map: Path | None = None
    as_of: date | None = None
    criteria: Path | None = None
    engine: str = "duckdb"
    factors: str = "fpm-2020"
    out: Path | None = None
    first: int | None = None
    keep: Path | None = None
    as_json: bool = False
    show: int = SHOWN
    today: date | None = None  # the demo's own day, so that it shows the same on every day


def check_wanted(wanted: Wanted) -> None:
    """Raise CommandError for the first thing that cannot stand."""
    _check_format(wanted.format)
    for option, path in (("--map", wanted.map), ("--criteria", wanted.criteria)):
        if path is not None and not path.is_file():
            raise CommandError(f"{option} {path} is not a file: check its name.", Exit.WRONG_USAGE)
    _check_store(wanted)
    if wanted.out is not None:
        _check_out(wanted.out, wanted.source)


def _check_format(name: str | None) -> None:
    from unhurried.records.read import FORMATS

    if name is not None and name not in FORMATS:
        raise CommandError(f"--format must be one of {', '.join(FORMATS)}.", Exit.WRONG_USAGE)


def _check_store(wanted: Wanted) -> None:
    """Kept issues were read before: options of reading would be ignored without a word."""
    from unhurried.screening.store import is_store

    if not is_store(wanted.source):
        return
    ignored = {
        "--map": wanted.map is not None,
        "--format": wanted.format is not None,
        "--keep": wanted.keep is not None,
        "--engine": wanted.engine != "duckdb",
    }
    given = [option for option, used in ignored.items() if used]
    if given:
        raise CommandError(
            f"{wanted.source} holds kept issues, read before: {' and '.join(given)} can only be"
            " used with an extract.",
            Exit.WRONG_USAGE,
        )


def _check_out(out: Path, source: Path) -> None:
    """Results go to a folder that is new or holds earlier results; never among the records."""
    if out.exists() and not out.is_dir():
        raise CommandError(f"{out} is a file; give --out a folder.", Exit.WRONG_USAGE)
    if out.resolve() == source.resolve():
        raise CommandError(
            f"{out} holds the records themselves; give --out another folder.", Exit.REFUSED
        )
    taken = [name for name in WRITTEN if (out / name).exists()]
    if taken and not _is_a_summary(out / "summary.json"):
        raise CommandError(
            f"{out} already holds {taken[0]}, which was not written here; give --out another"
            " folder.",
            Exit.REFUSED,
        )
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _not_writable(out) from error
    if not os.access(out, os.W_OK):
        raise _not_writable(out)


def _not_writable(out: Path) -> CommandError:
    return CommandError(
        f"the folder {out} cannot be written to; choose another for --out.", Exit.WRONG_USAGE
    )


def _is_a_summary(path: Path) -> bool:
    """Whether an earlier screening wrote this file."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(content, dict) and {"criteria", "as_of", "workload"} <= content.keys()


def check_save_map(path: Path) -> None:
    """A column map replaces an earlier column map and nothing else."""
    from unhurried.records.canonical import UnusableInput
    from unhurried.records.csv.columns import read_map

    if not path.exists():
        return
    try:
        read_map(path)
    except UnusableInput as error:
        raise CommandError(
            f"{path} exists and is not a column map; give --save-map another name.", Exit.REFUSED
        ) from error
