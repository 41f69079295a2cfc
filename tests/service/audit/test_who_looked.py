"""Who has looked at my record: all of it, in words, for me and nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.service.conftest import World, actor_for

from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor, system_actor
from unhurried.service.audit.models import Entry
from unhurried.service.audit.operations import saw, saw_many
from unhurried.service.audit.queries import describe, looks, who_looked, words_for
from unhurried.service.patients.models import Patient

SignedIn = Callable[[Membership], Client]
PAGE = "/my-record/who-looked/"
SAM = Actor(user_id=700, name="Sam P.", role="project_worker", organisation_id=1)


def with_account(world: World) -> tuple[Patient, Membership]:
    membership = world.member("patient")
    return world.patient(user_id=membership.user_id), membership


def test_a_look_is_told_in_a_sentence(db: None) -> None:
    with clock.at(datetime(2026, 5, 3, 13, 2, tzinfo=UTC)):
        saw("safe_contact", by=SAM, patient_id=3)
        saw("identity", by=SAM, patient_id=3, outcome="refused")
        saw("identity", by=SAM, patient_id=4)
        saw("who_looked", by=Actor(user_id=9, name="Ann", role="patient"), patient_id=3)
    told = [each.sentence for each in looks(who_looked(3), own_user_id=9)]
    assert told == [
        "You looked at who has looked at your own record, 3 May 2026 at 14:02",
        (
            "Sam P., project worker, asked for something and was not shown it "
            "(read your name and address), 3 May 2026 at 14:02"
        ),
        "Sam P., project worker, read how it is safe to contact you, 3 May 2026 at 14:02",
    ]


def test_an_action_can_be_given_its_words() -> None:
    assert words_for("test.bird_fed") == "made a change (bird fed)"
    describe("test.joined", "welcomed you to the service")
    assert words_for("test.joined") == "welcomed you to the service"
    assert words_for("read.strange_thing") == "read your record (strange thing)"


def test_the_system_is_called_by_what_it_does(db: None) -> None:
    saw("outbox", by=system_actor("outbox"), patient_id=3)
    saw("identity", by=system_actor("nightly"), patient_id=3)
    assert [each.who for each in looks(who_looked(3))] == [
        "The service itself", "The service's post",
    ]  # fmt: skip


def test_a_thousand_looks_are_all_there_and_no_others(world: World) -> None:
    patient, other = world.patient(), world.patient()
    for number in range(20):
        saw_many("caseload", by=SAM, patient_ids=[patient.pk, other.pk])
        saw("identity", by=SAM, patient_id=(patient, other)[number % 2].pk)
    assert who_looked(patient.pk).count() == 30
    assert len(looks(who_looked(patient.pk))) == 30


def test_the_person_sees_their_own_page(world: World, signed_in: SignedIn) -> None:
    patient, membership = with_account(world)
    saw("identity", by=SAM, patient_id=patient.pk)
    saw("identity", by=Actor(user_id=1, name="Not mine", role="gp"), patient_id=patient.pk + 1)
    text = signed_in(membership).get(PAGE).content.decode()
    assert "Sam P." in text
    assert "Read your name and address" in text
    assert "Not mine" not in text
    assert "You looked" not in text
    assert Entry.objects.filter(action="read.who_looked", patient_id=patient.pk).count() == 1


def test_an_account_without_a_record_and_staff_meet_not_found(
    world: World, signed_in: SignedIn
) -> None:
    with_account(world)
    for role in ("patient", "gp", "project_worker", "privacy_officer"):
        assert signed_in(world.member(role)).get(PAGE).status_code == 404
    assert Client().get(PAGE).status_code == 302


def test_a_privacy_officer_sees_those_of_their_organisation(
    world: World, signed_in: SignedIn
) -> None:
    worker = world.member("project_worker")
    here, elsewhere = world.enrolled(worker), world.patient(world.other_practice)
    saw("identity", by=SAM, patient_id=here.pk)
    for organisation in (world.practice, world.provider):
        officer = signed_in(world.member("privacy_officer", organisation))
        seen = officer.get(f"/people/{here.uuid}/who-looked/")
        assert seen.status_code == 200
        assert "Sam P." in seen.content.decode()
        hidden = officer.get(f"/people/{elsewhere.uuid}/who-looked/")
        nobody = officer.get(f"/people/{uuid4()}/who-looked/")
        assert hidden.status_code == nobody.status_code == 404
        assert "Siskin" not in hidden.content.decode()
    assert Entry.objects.filter(action="read.audit", patient_id=here.pk).count() == 2
    for role in ("gp", "project_worker", "service_manager", "system_administrator"):
        client = signed_in(world.member(role, world.practice))
        assert client.get(f"/people/{here.uuid}/who-looked/").status_code == 404


def test_a_page_whose_look_cannot_be_recorded_is_refused(
    world: World, signed_in: SignedIn, monkeypatch: Any
) -> None:
    patient = world.patient()
    saw("identity", by=SAM, patient_id=patient.pk)

    def full(*_: object, **__: object) -> None:
        raise DatabaseError("disk full")

    client = signed_in(world.member("privacy_officer", world.practice))
    client.raise_request_exception = False
    monkeypatch.setattr(Entry, "save", full)
    answer = client.get(f"/people/{patient.uuid}/who-looked/")
    assert answer.status_code == 500
    assert patient.family_name not in answer.content.decode()
    assert "Sam P." not in answer.content.decode()


def test_the_price_is_the_same_for_five_and_for_fifty(world: World, signed_in: SignedIn) -> None:
    patient, membership = with_account(world)
    client, counts = signed_in(membership), []
    client.get(PAGE)
    for many in (30, 300):
        for _ in range(many):
            saw("identity", by=actor_for(membership), patient_id=patient.pk)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(PAGE).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
