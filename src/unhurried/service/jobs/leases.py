"""The clock that leases are kept by: the database's, so that two machines agree.

What is due goes by the ordinary clock; who holds a piece of work does not. A lease is also over
when it ends further ahead than any lease can: then the clock was put back (requirement F24).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q
from django.utils import timezone

LEASE = timedelta(seconds=60)


def database_now() -> datetime:
    """The time by the database; SQLite has only this machine's clock."""
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    moment: datetime = now
    return moment


def lease_over(now: datetime) -> Q:
    """The condition on rows whose lease has ended, or ends later than any lease given out can."""
    return Q(lease_until__lte=now) | Q(lease_until__gt=now + 2 * LEASE) | Q(lease_until=None)
