"""Condition: a coded problem and the day it was known (ID-1)."""

from __future__ import annotations

from datetime import date

from unhurried.records.fhir.models import CodeableConcept, Condition
from unhurried.records.fhir.references import subject_address
from unhurried.records.fhir.refusals import Refused
from unhurried.records.fhir.values import SNOMED, day_of, possible_days, what_is_wrong

DOES_NOT_COUNT = {
    "entered-in-error": "This problem was entered in error.",
    "refuted": "This problem was ruled out.",
}


def read_condition(condition: Condition, today: date) -> tuple[object, ...]:
    """(subject, SNOMED code or '', term, day)."""
    status = condition.verification_status
    for coding in status.coding if status else ():
        reason = DOES_NOT_COUNT.get(coding.code or "")
        if reason:
            raise Refused((coding.code or "").replace("-", "_"), reason)
    code, term = _coded(condition.code)
    if not code and not term:
        raise Refused("no_code", "It has neither a SNOMED code nor words.")
    if "\x00" in code + term:
        raise Refused("text", "The words of this problem contain a NUL character.")
    return subject_address(condition.subject), code, term, _day(condition, today)


def _day(condition: Condition, today: date) -> int | None:
    """Onset before recorded date; a partial date gives no day."""
    onset = condition.onset_period.start if condition.onset_period else None
    given = [each for each in (condition.onset_date_time, onset, condition.recorded_date) if each]
    for text in given:
        if possible_days(text) is None:
            reason = f"The date of this problem “{text[:40]}” is not a date that exists."
            raise Refused("problem_date", reason)
    day = next((each for each in map(day_of, given) if each is not None), None)
    wrong = what_is_wrong(day, today) if day is not None else None
    if wrong:
        raise Refused("problem_date", f"The date of this problem {wrong}.")
    return day


def _coded(concept: CodeableConcept | None) -> tuple[str, str]:
    if concept is None:
        return "", ""
    snomed = [
        each
        for each in concept.coding
        if each.system == SNOMED and (each.code or "").isascii() and (each.code or "").isdigit()
    ]
    display = next((each.display for each in concept.coding if each.display), None)
    term = (snomed[0].display if snomed else None) or concept.text or display or ""
    return (snomed[0].code or "") if snomed else "", term.strip()
