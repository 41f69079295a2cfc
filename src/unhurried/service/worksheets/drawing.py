"""The drawing of a week: what was taken, and pain and stress, over the same seven days.

Only where things stand; the template draws. Nothing is joined across a day without a number.
All lengths are in the drawing's own units (`WIDTH` wide), x to the right and y down.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from unhurried.clinical.worksheets import Day
from unhurried.service.patients.words import amount, day
from unhurried.service.worksheets.models import Line

WIDTH, HEIGHT = 320, 296
LEFT, COLUMN = 58, 37.4
FIRST_ROW, ROW = 62, 19
NO_TIME = "any time"
TEN, POINT = 182, 8  # y of the number 10, and of one point less
SLEEP_Y = 288
KINDS = ("usual", "extra", "less", "none")
ASIDE = {"pain": -5, "stress": 5}  # so that equal numbers stand beside each other


@dataclass(frozen=True, slots=True)
class Column:
    """One day: its place, its name and number, and how the person slept ("" not written)."""

    x: float
    name: str
    number: str
    sleep: str
    outside: bool  # not a day of the worksheet


@dataclass(frozen=True, slots=True)
class Mark:
    """What was taken at one time of one day."""

    x: float
    y: float
    kind: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A number of a day."""

    x: float
    y: float
    of: str


@dataclass(frozen=True, slots=True)
class Join:
    """A line between the same number on two days in a row."""

    x1: float
    y1: float
    x2: float
    y2: float
    of: str


@dataclass(frozen=True, slots=True)
class Week:
    """Up to seven days drawn."""

    title: str
    says: str  # the drawing in words
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, float], ...]
    marks: tuple[Mark, ...]
    spots: tuple[Spot, ...]
    joins: tuple[Join, ...]
    has_sleep: bool


def weeks(starts: date, days: int, lines: Sequence[Line], found: Sequence[Day]) -> tuple[Week, ...]:
    """The worksheet's weeks, each from the weekday it began on; those without a line left out."""
    by_day = {each.day: each for each in found}
    drawn = []
    for first in range(0, days, 7):
        shown = [starts + timedelta(days=first + place) for place in range(7)]
        inside = [each for each in shown if each < starts + timedelta(days=days)]
        if any(each in by_day for each in inside):
            drawn.append(_week(shown, inside, lines, by_day))
    return tuple(drawn)


def _week(
    shown: Sequence[date], inside: Sequence[date], lines: Sequence[Line],
    by_day: Mapping[date, Day],
) -> Week:  # fmt: skip
    here = [line for line in lines if line.day in inside]
    spots = _spots(shown, by_day)
    title = f"{day(inside[0])} to {day(inside[-1])}" if len(inside) > 1 else day(inside[0])
    columns = tuple(_column(n, each, each in inside, by_day) for n, each in enumerate(shown))
    return Week(
        title=title,
        says=f"What was taken, and pain and stress, {title}. The table below has the same.",
        columns=columns,
        rows=tuple(_rows(here).items()),
        marks=_marks(shown, here),
        spots=spots,
        joins=_joins(spots),
        has_sleep=any(each.sleep for each in columns),
    )


def _x(place: int) -> float:
    return round(LEFT + COLUMN * (place + 0.5), 1)


def _column(place: int, each: date, inside: bool, by_day: Mapping[date, Day]) -> Column:
    written = by_day.get(each) if inside else None
    slept = written.numbers["sleep"] if written else None
    return Column(_x(place), f"{each:%a}", str(each.day), amount(slept), not inside)


def _rows(here: Sequence[Line]) -> dict[str, float]:
    """The rows of times of day, and one for entries without any when there are such."""
    times = [*Line.Time.values]
    if any(line.taken and not line.time for line in here):
        times.append("")
    return {time or NO_TIME: FIRST_ROW + ROW * n for n, time in enumerate(times)}


def _marks(shown: Sequence[date], here: Sequence[Line]) -> tuple[Mark, ...]:
    rows = _rows(here)
    cells: dict[tuple[date, str], set[str]] = {}
    for line in here:
        if line.taken:
            cells.setdefault((line.day, line.time or NO_TIME), set()).add(line.taken)
    marks = []
    for (each, time), kinds in sorted(cells.items()):
        ordered = [kind for kind in KINDS if kind in kinds]
        for n, kind in enumerate(ordered):
            x = _x(shown.index(each)) + 11 * (n - (len(ordered) - 1) / 2)
            marks.append(Mark(round(x, 1), rows[time], kind))
    return tuple(marks)


def _spots(shown: Sequence[date], by_day: Mapping[date, Day]) -> tuple[Spot, ...]:
    spots = []
    for place, each in enumerate(shown):
        for thing, aside in ASIDE.items():
            number = by_day[each].numbers[thing] if each in by_day else None  # type: ignore[index]  # both are Things
            if number is not None:
                y = round(TEN + (10 - float(number)) * POINT, 1)
                spots.append(Spot(round(_x(place) + aside, 1), y, thing))
    return tuple(spots)


def _joins(spots: Sequence[Spot]) -> tuple[Join, ...]:
    joins = []
    for thing in ASIDE:
        row = [spot for spot in spots if spot.of == thing]
        joins += [
            Join(a.x, a.y, b.x, b.y, thing) for a, b in pairwise(row) if b.x - a.x < COLUMN * 1.5
        ]
    return tuple(joins)
