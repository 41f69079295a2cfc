"""What was posted adds up, and what gets old is told."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.utils import timezone
from tests.service.outbox.conftest import FakeCarrier, send_to

from unhurried.service.outbox import queries
from unhurried.service.outbox.worker import send_due

pytestmark = pytest.mark.django_db


def test_everything_posted_adds_up(carrier: FakeCarrier, says: list[str]) -> None:
    for _ in range(3):
        send_to()
    send_due(limit=2)
    says.append("Stop.")
    send_due(limit=1)
    send_to()
    found = queries.account()
    assert (found.posted, found.sent, found.stopped, found.waiting) == (4, 2, 1, 1)
    assert found.adds_up


@pytest.mark.parametrize(
    ("due", "now", "late"),
    [
        ((2026, 11, 2, 9), (2026, 11, 5, 8), False),  # Monday to Thursday, an hour short
        ((2026, 11, 2, 9), (2026, 11, 5, 10), True),
        ((2026, 11, 5, 9), (2026, 11, 9, 10), False),  # Thursday to Monday: a weekend between
        ((2026, 11, 5, 9), (2026, 11, 10, 10), True),
        ((2026, 10, 23, 9), (2026, 10, 28, 10), True),  # over the end of summer time
    ],
)
def test_what_has_no_end_after_three_working_days_raises_the_alarm(
    due: tuple[int, int, int, int], now: tuple[int, int, int, int], late: bool
) -> None:
    moment = timezone.make_aware(datetime(*now))  # noqa: DTZ001 - made aware here
    send_to(due_at=timezone.make_aware(datetime(*due)))  # noqa: DTZ001 - made aware here
    assert queries.ageing(moment).exists() is late
    assert bool(queries.alarm(moment)) is late
