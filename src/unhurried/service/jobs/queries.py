"""What pages ask about work in the background."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max, QuerySet
from django.utils import timezone

from unhurried.service.jobs.models import Job, WorkerSeen

QUIET_AFTER = timedelta(minutes=5)


def job(uuid: UUID) -> Job | None:
    """The job, or None. Whether someone may see it is for the page of its app to decide."""
    return Job.objects.filter(uuid=uuid).first()


def parked() -> QuerySet[Job]:
    """Jobs that stopped after failing, for someone to look at."""
    return Job.objects.filter(state=Job.State.PARKED).order_by("-finished_at")


def worker_seen() -> datetime | None:
    """When any worker was last alive; None when none ever was."""
    last: datetime | None = WorkerSeen.objects.aggregate(last=Max("seen_at"))["last"]
    return last


def staleness(now: datetime) -> str:
    """A sentence for pages when no worker has been seen for five minutes; else nothing."""
    last = worker_seen()
    what_to_do = "Letters and lists wait until it runs: tell your system administrator."
    if last is None:
        return f"Work in the background has not run yet. {what_to_do}"
    quiet = now - last
    if quiet <= QUIET_AFTER:
        return ""
    at = timezone.localtime(last)
    when = f"{at.day} {at:%B %Y} at {at:%H:%M}"
    return f"Work in the background last ran {_ago(quiet)} ago ({when}). {what_to_do}"


def _ago(quiet: timedelta) -> str:
    minutes = int(quiet.total_seconds() // 60)
    for size, name in ((24 * 60, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            number = minutes // size
            return f"{number} {name}{'' if number == 1 else 's'}"
    return "moments"
