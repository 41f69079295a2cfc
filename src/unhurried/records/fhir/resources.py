"""From one FHIR resource to one staged row, or the reason why it cannot be used (ID-1).

Whatever says "this means something you may not know" (a modifier extension, implicit rules) takes
the row out with a reason, as FHIR asks of a reader who does not know it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import ValidationError

from unhurried.records.fhir.entries import read_observation, read_procedure
from unhurried.records.fhir.models import (
    USED,
    Condition,
    EpisodeOfCare,
    MedicationRequest,
    Observation,
    Organization,
    Patient,
    Procedure,
    Used,
)
from unhurried.records.fhir.people import read_organization, read_patient, read_registration
from unhurried.records.fhir.prescriptions import read_medication, read_request
from unhurried.records.fhir.problems import read_condition
from unhurried.records.fhir.refusals import Fault, Refused
from unhurried.records.fhir.rows import Row

STU3_DOSAGE = frozenset({"doseQuantity", "doseRange", "rateQuantity", "rateRange", "rateRatio"})
MODIFIER = "It has a modifier extension that is not known here and may change its meaning."
NO_KIND = {
    "union_tag_not_found": "It does not say which kind of resource it is (resourceType).",
    "union_tag_invalid": "It is not a resource by itself: save a Bundle as its own .json file.",
}
NOTHING = "nothing"  # the kind of a reading that told us nothing we look for
IMPLICIT = "It follows rules of its own (implicitRules) that are not known here."


@dataclass(slots=True, kw_only=True)
class Reading:
    """What one row gave: which kind, the values to stage, notes to count."""

    kind: str
    values: tuple[object, ...]
    notes: tuple[str, ...] = ()
    fault: Fault | None = None  # the row is a reject, yet what is staged is true of the person


def read_resource(row: Row, today: date) -> tuple[Used | None, Reading | Fault]:
    """Read one row; the model is returned too where there is one, for its version."""
    content = row.content or {}
    model: Used | None = None
    try:
        _refuse_other_versions(content)
        model = USED.validate_python(content)
        if model.implicit_rules:
            raise Refused("implicit_rules", IMPLICIT)
        if b'"modifierExtension"' in row.body and _has_modifier(content):
            raise Refused("modifier_extension", MODIFIER)
        return model, _read(model, today)
    except Refused as refused:
        return model, refused.fault
    except ValidationError as problem:
        return model, _in_words(problem)


def _read(model: Used, today: date) -> Reading:
    notes: tuple[str, ...] = ()
    fault: Fault | None = None
    if isinstance(model, MedicationRequest):
        values, notes = read_request(model, today)
    elif isinstance(model, Patient):
        values, notes, fault = read_patient(model, today)
    elif isinstance(model, Condition):
        values = read_condition(model, today)
    elif isinstance(model, Observation | Procedure):
        entry = (
            read_observation(model, today)
            if isinstance(model, Observation)
            else read_procedure(model, today)
        )
        return Reading(kind=model.resource_type if entry else NOTHING, values=entry or ())
    elif isinstance(model, EpisodeOfCare):
        values = read_registration(model, today)
    elif isinstance(model, Organization):
        values = read_organization(model)
    else:
        values = read_medication(model)
    return Reading(kind=model.resource_type, values=values, notes=notes, fault=fault)


def _refuse_other_versions(content: Mapping[str, Any]) -> None:
    """Recognise what FHIR STU3 and R5 write differently."""
    kind = content.get("resourceType")
    if kind == "MedicationRequest":
        if "medication" in content:
            raise Refused("fhir_r5", "This is FHIR R5, not R4 (“medication” is written its way).")
        dosages, requester = content.get("dosageInstruction"), content.get("requester")
        first = dosages[0] if isinstance(dosages, list) and dosages else None
        if isinstance(first, dict) and not STU3_DOSAGE.isdisjoint(first):
            raise Refused("fhir_stu3", "This is FHIR STU3, not R4 (the dose is written its way).")
        if "context" in content or (isinstance(requester, dict) and "agent" in requester):
            raise Refused("fhir_stu3", "This is FHIR STU3, not R4 (“context” or “agent” is used).")
    elif kind == "Condition" and (
        "assertedDate" in content or isinstance(content.get("verificationStatus"), str)
    ):
        raise Refused("fhir_stu3", "This is FHIR STU3, not R4 (its status is a bare word).")
    elif kind == "Procedure" and "notDone" in content:
        raise Refused("fhir_stu3", "This is FHIR STU3, not R4 (“notDone” is used).")
    elif kind == "Procedure" and ("occurrenceDateTime" in content or "occurrencePeriod" in content):
        raise Refused("fhir_r5", "This is FHIR R5, not R4 (its date is written its way).")


def _in_words(problem: ValidationError) -> Fault:
    first = problem.errors(include_url=False, include_context=False, include_input=False)[0]
    if first["type"] in NO_KIND:
        return Fault("no_kind", NO_KIND[first["type"]])
    path = ".".join(str(part) for part in first["loc"]) or "resource"
    return Fault("wrong_type", f"{path}: {first['msg'][0].lower()}{first['msg'][1:]}."[:300])


def _has_modifier(content: Any) -> bool:
    waiting = [content]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            if part.get("modifierExtension"):
                return True
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)
    return False
