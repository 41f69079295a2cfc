"""Dose instructions as prescribers write them, turned into numbers or declined (OPI-1).

`interpret` reads one text. It abstains rather than guesses: an unknown word, a contradiction or
anything two careful pharmacists could read differently gives `NotUnderstood` with a reason.
"""

from __future__ import annotations

from unhurried.clinical.opioids.directions.draft import Abstain
from unhurried.clinical.opioids.directions.grammar import read
from unhurried.clinical.opioids.directions.meaning import understood
from unhurried.clinical.opioids.directions.reasons import VERSION, declined
from unhurried.clinical.opioids.directions.result import (
    NotUnderstood,
    Step,
    Understood,
    as_json,
)

__all__ = ["VERSION", "NotUnderstood", "Step", "Understood", "as_json", "interpret"]

_LONGEST = 1_000
"""Longer texts are not directions: EMIS allows 500 characters and FHIR exports a little more."""


def interpret(text: str, *, form: str | None = None) -> Understood | NotUnderstood:
    """Say what directions mean, or why that is not certain. Never raises on any text.

    `form` is the product's form when it is known: with "patch", "apply every 3 days" means one
    patch. The rules follow UK prescribing usage (the tables directions-vocabulary and
    directions-reasons in clinical/data); they await clinical sign-off.
    """
    if len(text) > _LONGEST:
        return declined(text, "too_long")
    try:
        return understood(text, read(text), form)
    except Abstain as abstained:
        if not text.strip():
            return declined(text, "blank")
        return declined(text, abstained.code, abstained.word)
