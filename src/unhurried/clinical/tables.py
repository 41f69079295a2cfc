"""Reads the clinical data tables: every row says where it comes from (source, version).

Tables are read the first time they are asked for and kept, so that importing costs nothing.
"""

from __future__ import annotations

import csv
import functools
import pkgutil
from fractions import Fraction

REQUIRED = ("source", "version")


class TableError(Exception):
    """A clinical data table is missing, or a row of it lacks its source or version."""


@functools.cache
def read_table(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of `clinical/data/<name>.csv`, in file order.

    Raises TableError when there is no such table or a row lacks source or version.
    """
    text = _text(name)
    lines = csv.reader(text.splitlines())
    header = next(lines, [])
    if any(column not in header for column in REQUIRED):
        raise TableError(f"The table {name!r} needs a source and a version column.")
    return tuple(_row(name, number, header, line) for number, line in enumerate(lines, start=2))


def _text(name: str) -> str:
    try:
        found = pkgutil.get_data("unhurried.clinical", f"data/{name}.csv")
    except OSError:
        found = None
    if found is None:
        raise TableError(f"There is no clinical data table called {name!r}: check the name.")
    return found.decode("utf-8")


def _row(name: str, number: int, header: list[str], line: list[str]) -> dict[str, str]:
    row = dict(zip(header, line, strict=False))
    if len(line) != len(header) or not all(row.get(column) for column in REQUIRED):
        raise TableError(
            f"Row {number} of the table {name!r} is incomplete: give every column, "
            "with a source and a version."
        )
    return row


def exact(text: str) -> Fraction:
    """Turn a number as written in a table ("37.5", "1/3") into an exact fraction.

    Raises TableError when it is not a number.
    """
    try:
        return Fraction(text.strip())
    except (ValueError, ZeroDivisionError) as error:
        raise TableError(f"{text!r} is not a number: correct the table.") from error


def exact_or_none(text: str) -> Fraction | None:
    """As `exact`, with None for an empty cell."""
    return exact(text) if text.strip() else None
