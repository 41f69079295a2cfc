"""The direction writer writes what it says it writes, and its truths hold together."""

from collections.abc import Sequence
from fractions import Fraction
from typing import TypeVar

import pytest
from hypothesis import given, settings
from tests.oracle import strategies
from tests.oracle.naive_directions import Truth, Written, write
from tests.oracle.phrases import TEMPLATES

T = TypeVar("T")


def scripted(template: str) -> Written:
    """The text written when every choice is the first, but for shape, template and unit."""
    shape = next(s for s in TEMPLATES if template in TEMPLATES[s])

    def choose(options: Sequence[T], /) -> T:
        wanted = [o for o in options if o in (shape, template, "tablet")]
        return wanted[0] if wanted else options[0]

    return write(choose)


@pytest.mark.parametrize(
    ("template", "text", "units"),
    [
        ("take {d} {f}", "take 1 tablet od", (1, 1)),
        ("take {d} {f} {p}", "take 1 tablet od prn", (0, 1)),
        ("{d} {p} {m}", "1 tablet prn max 1 in 24 hours", (0, 1)),
        ("{a} {am} and {b} {pm}", "1 tablet in the morning and 1 tablet at night", (2, 2)),
        ("apply {d} {f}", "apply 1 patch every 72 hours", ("1/3", "1/3")),
        ("{d} up to {f}", "1 tablet up to bd", (0, 2)),
    ],
)
def test_a_template_means_what_it_says(
    template: str, text: str, units: tuple[str | int, str | int]
) -> None:
    written = scripted(template)
    assert written.text == text
    low, high = Fraction(units[0]), Fraction(units[1])
    assert (written.truth.units_per_day_min, written.truth.units_per_day_max) == (low, high)


def test_there_are_at_least_sixty_templates_and_each_can_be_written() -> None:
    every = [t for shape in TEMPLATES.values() for t in shape]
    assert len(every) >= 60
    assert {scripted(t).template for t in every} == set(every)


@given(strategies.directions())
@settings(max_examples=200, derandomize=True, deadline=None)
def test_every_truth_is_consistent_with_itself(written: Written) -> None:
    truth: Truth = written.truth
    assert "{" not in written.text
    assert 0 < truth.dose_min <= truth.dose_max
    assert truth.units_per_day_min <= truth.units_per_day_max
    if truth.as_required:
        assert truth.units_per_day_min == 0
    if truth.max_units_per_day is not None:
        assert truth.units_per_day_max == truth.max_units_per_day
