"""The worker: takes jobs one at a time, keeps its lease, and says it is alive.

`Worker().run_forever(stop)` may run in a thread or in a process of its own; any number of them
may run at once, on one machine or several (PostgreSQL).
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from datetime import datetime

from django.db import DatabaseError, close_old_connections, connection

from unhurried.service.audit.refused import Refused
from unhurried.service.jobs import operations
from unhurried.service.jobs.faults import fault_point
from unhurried.service.jobs.leases import LEASE
from unhurried.service.jobs.models import Job
from unhurried.service.jobs.registry import Chore, chores, handler_of
from unhurried.service.jobs.work import NoLongerMine, Work

log = logging.getLogger(__name__)

IDLE = 1.0  # seconds between looks when there is nothing to do
BEAT = LEASE.total_seconds() / 4
REAP_EVERY = 15.0


def run_until_idle(now: datetime | None = None) -> int:
    """Do every job due at `now` (default: now), in this thread; how many were run. For tests."""
    count = 0
    while (work := operations.claim(now)) is not None:
        run(work)
        count += 1
    return count


def run(work: Work) -> None:
    """Do one claimed job and note how it ended. Nothing a handler raises gets out."""
    handler = handler_of(work.kind)
    try:
        if handler is None:
            operations.failed(work, f"No part of this version does {work.kind}.")
            return
        handler(work)
        fault_point("jobs.handled")
        if work.still_mine():
            work.complete()
        elif not Job.objects.filter(
            pk=work.job_id, fence=work.fence, state=Job.State.DONE
        ).exists():
            raise NoLongerMine(work.kind)
    except NoLongerMine:
        log.warning("job %s (%s) went to another worker", work.uuid, work.kind)
    except Refused as refusal:
        operations.failed(work, str(refusal))
    except Exception as error:
        # Not the error's own words: they may hold a person's data.
        log.exception("job %s (%s) failed on try %d", work.uuid, work.kind, work.attempt)
        operations.failed(work, f"It failed inside ({type(error).__name__}).")
    fault_point("jobs.ended")


class Worker:
    """Runs jobs and chores until told to stop."""

    def __init__(self, name: str = "", *, beat: float = BEAT) -> None:
        self.name = name or f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"
        self._beat = beat
        self._current: Work | None = None
        self._next_chore: dict[str, float] = {}
        self._reap_at = 0.0

    def run_forever(self, stop: threading.Event) -> None:
        """Work until `stop` is set; the job in hand is finished first.

        A database that is away is waited for.
        """
        operations.forget_old_workers()
        beating = threading.Thread(target=self._keep_beating, args=(stop,), daemon=True)
        beating.start()
        away = 0
        while not stop.is_set():
            try:
                close_old_connections()
                busy = self.step()
                away = 0
            except DatabaseError:
                away += 1
                log.exception("the database could not be used; trying again soon")
                connection.close()
                busy = False
            if not busy:
                stop.wait(min(IDLE * 2**away, 30.0))
        beating.join(timeout=5)
        connection.close()

    def run_once(self) -> int:
        """Do all that is due now, chores too, then return how many jobs were run."""
        operations.seen(self.name)
        operations.return_expired()
        count = run_until_idle()
        for chore in chores():
            self._do(chore)
        return count

    def step(self) -> bool:
        """One round: what is due every so often, then one job; was there a job?"""
        now = time.monotonic()
        if now >= self._reap_at:
            operations.return_expired()
            self._reap_at = now + REAP_EVERY
        for chore in chores():
            if now >= self._next_chore.get(chore.name, 0.0):
                self._do(chore)
                self._next_chore[chore.name] = time.monotonic() + chore.seconds
        work = operations.claim()
        if work is None:
            return False
        self._current = work
        try:
            run(work)
        finally:
            self._current = None
        return True

    def _do(self, chore: Chore) -> None:
        """One chore; its failure is noted and does not stop the worker."""
        try:
            chore.run()
        except DatabaseError:
            raise
        except Exception:
            log.exception("the chore %s failed", chore.name)

    def _keep_beating(self, stop: threading.Event) -> None:
        """Say that the worker is alive and keep the lease of its job, from a second thread."""
        while True:
            try:
                close_old_connections()
                work = self._current
                operations.seen(self.name, work.kind if work else "")
                if work is not None:
                    operations.extend(work)
            except DatabaseError:
                log.warning("a sign of life could not be written", exc_info=True)
                connection.close()
            if stop.is_set() and self._current is None:
                break
            stop.wait(self._beat)
            if stop.is_set() and self._current is not None:
                time.sleep(min(self._beat, 0.2))
        connection.close()
