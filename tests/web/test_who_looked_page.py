"""The person's own trail: safe to read at home, and with the reasons somebody typed."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from tests.service.conftest import World, actor_for

from unhurried.service.accounts.models import Membership
from unhurried.service.patients import break_glass, operations
from unhurried.service.patients.models import Patient

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
