"""A person reads what is written about them, but for what was restricted (CON-6)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from tests.service.conftest import World, actor_for

from unhurried.service.accounts.models import Membership
from unhurried.service.patients import operations
from unhurried.service.patients.models import Carer, Patient

SignedIn = Callable[[Membership], Client]


@pytest.fixture
def patient(world: World, worker: Membership, person: Membership) -> Patient:
    return world.enrolled(worker, user=person.user)


@pytest.fixture
def own(signed_in: SignedIn, person: Membership) -> Client:
    return signed_in(person)


def page_of(patient: Patient, page: str = "patients:notes") -> str:
    return reverse(page, args=[patient.uuid])


def note(worker: Membership, patient: Patient, visibility: str) -> None:
    operations.write_note(
        by=actor_for(worker), patient=patient, text=f"canary {visibility}", visibility=visibility
    )


def test_the_person_reads_their_notes_and_not_the_restricted(
    own: Client, worker: Membership, patient: Patient
) -> None:
    for visibility in ("ordinary", "gp", "restricted"):
        note(worker, patient, visibility)
    assert page_of(patient) in own.get("/").content.decode()
    for page in ("patients:notes", "patients:person"):
        read = own.get(page_of(patient, page)).content.decode()
        assert "canary ordinary" in read
        assert "canary gp" in read
        assert "canary restricted" not in read
        assert "Write a note" not in read


def test_what_the_gp_is_not_told_the_person_still_reads(
    own: Client, signed_in: SignedIn, world: World, worker: Membership, patient: Patient
) -> None:
    by = actor_for(worker)
    operations.record_consent(
        by=by, patient=patient, kind="sharing", party="gp", given=True, how="signed"
    )
    note(worker, patient, "gp")
    operations.withdraw_consent(by=by, patient=patient, kind="sharing", party="gp")
    assert "canary" not in signed_in(world.member("gp")).get(page_of(patient)).content.decode()
    assert "canary" in own.get(page_of(patient)).content.decode()


@pytest.mark.parametrize("role", ["carer", "patient"])
def test_nobody_else_with_an_account_of_their_own_reads_them(
    role: str, signed_in: SignedIn, world: World, worker: Membership, patient: Patient
) -> None:
    note(worker, patient, "ordinary")
    other = world.member(role)
    if role == "carer":
        Carer.objects.create(patient=patient, name="Robin", relationship="Friend", user=other.user)
    assert signed_in(other).get(page_of(patient)).status_code == 404
