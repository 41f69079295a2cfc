"""The service's clock: the time now, or the time a story is told at.

Operations ask `now()` and `today()` here and nowhere else, so that the fictional service can be
lived through day by day with the same operations real users use. Rules are told the time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime

from django.utils import timezone

_told: ContextVar[datetime | None] = ContextVar("unhurried_clock", default=None)


def now() -> datetime:
    """The moment it is, in UTC whatever zone the story is told in."""
    told = _told.get()
    return told.astimezone(UTC) if told else timezone.now()


def today() -> date:
    """The day it is where the service is."""
    return timezone.localdate(now())


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let it be `moment` inside; never used while real people are served (only by the demo)."""
    token = _told.set(moment)
    try:
        yield
    finally:
        _told.reset(token)
