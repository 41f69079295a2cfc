"""The person's own trail: safe to read at home, and with the reasons somebody typed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.service.conftest import World, actor_for

from unhurried.service.accounts.models import Membership
from unhurried.service.accounts.policy import grant_for, objects
from unhurried.service.audit.operations import saw
from unhurried.service.patients import break_glass, operations
from unhurried.service.patients.models import Carer, Consent, Note, Patient

SignedIn = Callable[[Membership], Client]
PAGE = "/my-record/who-looked/"


def told(world: World) -> tuple[Patient, Membership]:
    world.practice.email = "finch@example.org"
    world.practice.save()
    own = world.member("patient")
    patient = world.enrolled(world.member("project_worker"), user_id=own.user_id)
    return patient, own


def lines(client: Client, page: str) -> str:
    return client.get(page).content.decode()


def test_a_safeguarding_alert_leaves_no_line_at_the_persons_own_screen(
    world: World, signed_in: SignedIn
) -> None:
    patient, own = told(world)
    officer = world.member("privacy_officer")
    gp = world.member("gp")
    before = lines(signed_in(own), PAGE)
    alert = operations.raise_alert(by=actor_for(gp), patient=patient, kind="adult_at_risk")
    signed_in(gp).get(f"/people/{patient.uuid}/alerts/{alert.uuid}/")
    operations.close_alert(by=actor_for(gp), alert=alert, action_taken="Referred")
    after = lines(signed_in(own), PAGE)
    assert "alert" in lines(signed_in(officer), f"/people/{patient.uuid}/who-looked/").lower()
    for word in ("alert", "letter or message"):
        assert after.lower().count(word) == before.lower().count(word), word


def test_another_alert_does(world: World, signed_in: SignedIn) -> None:
    patient, own = told(world)
    operations.raise_alert(by=actor_for(world.member("gp")), patient=patient, kind="driving")
    assert "alert" in lines(signed_in(own), PAGE)


def test_why_a_record_was_opened_is_told_but_not_where_it_was_to_protect(
    world: World, signed_in: SignedIn
) -> None:
    patient, own = told(world)
    other = world.member("project_worker")
    for purpose, reason in (
        ("cover", "Sam is ill and the person rang"), ("safeguarding", "Bruises were seen"),
    ):  # fmt: skip
        break_glass.open_for_an_hour(
            by=actor_for(other), patient=patient, reason=reason, purpose=purpose
        )
    shown = lines(signed_in(own), PAGE)
    assert "Sam is ill and the person rang" in shown
    assert "Bruises" not in shown


def told_lines(client: Client, page: str) -> list[str]:
    """What somebody did, line by line, without who and when."""
    said = re.findall(r">What</span>(.*?)</td>", lines(client, page), re.DOTALL)
    return [re.sub(r"<[^>]+>", "", each).strip() for each in said]


def test_the_person_reads_of_every_note_and_the_line_does_not_say_who_may_read_it(
    world: World, signed_in: SignedIn
) -> None:
    patient, own = told(world)
    worker = patient.episodes.get().project_worker
    assert worker is not None
    for visibility in Note.Visibility.values:
        operations.write_note(
            by=actor_for(worker), patient=patient, text="A word", visibility=visibility
        )
    for thing in ("note", "restricted_note"):
        saw(thing, by=actor_for(worker), patient_id=patient.pk)
    officer = world.member("privacy_officer", world.practice)
    for who, page in ((own, PAGE), (officer, f"/people/{patient.uuid}/who-looked/")):
        said = told_lines(signed_in(who), page)
        assert said.count("Wrote a note about you") == len(Note.Visibility.values)
        assert said.count("Read your notes") == 2
        assert "restricted" not in " ".join(said).lower()


def test_nobody_but_the_person_and_a_privacy_officer_reads_the_trail(
    world: World, signed_in: SignedIn
) -> None:
    """A carer with whom everything is shared, the GP, the worker: not a line, nor the link."""
    patient, own = told(world)
    carer = world.member("carer")
    named = Carer.objects.create(
        patient=patient, name="Perry", relationship="brother", user_id=carer.user_id
    )
    for thing in sorted(objects()):
        if grant_for("carer", thing, "r") is not None:
            Consent.objects.create(
                patient=patient, kind="sharing", party=f"carer:{named.pk}:{thing}", given=True,
                at=timezone.now(), ends=timezone.localdate() + timedelta(days=30),
                taken_by_id=own.user_id, how="in_person", wording="test",
            )  # fmt: skip
    page = f"/people/{patient.uuid}/who-looked/"
    worker = patient.episodes.get().project_worker
    assert worker is not None
    others = [world.member(role) for role in ("gp", "practice_staff", "service_manager",
                                              "clinical_supervisor")]  # fmt: skip
    for reader in (carer, worker, *others):
        client = signed_in(reader)
        assert client.get(PAGE).status_code == 404
        assert client.get(page).status_code == 404
        assert "who-looked" not in lines(client, f"/people/{patient.uuid}/")
        assert "who-looked" not in client.get("/").content.decode()


@pytest.mark.parametrize("purpose", ["cover", "urgent_care", "safeguarding"])
def test_the_line_of_an_opening_reads_the_same_whatever_it_was_for(
    world: World, signed_in: SignedIn, purpose: str
) -> None:
    patient, own = told(world)
    other = world.member("project_worker")
    break_glass.open_for_an_hour(
        by=actor_for(other), patient=patient, reason="A reason that was typed", purpose=purpose
    )
    said = told_lines(signed_in(own), PAGE)
    assert [each.partition(".")[0] for each in said] == [
        "Looked at who has looked at your own record",
        "Opened your record although they do not usually work with you",
    ]
    assert ("A reason that was typed" in said[1]) is (purpose != "safeguarding")
