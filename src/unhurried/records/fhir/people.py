"""Patient, EpisodeOfCare and Organization: who, where and since when (ID-1).

A record replaced by another takes its rows out with it, each with a reason. A record no longer in
use (`active` false) is of someone who has left: they stay in the tables, as no longer registered.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from unhurried.records.dates import epoch_day
from unhurried.records.fhir.models import EpisodeOfCare, Organization, Patient
from unhurried.records.fhir.references import (
    NHS_NUMBER,
    ODS_CODE,
    address,
    is_current,
    subject_address,
)
from unhurried.records.fhir.refusals import Fault, Refused
from unhurried.records.fhir.values import born_on, possible_days, what_is_wrong
from unhurried.records.nhs_number import read_nhs_number
from unhurried.records.quantities import read_sex

REGISTERED = ("active", "finished", "onhold")

_T = TypeVar("_T")
Staged = tuple[object, ...]


def read_patient(patient: Patient, today: date) -> tuple[Staged, tuple[str, ...], Fault | None]:
    """(NHS number, born, sex, died, died without a date, in use, practice, its ODS code), notes.

    One field that cannot be right makes the row a reject, the fault given last; what else it says
    is still true of the person, so that no issue and no death is lost to a slip in a birthday.
    """
    if any(link.type == "replaced-by" for link in patient.link):
        raise Refused("replaced", "This patient record says that another record replaces it.")
    faults: list[Fault] = []

    def settled(read: Callable[[], _T], otherwise: _T) -> _T:
        try:
            return read()
        except Refused as refused:
            faults.append(refused.fault)
            return otherwise

    nothing: tuple[int | None, tuple[str, ...]] = (None, ())
    number = settled(lambda: _nhs_number(patient), None)
    born, notes = settled(lambda: _born(patient.birth_date, today), nothing)
    sex = settled(lambda: _sex(patient.gender), "not known")
    died = settled(lambda: _died(patient.deceased_date_time, today), None)
    undated = died is None and bool(patient.deceased_boolean or patient.deceased_date_time)
    values = (number, born, sex, died, undated, patient.active, *_practice(patient))
    return values, notes, faults[0] if faults else None


def read_registration(episode: EpisodeOfCare, today: date) -> Staged:
    """(whose, first day, last day; NULL where not known or still open)."""
    if episode.status not in REGISTERED:
        shown = (episode.status or "missing")[:40]
        raise Refused("registration", f"Its status (“{shown}”) says that it is no registration.")
    start = episode.period.start if episode.period else None
    end = episode.period.end if episode.period else None
    began = _days(start, "registration", "registration")[0] if start else None
    ended = _days(end, "registration", "leaving")[1] if end else None
    if began is not None and ended is not None and ended < began:
        raise Refused("registration", "It ends before it begins.")
    # An end still to come is a plan.
    leaving = ended if ended is not None and ended <= epoch_day(today) else None
    return subject_address(episode.patient), began, leaving


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


def _sex(gender: str | None) -> str:
    sex = read_sex(gender or "")
    if sex is None:
        raise Refused("sex", f"The gender “{(gender or '')[:40]}” is not one FHIR knows.")
    return sex


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
