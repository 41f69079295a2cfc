"""Rules of measures: what may be asked, and by whom; nothing has to be (OPI-3, SES-6, PLN-5)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from unhurried.clinical import measures as clinical
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.words import check_text
from unhurried.service.planning.models import Result
from unhurried.service.planning.rules.common import check_one_of
from unhurried.service.planning.tables import words_of

LONGEST_NAME = 200
LONGEST_REASON = 300


def checked_measure(code: str, by: Actor) -> clinical.Measure:
    """The measure; Refused when there is none, or it is not the person's to fill in."""
    found = clinical.measures().get(code)
    if found is None:
        raise Refused("There is no such measure.")
    if by.role == "patient" and not found.questions_shipped:
        raise Refused("This one is filled in on paper with your project worker.")
    return found


def check_answers(
    measure: clinical.Measure, answers: Mapping[str, int | Decimal | None], named: Mapping[str, str]
) -> clinical.Score:
    """The score; Refused for answers the measure cannot have, and when none is given."""
    for what in named.values():
        check_text("What it is about", what, LONGEST_NAME)
    if all(each is None for each in answers.values()):
        raise Refused(
            "Nothing is answered yet. One answer is enough, or choose below why it is left for now."
        )
    try:
        return clinical.score(measure.code, answers)
    except clinical.MeasureError as wrong:
        raise Refused(str(wrong)) from wrong


def check_not_asked(reason: str, words: str) -> None:
    """Refuse a reason that is on no list, or none."""
    if not reason:
        raise Refused("Choose why it is left for now.")
    check_one_of("Why it was not asked", reason, words_of("not_asked_reasons"))
    check_text("The reason", words, LONGEST_REASON)


def check_may_put_aside(by: Actor, result: Result, because: str) -> None:
    """Refuse without a reason, twice, and a person putting aside what their worker entered."""
    if result.put_aside_at is not None:
        raise Refused("These answers are put aside already.")
    if by.role == "patient" and not result.by_person:
        raise Refused("Your project worker entered these: tell them what is not right.")
    if not because.strip():
        raise Refused("Write what is not right about these answers.")
    check_text("What is not right", because, LONGEST_REASON)


def concerns(code: str, answers: Mapping[str, Any]) -> tuple[clinical.Concern, ...]:
    """What in raw answers must be talked about the same day, even when others cannot be read.

    An answer given more than once (a list) counts by each.
    """
    found: dict[str, clinical.Concern] = {}
    for item, value in answers.items():
        for each in value if isinstance(value, list) else [value]:
            for concern in clinical.safety(code, {item: each}).same_day:
                found[concern.item] = concern
    return tuple(found.values())
