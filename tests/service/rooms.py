"""Gather what the files of an app's rooms each keep (examples_tasks.py, posts_tasks.py, ...)."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def gathered(package: str, prefix: str, name: str) -> dict[str, Any]:
    """Everything called `name` in the modules of `package` that begin with `prefix`."""
    found: dict[str, Any] = {}
    for path in sorted((ROOT / package.replace(".", "/")).glob(f"{prefix}*.py")):
        found |= getattr(import_module(f"{package}.{path.stem}"), name)
    return found
