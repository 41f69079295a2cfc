"""Tasks between worker and practice: asked, taken, answered, late, never lost (COM-1, COM-2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from tests.service.conftest import World, actor_for

from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.audit.actor import system_actor
from unhurried.service.audit.models import Entry
from unhurried.service.audit.refused import Refused
from unhurried.service.outbox.models import Message
from unhurried.service.patients import operations as patients
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.models import Cover, Patient
from unhurried.service.shared_care.clocks.reminding import remind_of_waiting
from unhurried.service.shared_care.models import Answer, Task, TaskStep
from unhurried.service.shared_care.operations import tasks as operations
from unhurried.service.shared_care.operations.answers import see
from unhurried.service.shared_care.operations.messages import open_thread
from unhurried.service.shared_care.queries import tasks as queries
from unhurried.service.shared_care.waits import (
    waiting_for,
)

CANARY = "Please ring about the kestrel"
MONDAY = datetime(2026, 11, 9, 10, 0, tzinfo=UTC)  # a working day; clocks are on UTC


@dataclass
class Room:
    """A worker, a GP and a person they both know."""

    world: World
    worker: Membership
    gp: Membership
    patient: Patient

    def ask(self, **more: object) -> Task:
        """Something the worker asks of the practice."""
        values: dict[str, object] = {
            "by": actor_for(self.worker), "patient": self.patient, "to": "practice",
            "kind": "ring", "sentence": CANARY, "person_knows": "agrees",
        }  # fmt: skip
        return operations.ask(**{**values, **more})  # type: ignore[arg-type]


@pytest.fixture
def room(world: World) -> Room:
    worker = world.member("project_worker")
    return Room(world, worker, world.member("gp"), world.enrolled(worker))


def at(days: int, hour: int = 10) -> datetime:
    """So many days after the Monday of the story."""
    return MONDAY.replace(hour=hour) + timedelta(days=days)


# -- asking ----------------------------------------------------------------------------------


def test_a_kind_says_its_usual_day_and_the_clock_begins(room: Room) -> None:
    with clock.at(MONDAY):
        task = room.ask()
    assert task.due == date(2026, 11, 11)
    assert task.late_from == at(2, 18)
    assert task.passed_on_from == at(4, 12)
    assert task.practice == room.world.practice
    assert task.provider == room.world.provider


@pytest.mark.parametrize(
    ("due", "sentence"),
    [
        (date(2026, 11, 14), "Monday 16 November 2026"),
        (date(2026, 12, 25), "Tuesday 29 December 2026"),
        (date(2026, 11, 6), "from today on"),
        (date(2028, 1, 3), "within a year"),
    ],
)
def test_a_day_nobody_works_is_refused_with_the_next_one(
    room: Room, due: date, sentence: str
) -> None:
    with clock.at(MONDAY), pytest.raises(Refused, match=sentence):
        room.ask(due=due)


def test_today_can_be_asked_until_the_practice_closes(room: Room) -> None:
    with clock.at(at(0, 17)):
        assert room.ask(due=MONDAY.date()).late_from == at(0, 18)
    with clock.at(at(0, 18)), pytest.raises(Refused, match="Tuesday 10 November"):
        room.ask(due=MONDAY.date())


def test_the_due_hour_is_where_the_service_is_in_summer_too(room: Room) -> None:
    with clock.at(datetime(2027, 3, 25, 10, tzinfo=UTC)):  # Thursday before the clocks change
        task = room.ask(due=date(2027, 3, 30))
    assert task.late_from == datetime(2027, 3, 30, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    "wrong",
    [
        {"to": "everybody"},
        {"kind": "dance"},
        {"person_knows": ""},
        {"sentence": "  "},
        {"sentence": "x" * 201},
    ],
)
def test_half_an_ask_is_refused(room: Room, wrong: dict[str, str]) -> None:
    with pytest.raises(Refused):
        room.ask(**wrong)
    assert not Task.objects.exists()


def test_nothing_is_asked_of_the_practice_against_the_persons_wish(room: Room) -> None:
    patients.record_consent(
        by=actor_for(room.worker), patient=room.patient, kind="sharing", party="gp", given=False,
        how="spoken",
    )  # fmt: skip
    with pytest.raises(Refused, match="does not want"):
        room.ask()
    asked = room.ask(by=actor_for(room.gp), to="provider")
    assert asked.to == "provider"


def test_meant_for_somebody_who_could_not_see_it_is_refused(room: Room) -> None:
    with pytest.raises(Refused, match="Choose somebody of the team"):
        room.ask(meant_for=room.world.member("gp", room.world.other_practice))
    assert room.ask(meant_for=room.gp).meant_for == room.gp


def test_a_specialist_at_a_meeting_can_ask_of_either_team(room: Room) -> None:
    specialist = room.world.member("pain_consultant", room.world.other_provider)
    task = room.ask(by=actor_for(specialist), to="provider")
    taken = operations.take(by=actor_for(room.worker), task=task, version=1)
    assert taken.taken_by == room.worker


# -- answering -------------------------------------------------------------------------------


def test_taken_taken_over_given_back_and_done(room: Room) -> None:
    task, other = room.ask(), room.world.member("gp")
    operations.take(by=actor_for(room.gp), task=task, version=1)
    with pytest.raises(Refused, match="You have it already"):
        operations.take(by=actor_for(room.gp), task=task, version=2)
    operations.take(by=actor_for(other), task=task, version=2)
    with pytest.raises(Refused, match="nothing to give back"):
        operations.put_back(by=actor_for(room.gp), task=task, version=3)
    back = operations.put_back(by=actor_for(other), task=task, version=3)
    assert (back.state, back.taken_by) == ("open", None)
    done = operations.finish(by=actor_for(room.gp), task=task, version=4, outcome="Rang today.")
    assert (done.state, done.closed_by, done.outcome) == ("done", room.gp, "Rang today.")
    with pytest.raises(Refused, match="already"):
        operations.take(by=actor_for(other), task=task, version=5)
    steps = [(each.did, each.words) for each in queries.steps_of(done)]
    assert (f"took it over from {room.gp.user.full_name}", "") in steps
    assert steps[-1] == ("marked it done", "Rang today.")


def test_a_no_has_a_reason_and_only_each_side_says_its_own(room: Room) -> None:
    task, gp, worker = room.ask(), actor_for(room.gp), actor_for(room.worker)
    with pytest.raises(Refused, match="why it is not possible"):
        operations.decline(by=gp, task=task, version=1, outcome=" ")
    with pytest.raises(Refused, match="team that was asked"):
        operations.finish(by=worker, task=task, version=1)
    with pytest.raises(Refused, match="team that asked"):
        operations.withdraw(by=gp, task=task, version=1)
    assert operations.withdraw(by=worker, task=task, version=1).state == "withdrawn"


def test_two_gps_at_once_the_second_sees_what_the_first_did(room: Room) -> None:
    task, other = room.ask(), room.world.member("gp")
    operations.take(by=actor_for(room.gp), task=task, version=1)
    with pytest.raises(ChangedMeanwhile) as conflict:
        operations.decline(by=actor_for(other), task=task, version=1, outcome="No")
    assert isinstance(conflict.value.current, Task)
    assert conflict.value.current.taken_by == room.gp


def test_another_day_needs_a_reason_and_starts_the_clock_anew(room: Room) -> None:
    with clock.at(MONDAY):
        task = room.ask()
    Task.objects.filter(pk=task.pk).update(reminded="late")
    with clock.at(at(3)):
        with pytest.raises(Refused, match="why the day changes"):
            operations.plan_task(
                by=actor_for(room.gp), task=task, due=date(2026, 11, 18), version=1
            )
        moved = operations.plan_task(
            by=actor_for(room.gp), task=task, due=date(2026, 11, 18), version=1,
            reason="She is away until then.",
        )  # fmt: skip
    assert moved.late_from == at(9, 18)
    assert moved.reminded == ""
    step = TaskStep.objects.get(task=task, what="due")
    assert (step.due_before, step.words) == (date(2026, 11, 11), "She is away until then.")


# -- never lost ------------------------------------------------------------------------------


def test_late_is_seen_by_both_sides_then_by_the_manager_without_words(room: Room) -> None:
    manager = room.world.member("service_manager")
    room.world.practice.email = "reception@example.org"
    room.world.practice.save()
    with clock.at(MONDAY):
        task = room.ask()
        assert queries.to_do(actor_for(room.worker)).late == 0
        assert queries.to_do(actor_for(room.gp)).tasks_for_us == 1
    with clock.at(at(2, 18)):
        assert queries.to_do(actor_for(room.worker)).late == 1
        assert queries.to_do(actor_for(room.gp)).late == 1
        assert remind_of_waiting(by=system_actor("clocks")) == 1
        assert remind_of_waiting(by=system_actor("clocks")) == 0
    with clock.at(at(4, 12)):
        assert remind_of_waiting(by=system_actor("clocks")) == 1
        seen = [each for each in waiting_for(actor_for(manager)) if each.kind == "task"]
    assert [each.person for each in seen] == [str(room.patient)]
    assert seen[0].passed_on_from == task.passed_on_from
    assert CANARY not in repr(seen)
    assert room.world.practice.name in seen[0].owner
    sent = {each.to: each for each in Message.objects.all()}
    assert set(sent) == {"reception@example.org", manager.user.email}
    for each in sent.values():
        assert CANARY not in each.body
        assert room.patient.family_name not in each.body


def test_nobody_is_written_to_about_what_is_answered_or_to_the_person(room: Room) -> None:
    Patient.objects.filter(pk=room.patient.pk).update(email="person@example.org")
    with clock.at(MONDAY):
        task = room.ask()
        operations.finish(by=actor_for(room.gp), task=task, version=1)
        see(by=actor_for(room.worker), answer=Answer.objects.get(task=task))
    with clock.at(at(10)):
        assert remind_of_waiting(by=system_actor("clocks")) == 0
    assert not Message.objects.exists()


def test_a_task_of_somebody_away_says_who_covers_who_can_take_it_over(room: Room) -> None:
    other = room.world.member("project_worker")
    task = room.ask(by=actor_for(room.gp), to="provider")
    operations.take(by=actor_for(room.worker), task=task, version=1)
    assert not queries.inbox(actor_for(other), "team").exists()
    today = timezone.localdate()
    Cover.objects.create(
        worker=room.worker, covering=other, starts=today, ends=today + timedelta(days=3)
    )
    assert list(queries.inbox(actor_for(other), "mine")) == [task]
    line = queries.lines(actor_for(other), queries.inbox(actor_for(other), "team"))[0]
    assert line.who == (
        f"With {room.worker.user.full_name}, who is away: {other.user.full_name} covers"
    )
    assert operations.take(by=actor_for(other), task=task, version=2).taken_by == other


def test_a_task_of_a_gp_who_left_is_still_the_teams(room: Room) -> None:
    task, other = room.ask(), room.world.member("gp")
    operations.take(by=actor_for(room.gp), task=task, version=1)
    Membership.objects.filter(pk=room.gp.pk).update(ends=timezone.localdate())
    line = queries.lines(actor_for(other), queries.inbox(actor_for(other), "team"))[0]
    assert "no longer works here" in line.who
    assert operations.finish(by=actor_for(other), task=task, version=2).state == "done"


def test_when_the_time_with_the_service_ends_the_task_stays_with_the_practice(room: Room) -> None:
    task = room.ask()
    manager = actor_for(room.world.member("service_manager"))
    patients.end_episode(by=manager, episode=room.patient.episodes.get(), reason="Moved on")
    assert list(queries.inbox(actor_for(room.gp), "team")) == [task]
    assert list(queries.tasks_seen(actor_for(room.worker))) == [task]
    assert operations.finish(by=actor_for(room.gp), task=task, version=1).state == "done"
    with pytest.raises(Refused, match="not with the service"):
        room.ask(by=actor_for(room.gp), to="provider")


def test_after_a_move_the_new_practice_has_it_and_the_old_sees_nothing(room: Room) -> None:
    task = room.ask()
    Patient.objects.filter(pk=room.patient.pk).update(practice=room.world.other_practice)
    new = room.world.member("gp", room.world.other_practice)
    assert list(queries.inbox(actor_for(new), "team")) == [task]
    assert not queries.tasks_seen(actor_for(room.gp)).exists()
    assert queries.team_of(queries.tasks_seen(actor_for(new)).get()) == "Heron Street Practice"


def test_with_another_worker_what_the_first_had_taken_is_the_teams_again(room: Room) -> None:
    task = room.ask(by=actor_for(room.gp), to="provider", meant_for=room.worker)
    of_practice = room.ask(key="other")
    operations.take(by=actor_for(room.worker), task=task, version=1)
    other = room.world.member("project_worker", capacity=9)
    patients.change_project_worker(
        by=actor_for(room.world.member("service_manager")), to=other, reason="Moving on",
        episode=room.patient.episodes.get(),
    )  # fmt: skip
    assert list(queries.inbox(actor_for(other), "mine")) == [task]
    assert not queries.inbox(actor_for(room.worker), "team").exists()
    task.refresh_from_db()
    assert (task.state, task.taken_by, task.meant_for) == ("open", None, other)
    of_practice.refresh_from_db()
    assert of_practice.version == 1


def test_reception_passes_it_on_without_its_words(room: Room) -> None:
    staff, task = room.world.member("practice_staff"), room.ask()
    asked_of_worker = room.ask(by=actor_for(room.gp), to="provider")
    found = list(queries.inbox(actor_for(staff), "team"))
    assert found == [task]
    assert queries.lines(actor_for(staff), found)[0].sentence == ""
    assert queries.task_to_pass_on(actor_for(staff), asked_of_worker.uuid) is None
    passed = operations.pass_on(by=actor_for(staff), task=task, member=room.gp, version=1)
    assert list(queries.inbox(actor_for(room.gp), "mine")) == [passed]
    with pytest.raises(Refused):
        operations.finish(by=actor_for(staff), task=task, version=2)


def test_the_trail_says_who_asked_and_never_what(room: Room) -> None:
    task = room.ask(key="one-key")
    assert room.ask(key="one-key").pk == task.pk
    open_thread(
        by=actor_for(room.worker), patient=room.patient, subject=CANARY, text=CANARY, task=task
    )
    rows = Entry.objects.filter(patient_id=room.patient.pk, action__startswith="shared_care.")
    assert {each.action for each in rows} == {
        "shared_care.task_asked", "shared_care.message_written",
    }  # fmt: skip
    assert not [each for each in rows if "kestrel" in f"{each.note}{each.object_id}"]


def test_the_inbox_asks_the_database_as_often_for_many(
    room: Room, django_assert_max_num_queries: object
) -> None:
    for _ in range(12):
        taken = room.ask()
        operations.take(by=actor_for(room.gp), task=taken, version=1)
    actor = actor_for(room.gp)
    with django_assert_max_num_queries(4):  # type: ignore[operator]
        assert len(queries.lines(actor, queries.inbox(actor, "team"))) == 12
