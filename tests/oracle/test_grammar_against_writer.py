"""The grammar against the direction writer: right or abstained, never wrong.

The writer knows what it meant, and shares no word list with the grammar.
"""

from fractions import Fraction

from hypothesis import given, settings
from tests.oracle import strategies
from tests.oracle.naive_directions import Truth, Written

from unhurried.clinical.opioids.directions import Understood, interpret


def differences(reading: Understood, truth: Truth) -> list[str]:
    """Each number on which a reading differs from what was meant."""
    pairs = {
        "dose_min": (reading.dose_min, truth.dose_min),
        "dose_max": (reading.dose_max, truth.dose_max),
        "unit": (reading.unit, truth.unit),
        "times_per_day_min": (reading.times_per_day_min, truth.times_min),
        "times_per_day_max": (reading.times_per_day_max, truth.times_max),
        "max_units_per_day": (reading.max_units_per_day, truth.max_units_per_day),
        "units_per_day_min": (reading.units_per_day_min, truth.units_per_day_min),
        "units_per_day_max": (reading.units_per_day_max, truth.units_per_day_max),
    }
    if truth.as_required is not None:
        pairs["as_required"] = (Fraction(reading.as_required), Fraction(truth.as_required))
    return [
        f"{name}: {read}, meant {meant}" for name, (read, meant) in pairs.items() if read != meant
    ]


@given(strategies.directions())
@settings(max_examples=400, deadline=None, derandomize=True, database=None)
def test_what_is_understood_is_what_was_meant(written: Written) -> None:
    reading = interpret(written.text, form=written.form)
    if isinstance(reading, Understood):
        assert differences(reading, written.truth) == [], written.text
