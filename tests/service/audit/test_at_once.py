"""Many writers at once: one chain, each key once, each job and message to one worker."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.utils import timezone

from unhurried.service.audit.actor import system_actor
from unhurried.service.audit.models import Entry
from unhurried.service.audit.operations import saw, saw_many, write
from unhurried.service.audit.verifying import verify
from unhurried.service.jobs import operations
from unhurried.service.jobs.models import Job
from unhurried.service.outbox import worker
from unhurried.service.outbox.operations import post

BY = system_actor("test")
pytestmark = pytest.mark.django_db(transaction=True)


def at_once(each: Callable[[int], object], threads: int = 6) -> None:
    """Run it in several threads with connections of their own, and raise what any of them did.

    An SQLite database in memory cannot be shared so; there, one after the other.
    """
    if connection.vendor != "postgresql":
        for number in range(threads):
            each(number)
        return
    errors: list[BaseException] = []
    ready = threading.Barrier(threads)

    def run(number: int) -> None:
        try:
            ready.wait(timeout=10)
            each(number)
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    started = [threading.Thread(target=run, args=(number,)) for number in range(threads)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join(timeout=30)
    if errors:
        raise errors[0]


def make(key: str) -> Job:
    with write("test.made", by=BY, key=key, body=key) as doing:
        if doing.replay_of:
            return Job.objects.get(pk=doing.replay_of)
        job = operations.enqueue("test.none", {}, by=BY)
        doing.about(job)
    return job


def test_one_chain_whoever_writes() -> None:
    def several(number: int) -> None:
        for step in range(5):
            saw("identity", by=BY, patient_id=number)
            saw_many("caseload", by=BY, patient_ids=range(3))
            make(f"{number}-{step}")

    at_once(several)
    report = verify()
    assert (report.rows, report.problems) == (6 * 5 * 5, ())


def test_one_form_sent_by_many_at_once_has_one_effect() -> None:
    made: list[int] = []
    at_once(lambda _: made.append(make("the same").pk))
    assert len(set(made)) == Job.objects.count() == Entry.objects.count() == 1


def test_no_two_workers_take_the_same_job_or_message() -> None:
    for number in range(12):
        operations.enqueue("test.none", {}, by=BY)
        with write("test.posted", by=BY) as doing:
            doing.about(post(purpose="t.t", about=str(number), channel="sms", to="1", body="Hi"))
    jobs: list[int] = []
    messages: list[int] = []

    def take(_: int) -> None:
        while (work := operations.claim()) is not None:
            jobs.append(work.job_id)
        while (message := worker.claim(timezone.now())) is not None:
            messages.append(message.pk)

    at_once(take)
    assert len(jobs) == len(set(jobs)) == 12
    assert len(messages) == len(set(messages)) == 12
