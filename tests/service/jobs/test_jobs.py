"""Work in the background: done once its effect counts, and never lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from unhurried.service.audit.actor import Actor
from unhurried.service.audit.refused import Refused
from unhurried.service.jobs import operations, queries, registry, worker
from unhurried.service.jobs.models import Job, WorkerSeen
from unhurried.service.jobs.operations import enqueue
from unhurried.service.jobs.work import NoLongerMine, Work
from unhurried.service.jobs.worker import Worker, run_until_idle

pytestmark = pytest.mark.django_db
BY = Actor(user_id=4, name="Ann", role="practice_staff", organisation_id=2, membership_id=9)
State = Job.State
Handles = Callable[[Callable[[Work], Any]], None]


@pytest.fixture
def handles() -> Iterator[Handles]:
    """Say what is done for jobs of the kind `test.job`."""

    def set_to(handler: Callable[[Work], Any]) -> None:
        registry._handlers["test.job"] = handler

    yield set_to
    registry._handlers.pop("test.job", None)


def ask(**payload: Any) -> Job:
    return enqueue("test.job", payload, by=BY)


def can_share() -> bool:
    """May two threads write at once? Not to SQLite in memory, where a lock is not waited for."""
    return connection.vendor == "postgresql"


def lease_runs_out(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_a_job_is_done_with_what_it_was_asked_for_whom(handles: Handles) -> None:
    seen: list[Any] = []
    handles(lambda work: seen.append((work.payload, work.by, work.still_mine())))
    job = ask(extract=3)
    assert run_until_idle() == 1
    assert seen == [({"extract": 3}, BY, True)]
    found = queries.job(job.uuid)
    assert found is not None
    assert (found.state, bool(found.finished_at), found.lease_until) == (State.DONE, True, None)
    assert run_until_idle() == 0


def test_jobs_are_done_in_the_order_they_are_due_and_not_before(handles: Handles) -> None:
    seen: list[int] = []
    handles(lambda work: seen.append(work.payload["number"]))
    now = timezone.now()
    for number, hours in ((1, -1), (2, -2), (3, 1)):
        enqueue("test.job", {"number": number}, by=BY, due_at=now + timedelta(hours=hours))
    assert run_until_idle() == 2
    assert seen == [2, 1]
    assert run_until_idle(now + timedelta(hours=2)) == 1


def test_a_job_asked_for_in_a_write_that_fails_was_never_asked_for(handles: Handles) -> None:
    def fail() -> None:
        with transaction.atomic():
            ask()
            raise RuntimeError("undone")

    with pytest.raises(RuntimeError, match="undone"):
        fail()
    assert not Job.objects.exists()


def test_progress_shows_on_the_job(handles: Handles) -> None:
    shown: list[tuple[int, int, str]] = []

    def work_on(work: Work) -> None:
        for step in range(3):
            work.progress(step + 1, 3, f"step {step + 1}")
            job = Job.objects.get(pk=work.job_id)
            shown.append((job.done_steps, job.all_steps, job.message))

    handles(work_on)
    ask()
    run_until_idle()
    assert shown == [(1, 3, "step 1"), (2, 3, "step 2"), (3, 3, "step 3")]


def test_counting_fast_does_not_write_each_count(
    handles: Handles, django_assert_max_num_queries: Any
) -> None:
    def count(work: Work) -> None:
        for step in range(10_001):
            work.progress(step, 10_000, "reading")

    handles(count)
    ask()
    with django_assert_max_num_queries(40):
        run_until_idle()
    assert Job.objects.get().done_steps == 10_000


def test_a_job_that_always_fails_is_parked_and_others_go_on(handles: Handles) -> None:
    """F33."""

    def work_on(work: Work) -> None:
        if work.payload["bad"]:
            raise ValueError("Jane Siskin, 999 123 4567")

    handles(work_on)
    bad, good = ask(bad=True), ask(bad=False)
    now, delays = timezone.now(), []
    for day in range(6):
        run_until_idle(now + timedelta(days=day))
        bad.refresh_from_db()
        delays.append(bad.due_at)
    good.refresh_from_db()
    assert (bad.state, bad.attempts, good.state) == (State.PARKED, 5, State.DONE)
    assert bad.message == "Stopped after 5 tries. The last time: It failed inside (ValueError)."
    assert "Siskin" not in bad.message
    assert [each.pk for each in queries.parked()] == [bad.pk]


def test_the_wait_before_the_next_try_grows(handles: Handles) -> None:
    handles(lambda _: 1 / 0)
    job, waits = ask(), []
    for _ in range(4):
        Job.objects.update(due_at=timezone.now())
        before = timezone.now()
        run_until_idle()
        job.refresh_from_db()
        waits.append(round((job.due_at - before).total_seconds(), -1))
    assert waits == [10, 60, 300, 1800]


def test_a_parked_job_can_be_given_another_go(handles: Handles) -> None:
    handles(lambda _: None)
    job = ask()
    with pytest.raises(Refused, match="stopped after failing"):
        operations.try_again(by=BY, job=job.uuid)
    Job.objects.update(state=State.PARKED, attempts=5)
    operations.try_again(by=BY, job=job.uuid, key="k")
    operations.try_again(by=BY, job=job.uuid, key="k")
    assert run_until_idle() == 1
    assert Job.objects.get().state == State.DONE


def test_a_rule_that_says_no_is_told_in_its_own_sentence(handles: Handles) -> None:
    def refuse(_: Work) -> None:
        raise Refused("This extract is older than the one before.")

    handles(refuse)
    ask()
    run_until_idle()
    assert "older than the one before" in Job.objects.get().message


def test_a_kind_nobody_does_is_set_aside_with_a_sentence() -> None:
    enqueue("test.unheard_of", {}, by=BY)
    run_until_idle()
    assert "No part of this version does test.unheard_of" in Job.objects.get().message


def test_the_work_of_a_worker_gone_quiet_is_given_back_and_its_holder_fenced_off() -> None:
    """F02 and F07."""
    job = ask()
    slept = operations.claim()
    assert slept is not None
    assert operations.return_expired() == 0, "the lease still runs"
    lease_runs_out(job)
    assert operations.return_expired() == 1
    job.refresh_from_db()
    assert (job.state, job.lease_until) == (State.WAITING, None)
    Job.objects.update(due_at=timezone.now())
    holder = operations.claim()
    assert holder is not None
    assert holder.fence == slept.fence + 1
    assert (slept.still_mine(), holder.still_mine()) == (False, True)
    assert operations.extend(slept) is False
    with pytest.raises(NoLongerMine):
        slept.progress(1, 1, "late")
    with pytest.raises(NoLongerMine):
        slept.complete()
    operations.failed(slept, "late")
    job.refresh_from_db()
    assert (job.state, job.message.startswith("Will be tried")) == (State.RUNNING, True)


def test_a_handler_whose_job_went_elsewhere_has_no_effect(handles: Handles) -> None:
    effects: list[int] = []

    def work_on(work: Work) -> None:
        if work.fence == 1:  # it sleeps past its lease, and another worker does the job
            Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
            operations.return_expired()
            Job.objects.update(due_at=timezone.now())
            run_until_idle()
        with transaction.atomic():
            if work.still_mine():
                effects.append(work.fence)
                work.complete()

    handles(work_on)
    ask()
    run_until_idle()
    assert effects == [2]
    assert Job.objects.get().state == State.DONE


def test_a_worker_killed_five_times_by_the_same_job_leaves_it_parked() -> None:
    job = ask()
    for _ in range(5):
        Job.objects.update(due_at=timezone.now())
        assert operations.claim()
        lease_runs_out(job)
        operations.return_expired()
    job.refresh_from_db()
    assert job.state == State.PARKED


def test_a_clock_put_back_does_not_keep_a_job_for_ever() -> None:
    """F24: the lease ends a year ahead of the clock as it is now."""
    ask()
    assert operations.claim()
    Job.objects.update(lease_until=timezone.now() + timedelta(days=365))
    assert operations.return_expired() == 1


def test_pages_can_say_when_a_worker_was_last_there() -> None:
    now = timezone.now()
    assert "has not run yet" in queries.staleness(now)
    operations.seen("one", "identification.screen")
    assert queries.staleness(now) == ""
    seen = queries.worker_seen()
    assert seen is not None
    assert queries.staleness(seen + timedelta(minutes=5)) == ""
    assert "5 minutes ago" in queries.staleness(seen + timedelta(minutes=5, seconds=1))
    assert "3 hours ago" in queries.staleness(seen + timedelta(hours=3))
    assert "1 day ago" in queries.staleness(seen + timedelta(hours=30))
    operations.seen("one")
    assert WorkerSeen.objects.count() == 1
    WorkerSeen.objects.update(seen_at=now - timedelta(days=8))
    operations.forget_old_workers()
    assert queries.worker_seen() is None


def test_two_handlers_of_one_kind_are_a_mistake_that_is_told() -> None:
    def one(_: Work) -> None: ...

    def other(_: Work) -> None: ...

    registry.handles("test.twice")(one)
    registry.handles("test.twice")(one)
    with pytest.raises(ValueError, match="already has a handler"):
        registry.handles("test.twice")(other)
    del registry._handlers["test.twice"]


@pytest.mark.django_db(transaction=True)
def test_a_worker_in_a_thread_works_says_it_is_alive_and_stops(
    handles: Handles, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = threading.Event()
    monkeypatch.setattr(worker, "chores", tuple)
    if not can_share():
        monkeypatch.setattr(Worker, "_keep_beating", lambda *_: None)
    handles(lambda _: stop.set())
    ask()
    name = "test worker"
    thread = threading.Thread(target=Worker(name, beat=0.01).run_forever, args=(stop,))
    thread.start()
    thread.join(timeout=60)
    assert not thread.is_alive()
    assert Job.objects.get().state == State.DONE
    assert WorkerSeen.objects.filter(name=name).exists() is can_share()


@pytest.mark.django_db(transaction=True)
def test_the_lease_is_kept_while_the_work_goes_on(
    handles: Handles, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not can_share():
        pytest.skip("an SQLite database in memory has one writer and nobody waits for it")
    stop, kept = threading.Event(), []
    monkeypatch.setattr(worker, "chores", tuple)

    def work_on(work: Work) -> None:
        Job.objects.update(lease_until=timezone.now() - timedelta(hours=1))
        for _ in range(500):
            now = timezone.now()
            if Job.objects.filter(pk=work.job_id, lease_until__gt=now).exists():
                kept.append(work.still_mine())
                break
            stop.wait(0.01)
        stop.set()

    handles(work_on)
    ask()
    Worker("test", beat=0.01).run_forever(stop)
    assert kept == [True]


def test_a_worker_outlives_a_database_that_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    stop, rounds = threading.Event(), []

    def step(_: Worker) -> bool:
        rounds.append(1)
        if len(rounds) == 3:
            stop.set()
            return False
        raise DatabaseError("the server went away")

    monkeypatch.setattr(worker, "IDLE", 0.0)
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    monkeypatch.setattr(worker, "connection", SimpleNamespace(close=lambda: None))
    monkeypatch.setattr(Worker, "step", step)
    monkeypatch.setattr(Worker, "_keep_beating", lambda *_: None)
    Worker("test").run_forever(stop)
    assert len(rounds) == 3


def test_a_chore_that_fails_does_not_stop_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def bad() -> None:
        done.append("bad")
        raise ValueError

    made = (registry.Chore("bad", 60, bad), registry.Chore("good", 60, lambda: done.append("good")))
    monkeypatch.setattr(worker, "chores", lambda: made)
    Worker("test").run_once()
    one = Worker("test")
    one.step()
    one.step()
    assert done == ["bad", "good"] * 2, "each once a minute"
