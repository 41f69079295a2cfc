"""Days, or times, of one kind beside the usual ones: middle values and how they differ.

Nothing is compared with fewer than the table's least; what is left out is named, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from unhurried.clinical.worksheets.days import Day, middle
from unhurried.clinical.worksheets.entries import THINGS, Amount, Entry, Thing
from unhurried.clinical.worksheets.permutation import ExactTest, exact_p
from unhurried.clinical.worksheets.tables import difference_words, rules, words

KINDS: tuple[Amount, ...] = ("extra", "less", "none")


@dataclass(frozen=True, slots=True)
class Comparison:
    """One number on days (or at times) of one kind beside the usual ones. `here` and `usual` are
    middle values, 0 to 10; `here_of` and `usual_of` count those with the number written."""

    of: Literal["days", "times"]
    kind: Amount
    thing: Thing
    here: Fraction
    usual: Fraction
    here_of: int
    usual_of: int
    words: str


def of_days(days: Sequence[Day]) -> tuple[Comparison, ...]:
    """Return every comparison of days that has enough of them."""
    least = rules()["least_days_of_a_kind"]
    found = []
    for kind in KINDS:
        for thing in THINGS:
            here, usual = day_numbers(days, kind, thing), day_numbers(days, "usual", thing)
            if min(len(here), len(usual)) >= least:
                found.append(_comparison("days", kind, thing, here, usual))
    return tuple(found)


def of_times(entries: Sequence[Entry]) -> tuple[Comparison, ...]:
    """Return every comparison of times that has enough of them, from enough different days.

    None when no day has two entries with an amount: the days then say the same."""
    amounts = [entry.day for entry in entries if entry.taken is not None]
    if len(set(amounts)) == len(amounts):
        return ()
    found = []
    for kind in ("extra", "less"):
        for thing in THINGS:
            here, usual = _times(entries, kind, thing), _times(entries, "usual", thing)
            if _enough_times(here) and _enough_times(usual):
                numbers = ([number for _, number in side] for side in (here, usual))
                found.append(_comparison("times", _amount(kind), thing, *numbers))
    return tuple(found)


def day_numbers(days: Iterable[Day], kind: str, thing: Thing) -> list[Fraction]:
    """Return the numbers written on the days of one kind."""
    numbers = (day.numbers[thing] for day in days if day.kind == kind)
    return [number for number in numbers if number is not None]


def exact_tests(days: Sequence[Day], compared: Iterable[Comparison]) -> tuple[ExactTest, ...]:
    """Return the exact test of every comparison of days, for the evaluator."""
    return tuple(_test(days, each) for each in compared)


def _test(days: Sequence[Day], each: Comparison) -> ExactTest:
    many, most = each.here_of + each.usual_of, rules()["most_days_tested"]
    ways = as_far = p = why_not = None
    if many > most:
        why_not = words()["test.too_many"].format(many=many, most=most)
    else:
        as_far, ways = exact_p(
            day_numbers(days, each.kind, each.thing), day_numbers(days, "usual", each.thing)
        )
        p = Fraction(as_far, ways)
    return ExactTest(
        kind=each.kind,
        thing=each.thing,
        days=each.here_of,
        usual_days=each.usual_of,
        ways=ways,
        as_far=as_far,
        p=p,
        assumes=words()["test.assumes"],
        why_not=why_not,
    )


def _comparison(
    of: Literal["days", "times"],
    kind: Amount,
    thing: Thing,
    here: Sequence[Fraction],
    usual: Sequence[Fraction],
) -> Comparison:
    here_middle, usual_middle = middle(here), middle(usual)
    if here_middle is None or usual_middle is None:
        raise ValueError("Nothing to compare.")
    said = difference_words(thing, here_middle - usual_middle, words()[f"usual.{of}"])
    return Comparison(of, kind, thing, here_middle, usual_middle, len(here), len(usual), said)


def _times(entries: Iterable[Entry], kind: str, thing: Thing) -> list[tuple[object, Fraction]]:
    numbers = ((e.day, getattr(e, thing)) for e in entries if e.taken == kind)
    return [(day, Fraction(number)) for day, number in numbers if number is not None]


def _enough_times(times: Sequence[tuple[object, Fraction]]) -> bool:
    many_days = len({day for day, _ in times})
    return len(times) >= rules()["least_times"] and many_days >= rules()["least_days_of_times"]


def _amount(kind: str) -> Amount:
    return "extra" if kind == "extra" else "less"
