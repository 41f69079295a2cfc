"""Small help for writing Markdown from tables."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

MADE = "<!-- Written by tools/build_docs.py (`make docs`): change the tables, not this page. -->\n"


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV table."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def cell(value: object) -> str:
    """A value as it can stand in a Markdown table."""
    return str(value).replace("|", "\\|").replace("\n", " ")


def table(heads: Sequence[str], body: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += ["| " + " | ".join(cell(value) for value in row) + " |" for row in body]
    return "\n".join(lines) + "\n"
