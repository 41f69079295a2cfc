"""The tables of review meetings: their times, and why one did not take place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache

from django.utils import timezone

from unhurried.service.audit.working_days import working_days_after
from unhurried.service.tables import rows

PACKAGE = "unhurried.service.shared_care"


@dataclass(frozen=True, slots=True)
class MeetingTime:
    """One row: a length of time or an hour, where it is from, and who signed it off."""

    name: str
    value: str
    unit: str
    words: str
    source: str
    version: str
    sign_off: str


@cache
def meeting_times() -> dict[str, MeetingTime]:
    """Every row by its name."""
    found = (MeetingTime(**row) for row in rows(PACKAGE, "data/meeting_times.csv"))
    return {each.name: each for each in found}


def number(name: str) -> int:
    """A row that is a number."""
    return int(meeting_times()[name].value)


def hour(name: str) -> time:
    """A row that is a time of day."""
    return time.fromisoformat(meeting_times()[name].value)


def next_by(last: date) -> date:
    """The day by which the next meeting should be held."""
    return last + timedelta(days=number("interval"))


def end_of(day: date) -> datetime:
    """When what is due on a day is late: that evening, or the evening of the next working day."""
    worked = working_days_after(day - timedelta(days=1), 1)
    return timezone.make_aware(datetime.combine(worked, hour("day_ends")))


@cache
def reasons() -> dict[str, str]:
    """Why a meeting did not take place, by code, in the order offered."""
    return {row["code"]: row["name"] for row in rows(PACKAGE, "data/meeting_reasons.csv")}


@cache
def reason_hints() -> dict[str, str]:
    """What may help another time, by code."""
    found = rows(PACKAGE, "data/meeting_reasons.csv")
    return {row["code"]: row["hint"] for row in found if row["hint"]}
