"""Hours and limits: nothing is blocked, a reason is typed, the manager knows before (CON-1, 2)."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.service.conftest import actor_for
from tests.service.sessions.conftest import MONDAY, Meeting, wanted

from unhurried.service.accounts.models import Membership
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.models import Entry
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.sessions import operations, queries
from unhurried.service.sessions.models import Appointment, Component, Limits
from unhurried.service.sessions.operations import Held, Wanted
from unhurried.service.sessions.rules import GoesOver

AGREED = {
    "weekly_minutes": 300, "least_minutes": 45, "longest_day_minutes": 180, "gap_minutes": 15,
}  # fmt: skip
KEY = "0b8f0c0e-0000-4000-8000-000000000004"


@pytest.fixture
def manager(meeting: Meeting) -> Actor:
    """The manager, who has agreed hours and limits with the worker."""
    actor = actor_for(meeting.world.member("service_manager"))
    operations.set_limits(
        by=actor, worker=meeting.worker, minutes=AGREED, people=12, version=0, key=KEY
    )
    return actor


@pytest.mark.parametrize(
    ("there", "asked", "code"),
    [
        ([], wanted(1, 10, 40), "short"),
        ([wanted(1, 10)], wanted(1, 11, 60), "gap"),
        ([wanted(1, 12)], wanted(1, 11, 50), "gap"),
        ([wanted(1, 9), wanted(1, 12)], wanted(1, 15, 61), "day"),
        ([wanted(0, 10), wanted(1, 10), wanted(2, 10), wanted(3, 10)], wanted(4, 10, 61), "week"),
        ([wanted(1, 10)], wanted(1, 10, 60), "clash"),
    ],
    ids=["short", "gap after", "gap before", "day", "week", "clash"],
)
def test_going_over_is_said_needs_a_reason_and_then_is_done(
    meeting: Meeting, manager: Actor, there: list[Wanted], asked: Wanted, code: str
) -> None:
    for each in there:
        operations.book(by=meeting.by, patient=meeting.person(), wanted=each)
    with pytest.raises(GoesOver) as refusal:
        operations.book(by=meeting.by, patient=meeting.patient, wanted=asked)
    assert [each.code for each in refusal.value.warned] == [code]
    with pytest.raises(GoesOver):
        operations.book(by=meeting.by, patient=meeting.patient, wanted=asked, over_reason="  ")
    (made,) = operations.book(
        by=meeting.by, patient=meeting.patient, wanted=asked, over_reason="They leave on Friday"
    )
    assert (made.over, made.over_agreed) == (code, code != "clash")
    seen = queries.over_agreed(manager)
    assert [each.reason for each in seen] == (["They leave on Friday"] if code != "clash" else [])
    assert queries.to_do(manager).over == len(seen)


@pytest.mark.parametrize(
    ("there", "asked"),
    [
        ([wanted(1, 10)], wanted(1, 11, 45, place="home")),
        ([wanted(0, 10), wanted(1, 10), wanted(2, 10), wanted(3, 10)], wanted(7, 10, 61)),
        ([wanted(0, 12), wanted(0, 15)], wanted(1, 12, 61)),
    ],
    ids=["a little later", "the next week", "the next day"],
)
def test_what_fits_needs_no_reason(
    meeting: Meeting, manager: Actor, there: list[Wanted], asked: Wanted
) -> None:
    for each in there:
        operations.book(by=meeting.by, patient=meeting.person(), wanted=each)
    later = Wanted(asked.day, time(asked.at.hour, 30), asked.minutes)
    operations.book(by=meeting.by, patient=meeting.patient, wanted=later)
    assert queries.over_agreed(manager) == []


def test_a_row_of_appointments_counts_those_before_it_in_the_row(
    meeting: Meeting, manager: Actor
) -> None:
    for week in range(3):
        for day in range(4):
            operations.book(
                by=meeting.by, patient=meeting.person(), wanted=wanted(7 * week + day, 10)
            )
    with pytest.raises(GoesOver) as refusal:
        operations.book(
            by=meeting.by, patient=meeting.patient,
            wanted=wanted(4, 10, 70, frequency="weekly", times=4),
        )  # fmt: skip
    assert len(refusal.value.warned) == 3  # the fourth week is free
    assert not Appointment.objects.filter(patient=meeting.patient).exists()


def test_moving_leaves_its_own_old_time_out(meeting: Meeting, manager: Actor) -> None:
    for day in range(4):
        operations.book(by=meeting.by, patient=meeting.person(), wanted=wanted(day, 10))
    mine = meeting.book(4, 10)  # the week is full to the minute
    moved = operations.move(by=meeting.by, appointment=mine, wanted=wanted(4, 11), version=1)
    assert moved.over == ""
    with pytest.raises(GoesOver, match="5 hours 10 minutes of appointments; 5 hours agreed"):
        operations.move(by=meeting.by, appointment=mine, wanted=wanted(4, 11, 70), version=2)
    elsewhere = wanted(4, 11, place="home")
    operations.move(by=meeting.by, appointment=mine, wanted=elsewhere, version=2)


def test_limits_are_set_once_by_the_manager_of_the_service(
    meeting: Meeting, manager: Actor
) -> None:
    operations.set_limits(
        by=manager, worker=meeting.worker, minutes=AGREED, people=12, version=0, key=KEY
    )
    assert Limits.objects.get().version == 1
    assert Membership.objects.get(pk=meeting.worker.pk).capacity == 12
    assert Entry.objects.filter(action="sessions.limits_set").count() == 1
    with pytest.raises(ChangedMeanwhile):
        operations.set_limits(
            by=manager, worker=meeting.worker, minutes=AGREED, people=12, version=0
        )
    elsewhere = actor_for(meeting.world.member("service_manager", meeting.world.other_provider))
    with pytest.raises(Refused, match="your own service"):
        operations.set_limits(
            by=elsewhere, worker=meeting.worker, minutes=AGREED, people=1, version=1
        )
    for name, value, says in (
        ("least_minutes", 200, "shortest"), ("longest_day_minutes", 400, "week"),
        ("gap_minutes", 300, "can be"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=says):
            operations.set_limits(
                by=manager, worker=meeting.worker, minutes={**AGREED, name: value}, people=1,
                version=1,
            )  # fmt: skip


def test_the_week_beside_what_was_agreed(meeting: Meeting, manager: Actor) -> None:
    for day in (1, 2, 8):
        meeting.book(day, 10, 90)
    cancelled = meeting.book(3)
    operations.cancel(by=meeting.by, appointment=cancelled, by_whom="person", version=1)
    (load,) = queries.workload(manager, MONDAY)
    assert (load.week, load.following) == ("3 hours of 5 hours", "1 hour 30 minutes of 5 hours")
    assert (load.people_words, load.full) == ("1 of 12", False)
    assert queries.workload(meeting.by, MONDAY)[0].booked == 180


def test_contacts_with_the_named_worker_of_the_day(meeting: Meeting, manager: Actor) -> None:
    other = meeting.world.member("project_worker")
    for number, worker in enumerate((meeting.worker, meeting.worker, other)):
        operations.record_session(
            by=actor_for(worker), patient=meeting.patient, held=Held(MONDAY, time(6 + number))
        )
    assert queries.continuity(meeting.patient).words == "2 of 3 with their own project worker (67%)"
    meeting.patient.episodes.update(project_worker=other)
    operations.record_session(
        by=actor_for(other), patient=meeting.patient, held=Held(MONDAY, time(9))
    )
    assert queries.continuity(meeting.patient).words == "3 of 4 with their own project worker (75%)"
    shares = {load.worker.pk: load.contacts for load in queries.workload(manager, MONDAY)}
    assert shares[meeting.worker.pk] == queries.Continuity(3, 2)
    assert shares[other.pk] == queries.Continuity(1, 1)
    assert queries.continuity_of_worker(other) == shares[other.pk]
    assert queries.Continuity(0, 0).words == "No session yet"


def test_what_waits_on_the_first_page(meeting: Meeting, manager: Actor) -> None:
    meeting.book(0, 15)
    late = meeting.book(1)
    Appointment.objects.filter(pk=late.pk).update(starts_at=late.starts_at - timedelta(days=3))
    assert queries.to_do(meeting.by) == queries.ToDo(1, 1, 0)
    assert queries.to_do(actor_for(meeting.world.member("gp"))) == queries.ToDo(0, 0, 0)


def test_the_catalogue_begins_with_the_shipped_and_grows(meeting: Meeting, manager: Actor) -> None:
    assert queries.catalogue(manager.organisation_id)[0].name == "Pain management book"
    made = operations.save_component(by=manager, code="", name="Tai chi", key=KEY)
    again = operations.save_component(by=manager, code="", name="Tai chi", key=KEY)
    assert (made.code, again.pk) == ("tai_chi", made.pk)
    with pytest.raises(Refused, match="already"):
        operations.save_component(by=manager, code="", name="tai chi")
    operations.record_session(
        by=meeting.by, patient=meeting.patient,
        held=Held(MONDAY, time(9), components=("tai_chi", "pacing")),
    )  # fmt: skip
    operations.save_component(
        by=manager, code="tai_chi", name="Tai chi for backs", offered=False, version=1
    )
    people = queries.enrolled_people(manager.organisation_id)
    counts = {each.code: each.name for each in queries.component_counts(people) if each.people}
    assert counts == {"tai_chi": "Tai chi for backs", "pacing": "Pacing"}
    elsewhere = actor_for(meeting.world.member("service_manager", meeting.world.other_provider))
    with pytest.raises(Refused, match="not in your catalogue"):
        operations.save_component(by=elsewhere, code="tai_chi", name="Theirs", version=2)
    assert Component.objects.filter(provider=meeting.world.other_provider).count() == 0


def test_the_managers_pages_show_no_name(meeting: Meeting, manager: Actor) -> None:
    meeting.book(1, 10, 20, over_reason="A short look", where="9 Finch Lane")
    member = Membership.objects.get(pk=manager.membership_id or 0)
    client = Client()
    client.force_login(member.user)
    session = client.session
    session["membership"], session["second_factor"] = member.pk, "totp"
    session.save()
    for name in ("sessions:diary", "sessions:workload"):
        body = client.get(reverse(name)).content.decode()
        assert "A short look" in body or name == "sessions:diary"
        assert "10:00" in body
        for secret in (meeting.patient.given_name, meeting.patient.family_name, "Finch Lane"):
            assert secret not in body
