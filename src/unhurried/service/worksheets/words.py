"""How a worksheet names things: amounts, reasons, times of day, and a day as it is spoken."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from unhurried.clinical.worksheets.entries import REASONS
from unhurried.clinical.worksheets.tables import words as clinical_words
from unhurried.service.worksheets.models import Line

AMOUNTS: dict[str, str] = {
    "usual": "My usual",
    "extra": "Extra",
    "less": "Less",
    "none": "Nothing",
}
TOOK: dict[str, str] = {
    "usual": "The usual amount",
    "extra": "Extra",
    "less": "Less than usual",
    "none": "Nothing taken",
}
SHORT: dict[str, str] = {"usual": "usual", "extra": "extra", "less": "less", "none": "none"}
THINGS: dict[str, str] = {"pain": "Pain", "stress": "Stress", "sleep": "Sleep last night"}
# The words at the two ends of each row of numbers, by thing.
ENDS: dict[str, tuple[str, str]] = {
    "pain": ("none", "worst"), "stress": ("none", "worst"), "sleep": ("very bad", "very good"),
}  # fmt: skip
HOURS = ((5, "night"), (12, "morning"), (17, "afternoon"), (22, "evening"), (24, "night"))


def reasons() -> dict[str, str]:
    """The reasons by code, in the table's words."""
    return {code: clinical_words()[f"reason.{code}"] for code in REASONS}


def weekday(day: date) -> str:
    """Monday 2 November."""
    return f"{day:%A} {day.day} {day:%B}"


def time_now(now: datetime) -> str:
    """The time of day it is where the service is."""
    hour = timezone.localtime(now).hour
    return next(name for until, name in HOURS if hour < until)


def in_words(line: Line) -> list[str]:
    """A line in plain words: what was taken, why, the numbers, what was happening."""
    said = []
    if line.taken:
        said.append(TOOK[line.taken])
    what = ", ".join(filter(None, (line.product, line.amount)))
    if what:
        said.append(what)
    named = reasons()
    if line.reasons:
        said.append("Because of: " + ", ".join(named[each] for each in line.reasons))
    for thing, name in THINGS.items():
        number = getattr(line, thing)
        if number is not None:
            said.append(f"{name} {number} out of 10")
    return said
