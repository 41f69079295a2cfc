"""Clocks count working days: no weekend, no bank holiday of England."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from unhurried.service.audit.working_days import (
    is_working_day,
    working_days_after,
    working_days_before,
)

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 12, 24), True),
        (date(2026, 12, 25), False),  # Christmas Day
        (date(2026, 12, 28), False),  # Boxing Day, in lieu of Saturday
        (date(2026, 12, 29), True),
        (date(2026, 8, 31), False),  # the last Monday of August
        (date(2026, 8, 3), True),  # a bank holiday in Scotland only
        (date(2026, 11, 21), False),  # a Saturday
    ],
)
def test_which_days_are_working_days(day: date, working: bool) -> None:
    assert is_working_day(day) is working


def test_counting_forward_and_back_over_christmas() -> None:
    assert working_days_after(date(2026, 12, 23), 3) == date(2026, 12, 30)
    back = working_days_before(datetime(2026, 12, 29, 9, tzinfo=LONDON), 1)
    assert back.date() == date(2026, 12, 24)
    assert back.hour == 9


def test_the_hour_stays_when_the_clocks_change() -> None:
    back = working_days_before(datetime(2026, 10, 26, 9, tzinfo=LONDON), 1)
    assert (back.date(), back.hour) == (date(2026, 10, 23), 9)
