"""How people in a surgery type a time of day: read as it is meant, or asked again in a sentence."""

from __future__ import annotations

import csv
from datetime import time
from pathlib import Path

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from unhurried.service.patients.forms import ClockField

TABLE = Path(__file__).parents[2] / "spec/times/typed.csv"
with TABLE.open(encoding="utf-8", newline="") as rows:
    TYPED = list(csv.DictReader(rows))


def read(typed: str) -> tuple[str, str]:
    """The time the field makes of it, or the sentences it says."""
    try:
        found = ClockField(label="Time").clean(typed)  # wording: allowed, Django's name
    except forms.ValidationError as sentence:
        return "", " ".join(sentence.messages)
    assert found is not None
    return found.isoformat("minutes"), ""


@pytest.mark.parametrize("row", TYPED, ids=[each["typed"] for each in TYPED])
def test_a_time_is_read_as_meant_or_asked_again(row: dict[str, str]) -> None:
    found, said = read(row["typed"])
    assert found == row["time"], said
    assert row["asks"] in said
    assert len(said) < 200


def test_a_blank_that_may_be_left_out_is_no_time() -> None:
    field = ClockField(required=False)
    assert field.clean("  ") is None  # wording: allowed, Django's name


@given(st.times())
def test_every_time_is_read_back_as_it_is_shown(at: time) -> None:
    shown = ClockField().widget.format_value(at)
    assert read(str(shown)) == (at.isoformat("minutes"), "")


@given(
    st.times(),
    st.sampled_from(["{:%H:%M}", "{:%H.%M}", "{:%H%M}", "{:%-H:%M}", "{:%-H.%M}", "{:%-H%M}",
                     "{:%-I.%M%p}", "{:%I:%M %p}", "{:%-I%M%p}", "{:%H:%M:00}"]),
)  # fmt: skip
def test_no_other_time_is_read_than_the_one_written(at: time, way: str) -> None:
    found, said = read(way.format(at))
    assert found == at.isoformat("minutes") or said
