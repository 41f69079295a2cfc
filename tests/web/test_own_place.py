"""The first page of a patient and of a carer: their own, warm, and nothing of anybody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.service.conftest import World, actor_for

from unhurried.service.accounts.models import Membership
from unhurried.service.accounts.policy import objects
from unhurried.service.audit.models import Entry
from unhurried.service.patients import operations
from unhurried.service.patients.models import Carer, Consent, Cover, Patient, Restriction
from unhurried.service.sessions.models import Appointment, Attendee
from unhurried.web.own_place import _rows, carers_place, own_place

SignedIn = Callable[[Membership], Client]


@pytest.fixture
def worker(world: World) -> Membership:
    world.provider.phone, world.provider.email = "01632 960303", "service@example.org"
    world.provider.save()
    return world.member("project_worker")


@pytest.fixture
def person(world: World) -> Membership:
    return world.member("patient")


@pytest.fixture
def patient(world: World, worker: Membership, person: Membership) -> Patient:
    return world.enrolled(worker, user=person.user)


def text(client: Client) -> str:
    answer = client.get("/")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_it_says_who_works_with_me_and_how_to_reach_everybody(
    world: World, signed_in: SignedIn, worker: Membership, patient: Patient, person: Membership
) -> None:
    own = signed_in(person)
    said = text(own)
    for part in (
        worker.user.full_name, "01632 960303", "service@example.org", "Finch Lane Surgery",
        "You joined on", "What I agreed to", "Who has looked at my record", "To pause, or to leave",
        "never changes what you can have from your GP",
    ):  # fmt: skip
        assert part in said, part
    assert Entry.objects.get(action="read.episode").patient_id == patient.pk
    place = own_place(actor_for(person), timezone.now())
    for href in (
        *(each.href for each in place.ways), place.answers_href, place.readers_href,
        place.looked_href, place.record_href,
    ):  # fmt: skip
        assert own.get(href, follow=True).status_code == 200, href


@pytest.mark.parametrize("state", ["paused", "ended", "referred", "none"])
def test_every_state_is_said_kindly(
    signed_in: SignedIn, worker: Membership, patient: Patient, person: Membership, state: str
) -> None:
    by, episode = actor_for(worker), patient.episodes.get()
    words = {
        "paused": "your place is kept", "ended": "welcome back at any time",
        "referred": "You decide whether to join", "none": "can refer you whenever you like",
    }  # fmt: skip
    if state == "paused":
        operations.pause(by=by, episode=episode, reason="a holiday")
    elif state == "ended":
        operations.end_episode(by=by, episode=episode, reason="moved on")
    elif state == "referred":
        episode.state, episode.enrolled_at = "referred", None
        episode.save()
    else:
        episode.delete()
    said = text(signed_in(person))
    assert words[state] in said
    assert "a holiday" not in said
    assert ("My project worker" in said) == (state in {"paused", "referred"})


def test_who_stands_in_is_named_and_a_worker_shut_out_is_not(
    world: World, signed_in: SignedIn, worker: Membership, patient: Patient, person: Membership
) -> None:
    second, today = world.member("project_worker"), timezone.localdate()
    Cover.objects.create(
        worker=worker, covering=second, starts=today, ends=today + timedelta(days=7)
    )
    assert f"<bdi>{second.user.full_name}</bdi> looks after you" in text(signed_in(person))
    Restriction.objects.create(patient=patient, user=worker.user, asked_at=timezone.now())
    said = text(signed_in(person))
    assert worker.user.full_name not in said
    assert "The service manager knows" in said


def test_a_sign_in_without_a_record_is_told_so(signed_in: SignedIn, person: Membership) -> None:
    assert "not yet joined to your record" in text(signed_in(person))


def test_the_next_meeting_is_on_it(
    signed_in: SignedIn, worker: Membership, patient: Patient, person: Membership
) -> None:
    assert "We meet next" not in text(signed_in(person))
    soon = timezone.now() + timedelta(days=3)
    Appointment.objects.create(
        patient=patient, episode=patient.episodes.get(), worker=worker, starts_at=soon,
        minutes=45, place="practice", booked_at=timezone.now(), changed_at=timezone.now(),
    )  # fmt: skip
    own = signed_in(person)
    assert "We meet next: <a href=" in text(own)
    found = own_place(actor_for(person), timezone.now()).meeting
    assert found is not None
    assert own.get(found.href).status_code == 200


def share(worker: Membership, patient: Patient, carer: Carer, thing: str = "plan") -> None:
    operations.record_consent(
        by=actor_for(worker), patient=patient, kind="sharing", given=True, how="spoken",
        party=f"carer:{carer.pk}:{thing}", ends=timezone.localdate() + timedelta(days=30),
    )  # fmt: skip


def test_a_carer_sees_what_is_shared_and_kind_words_when_nothing_is(
    world: World, signed_in: SignedIn, worker: Membership, patient: Patient
) -> None:
    member = world.member("carer")
    client = signed_in(member)
    assert "Nothing is shared with you at the moment, and that is all right" in text(client)
    carer = Carer.objects.create(
        patient=patient, user=member.user, name="Robin", relationship="Friend"
    )
    assert patient.family_name not in text(client)
    share(worker, patient, carer)
    said = text(client)
    assert patient.family_name in said
    assert "The plan" in said
    assert "Worksheets" not in said
    assert patient.nhs_number not in said
    assert Entry.objects.filter(action="read.shared", patient_id=patient.pk).count() == 1
    [sharing] = carers_place(actor_for(member), timezone.now()).sharing
    assert all(client.get(each.href, follow=True).status_code == 200 for each in sharing.ways)
    Consent.objects.update(withdrawn_at=timezone.now())
    assert patient.family_name not in text(client)


def test_a_carer_sees_when_they_are_to_come_along_if_the_person_shares_it(
    world: World, signed_in: SignedIn, worker: Membership, patient: Patient
) -> None:
    member = world.member("carer")
    carer = Carer.objects.create(
        patient=patient, user=member.user, name="Robin", relationship="Friend"
    )
    booked = [
        Appointment.objects.create(
            patient=patient, episode=patient.episodes.get(), worker=worker, minutes=45,
            starts_at=timezone.now() + timedelta(days=days), place="practice",
            booked_at=timezone.now(), changed_at=timezone.now(),
        )
        for days in (3, 10)
    ]  # fmt: skip
    Attendee.objects.create(appointment=booked[0], name="Robin", carer=carer)
    share(worker, patient, carer)
    client = signed_in(member)
    assert booked[0].when not in text(client)
    share(worker, patient, carer, "appointment")
    said = text(client)
    assert f"{booked[0].when}</a>, <bdi>with {worker.user.full_name}; you are to come along" in said
    assert f"{booked[1].when}</a>, <bdi>with {worker.user.full_name}</bdi>" in said
    [sharing] = carers_place(actor_for(member), timezone.now()).sharing
    assert sharing.meetings is not None
    for each in sharing.meetings:
        page = client.get(each.href)
        assert page.status_code == 200
        assert "My place" in page.content.decode()
    Appointment.objects.update(state="cancelled", cancelled_by="person")
    assert "Nothing is booked now." in text(client)


def test_a_carer_of_many_asks_as_often_as_a_carer_of_one(world: World, worker: Membership) -> None:
    member = world.member("carer")
    asked = []
    for _ in range(2):
        for _each in range(3):
            patient = world.enrolled(worker)
            carer = Carer.objects.create(
                patient=patient, user=member.user, name="Robin", relationship="Friend"
            )
            share(worker, patient, carer)
            share(worker, patient, carer, "appointment")
        with CaptureQueriesContext(connection) as counted:
            carers_place(actor_for(member), timezone.now())
        asked.append(len(counted))
    assert asked[0] == asked[1]


def test_the_table_names_things_of_the_matrix() -> None:
    assert {each.thing for each in _rows()} <= objects()
    assert all(each.roles <= {"patient", "carer"} for each in _rows())


def test_staff_keep_their_own_page(signed_in: SignedIn, worker: Membership) -> None:
    answer: Any = signed_in(worker).get("/")
    assert "Waiting for you" in answer.content.decode()
