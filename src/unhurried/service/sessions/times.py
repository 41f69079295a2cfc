"""The time on the clock where people meet, and the time that is kept (UTC).

A weekly ten o'clock stays ten o'clock when the clocks change: weeks are counted on the calendar,
and each day's time is turned into UTC by itself.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone

from unhurried.service.audit.refused import Refused
from unhurried.service.patients.words import day as day_words


def moment_of(day: date, at: time) -> datetime:
    """The moment it is `at` o'clock on `day` here, in UTC.

    In the hour that comes twice, the first. Raises Refused for the hour that is left out, and for a
    year nobody can mean.
    """
    if not 1900 < day.year < 9000:
        raise Refused("Check the year of the day.")
    local = datetime.combine(day, at.replace(tzinfo=None), tzinfo=timezone.get_default_timezone())
    moment = local.astimezone(UTC)
    if moment.astimezone(local.tzinfo).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise Refused(
            f"The clocks go forward that night, so there is no {at:%H:%M} on {day_words(day)}: "
            "choose another time."
        )
    return moment


def days_of(first: date, weeks: int, times: int) -> list[date]:
    """The days of `times` appointments, `weeks` apart; one day when weeks is 0."""
    if not weeks:
        return [first]
    return [first + timedelta(weeks=weeks * number) for number in range(times)]


def week_of(day: date) -> date:
    """The Monday of the week a day is in."""
    return day - timedelta(days=day.weekday())


def span(first: date, days: int) -> tuple[datetime, datetime]:
    """From the first moment of a day until that of the day so many days later (excluded)."""
    return moment_of(first, time()), moment_of(first + timedelta(days=days), time())


def day_and_time(moment: datetime) -> tuple[str, str]:
    """`Tuesday 1 December 2026` and `10:00`, on the clock here."""
    local = timezone.localtime(moment)
    return f"{local:%A} {day_words(local.date())}", f"{local:%H:%M}"


def length(minutes: int) -> str:
    """45 minutes; 1 hour; 1 hour 15 minutes."""
    hours, left = divmod(minutes, 60)
    parts = [f"{hours} hour{'' if hours == 1 else 's'}"] if hours else []
    if left or not hours:
        parts.append(f"{left} minute{'' if left == 1 else 's'}")
    return " ".join(parts)
