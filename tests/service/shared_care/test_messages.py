"""Messages about a person: read receipts, what nobody read, who never sees the words (COM-2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.service.conftest import World, actor_for
from tests.service.shared_care.test_tasks import MONDAY, Room, at

from unhurried.service.accounts.models import BreakGlass, Membership
from unhurried.service.audit import clock
from unhurried.service.audit.actor import system_actor
from unhurried.service.audit.refused import Refused
from unhurried.service.outbox.models import Message
from unhurried.service.patients import operations as patients
from unhurried.service.shared_care.clocks.reminding import remind_of_waiting
from unhurried.service.shared_care.models import Thread, ThreadMessage
from unhurried.service.shared_care.operations import messages as operations
from unhurried.service.shared_care.queries import messages as queries
from unhurried.service.shared_care.waits import (
    waiting_for,
)

SignIn = Callable[[Membership], Client]
CANARY = "The kestrel sleeps better"


@pytest.fixture
def room(world: World) -> Room:
    worker = world.member("project_worker")
    return Room(world, worker, world.member("gp"), world.enrolled(worker))


def _written(room: Room) -> ThreadMessage:
    return operations.open_thread(
        by=actor_for(room.worker), patient=room.patient, subject="Sleep", text=CANARY
    )


def test_read_by_the_other_side_is_shown_with_the_name_and_the_moment(room: Room) -> None:
    with clock.at(MONDAY):
        message = _written(room)
    mine = queries.said(actor_for(room.worker), queries.messages_of(message.thread))[0]
    assert mine.unread == "Nobody at the practice has read it yet"
    with clock.at(at(0, 14)):
        assert operations.note_read(by=actor_for(room.gp), thread=message.thread) == 1
    with clock.at(at(1)):
        assert operations.note_read(by=actor_for(room.gp), thread=message.thread) == 0
    mine = queries.said(actor_for(room.worker), queries.messages_of(message.thread))[0]
    assert mine.read == ((room.gp.user.full_name, at(0, 14)),)
    assert mine.unread == ""


def test_a_colleague_of_the_writer_or_the_writer_reads_for_nobody_else(room: Room) -> None:
    first = _written(room)
    assert operations.note_read(by=actor_for(room.worker), thread=first.thread) == 0
    second = operations.reply(by=actor_for(room.gp), thread=first.thread, text="Thank you")
    colleague = room.world.member("gp")
    operations.note_read(by=actor_for(colleague), thread=first.thread)
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.closed_at is not None
    assert second.closed_at is None


def test_a_look_by_break_glass_answers_for_nobody(room: Room) -> None:
    message = operations.open_thread(
        by=actor_for(room.gp), patient=room.patient, subject="Sleep", text=CANARY
    )
    other = room.world.member("project_worker")
    BreakGlass.objects.create(
        user=other.user, membership=other, patient_id=room.patient.pk, reason="I cover today",
        purpose="cover", opened_at=clock.now(), until=clock.now() + timedelta(hours=1),
    )  # fmt: skip
    assert queries.messages_seen(actor_for(other)).exists()
    assert operations.note_read(by=actor_for(other), thread=message.thread) == 0
    message.refresh_from_db()
    assert message.closed_at is None


def test_unread_becomes_late_and_is_passed_on_without_words(room: Room) -> None:
    manager = room.world.member("service_manager")
    with clock.at(MONDAY):
        message = _written(room)
        assert queries.unread(actor_for(room.gp)).count() == 1
        assert queries.unread(actor_for(room.worker)).count() == 0
    assert message.late_from == at(2, 18)
    with clock.at(at(4, 12)):
        assert remind_of_waiting(by=system_actor("clocks")) == 1
        seen = [each for each in waiting_for(actor_for(manager)) if each.kind == "message"]
    assert [(each.person, each.href) for each in seen] == [(str(room.patient), "")]
    assert "kestrel" not in repr(seen)
    assert "Sleep" not in repr(seen)
    assert [each.to for each in Message.objects.all()] == [manager.user.email]


def test_reception_knows_that_a_message_waits_and_nothing_of_it(room: Room) -> None:
    _written(room)
    staff = actor_for(room.world.member("practice_staff"))
    line = queries.unread_lines(staff, queries.unread(staff))[0]
    assert (line.person, line.subject) == (str(room.patient), "")
    with pytest.raises(Refused):
        operations.open_thread(by=staff, patient=room.patient, subject="a", text="b")


def test_no_words_for_the_gp_against_the_persons_wish(room: Room) -> None:
    message = operations.open_thread(
        by=actor_for(room.gp), patient=room.patient, subject="Sleep", text="How are they?"
    )
    patients.record_consent(
        by=actor_for(room.worker), patient=room.patient, kind="sharing", party="gp", given=False,
        how="spoken",
    )  # fmt: skip
    with pytest.raises(Refused, match="does not want"):
        operations.reply(by=actor_for(room.worker), thread=message.thread, text=CANARY)


def test_a_task_has_one_conversation(room: Room) -> None:
    task = room.ask()
    for who in (room.gp, room.worker):
        operations.open_thread(
            by=actor_for(who), patient=room.patient, subject="About it", text="Yes", task=task
        )
    assert Thread.objects.count() == 1
    assert ThreadMessage.objects.count() == 2


def test_an_empty_message_is_refused(room: Room) -> None:
    with pytest.raises(Refused, match="empty"):
        operations.open_thread(
            by=actor_for(room.gp), patient=room.patient, subject="Sleep", text="  "
        )


def test_only_what_was_shown_is_noted_as_read(room: Room, signed_in: SignIn) -> None:
    first = _written(room)
    for number in range(25):
        operations.reply(
            by=actor_for(room.worker), thread=first.thread, text=f"More of it, {number}"
        )
    client = signed_in(room.gp)
    where = reverse("shared_care:thread", args=[room.patient.uuid, first.thread.uuid])
    client.head(where)
    assert ThreadMessage.objects.filter(closed_at=None).count() == 26
    client.get(where)
    first.refresh_from_db()
    assert first.closed_at is None
    assert ThreadMessage.objects.filter(closed_at=None).count() == 1
    assert CANARY in client.get(where, {"page": 2}).content.decode()
    first.refresh_from_db()
    assert first.closed_at is not None
