"""Working days in England: Monday to Friday, bank holidays left out (the package `holidays`)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache

from django.utils import timezone


@cache
def bank_holidays(year: int) -> frozenset[date]:
    """England's bank holidays of a year."""
    import holidays  # not at start: it is needed only where days are counted

    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: date) -> bool:
    """Is it neither a weekend nor a bank holiday?"""
    return day.weekday() < 5 and day not in bank_holidays(day.year)


def working_days_after(start: date, days: int) -> date:
    """The day that is so many working days after `start`."""
    day = start
    while days:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return day


def working_days_before(now: datetime, days: int) -> datetime:
    """The moment so many working days before `now`, at the same time of day here."""
    moment = timezone.localtime(now)
    while days:
        moment -= timedelta(days=1)
        days -= is_working_day(moment.date())
    return moment
