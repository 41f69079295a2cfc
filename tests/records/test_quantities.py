"""Quantities, supplies, ages, sexes and statuses: unsure means not known."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unhurried.records.quantities import (
    is_void,
    read_age,
    read_days,
    read_quantity,
    read_sex,
    words,
)

with (Path(__file__).parent / "quantities.csv").open(encoding="utf-8", newline="") as lines:
    TABLE = [(row["text"], row["thousandths"]) for row in csv.DictReader(lines)]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_table_of_quantities(text: str, expected: str) -> None:
    quantity = read_quantity(text)
    assert quantity.negative == (expected == "negative")
    assert quantity.thousandths == (int(expected) if expected.isdigit() else None)


@given(st.integers(1, 1_000_000), st.sampled_from(["", " tablets", " ml", " patch"]))
def test_whole_numbers_keep_their_value(number: int, unit: str) -> None:
    assert read_quantity(f"{number}{unit}").thousandths == number * 1000


@given(st.text(max_size=20))
def test_any_text_gives_a_positive_quantity_or_none(text: str) -> None:
    thousandths = read_quantity(text).thousandths
    assert thousandths is None or thousandths > 0


@pytest.mark.parametrize(
    ("text", "days"),
    [("28", 28), ("28 days", 28), ("4 weeks", 28), ("28/7", 28), ("4/52", 28), ("28.0", 28),
     ("1 month", None), ("0", None), ("-3", None), ("", None), ("99999", None)],
)  # fmt: skip
def test_lengths_of_supply(text: str, days: int | None) -> None:
    assert read_days(text) == days


@pytest.mark.parametrize(
    ("text", "age"),
    [("45", 45), ("45 years", 45), ("45y", 45), ("0", 0), ("131", None), ("?", None)],
)
def test_ages(text: str, age: int | None) -> None:
    assert read_age(text) == age


@pytest.mark.parametrize(
    ("text", "sex"),
    [("F", "female"), ("female", "female"), ("M", "male"), ("1", "male"), ("2", "female"),
     ("I", "other"), ("U", "not known"), ("", "not known"), ("banana", None)],
)  # fmt: skip
def test_sexes(text: str, sex: str | None) -> None:
    assert read_sex(text) == sex


def test_statuses_that_take_a_row_out() -> None:
    assert is_void("Entered in Error")
    assert is_void("Y", "deleted")
    assert not is_void("Active")
    assert not is_void("N", "deleted")


def test_every_word_has_a_source() -> None:
    assert words("unit")
    table = Path(__file__).parents[2] / "src/unhurried/records/words.csv"
    with table.open(encoding="utf-8", newline="") as rows:
        assert all(row["source"] and row["meaning"] for row in csv.DictReader(rows))
