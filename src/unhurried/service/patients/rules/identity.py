"""Rules on who a person is (ID-1; hazards H09, H10)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from unhurried.records.nhs_number import read_nhs_number
from unhurried.service.accounts.models import Organisation
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.models import Patient
from unhurried.service.patients.rules.contact import age_on
from unhurried.service.patients.rules.episodes import is_served
from unhurried.service.patients.words import check_text, day

OLDEST = 130  # as records.dates: an older age is a slip
_LENGTHS = {
    "title": 20, "given_name": 100, "family_name": 100, "known_as": 100, "sex": 12,
    "postcode": 10, "phone": 30, "email": 254, "address": 1000,
}  # fmt: skip
_LABELS = {
    "title": "The title", "given_name": "The given name", "family_name": "The family name",
    "known_as": "The name they are known as", "sex": "The sex", "postcode": "The postcode",
    "phone": "The telephone number", "email": "The e-mail address", "address": "The address",
}  # fmt: skip
MOVES = frozenset({"gp", "practice_staff", "service_manager", "system"})


def checked_nhs_number(text: str) -> str:
    """The ten digits of an NHS number, or "" for none; Refused with what is wrong.

    Numbers of the 999 test range are refused where real people are served
    (UNHURRIED_TEST_NUMBERS in the settings).
    """
    check_text("The NHS number", text, 100)
    read = read_nhs_number(text)
    if read.reason:
        raise Refused(read.reason)
    digits = read.digits or ""
    if digits.startswith("999") and not test_numbers_allowed():
        raise Refused("NHS numbers that begin with 999 are for testing and belong to nobody.")
    return digits


def test_numbers_allowed() -> bool:
    """Whether this is a fictional service, whose people have NHS numbers of the test range."""
    return bool(getattr(settings, "UNHURRIED_TEST_NUMBERS", getattr(settings, "DEMO", False)))


def check_may_register(by: Actor, practice: Organisation, today: date) -> None:
    """Refuse when `by` may not register people at this practice."""
    if practice.kind != Organisation.Kind.PRACTICE:
        raise Refused("People are registered at a GP practice: choose one.")
    own = by.organisation_id == practice.pk and by.role in {"gp", "practice_staff"}
    serving = by.role in {"project_worker", "service_manager"} and is_served(
        practice.pk, by.organisation_id, today
    )
    if by.role != "system" and not own and not serving:
        raise Refused("You cannot register people at that practice.")


def check_identity(facts: Mapping[str, Any], today: date) -> None:
    """Refuse facts about a person that cannot be right, or cannot be kept as typed."""
    for field, longest in _LENGTHS.items():
        value = facts.get(field) or ""
        check_text(_LABELS[field], value, longest, lines=field == "address")
    if not facts["given_name"] and not facts["family_name"]:
        raise Refused("Give a name: a person with one name only has it as the family name.")
    if facts.get("email"):
        _check_email(facts["email"])
    born, died = facts["date_of_birth"], facts.get("date_of_death")
    if born > today:
        raise Refused(f"The date of birth, {day(born)}, is in the future.")
    if age_on(born, today) > OLDEST:
        raise Refused(f"The date of birth, {day(born)}, is more than {OLDEST} years ago.")
    if died is not None and not born <= died <= today:
        raise Refused("The date of death is before the birth or in the future.")


def _check_email(text: str) -> None:
    try:
        validate_email(text)
    except ValidationError as error:
        raise Refused("The e-mail address is not like name@example.org.") from error


def check_same_birth(found: Patient, date_of_birth: date, *, may_see: bool) -> None:
    """Refuse when the NHS number is here with another date of birth.

    Which one is said to those who may see the record.
    """
    if found.date_of_birth == date_of_birth:
        return
    if not may_see:
        raise Refused(
            "This NHS number is already here with another date of birth. Check both; if they are "
            "right, ask a colleague to look."
        )
    raise Refused(
        "This NHS number is already here with another date of birth: "
        f"{day(found.date_of_birth)}, not {day(date_of_birth)}. Check which is right."
    )


def check_number_is_free(patient: Patient, nhs_number: str) -> None:
    """Refuse an NHS number that another person of the practice has."""
    others = Patient.objects.filter(practice_id=patient.practice_id, nhs_number=nhs_number)
    if nhs_number and others.exclude(pk=patient.pk).exists():
        raise Refused("Another person of this practice already has this NHS number.")


def check_at_their_practice(by: Actor, patient: Patient) -> None:
    """Refuse anyone but the staff of the practice the person is registered with."""
    if by.role not in {"gp", "practice_staff"} or by.organisation_id != patient.practice_id:
        raise Refused("The practice itself answers this.")


def check_may_move(by: Actor, patient: Patient, to: Organisation, on: date, today: date) -> None:
    """Refuse a move to something that is not another practice, or of a day to come."""
    if to.kind != Organisation.Kind.PRACTICE:
        raise Refused("A person moves to a GP practice: choose one.")
    if to.pk == patient.practice_id:
        raise Refused("The person is already registered with this practice.")
    if on > today:
        raise Refused("Record the move on the day it happens: this day is in the future.")
    taken = Patient.objects.filter(practice=to, nhs_number=patient.nhs_number)
    if patient.nhs_number and taken.exists():
        raise Refused("The move cannot be recorded here: ask the new practice to look first.")
    if by.role not in MOVES:
        raise Refused("The practice or the service manager records a move.")
    may = {patient.practice_id, to.pk}
    if by.role in {"gp", "practice_staff"} and by.organisation_id not in may:
        raise Refused("You cannot move a person of another practice.")
