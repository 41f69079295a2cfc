"""One entry of a worksheet, as written at home or typed in from paper.

Everything but the day may be left out. An entry belongs to the date written on it, so a night in
which the clocks change is a day like any other: nothing here counts hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from datetime import time as clock
from typing import Literal, get_args

from unhurried.clinical.worksheets.tables import listed, rules

TimeOfDay = Literal["morning", "afternoon", "evening", "night"]
Amount = Literal["usual", "extra", "less", "none"]
Reason = Literal["pain", "sleep", "stress", "mood", "habit", "withdrawal", "other"]
Thing = Literal["stress", "pain", "sleep"]
THINGS: tuple[Thing, ...] = get_args(Thing)
REASONS: tuple[Reason, ...] = get_args(Reason)


class WorksheetError(ValueError):
    """Something on an entry that cannot be used, in a sentence that says what to give."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the worksheet. `taken` is the opioid against the usual amount at that time.
    `pain` and `stress` are 0 (none) to 10, `sleep` is how well the person slept, 0 to 10; None is
    not written. `happening` is the person's own words and is never interpreted.

    Raises WorksheetError for a value it cannot have.
    """

    day: date
    time: TimeOfDay | clock | None = None
    taken: Amount | None = None
    reasons: tuple[Reason, ...] = ()
    pain: int | None = None
    stress: int | None = None
    sleep: int | None = None
    happening: str = ""

    def __post_init__(self) -> None:
        """Check every value."""
        if not isinstance(self.day, date) or isinstance(self.day, datetime):
            raise WorksheetError("Give the date alone as the day of an entry.")
        _check_time(self.time)
        if self.taken is not None and self.taken not in get_args(Amount):
            raise WorksheetError(f"What was taken is {_or(get_args(Amount))}, or left out.")
        if not isinstance(self.reasons, tuple) or any(r not in REASONS for r in self.reasons):
            raise WorksheetError(f"A reason is {_or(REASONS)}; give them as a tuple.")
        for thing in THINGS:
            _check_number(thing, getattr(self, thing))
        if not isinstance(self.happening, str):
            raise WorksheetError("Say what was happening in words, or leave it out.")

    @property
    def written(self) -> bool:
        """Whether there is anything on it but when."""
        numbers = (self.pain, self.stress, self.sleep)
        return bool(
            self.taken
            or self.reasons
            or self.happening.strip()
            or any(number is not None for number in numbers)
        )

    @property
    def same(self) -> tuple[object, ...]:
        """What two entries share when one is a copy of the other.

        A clock time the clocks show twice (`fold`) is two different times."""
        return (self, getattr(self.time, "fold", 0))


def _check_time(time: object) -> None:
    if time is None or (isinstance(time, str) and time in get_args(TimeOfDay)):
        return
    if not isinstance(time, clock):
        raise WorksheetError(f"The time is {_or(get_args(TimeOfDay))}, a clock time, or left out.")
    if time.tzinfo is not None:
        raise WorksheetError("Give the clock time without a time zone, as written down.")


def _check_number(thing: str, number: object) -> None:
    low, high = rules()["lowest"], rules()["highest"]
    if number is None:
        return
    whole = isinstance(number, int) and not isinstance(number, bool)
    if not (whole and isinstance(number, int) and low <= number <= high):
        raise WorksheetError(
            f"{thing.capitalize()} is a whole number from {low} to {high}, or left out."
        )


def _or(names: tuple[str, ...]) -> str:
    return listed(names).replace(" and ", " or ")
