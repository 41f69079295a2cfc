"""What a worksheet shows, once more, slowly, so that the product has a rival.

Written before the product's code from the requirement text (design section 4 "Worksheets", SAW-1,
SAW-2): compare days, not entries; the middle value of a day and of a group of days; a number that
is not written is left out and never 0; no pattern from less than a week. The test goes through
every way of choosing the days, so keep it to about 14 days.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

LEAST_DAYS = 7
LEAST_DAYS_OF_A_KIND = 2


def middle(numbers: Sequence[Fraction | int]) -> Fraction | None:
    """The middle number; between two, halfway. None of none."""
    ordered = sorted(Fraction(number) for number in numbers)
    many = len(ordered)
    if many == 0:
        return None
    if many % 2 == 1:
        return ordered[many // 2]
    return (ordered[many // 2 - 1] + ordered[many // 2]) / 2


def kind_of_day(taken: Sequence[str | None]) -> str | None:
    """What a day was, from what each of its entries says was taken."""
    said = [each for each in taken if each is not None]
    if "extra" in said and "less" in said:
        return "mixed"
    if "extra" in said:
        return "extra"
    if "less" in said:
        return "less"
    if "usual" in said:
        return "usual"
    return "none" if said else None


def by_day(entries: Sequence[Any]) -> dict[Any, dict[str, Any]]:
    """Each written day with its kind and the middle of its numbers."""
    once: list[Any] = []
    for entry in entries:
        if entry not in once:
            once.append(entry)
    written = [
        e
        for e in once
        if e.taken or e.reasons or e.happening.strip()
        or e.pain is not None or e.stress is not None or e.sleep is not None
    ]  # fmt: skip
    days = {}
    for day in sorted({entry.day for entry in written}):
        mine = [entry for entry in written if entry.day == day]
        days[day] = {
            "kind": kind_of_day([entry.taken for entry in mine]),
            **{
                thing: middle([v for e in mine if (v := getattr(e, thing)) is not None])
                for thing in ("stress", "pain", "sleep")
            },
        }
    return days


def comparisons(entries: Sequence[Any]) -> dict[tuple[str, str], tuple[Any, ...]]:
    """(kind of day, thing) with its middle, the usual middle and how many days each has."""
    days = by_day(entries)
    found: dict[tuple[str, str], tuple[Any, ...]] = {}
    if len(days) < LEAST_DAYS:
        return found
    for kind in ("extra", "less", "none"):
        for thing in ("stress", "pain", "sleep"):
            here = [d[thing] for d in days.values() if d["kind"] == kind and d[thing] is not None]
            usual = [
                d[thing] for d in days.values() if d["kind"] == "usual" and d[thing] is not None
            ]
            if min(len(here), len(usual)) >= LEAST_DAYS_OF_A_KIND:
                found[kind, thing] = (middle(here), middle(usual), len(here), len(usual))
    return found


def naive_p(here: Sequence[Fraction | int], usual: Sequence[Fraction | int]) -> Fraction:
    """The share of all ways to choose the days whose rank sum is as far from the middle."""
    every = [Fraction(number) for number in (*here, *usual)]
    ranks = []
    for one in every:
        below = sum(other < one for other in every)
        level = sum(other == one for other in every)
        ranks.append(below + Fraction(level + 1, 2))
    many = len(here)
    expected = Fraction(many * (len(every) + 1), 2)
    seen = abs(sum(ranks[:many]) - expected)
    ways = [abs(sum(chosen) - expected) >= seen for chosen in combinations(ranks, many)]
    return Fraction(sum(ways), len(ways))
