"""The two tables behind directions are whole, and the JSON keeps its shape."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import unhurried.clinical.opioids.directions as package
from unhurried.clinical.opioids.directions import as_json, interpret
from unhurried.clinical.opioids.directions.vocabulary import split, ways_of_writing, words
from unhurried.clinical.tables import read_table

KEYS = [
    "text", "status", "reason", "dose_min", "dose_max", "unit", "times_per_day_min",
    "times_per_day_max", "as_required", "max_units_per_day", "units_per_day_min",
    "units_per_day_max", "steps", "also_mg",
]  # fmt: skip


def test_every_row_of_the_vocabulary_has_a_kind_and_a_meaning() -> None:
    for row in read_table("directions-vocabulary"):
        assert row["kind"]
        assert row["meaning"], row["written"]


def test_no_phrase_has_two_meanings() -> None:
    meanings: dict[tuple[str, ...], tuple[str, str]] = {}
    for row in read_table("directions-vocabulary"):
        for phrase in ways_of_writing(row["written"]):
            key = tuple(split(phrase))
            assert key, row["meaning"]
            assert meanings.setdefault(key, (row["kind"], row["value"])) == (
                row["kind"],
                row["value"],
            ), phrase


def test_a_choice_in_braces_stands_for_each_way_of_writing() -> None:
    assert ways_of_writing("{on ,}alternate {days,nights}|eod") == [
        "on alternate days",
        "on alternate nights",
        "alternate days",
        "alternate nights",
        "eod",
    ]


def test_every_reason_given_is_in_the_table_and_every_reason_is_given() -> None:
    folder = Path(package.__file__).parent
    source = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py")))
    given = {row["code"] for row in read_table("directions-reasons")}
    assert {code for code in given if f'"{code}"' not in source} == set()
    raised = re.findall(r'(?:Abstain|_abstain)\(\s*"([a-z_]+)"', source)
    assert set(raised) <= given


@pytest.mark.parametrize("row", read_table("directions-reasons"), ids=lambda row: row["code"])
def test_a_reason_is_one_plain_sentence(row: dict[str, str]) -> None:
    assert row["reason"][0].isupper()
    assert row["reason"].endswith(".")
    assert row["reason"].count(". ") == 0


def test_words_not_to_be_used_as_units_are_not_guessed() -> None:
    assert "spoonful" in words()
    assert as_json(interpret("one spoonful bd"))["status"] == "not_understood"


@pytest.mark.parametrize("text", ["1 bd", "", "mdu", "1 od for 7 days then 1 bd", "5ml (10mg) tds"])
def test_the_json_always_has_the_same_keys_in_the_same_order(text: str) -> None:
    assert list(as_json(interpret(text))) == KEYS


def test_whole_numbers_are_int_and_others_rounded_to_six_places() -> None:
    weekly = as_json(interpret("2 patches once a week"))
    assert weekly["dose_max"] == 2
    assert isinstance(weekly["dose_max"], int)
    assert weekly["units_per_day_max"] == 0.285714


def test_steps_have_numbers_of_their_own_and_there_is_no_single_total() -> None:
    answer = as_json(interpret("5ml qds for 1 week then 2.5ml qds"))
    assert answer["units_per_day_max"] is None
    steps = answer["steps"]
    assert isinstance(steps, list)
    assert [(step["units_per_day_max"], step["duration_days"]) for step in steps] == [
        (20, 7),
        (10, None),
    ]
