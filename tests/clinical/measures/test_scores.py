"""Scores are what the published rules say, gaps are never 0, and wrong answers are named."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.clinical.measures.naive_measures import (
    ITEMS,
    LEAST_AND_MOST_ANSWER,
    naive_band,
    naive_part,
    naive_total,
)
from tests.clinical.measures.reading import answers, points, rows

from unhurried.clinical.measures import Answer, MeasureError, Score, measure, measures, score, shown

SCORES = rows("scores")
VAST = pytest.param(10**5000, id="5,001 digits")
ASKED = [code for code, each in measures().items() if each.entry == "answers"]
ENTERED = [code for code, each in measures().items() if each.entry == "total"]


def of(made: Score, part: str) -> Score:
    """The score of a part, or the whole one."""
    return next(each for each in (made, *made.parts) if each.part == part)


@st.composite
def forms(draw: st.DrawFn, codes: list[str]) -> tuple[str, dict[str, int | None]]:
    """A measure and answers to it, some of them missing."""
    code = draw(st.sampled_from(codes))
    return code, {
        item.id: draw(st.none() | st.integers(item.least, item.most))
        for item in measure(code).items
    }


@pytest.mark.parametrize("row", SCORES, ids=lambda row: f"{row['measure']} {row['answers'][:40]}")
def test_labelled_answers_come_to_their_score(row: dict[str, str]) -> None:
    made = of(score(row["measure"], answers(row["answers"])), row["part"])
    assert made.total == points(row["total"])
    assert made.band == (row["band"] or None)
    assert made.pro_rated == (row["pro_rated"] == "yes")
    assert (made.why_not is None) == (made.total is not None)


def test_every_measure_is_in_the_labelled_table() -> None:
    assert {row["measure"] for row in SCORES} >= set(measures()) - {"SAFE"}


@given(forms(sorted(ITEMS)))
def test_it_agrees_with_the_naive_rules_written_before_it(
    form: tuple[str, dict[str, int | None]],
) -> None:
    code, given_answers = form
    made = score(code, given_answers)
    assert made.total == naive_total(code, given_answers)
    assert made.band == naive_band(code, "", made.total)
    for part in made.parts:
        assert part.total == naive_part(code, part.part, given_answers)
        assert part.band == naive_band(code, part.part, part.total)


def test_the_naive_rules_ask_the_same_questions() -> None:
    for code, items in ITEMS.items():
        assert [item.id for item in measure(code).items] == items
        ends = {(item.least, item.most) for item in measure(code).items}
        assert ends == {LEAST_AND_MOST_ANSWER[code]}


@given(forms(ASKED))
def test_a_score_lies_in_its_range_and_counts_what_was_answered(
    form: tuple[str, dict[str, int | None]],
) -> None:
    code, given_answers = form
    made = score(code, given_answers)
    unanswered = {item for item, value in given_answers.items() if value is None}
    assert set(made.missing) == unanswered
    assert made.complete == (not unanswered)
    assert made.answered + len(made.missing) == len(given_answers)
    for each in (made, *made.parts):
        assert (each.total is None) == (each.why_not is not None)
        if each.total is not None and each.range is not None:
            assert each.range[0] <= each.total <= each.range[1]
        if not each.answered:
            assert each.total is None
        if each.missing and not each.pro_rated:
            assert each.total is None


@given(forms(ASKED), st.data())
def test_one_answer_more_never_lowers_a_score(
    form: tuple[str, dict[str, int | None]], data: st.DataObject
) -> None:
    code, given_answers = form
    item = data.draw(st.sampled_from(measure(code).items))
    value = given_answers[item.id]
    if value is None or value == item.most:
        return
    before = score(code, given_answers)
    after = score(code, {**given_answers, item.id: value + 1})
    for low, high in zip((before, *before.parts), (after, *after.parts), strict=True):
        assert (low.total is None) == (high.total is None)
        if low.total is not None and high.total is not None:
            assert low.total <= high.total


@given(forms(ASKED))
def test_names_and_places_of_questions_mean_the_same(
    form: tuple[str, dict[str, int | None]],
) -> None:
    code, given_answers = form
    by_place = dict(enumerate(given_answers.values(), start=1))
    lower: dict[str, Answer] = {f" {item.lower()} ": value for item, value in given_answers.items()}
    assert score(code, by_place) == score(code, given_answers) == score(code, lower)
    left_out = {item: value for item, value in given_answers.items() if value is not None}
    assert score(code, left_out) == score(code, given_answers)


@pytest.mark.parametrize("row", rows("refused"), ids=lambda row: f"{row['measure']} {row['says']}")
def test_what_cannot_be_used_is_refused_in_a_sentence(row: dict[str, str]) -> None:
    with pytest.raises(MeasureError) as refusal:
        score(row["measure"], answers(row["answers"]))
    assert row["says"] in str(refusal.value)
    assert str(refusal.value).endswith((".", '".'))


@pytest.mark.parametrize(
    "value",
    [True, False, 1.0, 0.5, "2", "", Decimal(2), Fraction(2), VAST, float("nan"), [], b"1"],
    ids=lambda value: (
        repr(value)[:20] if not isinstance(value, int) else f"int{value.bit_length()}"
    ),
)
def test_only_whole_numbers_are_answers(value: Any) -> None:
    with pytest.raises(MeasureError, match=r"PHQ-9, question 9: .* is not one of its answers"):
        score("PHQ9", {9: value})


@pytest.mark.parametrize(
    "value", [True, 1.5, "20", Decimal("NaN"), Decimal("Infinity"), Decimal("-1"), VAST]
)
def test_only_numbers_in_the_range_are_totals(value: Any) -> None:
    for code in ENTERED:
        with pytest.raises(MeasureError, match="is not one of its scores"):
            score(code, {"total": value})


@pytest.mark.parametrize("key", [0, -1, 10, VAST, True, None, "", "x", 1.5, "09.", "²", "total"])
def test_a_question_it_does_not_have_is_refused(key: Any) -> None:
    with pytest.raises(MeasureError):
        score("PHQ9", {key: 1})


@pytest.mark.parametrize("code", ENTERED)
def test_an_entered_total_may_be_at_either_end_of_its_range(code: str) -> None:
    scale = measure(code).scale()
    for end in (scale.least, scale.most):
        assert score(code, {"total": end}).total == end
    assert score(code, {}).total is None
    assert score(code, {}).missing == ("total",)


def test_the_four_questions_of_ons4_are_never_added_up() -> None:
    made = score("ONS4", {"sat": 7, "worth": 7, "happy": 7, "anx": 2})
    assert made.complete
    assert made.total is None
    assert made.why_not is not None
    assert "never added up" in made.why_not


def test_the_words_of_a_gap_name_the_questions() -> None:
    why = score("PHQ9", {1: 1, 2: 1}).why_not
    assert why is not None
    assert why.startswith("Not known: 7 of 9 questions not answered (3, 4, 5, 6, 7, 8, 9).")
    assert score("PHQ9", {}).why_not == "Not answered."


def test_a_high_sds_is_explained_to_the_clinician_only() -> None:
    made = score("SDS", dict.fromkeys(range(1, 6), 3))
    assert "dependence" not in (made.band_words or "")
    assert "psychological dependence" in (made.clinician_words or "")


@pytest.mark.parametrize(
    ("number", "printed"),
    [
        (Fraction(11, 3), "3.7"),
        (Fraction(20, 3), "6.7"),
        (Fraction(1, 6), "0.2"),
        (Fraction(5), "5"),
        (Fraction(10), "10"),
        (Fraction(0), "0"),
        (Fraction("0.85"), "0.85"),
        (Fraction("21.54"), "21.54"),
        (Fraction("-4.5"), "-4.5"),
        (Fraction(100), "100"),
    ],
)
def test_a_number_is_printed_plainly(number: Fraction, printed: str) -> None:
    assert shown(number) == printed
