"""Structure said in words and read back by the directions grammar is the same amount, or abstained.

The amount is worked out here from the structure alone, not from the words.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unhurried.clinical.opioids.directions import Understood, interpret
from unhurried.records.fhir.dosage import NOT_STATED, directions
from unhurried.records.fhir.models import DOSAGES

DAYS_IN = {"h": Fraction(1, 24), "d": Fraction(1), "wk": Fraction(7), "mo": Fraction(30)}
UNITS = {"tablet": "tablet", "capsule": "capsule", "mL": "ml", "mg": "mg", "": None}
AMOUNTS = st.sampled_from([0.5, 1, 1.5, 2, 2.5, 5, 10, 12])


def quantity(value: float, unit: str) -> dict[str, Any]:
    return {"value": value, "unit": unit} if unit else {"value": value}


@st.composite
def structures(draw: st.DrawFn) -> tuple[dict[str, Any], tuple[Fraction, Fraction], str]:
    """A dosage, the least and most a day it stands for, and its unit."""
    unit = draw(st.sampled_from(sorted(UNITS)))
    low = draw(AMOUNTS)
    high = draw(AMOUNTS.filter(lambda each: each >= low))
    dose: dict[str, Any] = {"doseQuantity": quantity(low, unit)}
    if high > low:
        dose = {"doseRange": {"low": quantity(low, unit), "high": quantity(high, unit)}}
    times = draw(st.integers(1, 6))
    most = draw(st.none() | st.integers(times, 8))
    period_unit = draw(st.sampled_from(sorted(DAYS_IN)))
    period = draw(st.sampled_from([1, 2, 3, 4, 6, 8, 12, 24, 72]))
    longest = draw(st.none() | st.just(period + 2))
    repeat = {"frequency": times, "period": period, "periodUnit": period_unit}
    if most is not None:
        repeat["frequencyMax"] = most
    if longest is not None:
        repeat["periodMax"] = longest
    least_times = times / (Fraction(longest or period) * DAYS_IN[period_unit])
    most_times = (most or times) / (Fraction(period) * DAYS_IN[period_unit])
    dosage: dict[str, Any] = {"doseAndRate": [dose], "timing": {"repeat": repeat}}
    least, top = Fraction(low) * least_times, Fraction(high) * most_times
    if draw(st.booleans()):
        dosage["asNeededBoolean"] = True
        least = Fraction(0)
    limit = draw(st.none() | st.sampled_from([4, 8]))
    if limit is not None and limit >= least:
        dosage["maxDosePerPeriod"] = {
            "numerator": quantity(limit, unit), "denominator": {"value": 24, "code": "h"},
        }  # fmt: skip
        top = min(top, Fraction(limit))
    return dosage, (min(least, top), top), unit


def said(*dosages: dict[str, Any]) -> str:
    return directions(DOSAGES.validate_python(list(dosages)))


@settings(max_examples=300)
@given(structures())
def test_the_words_never_mean_another_amount(
    structure: tuple[dict[str, Any], tuple[Fraction, Fraction], str],
) -> None:
    dosage, (least, top), unit = structure
    result = interpret(said(dosage))
    if isinstance(result, Understood):
        assert (result.units_per_day_min, result.units_per_day_max) == (least, top)
        assert result.unit == UNITS[unit]


@pytest.mark.parametrize(
    ("repeat", "a_day"),
    [
        ({"frequency": 2, "period": 1, "periodUnit": "d"}, 2),
        ({"frequency": 1, "period": 12, "periodUnit": "h"}, 2),
        ({"frequency": 1, "period": 72, "periodUnit": "h"}, Fraction(1, 3)),
        ({"frequency": 1, "period": 3, "periodUnit": "d"}, Fraction(1, 3)),
        ({"frequency": 1, "period": 1, "periodUnit": "wk"}, Fraction(1, 7)),
        ({"when": ["MORN", "NIGHT"]}, 2),
        ({"when": ["HS"]}, 1),
        ({"timeOfDay": ["08:00:00", "14:00:00", "20:00:00"]}, 3),
        ({"dayOfWeek": ["mon"]}, Fraction(1, 7)),
    ],
)
@pytest.mark.parametrize("unit", ["patch", "tablet", "mL", ""])
def test_common_timings_are_understood(
    repeat: dict[str, Any], a_day: Fraction | int, unit: str
) -> None:
    dose = {"doseQuantity": quantity(2, unit)}
    result = interpret(said({"doseAndRate": [dose], "timing": {"repeat": repeat}}))
    assert isinstance(result, Understood), result
    assert result.units_per_day_max == result.units_per_day_min == 2 * a_day


@pytest.mark.parametrize(
    ("first", "second"), [("1 in the morning", "2 at night"), ("One a day", "Two a day")]
)
def test_what_is_not_stated_is_not_added_up(first: str, second: str) -> None:
    text = said({"text": first}, {"text": second})
    assert NOT_STATED.strip() in text
    assert not isinstance(interpret(text), Understood)


def test_doses_taken_together_add_up_and_doses_in_turn_do_not() -> None:
    morning, night = {"text": "1 in the morning"}, {"text": "2 at night"}
    together = interpret(said({"sequence": 1, **morning}, {"sequence": 1, **night}))
    assert isinstance(together, Understood)
    assert together.units_per_day_max == 3
    in_turn = interpret(said({"sequence": 1, "text": "1 daily for 7 days"},
                             {"sequence": 2, "text": "2 daily"}))  # fmt: skip
    assert not isinstance(in_turn, Understood) or in_turn.units_per_day_max is None
