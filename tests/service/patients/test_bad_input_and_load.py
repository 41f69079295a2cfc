"""Odd input through the pages, and a number of queries that does not grow (design 8)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.service.conftest import World, actor_for
from tests.service.patients.test_pages import SignedIn, address

from unhurried.service.accounts.models import Membership
from unhurried.service.patients import operations, queries
from unhurried.service.patients.models import KnownMedicine, NameWord, Note, Patient, SafetyAlert
from unhurried.service.patients.names import name_words

ODD = {
    "NUL": "a\0b",
    "direction turned round": "a\u202eb",
    "300 characters": "n" * 300,
    "escape": "a\x1b[31mb",
}
KEPT = [
    "👩‍🦽 Wren",
    "می‌خواهم",
    "O’Brien",
    "Robert'); DROP TABLE",
    "<script>x</script>",
    "{{ 7*7 }}",
    "İ",
    "Null",
]


def identity(patient: Patient, **more: str) -> dict[str, str]:
    return {
        "given_name": patient.given_name, "family_name": patient.family_name,
        "date_of_birth": "17/05/1960", "nhs_number": patient.nhs_number, "version": "1", **more,
    }  # fmt: skip


@pytest.mark.parametrize("kind", ODD)
@pytest.mark.parametrize("field", ["given_name", "known_as", "address", "phone", "title"])
def test_odd_text_is_refused_in_words(
    world: World, signed_in: SignedIn, kind: str, field: str
) -> None:
    worker = world.member("practice_staff")
    patient = world.patient()
    value = ODD[kind] * 4 if field == "address" and kind == "300 characters" else ODD[kind]
    answer = signed_in(worker).post(address("edit", patient), identity(patient, **{field: value}))
    assert answer.status_code in {200, 400}
    patient.refresh_from_db()
    assert patient.version == 1


@pytest.mark.parametrize("text", KEPT)
def test_other_text_is_kept_and_inert(world: World, signed_in: SignedIn, text: str) -> None:
    worker = world.member("practice_staff")
    patient = world.patient()
    client = signed_in(worker)
    answer = client.post(address("edit", patient), identity(patient, family_name=text))
    assert answer.status_code == 302
    patient.refresh_from_db()
    assert patient.family_name == text
    body = client.get(address("person", patient)).content.decode()
    assert "<script>x" not in body
    assert "<bdi>" in body
    assert client.get(reverse("patients:people"), {"q": text}).status_code == 200


@pytest.mark.parametrize(
    "born", ["29/02/1961", "31/04/1960", "0/0/0", "17/05/2090", "1/1/1850", "", "45123", "NaN"]
)
def test_dates_that_cannot_be_are_refused_and_kept(
    world: World, signed_in: SignedIn, born: str
) -> None:
    patient = world.patient()
    client = signed_in(world.member("practice_staff"))
    answer = client.post(address("edit", patient), identity(patient, date_of_birth=born))
    assert answer.status_code == 200
    assert f'value="{born}"' in answer.content.decode() or not born
    patient.refresh_from_db()
    assert patient.date_of_birth == date(1960, 5, 17)


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 40, "²"])
def test_a_version_that_is_none_is_a_conflict(
    world: World, signed_in: SignedIn, version: str
) -> None:
    patient = world.patient()
    client = signed_in(world.member("practice_staff"))
    answer = client.post(address("edit", patient), identity(patient, version=version))
    assert answer.status_code == 409


@pytest.mark.parametrize(
    "text",
    ["' OR 1=1--", "%", "_", "\\", "99/99/9999", "9" * 300, "a\u202e", "0000000000", "31.4.1960",
     "😀", "x " * 50, "-", "12 March 1960 marsh"],
)  # fmt: skip
def test_any_search_is_answered(world: World, signed_in: SignedIn, text: str) -> None:
    world.patient()
    client = signed_in(world.member("gp"))
    for page in ("1", "x", "-5", "99999999"):
        answer = client.get(reverse("patients:people"), {"q": text, "page": page})
        assert answer.status_code == 200
        assert "Siskin" not in answer.content.decode()


@pytest.mark.parametrize("text", ["", "   ", "x" * 20_001, "a\x1bb"])
def test_notes_that_cannot_be_kept(world: World, signed_in: SignedIn, text: str) -> None:
    worker = world.member("project_worker")
    patient = world.enrolled(worker)
    sent = {"text": text, "visibility": "ordinary"}
    answer = signed_in(worker).post(address("write_note", patient), sent)
    assert answer.status_code == 200
    assert not Note.objects.exists()


def test_a_note_keeps_its_lines(world: World, signed_in: SignedIn) -> None:
    worker = world.member("project_worker")
    patient = world.enrolled(worker)
    text = "  one\r\n\ttwo {{ 7*7 }} %s\r\n"
    sent = {"text": text, "visibility": "ordinary"}
    assert signed_in(worker).post(address("write_note", patient), sent).status_code == 302
    assert Note.objects.get().text == text


def test_the_same_note_sent_twice_is_one(world: World, signed_in: SignedIn) -> None:
    worker = world.member("project_worker")
    patient = world.enrolled(worker)
    once = "7a1f6a8e-5b7c-4b0a-9a53-0d3a1c2b4d5e"
    sent = {"text": "hello", "visibility": "ordinary", "once": once, "risks": ["driving"]}
    for _ in range(2):
        answer = signed_in(worker).post(address("write_note", patient), {**sent, "alert": "on"})
        assert answer.status_code == 302
    assert Note.objects.count() == SafetyAlert.objects.count() == 1


def test_an_alert_is_owned_until_it_is_closed(world: World, signed_in: SignedIn) -> None:
    worker, gp = world.member("project_worker"), world.member("gp")
    patient = world.enrolled(worker)
    send = {"kind": "new_sedative"}
    assert signed_in(worker).post(address("raise_alert", patient), send).status_code == 302
    alert = SafetyAlert.objects.get()
    where = reverse("patients:alert", args=[patient.uuid, alert.uuid])
    owners = []
    for sent in ({"action_taken": "rang"}, {"action_taken": "reviewed", "close": "on"}):
        owners += [each.owner for each in queries.waiting_alerts(actor_for(worker))]
        assert signed_in(gp).post(where, {"action_taken": ""}).status_code == 200
        assert signed_in(gp).post(where, sent).status_code == 302
    assert owners == [world.practice.name, gp.user.full_name]
    assert not queries.waiting_alerts(actor_for(gp))
    other = world.patient()
    elsewhere = reverse("patients:alert", args=[other.uuid, alert.uuid])
    assert signed_in(gp).get(elsewhere).status_code == 404


def test_what_each_role_learns_of_an_alert(world: World) -> None:
    worker = world.member("project_worker")
    patient = world.enrolled(worker)
    operations.raise_alert(by=actor_for(worker), patient=patient, kind="suicidality")
    learns = {
        role: queries.waiting_alerts(actor_for(world.member(role)))
        for role in ("gp", "practice_staff", "service_manager")
    }
    assert [each[0].name for each in learns.values()] == [
        "Thoughts of suicide or self-harm", "A safety alert", "A safety alert",
    ]  # fmt: skip
    assert [each[0].person for each in learns.values()] == [patient, patient, None]


def count(client: Client, where: str, query: dict[str, str] | None = None) -> int:
    client.get(where, query)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(where, query).status_code == 200
    return len(seen)


def crowd(practice: Any, number: int) -> None:
    """Many people at once, as a migration would bring them."""
    made = Patient.objects.bulk_create(
        Patient(
            practice=practice, given_name=f"Given{n % 50}", family_name=f"Marsh{n}",
            search_name=f"marsh{n} given{n % 50}", date_of_birth=date(1950, 1, 1 + n % 28),
        )
        for n in range(number)
    )  # fmt: skip
    NameWord.objects.bulk_create(
        NameWord(patient=each, word=word)
        for each in made
        for word in name_words(each.family_name, each.given_name)
    )


def fill(worker: Membership, patient: Patient, number: int) -> None:
    now = timezone.now()
    Note.objects.bulk_create(
        Note(patient=patient, author=worker, visibility="ordinary", text="hello", at=now)
        for _ in range(number)
    )
    KnownMedicine.objects.bulk_create(
        KnownMedicine(
            patient=patient, product="Codeine 30mg tablets", directions="One four times a day",
            as_at=date(2026, 1, 1), source="screening",
        )
        for _ in range(min(number, 20))
    )  # fmt: skip


@pytest.mark.parametrize("role", ["project_worker", "gp"])
def test_pages_ask_no_more_of_the_database_when_there_is_more(
    world: World, signed_in: Callable[[Membership], Client], role: str
) -> None:
    worker = world.member("project_worker")
    patient = world.enrolled(worker)
    client = signed_in(worker if role == "project_worker" else world.member("gp"))
    wanted: list[tuple[str, dict[str, str] | None]] = [
        (address("person", patient), None),
        (address("notes", patient), None),
    ]
    wanted += [(reverse("patients:people"), {"q": "siskin"}), (reverse("patients:alerts"), None)]
    fill(worker, patient, 1)
    few = [count(client, *each) for each in wanted]
    fill(worker, patient, 200)
    crowd(world.practice, 1_000)
    assert [count(client, *each) for each in wanted] == few


def test_a_name_is_looked_up_from_its_index(world: World) -> None:
    crowd(world.practice, 300)
    gp = actor_for(world.member("gp"))
    found = queries.search(gp, "marsh25 given")
    assert found.people is not None
    assert found.people.paginator.count == 11
    if connection.vendor == "sqlite":
        from unhurried.service.patients.queries.search import _starting

        plan = _starting("marsh25").explain()
        assert "USING INDEX" in plan
        assert "SCAN" not in plan
