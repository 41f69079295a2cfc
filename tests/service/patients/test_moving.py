"""A person moved to another practice: said before, recorded once, seen by the manager."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.service.conftest import World, actor_for

from unhurried.service.accounts.models import Agreement, Membership, Organisation
from unhurried.service.audit.models import Entry
from unhurried.service.audit.refused import Refused
from unhurried.service.outbox.models import Message
from unhurried.service.patients import operations
from unhurried.service.patients.models import Patient, PracticeMove

SignedIn = Callable[[Membership], Client]


def page_of(patient: Patient) -> str:
    return reverse("patients:move", args=[patient.uuid])


def fields(to: Organisation) -> dict[str, Any]:
    return {"to": to.uuid, "on": timezone.localdate().strftime("%d/%m/%Y")}


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


@pytest.fixture
def patient(world: World) -> Patient:
    return world.enrolled(world.member("project_worker"))


def test_what_happens_is_said_before_anything_is_recorded(
    world: World, signed_in: SignedIn, patient: Patient
) -> None:
    operations.raise_alert(
        by=actor_for(world.member("gp")), patient=patient, kind="overdose"
    )  # fmt: skip
    Message.objects.create(
        purpose="a.letter", about="1", channel="email", to="canary@example.org", body="Hello",
        due_at=timezone.now(), next_try_at=timezone.now(), patient_id=patient.pk,
    )  # fmt: skip
    client = signed_in(world.member("practice_staff"))
    said = text(client.get(page_of(patient), fields(world.other_practice)))
    assert "It goes on as it is with" in said
    assert "1 about them has not left yet" in said
    assert "1 is open: the new practice answers for it" in said
    assert "no longer sees anything, you included" in said
    assert not PracticeMove.objects.exists()
    Agreement.objects.filter(practice=world.other_practice).update(ends=timezone.localdate())
    said = text(client.get(page_of(patient), fields(world.other_practice)))
    assert "has no agreement with" in said
    assert "The service manager is shown it" in said


def test_the_old_practice_records_it_and_sees_nothing_more(
    world: World, signed_in: SignedIn, patient: Patient
) -> None:
    client = signed_in(world.member("practice_staff"))
    key = str(uuid.uuid4())
    answer = client.post(page_of(patient), {"once": key, **fields(world.other_practice)})
    assert answer["Location"] == reverse("patients:people")
    patient.refresh_from_db()
    assert patient.practice == world.other_practice
    assert client.get(page_of(patient)).status_code == 404
    again = client.post(page_of(patient), {"once": key, **fields(world.other_practice)})
    assert again.status_code == 404
    assert PracticeMove.objects.count() == 1
    assert Entry.objects.filter(action="patients.practice_moved").count() == 1
    new = signed_in(world.member("gp", world.other_practice))
    assert new.get(reverse("patients:person", args=[patient.uuid])).status_code == 200


def test_without_an_agreement_the_manager_is_shown_them(
    world: World, signed_in: SignedIn, patient: Patient
) -> None:
    Agreement.objects.filter(practice=world.other_practice).update(ends=timezone.localdate())
    client = signed_in(world.member("service_manager"))
    answer = client.post(
        page_of(patient), {"once": str(uuid.uuid4()), **fields(world.other_practice)}
    )
    assert answer["Location"] == reverse("patients:person", args=[patient.uuid])
    waits = text(client.get(reverse("patients:needs"), {"view": "no_agreement"}))
    assert patient.family_name in waits
    assert client.get(reverse("patients:episode", args=[patient.uuid])).status_code == 200


@pytest.mark.parametrize("role", ["project_worker", "clinical_supervisor", "patient"])
def test_nobody_else_records_it(
    world: World, signed_in: SignedIn, patient: Patient, role: str
) -> None:
    member = patient.episodes.get().project_worker if role == "project_worker" else None
    member = member or world.member(role)
    assert signed_in(member).get(page_of(patient)).status_code == 404
    with pytest.raises(Refused, match="practice or the service manager"):
        operations.move_practice(by=actor_for(member), patient=patient, to=world.other_practice)


def test_odd_answers_are_sentences(world: World, signed_in: SignedIn, patient: Patient) -> None:
    client = signed_in(world.member("practice_staff"))
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    odd: tuple[dict[str, Any], ...] = (
        {}, {"to": "x", "on": "x"}, {"to": world.practice.uuid, "on": "1/1/2026"},
        {"to": world.other_practice.uuid, "on": tomorrow}, {"to": world.provider.uuid, "on": ""},
    )  # fmt: skip
    for sent in odd:
        assert client.get(page_of(patient), sent).status_code == 200
        answer = client.post(page_of(patient), {"once": str(uuid.uuid4()), **sent})
        assert answer.status_code == 200
        assert "Please look at this again" in answer.content.decode()
    assert not PracticeMove.objects.exists()
