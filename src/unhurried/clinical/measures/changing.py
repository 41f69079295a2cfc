"""What the difference between two scores of one measure means: which way, and how large.

Sources differ on how large a difference matters, so each is judged by itself: one is the default,
the others stand beside it. Words stay neutral: about the same is a good answer too.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from unhurried.clinical.measures.answering import number
from unhurried.clinical.measures.definitions import (
    Measure,
    MeasureError,
    Scale,
    Threshold,
    measure,
    words,
)
from unhurried.clinical.measures.scoring import Score, band_of, shown

Meaningful = Literal["yes", "no", "not known"]
Went = Literal["better", "worse", "same", "not known"]
Given = Score | int | Decimal | Fraction | None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one source says of a difference. `threshold` is in words, `why` says what is open."""

    name: str
    meaningful: Meaningful
    threshold: str
    source: str
    why: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """From an earlier to a later score of one scale. `difference` is later less earlier in points,
    None when one of them is not known. `direction` says it in words for this measure. `meaningful`,
    `threshold` and `source` are those of the default source, `also` holds the others."""

    code: str
    part: str
    earlier: Fraction | None
    later: Fraction | None
    difference: Fraction | None
    went: Went
    direction: str
    meaningful: Meaningful
    threshold: str | None
    source: str | None
    why_not: str | None
    also: tuple[Judgement, ...] = ()
    parts: tuple[Change, ...] = ()


def change(code: str, earlier: Given, later: Given, *, part: str = "") -> Change:
    """Compare two scores of a measure: Score values, or numbers in its points (None: not known).

    Raises MeasureError when a score is of another measure or out of its range.
    """
    asked = measure(code)
    then = earlier if isinstance(earlier, Score) else None
    now = later if isinstance(later, Score) else None
    for each in (then, now):
        if each is not None and each.code != code:
            raise MeasureError(f"A score of {each.code} cannot be compared on {asked.name}.")
        if each is not None:
            part = part or each.part
    parts = () if part else _parts(asked, then, now)
    if asked.compares:
        return _none(asked, part, asked.compares, parts)
    if not part and asked.total is None:
        return _none(asked, part, asked.no_total, parts)
    scale = asked.scale(part)
    before, after = _total(asked, scale, earlier), _total(asked, scale, later)
    if before is None or after is None:
        return _none(asked, part, words()["one_not_known"], parts, before, after)
    return _compared(asked, scale, before, after, parts)


def _parts(asked: Measure, then: Score | None, now: Score | None) -> tuple[Change, ...]:
    if asked.compares or then is None or now is None or then.part or now.part:
        return ()
    return tuple(change(asked.code, then, now, part=scale.part) for scale in asked.parts)


def _total(asked: Measure, scale: Scale, value: Given) -> Fraction | None:
    if not isinstance(value, Score):
        return None if value is None else number(asked, scale, value)
    for each in (value, *value.parts):
        if each.part == scale.part:
            return each.total
    raise MeasureError(f"This score of {asked.name} is not of {scale.words}.")


def _none(
    asked: Measure,
    part: str,
    why: str,
    parts: tuple[Change, ...],
    earlier: Fraction | None = None,
    later: Fraction | None = None,
) -> Change:
    return Change(
        code=asked.code,
        part=part,
        earlier=earlier,
        later=later,
        difference=None,
        went="not known",
        direction=why,
        meaningful="not known",
        threshold=None,
        source=None,
        why_not=why,
        parts=parts,
    )


def _compared(
    asked: Measure,
    scale: Scale,
    before: Fraction,
    after: Fraction,
    parts: tuple[Change, ...],
) -> Change:
    judged = [(each.default, _judge(scale, each, before, after)) for each in scale.thresholds]
    main = next((judgement for default, judgement in judged if default), None)
    went = _went(scale, before, after)
    meaningful: Meaningful = main.meaningful if main else "not known"
    return Change(
        code=asked.code,
        part=scale.part,
        earlier=before,
        later=after,
        difference=after - before,
        went=went,
        direction=_direction(before, after, went, meaningful),
        meaningful=meaningful,
        threshold=main.threshold if main else None,
        source=main.source if main else None,
        why_not=main.why if main else words()["no_threshold"],
        also=tuple(judgement for default, judgement in judged if not default),
        parts=parts,
    )


def _went(scale: Scale, before: Fraction, after: Fraction) -> Went:
    if before == after:
        return "same"
    return "better" if (after < before) == (scale.better == "lower") else "worse"


def _direction(before: Fraction, after: Fraction, went: Went, meaningful: Meaningful) -> str:
    if went == "same":
        code = "same"
    elif meaningful == "no":
        code = "about_same"
    else:
        code = f"{'lower' if after < before else 'higher'}_{went}"
    return words()[code].format(now=shown(after), then=shown(before), by=shown(abs(after - before)))


def _judge(scale: Scale, by: Threshold, before: Fraction, after: Fraction) -> Judgement:
    meaningful, why = _verdict(scale, by, before, after)
    code = f"threshold_{by.unit}"
    if by.band_too:
        code = "threshold_band"
    elif by.at_least != by.below:
        code += "_open"
    said = words()[code].format(at_least=shown(by.at_least), below=shown(by.below))
    return Judgement(by.name, meaningful, said, by.source, why)


def _verdict(
    scale: Scale, by: Threshold, before: Fraction, after: Fraction
) -> tuple[Meaningful, str | None]:
    if before == after:
        return "no", None
    if by.only_better and _went(scale, before, after) == "worse":
        return "not known", words()["only_better"]
    if by.unit == "percent" and not before:
        return "not known", words()["from_nought"]
    size = abs(after - before) * (100 / before if by.unit == "percent" else 1)
    if by.below <= size < by.at_least:
        return "not known", words()["open"]
    same_band = by.band_too and band_of(scale, before) == band_of(scale, after)
    return ("no" if size < by.below or same_band else "yes"), None
