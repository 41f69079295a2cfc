"""What is said of whom: each story of `stories.toml` is one fact."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.screening.stories.telling import AS_OF, screened

from unhurried.screening import Screening
from unhurried.screening.listing import Candidate
from unhurried.screening.words import milligrams

STORIES: list[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("stories.toml").read_text(encoding="utf-8")
)["story"]
CANDIDATE: dict[str, Callable[[Candidate], object]] = {
    "days_exposed": lambda each: each.person.days_exposed,
    "listed_issues": lambda each: each.person.issues,
    "age": lambda each: each.person.age,
    "ome_as_at": lambda each: each.person.ome_as_at,
    "tier": lambda each: each.tier,
    "flags": lambda each: list(each.flags),
    "early": lambda each: each.early_requests,
    "trend": lambda each: each.trend,
    "ome": lambda each: [
        _number(each.person.ome_min),
        _number(each.person.ome_max),
        each.person.ome_status,
    ],
}


def _number(micrograms: int | None) -> object:
    return "" if micrograms is None else float(milligrams(micrograms))


def _told(story: dict[str, Any]) -> Screening:
    as_of = story.get("as_of", AS_OF)
    assert isinstance(as_of, date)
    codes = [(code, None if day == "" else day) for code, day in story.get("codes", [])]
    return screened(story["issues"], person=story.get("person"), codes=codes, as_of=as_of)


@pytest.mark.parametrize("story", STORIES, ids=[story["fact"] for story in STORIES])
def test_story(story: dict[str, Any]) -> None:
    screening = _told(story)
    rows = list(screening.reasons())
    codes = {row.code for row in rows}
    candidates = screening.candidates()
    if "out" in story:
        assert not candidates
        assert codes == set(story["out"])
    else:
        assert len(candidates) == 1
        assert codes >= set(story.get("in", []))
        assert not codes & set(story.get("not_in", []))
    for key in CANDIDATE.keys() & story.keys():
        assert CANDIDATE[key](candidates[0]) == story[key], key
    if "episodes" in story:
        assert len(screening.episodes()) == story["episodes"]
    if "approaching" in story:
        assert bool(screening.approaching()) is story["approaching"]
    for words in story.get("says", []):
        assert any(words in row.words for row in rows)


def test_every_reason_is_told_by_some_story() -> None:
    told = {code for story in STORIES for key in ("in", "out") for code in story.get(key, [])}
    told_elsewhere = {
        "dose_noted",
        "dose_noted_if_needed",
        "cancer_undated",
        "end_of_life_noted",
        "age_stated",
    }
    told_elsewhere |= {"no_current_product"}
    from unhurried.screening.rules import reason_table

    assert set(reason_table()) - told == told_elsewhere
