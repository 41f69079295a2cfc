"""Entries gathered into days: the unit that is compared, so that a day with many entries counts
once.

A day's number is the middle (median) of the numbers written on it. A day is of one kind: extra or
less when any of its entries says so, mixed when both do, none when every amount written is none,
usual otherwise, and of no kind when no amount is written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from unhurried.clinical.worksheets.entries import THINGS, Amount, Entry, Thing

Kind = Literal["usual", "extra", "less", "none", "mixed"]


@dataclass(frozen=True, slots=True)
class Day:
    """One written day. `numbers` holds the middle of what was written, 0 to 10, None when nothing
    was; `happening` the person's words in the order of the entries."""

    day: date
    kind: Kind | None
    numbers: Mapping[Thing, Fraction | None]
    entries: int
    happening: tuple[str, ...]


def without_copies(entries: Iterable[Entry]) -> tuple[tuple[Entry, ...], int]:
    """Return the entries with something written, each once, and how many were copies."""
    every = [entry for entry in entries if entry.written]
    once = {entry.same: entry for entry in every}
    return tuple(once.values()), len(every) - len(once)


def days(entries: Iterable[Entry]) -> tuple[Day, ...]:
    """Return the written days in the order of the calendar."""
    by_day: dict[date, list[Entry]] = {}
    for entry in entries:
        by_day.setdefault(entry.day, []).append(entry)
    return tuple(_day(day, by_day[day]) for day in sorted(by_day))


def middle(numbers: Sequence[Fraction | int]) -> Fraction | None:
    """Return the median, halfway between the two in the middle; None of no numbers."""
    ordered = sorted(numbers)
    if not ordered:
        return None
    half = len(ordered) // 2
    return Fraction(ordered[half] + ordered[~half], 2)


def same_clock_time(entries: Iterable[Entry]) -> tuple[date, ...]:
    """Return the days on which two different entries have one clock time."""
    times = Counter((entry.day, entry.same[1], entry.time) for entry in entries)
    shared = {
        day
        for (day, _, time), many in times.items()
        if many > 1 and time is not None and not isinstance(time, str)
    }
    return tuple(sorted(shared))


def _day(day: date, entries: Sequence[Entry]) -> Day:
    return Day(
        day=day,
        kind=_kind({entry.taken for entry in entries if entry.taken is not None}),
        numbers={
            thing: middle([v for entry in entries if (v := getattr(entry, thing)) is not None])
            for thing in THINGS
        },
        entries=len(entries),
        happening=tuple(entry.happening for entry in entries if entry.happening.strip()),
    )


def _kind(taken: set[Amount]) -> Kind | None:
    if {"extra", "less"} <= taken:
        return "mixed"
    order: tuple[Amount, ...] = ("extra", "less", "usual", "none")
    return next((kind for kind in order if kind in taken), None)
