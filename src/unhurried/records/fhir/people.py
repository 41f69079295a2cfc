"""Patient and Organization: who, and at which practice (ID-1).

A record no longer in use, or replaced by another, takes its rows out with it, each with a reason:
FHIR calls these modifier elements because whoever ignores them misreads the record.
"""

from __future__ import annotations

from datetime import date

from unhurried.records.fhir.models import Organization, Patient
from unhurried.records.fhir.references import NHS_NUMBER, ODS_CODE, address, is_current
from unhurried.records.fhir.refusals import Refused
from unhurried.records.fhir.values import born_on, possible_days, what_is_wrong
from unhurried.records.nhs_number import read_nhs_number
from unhurried.records.quantities import read_sex

Staged = tuple[object, ...]


def read_patient(patient: Patient, today: date) -> tuple[Staged, tuple[str, ...]]:
    """(NHS number, born, sex, died, died without a date, practice address, ODS code) and notes."""
    if patient.active is False:
        raise Refused("not_in_use", "This patient record is marked as no longer in use.")
    if any(link.type == "replaced-by" for link in patient.link):
        raise Refused("replaced", "This patient record says that another record replaces it.")
    sex = read_sex(patient.gender or "")
    if sex is None:
        shown = (patient.gender or "")[:40]
        raise Refused("sex", f"The gender “{shown}” is not one FHIR knows.")
    born, notes = _born(patient.birth_date, today)
    died = _died(patient.deceased_date_time, today)
    undated = bool(patient.deceased_boolean) and died is None
    return (_nhs_number(patient), born, sex, died, undated, *_practice(patient)), notes


def read_organization(organization: Organization) -> Staged:
    """(ODS code, name)."""
    codes = [each.value for each in organization.identifier if is_current(each, ODS_CODE)]
    return codes[0] if codes else None, organization.name


def _nhs_number(patient: Patient) -> str | None:
    valid = set()
    for identifier in patient.identifier:
        if is_current(identifier, NHS_NUMBER):
            read = read_nhs_number(identifier.value or "")
            if read.reason:
                raise Refused("nhs_number", read.reason)
            valid.add(read.digits)
    if len(valid) > 1:
        raise Refused("nhs_number", "Two different NHS numbers are given for one person.")
    return next(iter(valid), None)


def _born(text: str | None, today: date) -> tuple[int | None, tuple[str, ...]]:
    if not text:
        return None, ()
    first, last = _days(text, "birth_date", "birth")
    wrong = what_is_wrong(first, today)
    born = born_on(text, today)
    # A placeholder such as 1900-01-01 means not known and is no mistake.
    if wrong and (born is not None or first > 0):
        raise Refused("birth_date", f"The date of birth “{text[:40]}” {wrong}.")
    if first == last:
        return born, ()
    return born, ("unsure_adult" if born is None else "partial_birth",)


def _died(text: str | None, today: date) -> int | None:
    if not text:
        return None
    died, _ = _days(text, "death_date", "death")
    wrong = what_is_wrong(died, today)
    if wrong:
        raise Refused("death_date", f"The date of death “{text[:40]}” {wrong}.")
    return died


def _days(text: str, code: str, event: str) -> tuple[int, int]:
    days = possible_days(text)
    if days is None:
        raise Refused(code, f"The date of {event} “{text[:40]}” is not a date that exists.")
    return days


def _practice(patient: Patient) -> tuple[str | None, str | None]:
    """(address of the practice, its ODS code): whichever of the two the record gives."""
    for reference in (patient.managing_organization, *patient.general_practitioner):
        if reference is None:
            continue
        if reference.reference and address(reference.reference, "Organization"):
            return address(reference.reference, "Organization"), None
        if reference.identifier and is_current(reference.identifier, ODS_CODE):
            return None, reference.identifier.value
    return None, None
