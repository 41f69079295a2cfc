"""MedicationRequest and Medication: what was issued, when, with which directions (ID-1).

What does not count as an issue (entered in error, cancelled, drafts, proposals, plans such as a
repeat template, "do not perform") is refused by the table `counting.csv`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

import orjson

from unhurried.records.fhir import tables
from unhurried.records.fhir.dosage import directions
from unhurried.records.fhir.models import (
    CONCEPT,
    DISPENSE,
    DOSAGES,
    Medication,
    MedicationRequest,
)
from unhurried.records.fhir.references import address, subject_address
from unhurried.records.fhir.refusals import Fault, Refused
from unhurried.records.fhir.values import counted, day_of, days_of, named_code, what_is_wrong

MOST_KEPT = 20_000  # distinct dosages, medicines and supplies remembered at a time
NO_MEDICINE = "It names no medicine, neither in words nor by a code that is known."

Staged = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Supply:
    """What was supplied: thousandths of a unit and days, where they are known."""

    quantity: int | None = None
    days: int | None = None
    negative: bool = False
    notes: tuple[str, ...] = ()


def read_request(request: MedicationRequest, today: date) -> tuple[Staged, tuple[str, ...]]:
    """(subject, day, product, code, address of the medicine, directions, quantity, days), notes."""
    if request.do_not_perform:
        raise Refused("do_not_perform", "It says that the medicine is not to be given.")
    fault = _does_not_count(request.status, request.intent)
    if fault:
        raise Refused(fault.code, fault.reason)
    day = _issued(request.authored_on, today)
    subject = subject_address(request.subject)
    product, code, elsewhere = _medicine(request)
    dosages = request.dosage_instruction
    text = _directions(orjson.dumps(dosages)) if dosages is not None else ""
    supply = Supply()
    if request.dispense_request is not None:
        supply = _supply(orjson.dumps(request.dispense_request))
    if supply.negative:
        raise Refused("quantity", "The quantity supplied is negative.")
    if "\x00" in text or "\x00" in product:
        raise Refused("text", "The medicine or its directions contain a NUL character.")
    notes = supply.notes
    if dosages and not text:
        notes = (*notes, "unsayable")
    if request.status == "on-hold":
        notes = (*notes, "on_hold")
    return (subject, day, product, code, elsewhere, text, supply.quantity, supply.days), notes


def read_medication(medication: Medication) -> tuple[str, str]:
    """(product, code)."""
    if medication.status == "entered-in-error":
        raise Refused("entered_in_error", "This medicine was entered in error.")
    product, code = named_code(medication.code) if medication.code else ("", "")
    if not product or "\x00" in product:
        raise Refused("no_medicine", NO_MEDICINE)
    return product, code


@lru_cache(maxsize=256)
def _does_not_count(status: str | None, intent: str | None) -> Fault | None:
    for field, value in (("status", status), ("intent", intent)):
        row = _counting(field).get(value or "")
        if row is None:
            shown = f"“{value[:40]}” is not one FHIR R4 knows" if value else "it is missing"
            return Fault(field, f"Whether it counts cannot be told from its {field}: {shown}.")
        if row["counts"] == "no":
            return Fault(row["code"].replace("-", "_"), row["reason"])
    return None


@cache
def _counting(field: str) -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in tables.rows("counting") if row["field"] == field}


def _issued(text: str | None, today: date) -> int:
    if not text:
        raise Refused("issue_date", "The day it was issued (authoredOn) is missing.")
    day = day_of(text)
    if day is None:
        reason = f"The day it was issued (authoredOn “{text[:40]}”) is not a whole date."
        raise Refused("issue_date", reason)
    wrong = what_is_wrong(day, today, issue=True)
    if wrong:
        raise Refused("issue_date", f"The day it was issued (“{text[:40]}”) {wrong}.")
    return day


def _medicine(request: MedicationRequest) -> tuple[str, str, str | None]:
    """(product, code, address of a Medication elsewhere)."""
    if request.medication_codeable_concept is not None:
        product, code = _named(orjson.dumps(request.medication_codeable_concept))
        if product:
            return product, code, None
        raise Refused("no_medicine", NO_MEDICINE)
    given = request.medication_reference.reference if request.medication_reference else None
    if given and given.startswith("#"):
        return (*_contained(request, given[1:]), None)
    elsewhere = address(given, "Medication") if given else None
    if elsewhere is None:
        raise Refused("no_medicine", NO_MEDICINE)
    return "", "", elsewhere


def _contained(request: MedicationRequest, identity: str) -> tuple[str, str]:
    for part in request.contained:
        if (
            isinstance(part, dict)
            and part.get("id") == identity
            and part.get("resourceType") == "Medication"
        ):
            return read_medication(Medication.model_validate(part))
    raise Refused("no_medicine", f"The medicine “#{identity[:40]}” is not inside it.")


@lru_cache(maxsize=MOST_KEPT)
def _directions(part: bytes) -> str:
    return directions(DOSAGES.validate_json(part))


@lru_cache(maxsize=MOST_KEPT)
def _named(part: bytes) -> tuple[str, str]:
    return named_code(CONCEPT.validate_json(part))


@lru_cache(maxsize=MOST_KEPT)
def _supply(part: bytes) -> Supply:
    dispense = DISPENSE.validate_json(part)
    quantity, days = counted(dispense.quantity), days_of(dispense.expected_supply_duration)
    notes = []
    given = dispense.quantity is not None and dispense.quantity.value
    if given and quantity.thousandths is None and not quantity.negative:
        notes.append("quantity_not_known")
    if (dispense.number_of_repeats_allowed or 0) > 0:
        notes.append("repeats_allowed")
    return Supply(quantity.thousandths, days, quantity.negative, tuple(notes))
