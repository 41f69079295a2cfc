"""The pages about a person, as each role (SHC-1, CON-6; H09, H17, H21)."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.service.conftest import World, actor_for

from unhurried.service.accounts.models import Membership
from unhurried.service.patients import operations
from unhurried.service.patients.models import Note, Patient, SafetyAlert

SignedIn = Callable[[Membership], Client]
ONE = [
    "person", "edit", "contact", "carers", "consents", "consent_service", "consent_sharing",
    "consent_research_contact", "consent_evaluation", "notes", "write_note", "raise_alert",
    "episode",
]  # fmt: skip
LISTS = ["people", "alerts", "cover"]


def address(name: str, patient: Patient) -> str:
    return reverse(f"patients:{name}", args=[patient.uuid])


def send(client: Client, where: str, **fields: Any) -> Any:
    return client.post(where, {"once": str(uuid.uuid4()), **fields})


def without_tokens(body: bytes) -> bytes:
    body = re.sub(rb'name="csrfmiddlewaretoken" value="[^"]*"', b"", body)
    return re.sub(rb'name="once" value="[^"]*"', b"", body)


@pytest.mark.parametrize("name", ONE)
def test_each_page_opens_for_the_worker(world: World, signed_in: SignedIn, name: str) -> None:
    worker = world.member("project_worker")
    patient = world.enrolled(worker)
    answer = signed_in(worker).get(address(name, patient))
    assert answer.status_code == 200
    assert patient.family_name in answer.content.decode()


@pytest.mark.parametrize("name", ONE)
def test_no_page_opens_for_another_worker_or_practice(
    world: World, signed_in: SignedIn, name: str
) -> None:
    patient = world.enrolled(world.member("project_worker"))
    strangers = [
        world.member("project_worker", world.other_provider),
        world.member("gp", world.other_practice),
        world.member("practice_staff", world.other_practice),
    ]
    for stranger in strangers:
        answer = signed_in(stranger).get(address(name, patient))
        assert answer.status_code == 404
        assert patient.family_name not in answer.content.decode()


@pytest.mark.parametrize("name", LISTS)
def test_lists_open(world: World, signed_in: SignedIn, name: str) -> None:
    worker = world.member("project_worker")
    assert signed_in(worker).get(reverse(f"patients:{name}")).status_code == 200


def test_writing_a_note_with_a_risk_needs_the_alert(world: World, signed_in: SignedIn) -> None:
    worker = world.member("project_worker")
    patient = world.enrolled(worker)
    client = signed_in(worker)
    typed = {"text": "canary words", "visibility": "restricted", "risks": ["suicidality"]}
    answer = send(client, address("write_note", patient), **typed)
    assert answer.status_code == 200
    assert "You ticked a risk" in answer.content.decode()
    assert "canary words" in answer.content.decode()
    assert not Note.objects.exists()
    assert send(client, address("write_note", patient), alert="on", **typed).status_code == 302
    assert Note.objects.count() == SafetyAlert.objects.count() == 1
    gp = signed_in(world.member("gp"))
    seen = gp.get(address("person", patient)).content.decode()
    assert "Thoughts of suicide" in seen
    assert "canary words" not in seen


def test_the_second_to_save_sees_both_versions(world: World, signed_in: SignedIn) -> None:
    worker = world.member("project_worker")
    patient = world.enrolled(worker)
    client = signed_in(worker)
    same = {
        "given_name": patient.given_name, "family_name": patient.family_name,
        "date_of_birth": "17/5/1960", "nhs_number": patient.nhs_number, "version": "1",
    }  # fmt: skip
    assert send(client, address("edit", patient), known_as="Robin", **same).status_code == 302
    answer = send(client, address("edit", patient), known_as="Jay", **same)
    assert answer.status_code == 409
    body = answer.content.decode()
    assert "Robin" in body
    assert 'value="Jay"' in body
    assert 'name="version" value="2"' in body


def test_a_restricted_note_changes_no_byte_for_others(world: World, signed_in: SignedIn) -> None:
    worker, second = world.member("project_worker"), world.member("project_worker")
    patient = world.enrolled(worker)
    others = [
        world.member("gp"), world.member("practice_staff"), world.member("service_manager"), second
    ]  # fmt: skip
    operations.arrange_cover(
        by=actor_for(world.member("service_manager")), worker=worker, covering=second,
        **_this_week(),
    )  # fmt: skip

    def pages() -> list[bytes]:
        found = []
        for other in others:
            client = signed_in(other)
            wanted = [address(name, patient) for name in ONE]
            wanted += [reverse(f"patients:{name}") for name in LISTS]
            found += [without_tokens(client.get(each).content) for each in wanted]
        return found

    before = pages()
    operations.write_note(
        by=actor_for(worker), patient=patient, text="canary", visibility="restricted"
    )
    assert pages() == before
    assert b"canary" in signed_in(worker).get(address("notes", patient)).content


def _this_week() -> dict[str, Any]:
    from datetime import timedelta

    from django.utils import timezone

    today = timezone.localdate()
    return {"starts": today, "ends": today + timedelta(days=7)}


def test_the_persons_own_page_speaks_to_them(world: World, signed_in: SignedIn) -> None:
    own, worker = world.member("patient"), world.member("project_worker")
    patient = world.enrolled(worker, user_id=own.user_id)
    said = signed_in(own).get(address("person", patient)).content.decode()
    for words in ("How to reach me", "Who I am", "What I agreed to", "Who may not see my record"):
        assert words in said, words
    for words in ("How to reach them", "Who they are", "Ask the person", ">Consents<"):
        assert words not in said, words
    theirs = signed_in(worker).get(address("person", patient)).content.decode()
    assert "How to reach them" in theirs
