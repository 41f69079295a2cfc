"""A person reads what they agreed to, stops any of it, and says yes again (EVA-4, CON-6)."""

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

from unhurried.service.accounts.models import Membership
from unhurried.service.audit.models import Entry
from unhurried.service.patients import operations, queries
from unhurried.service.patients.models import Carer, Consent, Patient
from unhurried.service.patients.queries.own_answers import stopping
from unhurried.service.patients.rules import why_not_contact

SignedIn = Callable[[Membership], Client]
KINDS = ("service", "research_contact", "evaluation")


@pytest.fixture
def patient(world: World, worker: Membership, person: Membership) -> Patient:
    return world.enrolled(worker, user=person.user)


def page_of(patient: Patient, name: str = "own_answers") -> str:
    return reverse(f"patients:{name}", args=[patient.uuid])


def send(client: Client, where: str, **fields: Any) -> Any:
    return client.post(where, {"once": str(uuid.uuid4()), **fields})


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def agree(worker: Membership, patient: Patient, kind: str, party: str = "", **more: Any) -> None:
    operations.record_consent(
        by=actor_for(worker), patient=patient, kind=kind, given=True, how="spoken", party=party,
        **more,
    )  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_stopping_takes_two_clicks_and_says_what_follows(
    signed_in: SignedIn, worker: Membership, patient: Patient, person: Membership, kind: str
) -> None:
    agree(worker, patient, kind)
    own = signed_in(person)
    first = page_of(patient, f"own_stop_{kind}")
    assert first in own.get(page_of(patient)).content.decode()
    said = own.get(first)
    assert stopping()[kind, ""].what_follows.replace("'", "&#39;") in said.content.decode()
    assert queries.consent_in_force(patient, kind)
    assert send(own, first).status_code == 302
    assert not queries.consent_in_force(patient, kind)
    assert "You stopped this on" in text(own.get(page_of(patient)))
    row = Consent.objects.get()
    assert row.withdrawn_by_id == person.user_id
    assert Entry.objects.filter(
        action="patients.consent_withdrawn", actor_id=person.user_id
    ).count() == 1  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_saying_yes_again_is_their_own_answer(
    signed_in: SignedIn, patient: Patient, person: Membership, kind: str
) -> None:
    own, where = signed_in(person), page_of(patient, f"own_yes_{kind}")
    assert "Yes, I agree" in text(own.get(where))
    assert f'name="shown" value="{kind}-1"' in own.get(where).content.decode()
    assert "words changed" in text(send(own, where, shown=f"{kind}-0"))
    assert not Consent.objects.exists()
    assert send(own, where, shown=f"{kind}-1").status_code == 302
    row = Consent.objects.get()
    assert row.wording == f"{kind}-1"
    assert (row.given, row.how, row.taken_by_id) == (True, "online", person.user_id)
    assert queries.consent_in_force(patient, kind)
    assert "You said yes on" in text(own.get(page_of(patient)))


def test_what_is_said_about_stopping_the_service_is_true(
    signed_in: SignedIn, world: World, worker: Membership, patient: Patient, person: Membership
) -> None:
    agree(worker, patient, "service")
    agree(worker, patient, "sharing", "gp")
    operations.write_note(
        by=actor_for(worker), patient=patient, text="canary words", visibility="gp"
    )
    now, own = timezone.now(), signed_in(person)
    send(own, page_of(patient, "own_stop_service"))
    assert why_not_contact(patient, "phone", timezone.now())  # nobody rings
    needs = signed_in(worker).get(reverse("patients:needs"))
    assert patient.family_name in needs.content.decode()  # the project worker sees it
    assert patient.episodes.get().state == "enrolled"
    notes = reverse("patients:notes", args=[patient.uuid])
    gp = signed_in(world.member("gp"))
    assert "canary words" in text(gp.get(notes))
    send(own, page_of(patient, "own_stop_sharing"), party="gp")
    assert "canary words" not in text(gp.get(notes))
    assert now <= timezone.now()


def test_sharing_with_a_carer_is_for_a_time(
    signed_in: SignedIn, world: World, patient: Patient, person: Membership
) -> None:
    carer = Carer.objects.create(patient=patient, name="Robin", relationship="Friend")
    party, own = f"carer:{carer.pk}:plan", signed_in(person)
    where = page_of(patient, "own_yes_sharing")
    assert "Robin: the pain management plan" in text(own.get(page_of(patient)))
    assert "Please look at this again" in text(send(own, where, party=party))
    ends = (timezone.localdate() + timedelta(days=90)).isoformat()
    assert send(own, where, party=party, ends=ends).status_code == 302
    assert queries.consent_in_force(patient, "sharing", party)
    carer.ended_at = timezone.now()
    carer.save()
    assert "Robin" not in text(own.get(page_of(patient)))


def test_nothing_is_offered_that_a_carer_could_not_see(patient: Patient) -> None:
    Carer.objects.create(patient=patient, name="Robin", relationship="Friend")
    parties = [each.party for each in queries.own_answers(patient) if each.kind == "sharing"]
    assert any(each.endswith(":plan") for each in parties)
    assert not [each for each in parties if each.endswith(":note")]


def test_a_study_can_be_stopped_here_but_not_joined(
    signed_in: SignedIn, worker: Membership, patient: Patient, person: Membership
) -> None:
    agree(worker, patient, "study", "Kite")
    own = signed_in(person)
    assert "Taking part in the study Kite" in text(own.get(page_of(patient)))
    assert send(own, page_of(patient, "own_stop_study"), party="Kite").status_code == 302
    assert not queries.consent_in_force(patient, "study", "Kite")
    assert not [each for each in queries.own_answers(patient)
                if each.kind == "study" and each.may_agree]  # fmt: skip


def test_whoever_ended_their_time_is_not_asked_to_take_part(
    worker: Membership, patient: Patient
) -> None:
    [asked] = [each for each in queries.own_answers(patient) if each.kind == "service"]
    assert asked.may_agree
    operations.end_episode(by=actor_for(worker), episode=patient.episodes.get(), reason="moved on")
    [asked] = [each for each in queries.own_answers(patient) if each.kind == "service"]
    assert not asked.may_agree


@pytest.mark.parametrize("name", ["own_answers", "own_stop_service", "own_yes_sharing"])
def test_nobody_else_answers_for_them(
    signed_in: SignedIn, world: World, worker: Membership, patient: Patient, name: str
) -> None:
    stranger = world.member("patient")
    world.patient(user=stranger.user)
    for other in (worker, world.member("gp"), stranger):
        client = signed_in(other)
        assert client.get(page_of(patient, name)).status_code == 404
        assert send(client, page_of(patient, name), party="gp").status_code in {404, 405}
    assert not Consent.objects.exists()


def test_a_party_that_is_not_theirs_leads_to_the_list(
    signed_in: SignedIn, patient: Patient, person: Membership
) -> None:
    own = signed_in(person)
    for party in ("", "carer:1:plan", "x" * 500):
        answer = own.get(page_of(patient, "own_yes_sharing"), {"party": party})
        assert "What I agreed to" in text(answer)
    assert "There is no consent in force" in text(
        send(own, page_of(patient, "own_stop_service"))
    )  # fmt: skip
