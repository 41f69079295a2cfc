"""Who is written to when something is late: once a time it is late, and somebody who is there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.service.conftest import World, actor_for
from tests.service.shared_care.summary_story import after_a_session
from tests.service.shared_care.test_tasks import MONDAY, Room, at

from unhurried.service.accounts.models import User
from unhurried.service.audit import clock
from unhurried.service.audit.actor import system_actor
from unhurried.service.outbox.models import Message
from unhurried.service.patients.models import Cover, Restriction
from unhurried.service.shared_care.clocks.reminding import check_still_waits, remind_of_waiting
from unhurried.service.shared_care.operations import summaries, tasks


@pytest.fixture
def room(world: World) -> Room:
    worker = world.member("project_worker")
    world.practice.email = "reception@example.org"
    world.practice.save()
    return Room(world, worker, world.member("gp"), world.enrolled(worker))


def written_to() -> list[str]:
    """To whom, in the order in which they were written to."""
    return list(Message.objects.order_by("pk").values_list("to", flat=True))


def remind() -> int:
    """What the worker does each minute."""
    return remind_of_waiting(by=system_actor("clocks"))


def test_late_again_after_another_day_was_agreed_is_written_about_again(room: Room) -> None:
    with clock.at(MONDAY):
        task = room.ask()
    with clock.at(at(2, 18)):
        remind()
        tasks.plan_task(
            by=actor_for(room.gp), task=task, due=at(7).date(), version=1, reason="She is away."
        )
        assert remind() == 0
    with clock.at(at(7, 18)):
        assert remind() == 1
        assert remind() == 0
    assert written_to() == ["reception@example.org"] * 2


def test_a_mail_that_waited_while_the_day_moved_does_not_leave(room: Room) -> None:
    with clock.at(MONDAY):
        task = room.ask()
    with clock.at(at(2, 18)):
        remind()
        message = Message.objects.get()
        assert check_still_waits(message) == ""
        tasks.plan_task(
            by=actor_for(room.gp), task=task, due=at(7).date(), version=1, reason="She is away."
        )
        assert check_still_waits(message)


def test_a_summary_sent_back_is_late_for_the_worker_and_who_covers(world: World) -> None:
    with clock.at(MONDAY):
        after = after_a_session(world)
        after.shares()
        row = after.send(after.save(asked="Please look at the laxative"))
    world.practice.email = "reception@example.org"
    world.practice.save()
    with clock.at(at(3, 18)):
        remind()
        mail = Message.objects.get()
        row = summaries.return_summary(by=after.doctor, summary=row, because="Not our laxative")
        assert check_still_waits(mail)  # it waits for somebody else now
    other = world.member("project_worker")
    Cover.objects.create(
        worker=after.worker, covering=other, starts=MONDAY.date(),
        ends=MONDAY.date() + timedelta(days=30),
    )  # fmt: skip
    with clock.at(at(8, 18)):
        assert remind() == 1
    both = {after.worker.user.email, other.user.email}
    assert written_to()[0] == "reception@example.org"
    assert set(written_to()[1:]) == both


def test_a_practice_without_an_address_is_reached_through_its_gps(room: Room) -> None:
    room.world.practice.email = ""
    room.world.practice.save()
    shut_out, gone = room.world.member("gp"), room.world.member("gp")
    Restriction.objects.create(patient=room.patient, user=shut_out.user, asked_at=MONDAY)
    User.objects.filter(pk=gone.user_id).update(is_active=False)
    with clock.at(MONDAY):
        room.ask()
    with clock.at(at(2, 18)):
        assert remind() == 1
    assert written_to() == [room.gp.user.email]


def test_a_manager_who_is_not_here_any_more_is_not_written_to(room: Room) -> None:
    here, gone = room.world.member("service_manager"), room.world.member("service_manager")
    User.objects.filter(pk=gone.user_id).update(is_active=False)
    with clock.at(MONDAY):
        room.ask()
    with clock.at(at(4, 12)):
        remind()
    assert written_to() == [here.user.email]
