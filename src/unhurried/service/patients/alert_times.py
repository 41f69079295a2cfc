"""By when a safety alert is answered, and when it is passed on: rows of alert_times.csv (H07)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache

from django.utils import timezone

from unhurried.service.audit.working_days import is_working_day, working_days_after
from unhurried.service.patients.tables import rows_of, safety_kinds

LATE, PASSED_ON = "late", "passed_on"


@dataclass(frozen=True, slots=True)
class AlertTime:
    """One row: for alerts raised on a working day before `before` (None: at any other time)."""

    danger: bool
    before: time | None
    stage: str
    working_days: int
    by: time
    source: str
    version: str
    sign_off: str


@cache
def alert_times() -> tuple[AlertTime, ...]:
    """Every row of the table, in its order: the first that fits holds."""
    return tuple(
        AlertTime(
            danger=row["danger"] == "yes",
            before=time.fromisoformat(row["before"]) if row["before"] else None,
            stage=row["stage"],
            working_days=int(row["working_days"]),
            by=time.fromisoformat(row["by"]),
            source=row["source"],
            version=row["version"],
            sign_off=row["sign_off"],
        )
        for row in rows_of("alert_times.csv")
    )


def due(kind: str, raised_at: datetime, stage: str) -> datetime:
    """The moment from which an alert nobody acknowledged is late, or passed on.

    A kind the table of kinds no longer has counts as a danger: it is late the soonest.
    """
    known = safety_kinds().get(kind)
    danger = known is None or known.danger
    raised = timezone.localtime(raised_at)
    row = next(
        each for each in alert_times()
        if (each.danger, each.stage) == (danger, stage) and _fits(each, raised)
    )  # fmt: skip
    return _at(working_days_after(raised.date(), row.working_days), row.by)


def _fits(row: AlertTime, raised: datetime) -> bool:
    if row.before is None:
        return True
    return is_working_day(raised.date()) and raised.time() < row.before


def _at(day: date, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))
