"""The table of directions: each text gives exactly the answer beside it, or is declined (OPI-1)."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

import pytest

from unhurried.clinical.opioids.directions import NotUnderstood, Step, Understood, interpret

TABLE = Path(__file__).with_name("directions.csv")
ROWS = [
    pytest.param(row["text"], row["form"] or None, row["answer"], id=row["text"][:60])
    for row in csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines())
]


def answer(result: Understood | NotUnderstood) -> str:
    """One line for an answer: "1..2 tablet x 4 = 4..8, at most 8, as required"."""
    if isinstance(result, NotUnderstood):
        return f"declined: {result.code}"
    if result.steps:
        return "; then ".join(_line(step) + _days(step) for step in result.steps)
    mg = "" if result.also_mg is None else f", {result.also_mg} mg each"
    return _line(result) + mg


def _line(part: Understood | Step) -> str:
    dose = _range(part.dose_min, part.dose_max)
    times = _range(part.times_per_day_min, part.times_per_day_max)
    total = _range(part.units_per_day_min, part.units_per_day_max)
    most = "" if part.max_units_per_day is None else f", at most {part.max_units_per_day}"
    required = ", as required" if part.as_required else ""
    return f"{dose} {part.unit or 'units'} x {times} = {total}{most}{required}"


def _days(step: Step) -> str:
    return "" if step.duration_days is None else f" for {step.duration_days} days"


def _range(low: Fraction | None, high: Fraction | None) -> str:
    if low is None or high is None:
        return "?"
    return str(low) if low == high else f"{low}..{high}"


@pytest.mark.parametrize(("text", "form", "expected"), ROWS)
def test_directions_give_the_answer_of_the_table(
    text: str, form: str | None, expected: str
) -> None:
    assert answer(interpret(text, form=form)) == expected


def test_fractions_are_exact() -> None:
    result = interpret("one patch every 72 hours")
    assert isinstance(result, Understood)
    assert result.units_per_day_max == Fraction(1, 3)
