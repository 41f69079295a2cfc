"""Observation and Procedure: the few coded entries screening looks for (ID-2, ID-3).

Only SNOMED CT codes of `unhurried.records.listed` become diagnoses. Whatever else these resources
hold is read, tells screening nothing, and is counted as used.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from unhurried.records.fhir.models import CodeableConcept, Observation, Procedure
from unhurried.records.fhir.problems import coded, day_given
from unhurried.records.fhir.references import subject_address
from unhurried.records.fhir.refusals import Refused
from unhurried.records.fhir.values import SNOMED
from unhurried.records.listed import listed, negations

CODED = frozenset({"Observation", "Procedure"})
DOES_NOT_COUNT = {
    "entered-in-error": "This entry was entered in error.",
    "cancelled": "This entry was cancelled.",
    "not-done": "This entry says that it was not done.",
}
SYSTEMS = {
    SNOMED: "SNOMED",
    "http://loinc.org": "LOINC",
    "http://terminology.hl7.org/CodeSystem/v2-0136": "HL7",
    "http://terminology.hl7.org/CodeSystem/v2-0532": "HL7",
}

Staged = tuple[object, ...]


def says_nothing(content: Mapping[str, Any]) -> bool:
    """True when its code is plainly none of ours; anything odd is left to the full reading."""
    code = content.get("code")
    if code is None:
        return True
    codings = code.get("coding", ()) if isinstance(code, dict) else None
    if not isinstance(codings, list | tuple):
        return False
    ours = listed()
    for coding in codings:
        given = coding.get("code") if isinstance(coding, dict) else 0
        if not (given is None or (isinstance(given, str) and given.strip() not in ours)):
            return False
    return True


def read_observation(observation: Observation, today: date) -> Staged | None:
    """(subject, SNOMED code, term, day) of a code looked for; None when it holds none."""
    code, term = coded(observation.code)
    if code not in listed():
        return None
    _refuse_by_status(observation.status)
    if (
        observation.value_boolean is False
        or (observation.value_string or "").strip().casefold().rstrip(".") in negations("word")
        or _negative(observation.value_codeable_concept)
    ):
        raise Refused("negated", "This entry says that it is not so (its value is “no”).")
    period = observation.effective_period
    day = day_given(
        observation.effective_date_time,
        period.start if period else None,
        observation.effective_instant,
        observation.issued,
        today=today,
    )
    return subject_address(observation.subject), code, term or listed()[code], day


def read_procedure(procedure: Procedure, today: date) -> Staged | None:
    """(subject, SNOMED code, term, day) of a code looked for; None when it holds none."""
    code, term = coded(procedure.code)
    if code not in listed():
        return None
    _refuse_by_status(procedure.status)
    period = procedure.performed_period
    day = day_given(procedure.performed_date_time, period.start if period else None, today=today)
    return subject_address(procedure.subject), code, term or listed()[code], day


def _refuse_by_status(status: str | None) -> None:
    # An entry on the end of life register counts unless its status says that it does not: a
    # missing or strange status is no reason to list someone.
    reason = DOES_NOT_COUNT.get(status or "")
    if reason:
        raise Refused((status or "").replace("-", "_"), reason)


def _negative(value: CodeableConcept | None) -> bool:
    if value is None:
        return False
    words = {value.text, *(coding.display for coding in value.coding)}
    return any(
        (coding.code or "").strip() in negations(SYSTEMS[coding.system])
        for coding in value.coding
        if coding.system in SYSTEMS
    ) or not negations("word").isdisjoint((each or "").strip().casefold() for each in words)
