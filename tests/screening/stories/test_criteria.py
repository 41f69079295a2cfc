"""A practice's criteria file: any value, any order of tiers, and a sentence for every slip."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.screening.stories.telling import issues_of, records, screened

from unhurried.screening import CriteriaError, criteria_from, default_criteria, load_criteria

NAMED = {"name": "ours", "version": "3"}
LONG = "-100,-70,-40,-10 | morphine | one twice a day | 60"


def test_the_defaults_are_the_papers() -> None:
    paper = default_criteria()
    assert (paper.longer_than_days, paper.issues_at_least, paper.adult_age) == (90, 3, 18)
    assert paper.thresholds_mg == (50, 90, 120, 300)


def test_a_file_changes_only_what_it_names(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text('name = "ours"\nversion = "3"\n[exposure]\nlonger_than_days = 120\n')
    assert load_criteria(path) == replace(
        default_criteria(), name="ours", version="3", longer_than_days=120
    )


def test_the_criteria_decide_who_is_listed() -> None:
    longer = criteria_from(NAMED | {"exposure": {"longer_than_days": 120}})
    assert screened(LONG).listed == 1
    assert screened(LONG, criteria=longer).listed == 0
    more = criteria_from(NAMED | {"exposure": {"issues_at_least": 5}})
    assert screened(LONG, criteria=more).listed == 0


def test_tiers_can_be_reordered() -> None:
    text = f"{LONG}\n-20 | diazepam | one twice a day | 56\n-16 | codeine | as directed | 56"
    unknown_first = criteria_from(
        NAMED
        | {
            "tiers": {
                "order": [
                    "dose_not_known", "with_sedatives", "higher_dose", "changing", "long_term",
                ]
            }
        }
    )  # fmt: skip
    assert screened(text).candidates()[0].tier == "with_sedatives"
    assert screened(text, criteria=unknown_first).candidates()[0].tier == "dose_not_known"


def test_end_of_life_can_be_noted_in_place_of_leaving_out() -> None:
    noted = criteria_from(NAMED | {"end_of_life": {"leave_out": False}})
    (person,) = screened(LONG, codes=[("103735009", -20)], criteria=noted).candidates()
    assert person.flags == ("end-of-life care",)


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ({"version": "1"}, "needs a name of its own"),
        ({"name": "ours"}, "needs a version of its own"),
        (NAMED | {"exposures": {}}, r"did you mean exposure\?"),
        (NAMED | {"exposure": {"longer_than": 3}}, r"did you mean longer_than_days\?"),
        (NAMED | {"exposure": 3}, "must be a section"),
        (NAMED | {"exposure": {"issues_at_least": "3"}}, "must be a whole number, not '3'"),
        (NAMED | {"exposure": {"issues_at_least": True}}, "must be a whole number"),
        (NAMED | {"exposure": {"issues_at_least": 0}}, "must be between 1 and 1000"),
        (NAMED | {"dose": {"thresholds_mg": [90, 50]}}, "rising list of whole numbers"),
        (NAMED | {"tiers": {"order": ["higher_dose"]}}, "must name each tier once"),
        (NAMED | {"end_of_life": {"since": "2008"}}, "must be a date"),
        (NAMED | {"end_of_life": {"leave_out": "yes"}}, "must be true or false"),
        (NAMED | {"episode": {"longest_supply_days": 14}}, "assumed_supply_days is longer"),
        (NAMED | {"approaching": {"from_days": 100}}, "must not be longer"),
    ],
)
def test_a_slip_is_a_sentence(document: dict[str, object], sentence: str) -> None:
    with pytest.raises(CriteriaError, match=sentence):
        criteria_from(document)


def test_a_file_that_is_missing_or_not_toml_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CriteriaError, match="could not be opened"):
        load_criteria(tmp_path / "none.toml")
    (tmp_path / "bad.toml").write_bytes(b"name = \xff")
    with pytest.raises(CriteriaError, match="not readable as TOML"):
        load_criteria(tmp_path / "bad.toml")


def test_a_story_without_people_lists_nobody() -> None:
    from unhurried.screening import screen

    empty = screen(records([], {}), default_criteria(), as_of=issues_day())
    assert (empty.listed, list(empty.reasons()), empty.episodes()) == (0, [], [])
    assert issues_of("") == []


def issues_day() -> date:
    return date(2026, 11, 3)
