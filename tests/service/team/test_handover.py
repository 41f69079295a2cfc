"""A worker hands over: nobody new, everybody on the list, each taken on by a yes, counts add up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.service.conftest import World, actor_for

from unhurried.service.accounts.models import Agreement, Membership
from unhurried.service.audit import clock
from unhurried.service.audit.actor import system_actor
from unhurried.service.audit.refused import Refused
from unhurried.service.joining.queries import workers as joining_workers
from unhurried.service.outbox.models import Message
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.models import Episode, Patient, Restriction, WorkerChange
from unhurried.service.patients.operations import change_project_worker, end_episode, raise_alert
from unhurried.service.patients.queries import visible_notes, workers_with_room
from unhurried.service.sessions.models import Appointment
from unhurried.service.shared_care.clocks.reminding import remind_of_waiting
from unhurried.service.shared_care.operations import tasks
from unhurried.service.shared_care.waits import (
    waiting_for,
)
from unhurried.service.team import certificate as counts
from unhurried.service.team.models import HandedPerson, Handover
from unhurried.service.team.open_items import open_items
from unhurried.service.team.operations import handover as operations
from unhurried.service.team.queries import handover as queries

SignIn = Callable[[Membership], Client]


@dataclass
class Team:
    world: World
    manager: Membership
    leaver: Membership
    colleague: Membership
    people: list[Patient]

    def begin(self) -> Handover:
        return operations.begin_handover(
            by=actor_for(self.manager), worker=self.leaver, because="A post elsewhere"
        )

    def ask(self, made: Handover, *people: Patient, **more: Any) -> list[HandedPerson]:
        made.refresh_from_db()
        rows = list(HandedPerson.objects.filter(handover=made, patient__in=people))
        values = {"receiver": self.colleague, "version": made.version, **more}
        operations.name_receiver(by=actor_for(self.manager), handover=made, people=rows, **values)
        return list(HandedPerson.objects.filter(handover=made, patient__in=people))


@pytest.fixture
def team(world: World) -> Team:
    leaver = world.member("project_worker")
    people = [world.enrolled(leaver) for _ in range(2)]
    return Team(
        world, world.member("service_manager"), leaver, world.member("project_worker"), people
    )


def booked(patient: Patient, worker: Membership, days: int, **more: Any) -> Appointment:
    now = timezone.now()
    at = (now + timedelta(days=days)).replace(hour=10, minute=0, second=0, microsecond=0)
    values = {
        "patient": patient, "episode": patient.episodes.get(), "worker": worker, "starts_at": at,
        "minutes": 60, "place": "practice", "booked_at": now, "changed_at": now,
    }  # fmt: skip
    return Appointment.objects.create(**{**values, **more})


def test_who_hands_over_is_given_nobody_new(team: Team) -> None:
    team.begin()
    world = team.world
    assert team.leaver not in workers_with_room(world.provider.pk)
    rooms = [each.membership for each in joining_workers(world.provider)]
    assert rooms == [team.colleague]
    other = world.enrolled(team.colleague).episodes.get()
    with pytest.raises(Refused, match="given nobody new"):
        change_project_worker(
            by=actor_for(team.manager), episode=other, to=team.leaver, reason="They asked"
        )


def test_only_the_manager_or_the_worker_begins_it_and_only_once(team: Team) -> None:
    with pytest.raises(Refused, match="themself"):
        operations.begin_handover(
            by=actor_for(team.colleague), worker=team.leaver, because="Leaving"
        )
    operations.begin_handover(by=actor_for(team.leaver), worker=team.leaver, because="Leaving")
    with pytest.raises(Refused, match="already"):
        team.begin()


def test_a_yes_makes_the_receiver_the_worker_and_things_go_along(team: Team) -> None:
    free, clash = team.people
    kept = booked(free, team.leaver, 3)
    lost = booked(clash, team.leaver, 4)
    booked(team.world.enrolled(team.colleague), team.colleague, 4)
    made = team.begin()
    rows = team.ask(made, free, clash)
    with pytest.raises(Refused, match="not asked"):
        operations.accept(by=actor_for(team.leaver), row=rows[0])
    for row in rows:
        operations.accept(by=actor_for(team.colleague), row=row)
    for person in (free, clash):
        assert person.episodes.get().project_worker == team.colleague
    assert WorkerChange.objects.filter(from_worker=team.leaver).count() == 2
    kept.refresh_from_db()
    lost.refresh_from_db()
    assert (kept.worker, kept.state) == (team.colleague, "booked")
    assert (lost.state, lost.cancelled_by) == ("cancelled", "service")
    assert "offer another" in lost.cancelled_because


def test_a_task_that_was_taken_does_not_stay_with_who_leaves(team: Team) -> None:
    person = team.people[0]
    gp = team.world.member("gp")
    task = tasks.ask(
        by=actor_for(gp), patient=person, to="provider", kind="other",
        sentence="Please ring them", person_knows="agrees",
    )  # fmt: skip
    tasks.take(by=actor_for(team.leaver), task=task, version=1)
    (row,) = team.ask(team.begin(), person)
    operations.accept(by=actor_for(team.colleague), row=row)
    task.refresh_from_db()
    assert task.state == "open"
    held = [each.membership_id for each in open_items([person.pk])]
    assert team.leaver.pk not in held


def test_the_handover_ends_only_when_nobody_is_left_behind(team: Team) -> None:
    raise_alert(by=actor_for(team.leaver), patient=team.people[0], kind="driving")
    booked(team.people[0], team.leaver, 3)
    made = team.begin()
    manager = actor_for(team.manager)
    with pytest.raises(Refused, match="2 people"):
        operations.close_handover(by=manager, handover=made)
    (row,) = team.ask(made, team.people[0])
    operations.accept(by=actor_for(team.colleague), row=row)
    with pytest.raises(Refused, match="1 people"):
        operations.close_handover(by=manager, handover=made)
    end_episode(by=manager, episode=team.people[1].episodes.get(), reason="As they wished")
    closed = operations.close_handover(by=manager, handover=made)
    shown = closed.certificate
    assert closed.state == "closed"
    assert (shown["people"], shown["taken_on"], shown["ended"], shown["left"]) == (2, 1, 1, 0)
    assert shown["by_worker"] == [[team.colleague.user.full_name, 1]]
    by_kind = {each["kind"]: each for each in shown["kinds"]}
    assert by_kind["Safety alert"]["carried"] == 1
    assert by_kind["Appointment to come"]["carried"] == 1
    assert counts.adds_up(shown)
    assert not counts.adds_up({**shown, "people": 3})


def test_open_things_are_found_whatever_they_are(team: Team) -> None:
    person = team.people[0]
    raise_alert(by=actor_for(team.leaver), patient=person, kind="driving")
    booked(person, team.leaver, 3)
    tasks.ask(
        by=actor_for(team.leaver), patient=person, to="practice", kind="other",
        sentence="Please look at this", person_knows="agrees",
    )  # fmt: skip
    Message.objects.create(
        purpose="sessions.reminder", about="x", patient_id=person.pk, channel="sms", to="07700",
        due_at=timezone.now(), next_try_at=timezone.now(),
    )  # fmt: skip
    kinds = {each.kind for each in open_items([person.pk])}
    assert {"Safety alert", "Appointment to come", "Task", "Not sent yet"} <= kinds
    assert open_items([team.people[1].pk]) == []


def test_above_the_agreed_number_needs_a_reason(team: Team) -> None:
    team.colleague.capacity = 1
    team.colleague.save()
    made = team.begin()
    with pytest.raises(Refused, match="room for 1"):
        team.ask(made, *team.people)
    rows = team.ask(made, *team.people, over_reason="Until the new colleague starts")
    for row in rows:
        operations.accept(by=actor_for(team.colleague), row=row)
    reasons = Episode.objects.exclude(over_reason="").values_list("over_reason", flat=True)
    assert list(reasons) == ["Until the new colleague starts"]


def test_who_was_asked_and_does_not_answer_is_shown_to_the_manager(team: Team) -> None:
    thursday = datetime(2026, 12, 24, 10, 0, tzinfo=timezone.get_current_timezone())
    with clock.at(thursday):
        made = team.begin()
        team.ask(made, team.people[0])
        assert queries.to_do(actor_for(team.colleague)).to_accept == 1
    # Christmas, the weekend and the bank holiday on Monday are no working days.
    with clock.at(thursday + timedelta(days=5)):
        (waits,) = [w for w in waiting_for(actor_for(team.manager)) if w.kind == "handover"]
        assert waits.stage == ""
        assert waits.owner == team.colleague.user.full_name
    with clock.at(thursday + timedelta(days=6, hours=4)):
        (waits,) = [w for w in waiting_for(actor_for(team.manager)) if w.kind == "handover"]
        assert waits.stage == "late"
        remind_of_waiting(by=system_actor("clocks"))
    sent = Message.objects.get(purpose="shared_care.waits")
    assert sent.to == team.colleague.user.email
    assert team.people[0].family_name not in sent.body


def test_not_possible_brings_the_person_back_to_the_manager(team: Team) -> None:
    made = team.begin()
    (row,) = team.ask(made, team.people[0])
    operations.cannot_take(by=actor_for(team.colleague), row=row, because="We are neighbours")
    row.refresh_from_db()
    assert (row.state, row.receiver, row.not_possible_because) == (
        "needs",
        None,
        "We are neighbours",
    )
    assert queries.handover_of(actor_for(team.colleague), made.uuid) is None
    assert queries.to_do(actor_for(team.manager)).to_name == 2


def test_a_person_who_shut_somebody_out_is_not_handed_to_them(team: Team) -> None:
    made = team.begin()
    Restriction.objects.create(
        patient=team.people[0], user=team.colleague.user, asked_at=timezone.now()
    )
    with pytest.raises(Refused, match="does not see"):
        team.ask(made, *team.people)


def test_two_managers_at_once_see_that_the_list_changed(team: Team) -> None:
    made = team.begin()
    team.ask(made, team.people[0])
    with pytest.raises(ChangedMeanwhile):
        team.ask(made, team.people[1], version=1)


def test_what_matters_goes_along_in_an_ordinary_note(team: Team) -> None:
    person = team.people[0]
    made = team.begin()
    (row,) = team.ask(made, person)
    with pytest.raises(Refused, match="project worker writes"):
        operations.write_handover_note(by=actor_for(team.colleague), row=row, text="Words")
    operations.write_handover_note(by=actor_for(team.leaver), row=row, text="My garden matters")
    row.refresh_from_db()
    assert queries.note_read(actor_for(team.colleague), row) is None
    operations.accept(by=actor_for(team.colleague), row=row)
    row.refresh_from_db()
    found = queries.note_read(actor_for(team.colleague), row)
    assert found is not None
    assert found.text == "My garden matters"
    assert not visible_notes(actor_for(team.leaver), person).exists()


def test_the_person_is_told_and_may_wish_for_somebody_else(team: Team) -> None:
    (row,) = team.ask(team.begin(), team.people[0])
    operations.tell(by=actor_for(team.leaver), row=row, how="call", wishes="Somebody who walks")
    row.refresh_from_db()
    assert (row.told_how, row.wishes, row.keeps_back) == ("call", "Somebody who walks", None)
    with pytest.raises(Refused, match="tells the person"):
        operations.tell(by=actor_for(team.world.member("project_worker")), row=row, how="call")


def test_called_off_whoever_was_not_taken_on_stays(team: Team) -> None:
    made = team.begin()
    (row,) = team.ask(made, team.people[0])
    operations.accept(by=actor_for(team.colleague), row=row)
    operations.call_off(by=actor_for(team.manager), handover=made, because="They stay")
    assert team.people[0].episodes.get().project_worker == team.colleague
    assert team.people[1].episodes.get().project_worker == team.leaver
    assert team.leaver in workers_with_room(team.world.provider.pk)
    assert not [w for w in waiting_for(actor_for(team.manager)) if w.kind == "handover"]


def test_where_no_agreement_holds_the_list_names_nobody(team: Team, signed_in: SignIn) -> None:
    made = team.begin()
    row = made.people.get(patient=team.people[0])
    client = signed_in(team.manager)
    where = reverse("team:handover", args=[made.uuid])
    assert team.people[0].family_name in client.get(where).content.decode()
    Agreement.objects.filter(practice=team.world.practice).update(ends=timezone.localdate())
    assert team.people[0].family_name not in client.get(where).content.decode()
    one = reverse("team:handed_person", args=[made.uuid, row.uuid])
    assert client.get(one).status_code == 404


def test_a_handover_through_the_pages(team: Team, signed_in: SignIn) -> None:
    manager, colleague = signed_in(team.manager), signed_in(team.colleague)
    manager.post(
        reverse("team:begin_handover"), {"worker": team.leaver.pk, "because": "A post elsewhere"}
    )
    made = Handover.objects.get()
    rows = [str(each.uuid) for each in made.people.all()]
    sent = {"people": rows, "receiver": team.colleague.pk, "over_reason": "", "version": "1"}
    manager.post(reverse("team:name_receiver", args=[made.uuid]), sent)
    again = manager.post(reverse("team:name_receiver", args=[made.uuid]), sent)
    assert again.status_code == 409
    body = colleague.get(reverse("team:handover", args=[made.uuid])).content.decode()
    assert team.people[0].family_name in body
    assert "Waits for you" in body
    for uuid in rows:
        colleague.post(reverse("team:take_on", args=[made.uuid, uuid]))
    done = manager.post(reverse("team:close_handover", args=[made.uuid]), follow=True)
    assert "Counts add up" in done.content.decode()
    officer = signed_in(team.world.member("privacy_officer"))
    seen = officer.get(reverse("team:handover", args=[made.uuid])).content.decode()
    assert "A person of Finch Lane Surgery" in seen
    assert team.people[0].family_name not in seen
    bystander = signed_in(team.world.member("project_worker"))
    assert bystander.get(reverse("team:handover", args=[made.uuid])).status_code == 404


def test_who_takes_nobody_new_stays_on_the_list_of_workers(world: World, signed_in: SignIn) -> None:
    worker, manager = world.member("project_worker"), world.member("service_manager")
    operations.begin_handover(by=actor_for(manager), worker=worker, because="Moves away")
    client = signed_in(manager)
    assert "Takes nobody new now" in client.get(reverse("joining:workers")).content.decode()
    assert client.get(reverse("joining:worker", args=[worker.pk])).status_code == 200
    assert joining_workers(world.provider) == []
