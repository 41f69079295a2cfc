"""Adds answers up as each measure's published rule says, or says why it cannot.

A total is exact: the mean of three answers is kept in thirds and rounded only when shown. Questions
left unanswered are filled only where the tables hold a rule for it; else the total is not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from unhurried.clinical.measures.answering import TOTAL, Answers, entered, given
from unhurried.clinical.measures.definitions import Band, Measure, Scale, measure, words

LONGEST_DECIMALS = 3


@dataclass(frozen=True, slots=True)
class Score:
    """What one scale comes to. `total` is in the scale's own points and None when it is not known,
    `why_not` then says why. `missing` lists unanswered questions by id. `band_words` are for the
    person, `clinician_words` for the clinician's view only. `parts` holds the parts' scores."""

    code: str
    part: str
    total: Fraction | None
    complete: bool
    answered: int
    missing: tuple[str, ...]
    range: tuple[Fraction, Fraction] | None
    band: str | None
    band_words: str | None
    clinician_words: str | None
    band_source: str | None
    pro_rated: bool
    why_not: str | None
    parts: tuple[Score, ...] = ()


def score(code: str, answers: Answers) -> Score:
    """Score one measure from its answers, by question id or place; `{"total": n}` when we hold no
    questions of it.

    Raises MeasureError when there is no such measure, question or answer.
    """
    asked = measure(code)
    if asked.entry == "total":
        return _of_total(asked, entered(asked, answers))
    numbers = given(asked, answers)
    parts = tuple(_of_answers(asked, scale, numbers) for scale in asked.parts)
    if asked.total is not None:
        return _of_answers(asked, asked.total, numbers, parts)
    missing = tuple(item for item, value in numbers.items() if value is None)
    return Score(
        code=code,
        part="",
        total=None,
        complete=not missing,
        answered=len(numbers) - len(missing),
        missing=missing,
        range=None,
        band=None,
        band_words=None,
        clinician_words=None,
        band_source=None,
        pro_rated=False,
        why_not=asked.no_total,
        parts=parts,
    )


def shown(number: Fraction) -> str:
    """Return a score as it is printed: exact up to three decimals, else to one."""
    for places in range(LONGEST_DECIMALS + 1):
        scaled = number * 10**places
        if scaled.denominator == 1:
            return f"{Decimal(scaled.numerator).scaleb(-places):f}"
    return str(one_decimal(number))


def one_decimal(number: Fraction) -> Decimal:
    """Return a number rounded to one decimal, halves away from nought."""
    value = Decimal(number.numerator) / Decimal(number.denominator)
    return value.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def band_of(scale: Scale, total: Fraction) -> Band | None:
    """Return the band a total lies in, as the total is shown; None between bands or without."""
    seen = Fraction(one_decimal(total))
    return next((band for band in scale.bands if band.least <= seen <= band.most), None)


def _of_total(asked: Measure, total: Fraction | None) -> Score:
    missing = () if total is not None else (TOTAL,)
    return _scored(asked, asked.scale(), total, missing, answered=1 - len(missing))


def _of_answers(
    asked: Measure,
    scale: Scale,
    numbers: Mapping[str, int | None],
    parts: tuple[Score, ...] = (),
) -> Score:
    known = [value for item in scale.items if (value := numbers[item]) is not None]
    missing = tuple(item for item in scale.items if numbers[item] is None)
    total = None
    if len(known) >= scale.needs:
        total = Fraction(sum(known), len(known) if scale.rule == "mean" else 1)
    return _scored(asked, scale, total, missing, answered=len(known), parts=parts)


def _scored(
    asked: Measure,
    scale: Scale,
    total: Fraction | None,
    missing: tuple[str, ...],
    *,
    answered: int,
    parts: tuple[Score, ...] = (),
) -> Score:
    band = None if total is None else band_of(scale, total)
    return Score(
        code=asked.code,
        part=scale.part,
        total=total,
        complete=not missing,
        answered=answered,
        missing=missing,
        range=(scale.least, scale.most),
        band=band.name if band else None,
        band_words=band.words if band else None,
        clinician_words=(band.clinician_words or None) if band else None,
        band_source=band.source if band else None,
        pro_rated=total is not None and bool(missing),
        why_not=None if total is not None else _why_not(scale, missing, answered),
        parts=parts,
    )


def _why_not(scale: Scale, missing: tuple[str, ...], answered: int) -> str:
    if not answered:
        return words()["nothing_answered"]
    return words()["gaps"].format(
        missing=len(missing),
        of=len(scale.items),
        which=", ".join(missing),
        rule=scale.missing_rule,
    )
