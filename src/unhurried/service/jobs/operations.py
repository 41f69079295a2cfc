"""Every change of a job's state: asked for, claimed, given back, parked, tried again.

Carries F02, F07, F24, F33 (a killed or slow worker, clocks, a job that always fails).
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.audit.refused import Refused
from unhurried.service.jobs.faults import fault_point
from unhurried.service.jobs.leases import LEASE, database_now, lease_over
from unhurried.service.jobs.models import Job, WorkerSeen
from unhurried.service.jobs.work import Work

TRIES = 5
DELAYS = (10, 60, 300, 1800)  # seconds before the second, third, ... try


def enqueue(
    kind: str, payload: dict[str, Any], *, by: Actor, due_at: datetime | None = None
) -> Job:
    """Ask for a piece of work, to be done once the caller's transaction is committed.

    `payload` holds ids and plain values only (JSON), never a record's contents.
    """
    return Job.objects.create(
        kind=kind, payload=payload, asked_by=asdict(by), due_at=due_at or clock.now()
    )


def claim(now: datetime | None = None) -> Work | None:
    """Take the job that has been due longest, or None when there is nothing to do.

    Two workers never get the same: rows locked by another are passed over on PostgreSQL, and
    SQLite lets one at a time into this transaction.
    """
    with transaction.atomic():
        due = Q(state=Job.State.WAITING, due_at__lte=now or clock.now())
        rows = Job.objects.select_for_update(skip_locked=True).filter(due)
        job = rows.order_by("due_at", "pk").first()
        if job is None:
            return None
        job.state = Job.State.RUNNING
        job.attempts += 1
        job.fence += 1
        job.lease_until = database_now() + LEASE
        job.save(update_fields=["state", "attempts", "fence", "lease_until"])
    fault_point("jobs.claimed")
    return Work(job)


def extend(work: Work) -> bool:
    """Keep the job for another lease; False when it is no longer this worker's."""
    rows = Job.objects.filter(pk=work.job_id, fence=work.fence, state=Job.State.RUNNING)
    return bool(rows.update(lease_until=database_now() + LEASE))


def failed(work: Work, why: str) -> None:
    """Note a try that did not succeed: the job waits for its next try, or is parked."""
    rows = Job.objects.filter(pk=work.job_id, fence=work.fence, state=Job.State.RUNNING)
    rows.update(**_after_a_failure(work.attempt, why))


def return_expired() -> int:
    """Give back the jobs whose worker has gone quiet; how many there were."""
    count = 0
    with transaction.atomic():
        quiet = Job.objects.select_for_update(skip_locked=True).filter(
            lease_over(database_now()), state=Job.State.RUNNING
        )
        for job in quiet:
            changes = _after_a_failure(job.attempts, "The worker stopped before it had finished.")
            same = Job.objects.filter(pk=job.pk, fence=job.fence, state=Job.State.RUNNING)
            count += same.update(**changes)
    return count


def try_again(*, by: Actor, job: UUID, key: str = "") -> Job:
    """Give a parked job five more tries."""
    with write("jobs.tried_again", by=by, key=key, body=str(job)) as doing:
        found = Job.objects.select_for_update().get(uuid=job)
        if doing.replay_of:
            return found
        if found.state != Job.State.PARKED:
            raise Refused("Only work that has stopped after failing can be tried again.")
        found.state, found.attempts, found.due_at = Job.State.WAITING, 0, clock.now()
        found.finished_at = None
        found.save(update_fields=["state", "attempts", "due_at", "finished_at"])
        doing.about(found)
    return found


def seen(name: str, doing: str = "") -> None:
    """Note that a worker is alive."""
    now = timezone.now()
    WorkerSeen.objects.update_or_create(
        name=name[:120],
        defaults={"seen_at": now, "doing": doing[:60]},
        create_defaults={"started_at": now, "seen_at": now, "doing": doing[:60]},
    )


def forget_old_workers() -> None:
    """Drop the signs of life of workers not seen for a week."""
    WorkerSeen.objects.filter(seen_at__lt=timezone.now() - timedelta(days=7)).delete()


def _after_a_failure(attempts: int, why: str) -> dict[str, Any]:
    """What to set on a job after this many tries without success."""
    now = clock.now()
    if attempts >= TRIES:
        return {
            "state": Job.State.PARKED,
            "finished_at": now,
            "lease_until": None,
            "message": f"Stopped after {attempts} tries. The last time: {why}"[:500],
        }
    delay = DELAYS[min(attempts, len(DELAYS)) - 1]
    return {
        "state": Job.State.WAITING,
        "due_at": now + timedelta(seconds=delay),
        "lease_until": None,
        "message": f"Will be tried again. The last time: {why}"[:500],
    }
