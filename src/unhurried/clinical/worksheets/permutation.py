"""An exact permutation test for the evaluator: no tables, no approximation, no chance involved.

Days are put in order of their number (ties share the middle rank), and the sum of the ranks of one
kind of day is compared with that of every way to choose as many days. The person sees middle
values; ranks are the test that goes with them, and fit numbers from 0 to 10 that are an order more
than a length. All ways are counted without going through them: 60 days take some milliseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

BITS = 8


@dataclass(frozen=True, slots=True)
class ExactTest:
    """One comparison for the evaluator. `p` is two-sided and exact: `as_far` of the `ways` to
    choose the days are at least as far from the middle. None with `why_not` when not worked out."""

    kind: str
    thing: str
    days: int
    usual_days: int
    ways: int | None
    as_far: int | None
    p: Fraction | None
    assumes: str
    why_not: str | None


def exact_p(here: Sequence[Fraction | int], usual: Sequence[Fraction | int]) -> tuple[int, int]:
    """Return (ways as far from the middle as this one, all ways) to choose the days of one kind.

    Raises ValueError when either side has no day.
    """
    if not here or not usual:
        raise ValueError("Both kinds need at least one day.")
    ranks = _doubled_ranks([*here, *usual])
    many = len(here)
    middle = many * (len(ranks) + 1)  # of doubled ranks
    seen = abs(sum(ranks[:many]) - middle)
    counts = _sums(ranks, many)
    as_far = sum(count for total, count in enumerate(counts) if abs(total - middle) >= seen)
    return as_far, sum(counts)


def _doubled_ranks(numbers: Sequence[Fraction | int]) -> list[int]:
    """Return twice the rank of each number, so that a shared rank is whole too."""
    ordered = sorted(numbers)
    first: dict[Fraction | int, int] = {}
    last: dict[Fraction | int, int] = {}
    for place, number in enumerate(ordered, start=1):
        first.setdefault(number, place)
        last[number] = place
    return [first[number] + last[number] for number in numbers]


def _sums(ranks: Sequence[int], many: int) -> list[int]:
    """Return how many ways there are to reach each sum with `many` of the ranks.

    One whole number holds all counts for one size of choice, each in a field wide enough for the
    largest; adding a day is then one shift and one addition a size.
    """
    width = BITS * (len(ranks) // BITS + 1)  # no count reaches 2 to the number of days
    reach = [1] + [0] * many
    for place, rank in enumerate(ranks, start=1):
        for size in range(min(place, many), 0, -1):
            reach[size] += reach[size - 1] << (rank * width)
    step = width // BITS
    packed = reach[many].to_bytes(reach[many].bit_length() // BITS + 1, "little")
    fields = range(0, len(packed), step)
    return [int.from_bytes(packed[at : at + step], "little") for at in fields]
