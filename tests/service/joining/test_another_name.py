"""An NHS number that is here under quite another name: the GP says whose it is (H09)."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.service.conftest import actor_for
from tests.service.joining.conftest import Joining

from unhurried.service.accounts.models import Membership
from unhurried.service.audit.models import Entry
from unhurried.service.audit.refused import Refused
from unhurried.service.joining.models import Referral
from unhurried.service.patients.conflict import UnderAnotherName
from unhurried.service.patients.models import Patient, Restriction
from unhurried.service.patients.names import unlike
from unhurried.service.patients.operations import register_patient

SignedIn = Callable[[Membership], Client]


@pytest.mark.parametrize(
    ("typed", "differs"),
    [
        (("Mary", "Siskin"), False),
        (("MARY", "siskin"), False),
        (("Siskin", "Mary"), False),  # in the other's box
        (("Molly", "Siskin"), False),  # known as
        (("Mari", "Sisken"), False),  # a slip
        (("M", "Siskin"), False),
        (("", "Siskin"), False),
        (("Mary", "Siskin-Wren"), False),
        (("Martha", "Siskin"), True),  # perhaps a twin
        (("Mary", "Goldfinch"), True),  # perhaps married
        (("Robert", "Heron"), True),
    ],
)
def test_when_two_names_differ_strongly(typed: tuple[str, str], differs: bool) -> None:
    assert unlike(typed, ("Mary", "Siskin", "Molly")) is differs


def typed(patient: Patient, **more: Any) -> dict[str, Any]:
    return {
        "agrees": "yes", "pain_condition": "Lower back", "readiness": "curious", "medicines": "",
        "benzodiazepine": "no", "once": str(uuid.uuid4()), "nhs_number": patient.nhs_number,
        "date_of_birth": f"{patient.date_of_birth:%d/%m/%Y}", "given_name": "Robert",
        "family_name": "Heron", **more,
    }  # fmt: skip


def test_nothing_is_attached_until_the_gp_says_that_it_is_the_same_person(
    joining: Joining, signed_in: SignedIn
) -> None:
    patient = joining.patient(given_name="Mary", family_name="Siskin")
    browser, sent = signed_in(joining.gp_role), typed(patient)
    page = browser.post("/referrals/new/", sent).content.decode()
    assert "Mary Siskin" in page
    assert "Robert Heron" in page
    assert patient.address.split("\n")[0] not in page
    assert not Referral.objects.exists()
    assert Entry.objects.filter(action="read.identity", patient_id=patient.pk).exists()
    page = browser.post("/referrals/new/", {**sent, "whose": "another"}).content.decode()
    assert "not theirs" in page
    assert not Referral.objects.exists()
    assert browser.post("/referrals/new/", {**sent, "whose": "same"}).status_code == 302
    assert Referral.objects.get().patient == patient
    patient.refresh_from_db()
    assert str(patient) == "Mary Siskin"  # what is stored stays as it is


def test_another_person_is_registered_without_the_number(
    joining: Joining, signed_in: SignedIn
) -> None:
    patient = joining.patient(given_name="Mary", family_name="Siskin")
    sent = typed(patient, nhs_number="", whose="another")
    assert signed_in(joining.gp_role).post("/referrals/new/", sent).status_code == 302
    assert str(Referral.objects.get().patient) == "Robert Heron"


def test_a_gp_the_person_does_not_want_to_see_them_reads_nothing_of_the_record(
    joining: Joining, signed_in: SignedIn
) -> None:
    patient = joining.patient(
        given_name="Mary", family_name="Siskin", date_of_birth=date(1960, 5, 17)
    )
    Restriction.objects.create(patient=patient, user=joining.gp_role.user, asked_at=timezone.now())
    browser = signed_in(joining.gp_role)
    for more in ({}, {"whose": "same"}, {"date_of_birth": "18/5/1961"}):
        page = browser.post("/referrals/new/", typed(patient, **more)).content.decode()
        assert "Mary" not in page
        assert "Siskin" not in page
        assert "17 May 1960" not in page
    assert not Referral.objects.exists()


def test_a_project_worker_who_may_not_open_the_record_is_told_neither_name_nor_birthday(
    joining: Joining,
) -> None:
    patient = joining.patient(given_name="Mary", family_name="Siskin")
    person = {
        "by": actor_for(joining.worker_role), "practice": joining.world.practice,
        "given_name": "Robert", "family_name": "Heron", "nhs_number": patient.nhs_number,
    }  # fmt: skip
    with pytest.raises(UnderAnotherName) as refusal:
        register_patient(**person, date_of_birth=patient.date_of_birth)  # type: ignore[arg-type]
    assert refusal.value.person is None
    with pytest.raises(Refused, match="another date of birth") as birth:
        register_patient(**person, date_of_birth=date(1971, 1, 2))  # type: ignore[arg-type]
    assert "1960" not in str(birth.value)
