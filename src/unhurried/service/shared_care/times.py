"""By when something is answered: rows of `data/clock_times.csv`, in working days on the clock where
the service is (COM-2, MDT-3, H24)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache

from django.utils import timezone

from unhurried.service.audit.working_days import is_working_day, working_days_after
from unhurried.service.shared_care.models.waiting import Waiting
from unhurried.service.tables import rows

LATE, PASSED_ON = "late", "passed_on"


@dataclass(frozen=True, slots=True)
class ClockTime:
    """One row: for things of `kind` that began on a working day before `before` (None: else)."""

    kind: str
    stage: str
    before: time | None
    working_days: int
    by: time
    source: str
    version: str
    sign_off: str


@cache
def clock_times() -> tuple[ClockTime, ...]:
    """Every row of the table, in its order: the first that fits holds."""
    return tuple(_times())


def _times() -> Iterator[ClockTime]:
    for row in rows("unhurried.service.shared_care", "data/clock_times.csv"):
        yield ClockTime(
            kind=row["kind"], stage=row["stage"],
            before=time.fromisoformat(row["before"]) if row["before"] else None,
            working_days=int(row["working_days"]), by=time.fromisoformat(row["by"]),
            source=row["source"], version=row["version"], sign_off=row["sign_off"],
        )  # fmt: skip


def due(kind: str, began: datetime, stage: str) -> datetime | None:
    """The moment from which a thing that began then is late, or passed on; None without a row."""
    local = timezone.localtime(began)
    for row in clock_times():
        if (row.kind, row.stage) == (kind, stage) and _fits(row, local):
            return at_hour(working_days_after(local.date(), row.working_days), row.by)
    return None


def start(thing: Waiting, kind: str, began: datetime) -> None:
    """Set when `thing` is late and passed on, from when it began; whoever calls saves it."""
    thing.opened_at = began
    thing.late_from = due(kind, began, LATE)
    thing.passed_on_from = due(kind, began, PASSED_ON)


def passed_on_after(kind: str, late_from: datetime) -> datetime | None:
    """When a thing whose own due moment is `late_from` is passed on: the rows of `kind`-own."""
    return due(f"{kind}-own", late_from, PASSED_ON)


def _fits(row: ClockTime, local: datetime) -> bool:
    if row.before is None:
        return True
    return is_working_day(local.date()) and local.time() < row.before


def at_hour(day: date, hour: time) -> datetime:
    """That hour on the clock where the service is; a hour that a clock change skips or repeats
    is taken once, and never earlier than the hour before it."""
    return timezone.make_aware(datetime.combine(day, hour))
