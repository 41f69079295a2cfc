"""A job in hand: what its handler is given."""

from __future__ import annotations

import time
from typing import Any

from django.db import connection

from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor, system_actor
from unhurried.service.jobs.models import Job

PROGRESS_EVERY = 0.5  # seconds between progress notes that say nothing new but a count


class NoLongerMine(Exception):  # noqa: N818 - read as a sentence
    """The lease ran out and the job was given to another worker; leave it alone."""


class Work:
    """One claimed job. `payload` is what it was asked; `by` is who asked."""

    def __init__(self, job: Job) -> None:
        self.job_id = job.pk
        self.uuid = job.uuid
        self.kind = job.kind
        self.fence = job.fence
        self.attempt = job.attempts
        self.payload: dict[str, Any] = job.payload
        self.by = Actor(**job.asked_by) if job.asked_by else system_actor("worker")
        self._told_at = 0.0
        self._told = ""

    def still_mine(self) -> bool:
        """Is the job still this worker's?

        Asked inside a transaction it also keeps the job from changing hands until the end of it,
        so that an effect and the right to it are committed together.
        """
        rows = Job.objects.filter(pk=self.job_id, fence=self.fence, state=Job.State.RUNNING)
        if connection.in_atomic_block:
            rows = rows.select_for_update()
        return bool(rows.values_list("pk", flat=True))

    def progress(self, done: int, everything: int, message: str = "") -> None:
        """Say how far it is. Raises NoLongerMine when another worker has the job."""
        now = time.monotonic()
        new = message != self._told or done >= everything
        if not new and now - self._told_at < PROGRESS_EVERY:
            return
        self._told_at, self._told = now, message
        self._update(done_steps=done, all_steps=everything, message=message[:500])

    def complete(self, message: str | None = None) -> None:
        """Mark the job done; a handler may do so itself, in the transaction of its last effect.

        Raises NoLongerMine when another worker has the job.
        """
        changes: dict[str, Any] = {} if message is None else {"message": message[:500]}
        self._update(state=Job.State.DONE, finished_at=clock.now(), lease_until=None, **changes)

    def _update(self, **changes: Any) -> None:
        rows = Job.objects.filter(pk=self.job_id, fence=self.fence, state=Job.State.RUNNING)
        if not rows.update(**changes):
            raise NoLongerMine(f"Job {self.uuid} is now another worker's, or ended.")
