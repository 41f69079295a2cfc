"""Condition: a coded problem and the day it was known (ID-1)."""

from __future__ import annotations

from datetime import date

from unhurried.records.fhir.models import CodeableConcept, Coding, Condition
from unhurried.records.fhir.references import subject_address
from unhurried.records.fhir.refusals import Refused
from unhurried.records.fhir.values import SNOMED, day_of, possible_days, what_is_wrong
from unhurried.records.listed import listed

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
    code, term = coded(condition.code)
    if not code and not term:
        raise Refused("no_code", "It has neither a SNOMED code nor words.")
    if "\x00" in code + term:
        raise Refused("text", "The words of this problem contain a NUL character.")
    onset = condition.onset_period.start if condition.onset_period else None
    day = day_given(condition.onset_date_time, onset, condition.recorded_date, today=today)
    return subject_address(condition.subject), code, term, day


def day_given(*dates: str | None, today: date) -> int | None:
    """The first whole date; a partial one gives no day, one that cannot be right refuses the row.

    Raises Refused.
    """
    given = [each for each in dates if each]
    for text in given:
        if possible_days(text) is None:
            reason = f"The date of this problem “{text[:40]}” is not a date that exists."
            raise Refused("problem_date", reason)
    day = next((each for each in map(day_of, given) if each is not None), None)
    wrong = what_is_wrong(day, today) if day is not None else None
    if wrong:
        raise Refused("problem_date", f"The date of this problem {wrong}.")
    return day


def coded(concept: CodeableConcept | None) -> tuple[str, str]:
    """(SNOMED code or '', words): of several codes, one that screening looks for goes first."""
    if concept is None:
        return "", ""
    snomed = [
        each
        for each in concept.coding
        if each.system == SNOMED and (each.code or "").isascii() and (each.code or "").isdigit()
    ]
    display = next((each.display for each in concept.coding if each.display), None)
    ours = [each for each in snomed if each.code in listed()]
    chosen = min(ours, key=_turn) if ours else next(iter(snomed), None)
    term = (chosen.display if chosen else None) or concept.text or display or ""
    return (chosen.code or "") if chosen else "", term.strip()


def _turn(coding: Coding) -> int:
    return list(listed()).index(coding.code or "")
