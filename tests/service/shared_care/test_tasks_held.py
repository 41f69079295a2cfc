"""A task in the hands of somebody who cannot open it any more looks like one nobody has; no words
reach a GP against the person's wish, whichever box they were typed in (COM-1, CON-6, H07)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.service.conftest import World, actor_for
from tests.service.shared_care.test_tasks import Room

from unhurried.service.audit import clock
from unhurried.service.audit.actor import system_actor
from unhurried.service.audit.refused import Refused
from unhurried.service.outbox.models import Message
from unhurried.service.patients import operations as patients
from unhurried.service.patients.models import Cover, Patient, Restriction
from unhurried.service.shared_care.clocks.reminding import remind_of_waiting
from unhurried.service.shared_care.models import Task
from unhurried.service.shared_care.operations import tasks as operations
from unhurried.service.shared_care.queries import tasks as queries
from unhurried.service.shared_care.waits import waiting_for

CANNOT = "who cannot open it now: somebody else can take it"


@pytest.fixture
def room(world: World) -> Room:
    worker = world.member("project_worker")
    return Room(world, worker, world.member("gp"), world.enrolled(worker))


def who(member: object, task: Task) -> str:
    """Who has it, in the inbox of this member's team."""
    actor = actor_for(member)  # type: ignore[arg-type]
    rows = queries.inbox(actor, "team").filter(pk=task.pk)
    return queries.lines(actor, rows)[0].who


def test_taken_at_the_practice_the_person_left(room: Room) -> None:
    task = room.ask(meant_for=room.gp)
    operations.take(by=actor_for(room.gp), task=task, version=1)
    Patient.objects.filter(pk=room.patient.pk).update(practice=room.world.other_practice)
    new = room.world.member("gp", room.world.other_practice)
    assert CANNOT in who(new, task)
    assert operations.take(by=actor_for(new), task=task, version=2).taken_by == new
    assert CANNOT not in who(new, task)


def test_taken_by_somebody_the_person_asked_not_to_look(room: Room) -> None:
    task, other = room.ask(), room.world.member("gp")
    operations.take(by=actor_for(room.gp), task=task, version=1)
    assert CANNOT not in who(other, task)
    Restriction.objects.create(patient=room.patient, user=room.gp.user, asked_at=timezone.now())
    assert CANNOT in who(other, task)


def test_taken_by_who_covered_until_yesterday(room: Room) -> None:
    other, today = room.world.member("project_worker"), timezone.localdate()
    cover = Cover.objects.create(
        worker=room.worker, covering=other, starts=today, ends=today + timedelta(days=1)
    )
    task = room.ask(by=actor_for(room.gp), to="provider")
    operations.take(by=actor_for(other), task=task, version=1)
    assert CANNOT not in who(room.worker, task)
    Cover.objects.filter(pk=cover.pk).update(starts=today - timedelta(days=3), ends=today)
    assert CANNOT in who(room.worker, task)


@pytest.mark.parametrize("box", ["finish", "decline", "plan_task"])
def test_no_box_takes_words_to_the_gp_against_the_persons_wish(room: Room, box: str) -> None:
    task = room.ask(by=actor_for(room.gp), to="provider")
    patients.record_consent(
        by=actor_for(room.worker), patient=room.patient, kind="sharing", party="gp", given=False,
        how="spoken",
    )  # fmt: skip
    by, words = actor_for(room.worker), "The kestrel drinks at night"
    more: dict[str, object] = {"outcome": words}
    if box == "plan_task":
        more = {"reason": words, "due": task.due}
    with pytest.raises(Refused, match="does not want"):
        getattr(operations, box)(by=by, task=task, version=1, **more)
    assert operations.finish(by=by, task=task, version=1).state == "done"


def test_without_sharing_the_worker_can_still_say_no(room: Room) -> None:
    task = room.ask(by=actor_for(room.gp), to="provider")
    patients.record_consent(
        by=actor_for(room.worker), patient=room.patient, kind="sharing", party="gp", given=False,
        how="spoken",
    )  # fmt: skip
    declined = operations.decline(by=actor_for(room.worker), task=task, version=1, outcome="")
    assert declined.state == "declined"


def test_what_was_asked_of_a_service_the_person_left_is_with_the_practice_again(
    room: Room,
) -> None:
    task = room.ask(by=actor_for(room.gp), to="provider")
    assert not queries.inbox(actor_for(room.gp), "team").exists()
    manager = actor_for(room.world.member("service_manager"))
    patients.end_episode(by=manager, episode=room.patient.episodes.get(), reason="Moved on")
    assert list(queries.inbox(actor_for(room.gp), "team")) == [task]
    waits = [each for each in waiting_for(actor_for(room.gp)) if each.kind == "task"]
    assert "no longer needed" in waits[0].next_step
    room.world.practice.email = "reception@example.org"
    room.world.practice.save()
    assert task.late_from is not None
    with clock.at(task.late_from):
        remind_of_waiting(by=system_actor("clocks"))
    assert [each.to for each in Message.objects.filter(purpose="shared_care.waits")] == [
        "reception@example.org"
    ]
    assert operations.withdraw(by=actor_for(room.gp), task=task, version=1).state == "withdrawn"
