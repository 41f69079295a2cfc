"""The rules, thresholds and sentences of the worksheet, from their tables."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from unhurried.clinical.tables import exact, read_table

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


@functools.cache
def rules() -> Mapping[str, int]:
    """Return the limits by name, in the unit the table gives them in."""
    return {row["rule"]: int(row["value"]) for row in read_table("worksheet-rules")}


@functools.cache
def words() -> Mapping[str, str]:
    """Return the sentences and their parts, by code."""
    return {row["code"]: row["words"] for row in read_table("worksheet-words")}


def difference_words(thing: str, difference: Fraction, usual: str) -> str:
    """Return how far a number is from usual, in words: `difference` in points, up is positive."""
    for row in read_table("worksheet-differences"):
        if row["thing"] == thing and abs(difference) >= exact(row["from"]):
            return row["up" if difference >= 0 else "down"].format(usual=usual)
    raise KeyError(thing)


def days_in_words(many: int) -> str:
    """Return "no day", "1 day" or "4 days"."""
    code = ("no_day", "one_day")[many] if many < 2 else "some_days"
    return words()[code].format(many=many)


def day_in_words(day: date) -> str:
    """Return a date as it is spoken: "2 November 2026"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def listed(parts: Sequence[str]) -> str:
    """Return "a", "a and b" or "a, b and c"."""
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1]))) if parts else ""
