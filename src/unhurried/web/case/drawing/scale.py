"""Where a day and a number lie, and which days and numbers are named along the edges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from unhurried.web.case.drawing.ink import text_width

SHORTEST = timedelta(days=14)
DAY_TICKS = timedelta(days=75)  # up to here every Monday has its date
STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10000, 50000, 100000)


@dataclass(frozen=True, slots=True)
class Days:
    """Days from left to right."""

    first: date
    last: date
    left: float
    right: float

    def x(self, on: date) -> float:
        """Where this day begins; days outside lie on the edge."""
        days = (min(max(on, self.first), self.last) - self.first).days
        return self.left + (self.right - self.left) * days / max((self.last - self.first).days, 1)


def roomy(first: date, last: date) -> tuple[date, date]:
    """The time to draw: never less than two weeks, and a little air before what came first."""
    air = max(timedelta(days=2), (last - first) / 40)
    first = _shifted(first, -air)
    if last - first < SHORTEST:
        first = _shifted(last, -SHORTEST)
    return first, last


def _shifted(on: date, by: timedelta) -> date:
    try:
        return on + by
    except OverflowError:
        return on


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers from the bottom up, beginning with 0."""

    most: float
    top: float
    bottom: float

    def y(self, value: float) -> float:
        """Where this number lies; none lies outside."""
        share = min(max(value, 0), self.most) / self.most
        return self.bottom - (self.bottom - self.top) * share


def round_most(value: float) -> tuple[float, float]:
    """The top of an axis that shows `value` with some air, and the step of its numbers."""
    wanted = max(value, 20) * 1.12
    step = next((each for each in STEPS if wanted / each <= 4.5), wanted / 4)
    return -(-wanted // step) * step, step


@dataclass(frozen=True, slots=True)
class Tick:
    """A day named under the picture; `strong` begins a year."""

    on: date
    words: str

    @property
    def strong(self) -> bool:
        """Does a year begin here?"""
        return self.on.month == 1 and self.on.day == 1


def ticks(days: Days, size: float) -> list[Tick]:
    """The days to name, as many as there is room for with letters of `size`."""
    if days.last - days.first <= DAY_TICKS:
        named = list(_mondays(days))
        room = text_width("30 Sept", size) + size
    else:
        named = list(_months(days))
        room = text_width("Sept", size) + size * 0.6
    each = (days.right - days.left) / max((days.last - days.first).days, 1)
    if len(named) > 1 and named[0].words[0].isdigit():
        every = _fewest([1, 2, 4], each * 7, room)
        return named[::every]
    every = _fewest([1, 2, 3, 6, 12, 24, 60, 120, 240], each * 30, room)
    kept = [tick for tick in named if (tick.on.year * 12 + tick.on.month - 1) % every == 0]
    return kept or named[:1]


def _fewest(steps: list[int], one: float, room: float) -> int:
    return next((step for step in steps if one * step >= room), steps[-1])


def _mondays(days: Days) -> Iterator[Tick]:
    on = days.first + timedelta(days=-days.first.weekday() % 7)
    while on <= days.last:
        yield Tick(on, f"{on.day} {_month(on)}")
        on += timedelta(days=7)


def _months(days: Days) -> Iterator[Tick]:
    year, month = days.first.year, days.first.month
    while (on := date(year, month, 1)) <= days.last:
        if on >= days.first:
            yield Tick(on, _month(on))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        if year > date.max.year:
            return


def _month(on: date) -> str:
    return "Sept" if on.month == 9 else f"{on:%b}"
