"""What a difference means on each measure, and the answers that open a conversation today."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.clinical.measures.naive_measures import HIGHER, MATTERS, naive_meaningful
from tests.clinical.measures.reading import answers, points, rows

from unhurried.clinical.measures import MeasureError, change, measure, measures, safety, score
from unhurried.clinical.tables import read_table

SCALES = [(code, scale.part) for code, each in measures().items() for scale in each.scales]


@pytest.mark.parametrize("row", rows("changes"), ids=lambda r: " ".join(list(r.values())[:4]))
def test_labelled_changes_mean_what_they_are_labelled_with(row: dict[str, str]) -> None:
    made = change(row["measure"], points(row["earlier"]), points(row["later"]), part=row["part"])
    assert made.difference == points(row["difference"])
    assert made.went == row["went"]
    assert made.meaningful == row["meaningful"]


@given(st.sampled_from(SCALES), st.data())
def test_the_way_back_is_as_large_and_goes_the_other_way(
    where: tuple[str, str], data: st.DataObject
) -> None:
    code, part = where
    if measure(code).compares:
        return
    scale = measure(code).scale(part)
    ends = st.integers(int(scale.least), int(scale.most))
    then, now = data.draw(ends), data.draw(ends)
    there, back = change(code, then, now, part=part), change(code, now, then, part=part)
    assert there.difference == now - then
    assert back.difference == then - now
    assert {there.went, back.went} in ({"better", "worse"}, {"same"})
    if then != now:
        assert (there.went == "better") == ((now < then) == (scale.better == "lower"))
    if code in MATTERS:
        assert there.meaningful == naive_meaningful(code, Fraction(then), Fraction(now))


@given(st.sampled_from(SCALES), st.data())
def test_an_unchanged_score_is_never_a_meaningful_change(
    where: tuple[str, str], data: st.DataObject
) -> None:
    code, part = where
    scale = measure(code).scale(part)
    value = data.draw(st.integers(int(scale.least), int(scale.most)))
    made = change(code, value, value, part=part)
    assert made.meaningful != "yes"
    assert all(each.meaningful != "yes" for each in made.also)
    if not measure(code).compares:
        assert made.direction == f"{value} now and {value} before: the same."


def test_higher_is_better_only_where_the_reference_says_so() -> None:
    for code, part in HIGHER:
        assert measure(code).scale(part).better == "higher"
    assert measure("ONS4").scale("anx").better == "lower"


def test_the_sources_that_disagree_stand_side_by_side() -> None:
    made = change("PEG", 6, Fraction("4.6"))
    assert made.meaningful == "not known"
    assert "leaves it open" in (made.threshold or "")
    assert "Reed 2023" in (made.source or "")
    assert {each.name: each.meaningful for each in made.also} == {
        "distribution": "yes",
        "thirty-percent": "no",
    }


def test_thirty_percent_is_of_the_earlier_score_and_of_improvement() -> None:
    def verdict(then: int, now: int) -> str:
        return next(
            e.meaningful for e in change("PEG", then, now).also if e.name == "thirty-percent"
        )

    assert [verdict(10, 7), verdict(10, 8), verdict(7, 10), verdict(0, 0), verdict(0, 3)] == [
        "yes",
        "no",
        "not known",
        "no",
        "not known",
    ]


def test_words_of_a_change_say_which_way_is_better() -> None:
    said = {
        change("PHQ9", 15, 10).direction,
        change("ONS4", 5, 7, part="sat").direction,
        change("WEMWBS", 50, 40).direction,
        change("PEG", 4, Fraction(20, 3)).direction,
        change("PHQ9", 10, 9).direction,
    }
    assert said == {
        "10 now and 15 before: lower by 5. Here lower is better.",
        "7 now and 5 before: higher by 2. Here higher is better.",
        "40 now and 50 before: lower by 10. Here higher is better.",
        "6.7 now and 4 before: higher by 2.7. Here lower is better.",
        "9 now and 10 before: stayed about the same.",
    }


def test_scores_are_compared_with_their_parts() -> None:
    then = score("ONS4", {"sat": 4, "worth": 5, "happy": 5, "anx": 6})
    now = score("ONS4", {"sat": 5, "worth": 5, "happy": None, "anx": 4})
    made = change("ONS4", then, now)
    assert made.difference is None
    assert made.meaningful == "not known"
    assert [(each.part, each.went, each.meaningful) for each in made.parts] == [
        ("sat", "better", "yes"),
        ("worth", "same", "no"),
        ("happy", "not known", "not known"),
        ("anx", "better", "yes"),
    ]
    assert change("ONS4", then.parts[0], now.parts[0]) == made.parts[0]
    assert len(change("PHQ4", score("PHQ4", {}), score("PHQ4", {})).parts) == 2


def test_a_score_not_known_gives_no_difference() -> None:
    for then, now in ((None, 5), (5, None), (None, None)):
        made = change("PHQ9", then, now)
        assert made.difference is None
        assert made.went == made.meaningful == "not known"
        assert made.why_not == made.direction
    gap = score("PHQ9", {1: 3})
    assert change("PHQ9", gap, score("PHQ9", dict.fromkeys(range(1, 10), 0))).difference is None


@pytest.mark.parametrize(
    ("code", "then", "now", "part"),
    [
        ("PHQ9", 28, 3, ""),
        ("PHQ9", -1, 3, ""),
        ("PHQ9", 3.5, 3, ""),
        ("PHQ9", True, 3, ""),
        ("PHQ9", 3, 3, "mood"),
        ("NOSUCH", 3, 3, ""),
        ("PHQ9", score("GAD7", {}), 3, ""),
        ("ONS4", score("ONS4", {}).parts[0], score("ONS4", {}).parts[1], ""),
    ],
)
def test_scores_that_cannot_be_compared_are_refused(
    code: str, then: Any, now: Any, part: str
) -> None:
    with pytest.raises(MeasureError):
        change(code, then, now, part=part)


@pytest.mark.parametrize("row", rows("safety"), ids=lambda r: f"{r['measure']} {r['answers']}")
def test_labelled_answers_open_a_conversation_or_do_not(row: dict[str, str]) -> None:
    made = safety(row["measure"], answers(row["answers"]))
    assert [each.item for each in made.same_day] == row["opens"].split()
    assert [each.item for each in made.not_answered] == row["not_answered"].split()
    assert made.opens == bool(row["opens"])


@given(
    st.dictionaries(
        st.integers(1, 9) | st.sampled_from(["x", "", "total", None]),
        st.none() | st.integers() | st.text(max_size=3) | st.floats() | st.booleans(),
    ),
    st.integers(1, 3) | st.integers(4, 99) | st.text() | st.booleans() | st.floats(),
)
def test_nothing_else_on_the_form_hides_item_nine(rest: dict[Any, Any], ninth: Any) -> None:
    made = safety("PHQ9", {**rest, 9: ninth})
    assert made.opens
    assert made.same_day[0].said_to_the_person
    assert made.same_day[0].answer == (ninth if ninth in {1, 2, 3} and _int(ninth) else None)


def _int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def test_item_nine_given_twice_opens_when_either_is_not_nought() -> None:
    assert safety("PHQ9", {9: 0, "9": 2}).opens  # type: ignore[arg-type]
    assert not safety("PHQ9", {9: 0, "9": 0}).opens  # type: ignore[arg-type]
    assert not safety("PHQ9", {9: 0, 10**5000: 2}).opens


def test_every_safety_question_is_one_the_measure_has() -> None:
    for row in read_table("measure-safety"):
        assert row["item"] in {item.id for item in measure(row["measure"]).items}
