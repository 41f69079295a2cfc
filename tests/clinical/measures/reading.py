"""Reads the tables of labelled answers in `tests/spec/measures`."""

from __future__ import annotations

import csv
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

SPEC = Path(__file__).resolve().parents[2] / "spec" / "measures"


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one table."""
    with (SPEC / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def answers(text: str) -> dict[str, int | Decimal | Fraction | None]:
    """Answers as written in a table: "P=6 E=7 G=-", where - is unanswered."""
    found: dict[str, int | Decimal | Fraction | None] = {}
    for pair in text.split():
        key, value = pair.split("=")
        found[key] = None if value == "-" else Decimal(value) if "." in value else int(value)
    return found


def points(text: str) -> Fraction | None:
    """A number as written in a table ("11/3", "4.25"), None for an empty cell."""
    return Fraction(text) if text else None
