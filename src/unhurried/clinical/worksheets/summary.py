"""The worksheet in sentences: what was written, how days differ, and what is too little to say.

Sentences describe and count; none names a cause, gives a label or asks for anything. When days of
one kind are few it says so and never asks for more of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from unhurried.clinical.worksheets.comparing import (
    KINDS,
    Comparison,
    exact_tests,
    of_days,
    of_times,
)
from unhurried.clinical.worksheets.days import Day, days, same_clock_time, without_copies
from unhurried.clinical.worksheets.entries import REASONS, THINGS, Entry, WorksheetError
from unhurried.clinical.worksheets.permutation import ExactTest
from unhurried.clinical.worksheets.tables import (
    day_in_words,
    days_in_words,
    listed,
    rules,
    words,
)


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a worksheet shows. `sentences` and `closing` are for the person; `too_little` says what
    cannot be said yet and why, `notes` what was left out or counted once. `enough` is whether
    anything could be compared. `for_the_evaluator` is never shown to the person."""

    enough: bool
    sentences: tuple[str, ...]
    too_little: tuple[str, ...]
    notes: tuple[str, ...]
    closing: str
    days: tuple[Day, ...]
    comparisons: tuple[Comparison, ...]
    for_the_evaluator: tuple[ExactTest, ...]


def summary(entries: Iterable[Entry]) -> Pattern:
    """Describe a worksheet; the order of the entries does not matter.

    Raises WorksheetError when something among them is not an Entry.
    """
    every = tuple(entries)
    if not all(isinstance(entry, Entry) for entry in every):
        raise WorksheetError("Give the entries of a worksheet, each as an Entry.")
    kept, copies = without_copies(every)
    found = days(kept)
    week = len(found) >= rules()["least_days"]
    by_day = of_days(found) if week else ()
    by_time = of_times(kept) if week else ()
    sentences = [_wrote(found)] if found else []
    if week:
        sentences += [*_took(found), *_compared(found, kept, by_day + by_time), *_reasons(kept)]
    return Pattern(
        enough=bool(by_day or by_time),
        sentences=tuple(sentences),
        too_little=tuple(_too_little(found, by_day) if week else [_too_short(found)]),
        notes=tuple(_notes(found, kept, copies, by_day + by_time, week)),
        closing=words()["closing"],
        days=found,
        comparisons=by_day + by_time,
        for_the_evaluator=exact_tests(found, by_day),
    )


def _wrote(found: Sequence[Day]) -> str:
    code = "wrote" if len(found) > 1 else "wrote_one_day"
    return words()[code].format(
        days=days_in_words(len(found)),
        first=day_in_words(found[0].day),
        last=day_in_words(found[-1].day),
    )


def _took(found: Sequence[Day]) -> list[str]:
    many = Counter(day.kind for day in found)
    amounts = [
        words()[f"amount.{kind}"].format(days=days_in_words(many[kind]))
        for kind in ("extra", "usual", "less", "none")
        if many[kind]
    ]
    return [words()["took"].format(amounts=listed(amounts))] if amounts else []


def _compared(
    found: Sequence[Day], kept: Sequence[Entry], compared: Sequence[Comparison]
) -> list[str]:
    sentences = []
    for of, kind in dict.fromkeys((each.of, each.kind) for each in compared):
        group = [each for each in compared if (each.of, each.kind) == (of, kind)]
        kinds = [day.kind for day in found] if of == "days" else [entry.taken for entry in kept]
        things = [
            words()["thing.next" if place else "thing.first"].format(
                thing=each.thing,
                words=each.words,
                here=_number(each.here),
                usual=_number(each.usual),
            )
            for place, each in enumerate(group)
        ]
        said = words()[f"compared.{of}"]
        sentences.append(said.format(many=kinds.count(kind), amount=kind, things=listed(things)))
    return sentences


def _reasons(kept: Sequence[Entry]) -> list[str]:
    sentences = []
    for kind in ("extra", "less"):
        many = Counter(
            reason for entry in kept if entry.taken == kind for reason in set(entry.reasons)
        )
        ordered = sorted(many, key=lambda reason: (-many[reason], REASONS.index(reason)))
        said = [f"{words()[f'reason.{reason}']} ({_times(many[reason])})" for reason in ordered]
        if said:
            sentences.append(words()["reasons"].format(amount=kind, reasons=listed(said)))
    return sentences


def _too_short(found: Sequence[Day]) -> str:
    if not found:
        return words()["little.nothing"]
    return words()["little.days"].format(
        days=days_in_words(len(found)), least=days_in_words(rules()["least_days"])
    )


def _too_little(found: Sequence[Day], by_day: Sequence[Comparison]) -> list[str]:
    many = Counter(day.kind for day in found)
    least = rules()["least_days_of_a_kind"]
    if set(many) == {None}:
        return [words()["little.not_written"]]
    if not any(many[kind] for kind in KINDS):
        return [words()["little.no_other"]]
    said = [
        words()["little.amount"].format(amount=kind, days=days_in_words(many[kind]))
        for kind in KINDS
        if 0 < many[kind] < least
    ]
    if many["usual"] < least:
        return [*said, words()["little.usual"].format(days=days_in_words(many["usual"]))]
    enough = [kind for kind in KINDS if many[kind] >= least]
    done = {(each.kind, each.thing) for each in by_day}
    return said + [
        words()["little.thing"].format(thing=thing.capitalize())
        for thing in THINGS
        if any((kind, thing) not in done for kind in enough)
    ]


def _notes(
    found: Sequence[Day],
    kept: Sequence[Entry],
    copies: int,
    compared: Sequence[Comparison],
    week: bool,
) -> list[str]:
    notes = []
    if copies:
        notes.append(
            words()["note.twice" if copies == 1 else "note.twice_many"].format(many=copies)
        )
    notes += [
        words()["note.same_time"].format(day=day_in_words(day)) for day in same_clock_time(kept)
    ]
    many = Counter(day.kind for day in found)
    if week and many["mixed"]:
        notes.append(words()["note.mixed"].format(days=days_in_words(many["mixed"])))
    if week and many[None]:
        notes.append(words()["note.not_written"].format(days=days_in_words(many[None])))
    return notes + [note for each in compared for note in _written_on(found, kept, each)]


def _written_on(found: Sequence[Day], kept: Sequence[Entry], each: Comparison) -> list[str]:
    kinds = [day.kind for day in found] if each.of == "days" else [e.taken for e in kept]
    here_of, usual_of = kinds.count(each.kind), kinds.count("usual")
    if (each.here_of, each.usual_of) == (here_of, usual_of):
        return []
    said = words()[f"note.written_on.{each.of}"].format(
        thing=each.thing.capitalize(),
        amount=each.kind,
        here=each.here_of,
        here_of=here_of,
        usual=each.usual_of,
        usual_of=usual_of,
    )
    return [said]


def _number(number: Fraction) -> str:
    """Return a number to one decimal at most, halves up."""
    value = (Decimal(number.numerator) / number.denominator).quantize(
        Decimal("0.1"), rounding=ROUND_HALF_UP
    )
    return f"{value:f}".removesuffix(".0")


def _times(many: int) -> str:
    return words()["once" if many == 1 else "several"].format(many=many)
