"""Days written the way practices' systems write them, including days no calendar has."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

# Not strftime's: a practice's months must not change with the language of this computer.
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

FORMATS: dict[str, Callable[[int, int, int], str]] = {
    "dd-MMM-yyyy": lambda y, m, d: f"{d:02}-{MONTHS[m - 1]}-{y}",
    "dd/MM/yyyy": lambda y, m, d: f"{d:02}/{m:02}/{y}",
    "dd MMM yyyy": lambda y, m, d: f"{d:02} {MONTHS[m - 1]} {y}",
    "yyyy-MM-dd": lambda y, m, d: f"{y}-{m:02}-{d:02}",
}
ISO = "yyyy-MM-dd"


class Days:
    """Writes day numbers in one format, each day worked out once."""

    __slots__ = ("_known", "_write")

    def __init__(self, format_name: str = ISO) -> None:
        self._write = FORMATS[format_name]
        self._known: dict[int | None, str] = {None: ""}

    def text(self, day: int | None) -> str:
        """The day in this format; nothing for a day that is not there."""
        known = self._known.get(day)
        if known is None and day is not None:
            when = date.fromordinal(day)
            known = self._known[day] = self._write(when.year, when.month, when.day)
        return known or ""

    def impossible(self, day: int) -> str:
        """The 30th or 31st of February of the same year."""
        return self._write(date.fromordinal(day).year, 2, 30 + day % 2)


def years_before(day: int, years: int) -> int:
    """The same calendar day `years` earlier (29 February becomes 28 February)."""
    when = date.fromordinal(day)
    try:
        return when.replace(year=when.year - years).toordinal()
    except ValueError:
        return when.replace(year=when.year - years, day=28).toordinal()
