"""The exact test counts every way to choose the days, as going through all of them does."""

from __future__ import annotations

import math
from fractions import Fraction
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.clinical.worksheets.naive_worksheet import naive_p
from tests.clinical.worksheets.reading import entries

from unhurried.clinical.worksheets import Entry, exact_p, summary

POINTS = st.lists(st.integers(0, 10), min_size=1, max_size=6)
HALVES = st.lists(st.integers(0, 40).map(lambda n: Fraction(n, 4)), min_size=1, max_size=6)


@given(POINTS | HALVES, POINTS | HALVES)
def test_it_agrees_with_going_through_every_way(
    here: list[Fraction], usual: list[Fraction]
) -> None:
    as_far, ways = exact_p(here, usual)
    assert ways == math.comb(len(here) + len(usual), len(here))
    assert Fraction(as_far, ways) == naive_p(here, usual)
    assert 1 <= as_far <= ways


@given(POINTS, POINTS)
def test_it_is_the_same_from_either_side_and_in_any_order(
    here: list[int], usual: list[int]
) -> None:
    assert exact_p(here, usual) == exact_p(usual, here)
    assert exact_p(here[::-1], usual[::-1]) == exact_p(here, usual)
    upside_down = [10 - n for n in here], [10 - n for n in usual]
    assert exact_p(*upside_down) == exact_p(here, usual)


@pytest.mark.parametrize(
    ("here", "usual", "p"),
    [
        ([8, 8, 8, 8], [4, 4, 4], Fraction(1, 35)),
        ([6, 6, 6, 6], [6, 6, 6], Fraction(1)),
        ([1, 2, 3], [4, 5, 6], Fraction(2, 20)),
        ([5], [5], Fraction(1)),
        ([0], [10], Fraction(1)),
        ([1, 2], [3, 4], Fraction(2, 6)),
    ],
)
def test_shares_that_can_be_worked_out_by_hand(
    here: list[int], usual: list[int], p: Fraction
) -> None:
    assert Fraction(*exact_p(here, usual)) == p


def test_without_ties_it_is_the_published_rank_sum_table() -> None:
    # Every split of 1..n: the smallest rank sum is reached in one way, so is the largest.
    for here, usual in ((3, 3), (4, 5), (8, 8)):
        low, high = list(range(here)), list(range(here, here + usual))
        assert exact_p(low, high)[0] == 2


def test_sixty_days_are_quick_and_exact() -> None:
    here, usual = [n % 11 for n in range(30)], [(n * 7) % 11 for n in range(30)]
    started = process_time()
    as_far, ways = exact_p(here, usual)
    assert process_time() - started < 5
    assert ways == math.comb(60, 30)
    assert 0 < as_far <= ways


def test_the_largest_count_there_can_be_is_held_whole() -> None:
    for many in (8, 16, 60):
        half = [5] * (many // 2)
        assert exact_p(half, half) == (math.comb(many, many // 2),) * 2


def test_a_side_without_days_is_refused() -> None:
    for here, usual in (([], [1]), ([1], []), ([], [])):
        with pytest.raises(ValueError, match="at least one day"):
            exact_p(here, usual)


def test_the_evaluator_gets_the_test_of_each_comparison() -> None:
    week = "1m E p6 s8; 2m E p6 s8; 3m E p6 s8; 4m E p6 s8; 5m U p6 s4; 6m U p6 s4; 7m U p6 s4"
    stress, pain = summary(entries(week)).for_the_evaluator
    assert (stress.kind, stress.thing, stress.days, stress.usual_days) == ("extra", "stress", 4, 3)
    assert stress.p == Fraction(1, 35)
    assert pain.p == 1
    assert "equally likely" in stress.assumes


def test_more_days_than_the_bound_are_not_worked_out_and_say_so() -> None:
    sheet = [
        Entry(
            entries("1m U")[0].day.replace(month=1 + n // 28, day=1 + n % 28),
            taken="extra" if n % 2 else "usual",
            stress=n % 11,
        )
        for n in range(61)
    ]
    (tested,) = summary(sheet).for_the_evaluator
    assert tested.p is None
    assert tested.why_not is not None
    assert "61 days are more than 60" in tested.why_not
    (exact,) = summary(sheet[:60]).for_the_evaluator
    assert exact.ways == math.comb(60, 30)
