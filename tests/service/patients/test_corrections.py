"""A note is corrected by another one, which is read with it (CON-6; H17, H18)."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.service.conftest import World, actor_for

from unhurried.service.accounts.models import Membership
from unhurried.service.audit.models import Entry
from unhurried.service.audit.refused import Refused
from unhurried.service.patients import operations, queries
from unhurried.service.patients.models import Note, Patient, SafetyAlert

SignedIn = Callable[[Membership], Client]


def note_of(worker: Membership, patient: Patient, visibility: str = "ordinary") -> Note:
    return operations.write_note(
        by=actor_for(worker), patient=patient, text="Takes 30 mg", visibility=visibility
    )


def page_of(note: Note) -> str:
    return reverse("patients:correct_note", args=[note.patient.uuid, note.uuid])


def send(client: Client, where: str, **fields: Any) -> Any:
    return client.post(where, {"once": str(uuid.uuid4()), **fields})


def test_a_correction_stands_beside_the_note_and_not_alone(
    signed_in: SignedIn, worker: Membership, patient: Patient
) -> None:
    note, client = note_of(worker, patient), signed_in(worker)
    listed = reverse("patients:notes", args=[patient.uuid])
    assert page_of(note) in client.get(listed).content.decode()
    assert "Takes 30 mg" in client.get(page_of(note)).content.decode()
    assert send(client, page_of(note), text="Takes 3 mg").status_code == 302
    correction = Note.objects.get(corrects=note)
    assert (correction.visibility, correction.text) == ("ordinary", "Takes 3 mg")
    note.refresh_from_db()
    assert note.text == "Takes 30 mg"
    for where in (listed, reverse("patients:person", args=[patient.uuid])):
        body = client.get(where).content.decode()
        assert body.count("<article") == 1
        assert body.index("Corrected: read both") < body.index("Takes 3 mg")
    assert Entry.objects.filter(action="patients.note_written", note="").count() == 2


def test_a_correction_of_a_correction_goes_to_the_note(
    signed_in: SignedIn, worker: Membership, patient: Patient
) -> None:
    note, client = note_of(worker, patient), signed_in(worker)
    send(client, page_of(note), text="Takes 3 mg")
    first = Note.objects.get(corrects=note)
    assert send(client, page_of(first), text="Takes 5 mg").status_code == 302
    [shown] = queries.beside_corrections(actor_for(worker), patient, [note])
    assert [each.text for each in shown.corrections] == ["Takes 3 mg", "Takes 5 mg"]
    with pytest.raises(Refused, match="correction itself"):
        operations.write_note(
            by=actor_for(worker), patient=patient, text="x", visibility="ordinary", corrects=first
        )


def test_a_correction_keeps_to_the_safety_floor(
    signed_in: SignedIn, worker: Membership, patient: Patient
) -> None:
    note, client = note_of(worker, patient), signed_in(worker)
    answer = send(client, page_of(note), text="canary", risks=["suicidality"])
    assert "You ticked a risk" in answer.content.decode()
    assert "canary" in answer.content.decode()
    assert send(
        client, page_of(note), text="canary", risks=["suicidality"], alert="on"
    ).status_code == 302  # fmt: skip
    assert SafetyAlert.objects.count() == 1


@pytest.mark.parametrize("visibility", ["ordinary", "gp", "restricted"])
def test_it_has_the_readers_of_the_note_and_nobody_else(
    world: World, signed_in: SignedIn, worker: Membership, patient: Patient, visibility: str
) -> None:
    note = note_of(worker, patient, visibility)
    send(signed_in(worker), page_of(note), text="canary words", visibility="gp")
    assert Note.objects.get(corrects=note).visibility == visibility
    gp = signed_in(world.member("gp"))
    assert gp.get(page_of(note)).status_code == 404  # reads, and does not write
    read = gp.get(reverse("patients:notes", args=[patient.uuid])).content.decode()
    assert ("canary words" in read) == (visibility == "gp")


def test_a_note_that_may_not_be_read_cannot_be_corrected(
    world: World, signed_in: SignedIn, worker: Membership, patient: Patient
) -> None:
    note, second = note_of(worker, patient, "restricted"), world.member("project_worker")
    theirs = world.enrolled(second)
    other = reverse("patients:correct_note", args=[theirs.uuid, note.uuid])
    assert signed_in(second).get(other).status_code == 404
    assert signed_in(second).get(page_of(note)).status_code == 404


def test_a_long_list_asks_as_often_as_a_short_one(
    worker: Membership, patient: Patient, django_assert_num_queries: Any
) -> None:
    notes = [note_of(worker, patient) for _ in range(6)]
    for each in notes:
        operations.write_note(
            by=actor_for(worker), patient=patient, text="x", visibility="ordinary", corrects=each
        )
    actor = actor_for(worker)
    with django_assert_num_queries(3):
        rows = queries.beside_corrections(actor, patient, Note.objects.filter(corrects=None))
    assert all(len(each.corrections) == 1 for each in rows)
