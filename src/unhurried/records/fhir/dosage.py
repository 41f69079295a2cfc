"""FHIR dosage as directions text, for the one grammar that reads directions (ID-1, OPI-1).

Words, where the record has them, are the directions as written. Structure alone is rendered in the
plainest words ("1-2 tablets 4 times a day as required max 8 tablets in 24 hours"). Where structure
cannot be said without a guess there are no directions, and the dose will be "not known".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from unhurried.records.fhir import tables
from unhurried.records.fhir.models import CodeableConcept, Dosage, DoseAndRate, Quantity, Ratio
from unhurried.records.fhir.timing import between, course_days, moments, number

UCUM = "http://unitsofmeasure.org"
SNOMED = "http://snomed.info/sct"
FORM = "http://terminology.hl7.org/CodeSystem/v3-orderableDrugForm"
TABLE_OF_SYSTEM = {UCUM: "ucum", SNOMED: "snomed", FORM: "form"}
_WORD = re.compile(r"[a-z]+")
ONE_DAY = {("24", "h"), ("1", "d")}
# Two directions and no word on whether they are taken together or one after the other: the text is
# kept for people to read, and these words keep any reader from adding them up.
NOT_STATED = " (whether together or in turn is not stated) "


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of a dose in words; no words for a plain number."""

    singular: str
    plural: str


def directions(dosages: Sequence[Dosage]) -> str:
    """The directions of one prescription as one text; '' when they cannot be said."""
    if not dosages:
        return ""
    said = [_said(dosage, alone=len(dosages) == 1) for dosage in dosages]
    if not all(said):
        return ""
    texts = [text or "" for text in said]
    if len(texts) == 1:
        return texts[0]
    order = [dosage.sequence for dosage in dosages]
    if None in order or len(set(zip(order, texts, strict=True))) < len(texts):
        return NOT_STATED.join(texts)
    in_turn = sorted(zip((each or 0 for each in order), range(len(texts)), texts, strict=True))
    steps = [
        " and ".join(text for _, _, text in together)
        for _, together in groupby(in_turn, key=lambda each: each[0])
    ]
    return " then ".join(steps)


def unit_of(quantity: Quantity) -> Unit | None:
    """The unit of a quantity; a `Unit` without words when it has none; None when unknown."""
    by_word = _look_up("word", quantity.unit.strip().lower()) if quantity.unit else None
    system = TABLE_OF_SYSTEM.get(quantity.system or "")
    code = quantity.code or ""
    by_code = None
    if system and code:
        if system == "ucum" and code.startswith("{") and code.endswith("}"):
            by_code = _look_up("word", code[1:-1].strip().lower())
        else:
            by_code = _look_up(system, code.lower() if system == "ucum" else code)
    if quantity.unit and code and by_word is None and system and by_code is None:
        return None
    if by_word and by_code and by_code.singular and by_word != by_code:
        return None
    if quantity.unit and by_word is None:
        return by_code if by_code and by_code.singular else None
    return by_word or by_code or (None if code else Unit("", ""))


def _look_up(table: str, code: str) -> Unit | None:
    for row in tables.rows("units"):
        if row["system"] == table and row["code"] == code:
            return Unit(row["singular"], row["plural"])
    return None


def _said(dosage: Dosage, *, alone: bool) -> str | None:
    if dosage.text and dosage.text.strip():
        return dosage.text.strip()
    return _rendered(dosage, alone=alone)


def _rendered(dosage: Dosage, *, alone: bool) -> str | None:
    if dosage.max_dose_per_administration or dosage.max_dose_per_lifetime:
        return None
    dose = _dose(dosage.dose_and_rate)
    when = moments(dosage.timing)
    as_required = bool(dosage.as_needed_boolean or dosage.as_needed_codeable_concept)
    if dose is None or when is None or not (when or as_required):
        return None
    amount, unit = dose
    if dosage.site is not None and unit.singular != "patch":
        return None  # "each eye" would double it
    course = _course(dosage, alone=alone)
    most = _most(dosage.max_dose_per_period, unit)
    extra = _in_addition(dosage)
    if course is None or most is None or extra is None:
        return None
    taken = " and ".join(f"{amount} {each}" for each in when) if when else amount
    return taken + (" as required" if as_required else "") + most + course + extra


def _dose(given: tuple[DoseAndRate, ...]) -> tuple[str, Unit] | None:
    ordered = [each for each in given if _is_ordered(each.type)]
    chosen = ordered if len(given) > 1 else list(given)
    if len(chosen) != 1:
        return None
    one = chosen[0]
    if one.rate_ratio is not None or one.rate_range is not None or one.rate_quantity is not None:
        return None
    if one.dose_quantity is not None and one.dose_range is None:
        return _amount(one.dose_quantity, one.dose_quantity)
    if one.dose_range is not None and one.dose_quantity is None:
        return _amount(one.dose_range.low, one.dose_range.high)
    return None


def _is_ordered(kind: CodeableConcept | None) -> bool:
    return kind is not None and any(coding.code == "ordered" for coding in kind.coding)


def _amount(low: Quantity | None, high: Quantity | None) -> tuple[str, Unit] | None:
    if low is None or high is None or low.comparator or high.comparator:
        return None
    least, most, unit = number(low.value), number(high.value), unit_of(low)
    if least is None or most is None or most < least or unit is None or unit != unit_of(high):
        return None
    return _with_unit(between(least, most), most, unit), unit


def _with_unit(text: str, most: Decimal, unit: Unit) -> str:
    if not unit.singular:
        return f"take {text}"
    return f"{text} {unit.singular if most <= 1 else unit.plural}"


def _most(limit: Ratio | None, unit: Unit) -> str | None:
    if limit is None:
        return ""
    top, per = limit.numerator, limit.denominator
    if top is None or per is None or top.comparator or per.comparator:
        return None
    amount, length = number(top.value), number(per.value)
    if amount is None or length is None or unit_of(top) != unit:
        return None
    if (between(length, None), per.code or per.unit or "") not in ONE_DAY:
        return None
    words = f" {unit.singular if amount <= 1 else unit.plural}" if unit.singular else ""
    return f" max {between(amount, None)}{words} in 24 hours"


def _course(dosage: Dosage, *, alone: bool) -> str | None:
    repeat = dosage.timing.repeat if dosage.timing else None
    sayable, days = course_days(repeat)
    if not sayable or (repeat and repeat.bounds_period and not alone):
        return None
    if days is None:
        return ""
    return f" for {days} day{'' if days == 1 else 's'}"


def _in_addition(dosage: Dosage) -> str | None:
    """Further instructions in words; None when they could hold a dose of their own."""
    words = [dosage.patient_instruction or ""]
    for instruction in dosage.additional_instruction:
        display = next((each.display for each in instruction.coding if each.display), "")
        words.append(instruction.text or display or "")
    text = " ".join(each.strip() for each in words if each.strip())
    counting = {row["word"] for row in tables.rows("counting-words")}
    if any(map(str.isdigit, text)) or counting.intersection(_WORD.findall(text.casefold())):
        return None
    return f", {text}" if text else ""
