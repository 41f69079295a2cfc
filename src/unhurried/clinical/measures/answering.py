"""Reads the answers given to a measure: each to a question it has, within what it may be.

An answer is a whole number; None, or no entry at all, is unanswered. A measure that is only entered
takes one number under the name "total".
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from unhurried.clinical.measures.definitions import Item, Measure, MeasureError, Scale

Answer = int | Decimal | Fraction | None
Answers = Mapping[str, Answer] | Mapping[int, Answer] | Mapping[int | str, Answer]
TOTAL = "total"
LONGEST_SHOWN = 24
MOST_PLACES = 100


def given(measure: Measure, answers: Answers) -> dict[str, int | None]:
    """Return the answer to every question of a measure by its id, None where unanswered.

    Raises MeasureError for a question it has not, one given twice, and an answer it cannot have.
    """
    found: dict[str, int | None] = {}
    for key, value in answers.items():
        item = _item(measure, key)
        if item.id in found:
            raise MeasureError(f"{measure.name}, question {item.id} is given more than once.")
        found[item.id] = None if value is None else _whole(measure, item, value)
    return {item.id: found.get(item.id) for item in measure.items}


def entered(measure: Measure, answers: Answers) -> Fraction | None:
    """Return the total entered for a measure we hold no questions of, None when there is none."""
    for key in answers:
        if key != TOTAL:
            raise MeasureError(f'{measure.name}: only its total is entered, as "{TOTAL}".')
    value = next(iter(answers.values()), None)
    return None if value is None else number(measure, measure.scale(), value)


def number(measure: Measure, scale: Scale, value: object) -> Fraction:
    """Return a score as an exact number; MeasureError when the scale cannot have it."""
    exact = _exact(value)
    if exact is None or not scale.least <= exact <= scale.most or (scale.whole and exact % 1):
        kind = "a whole number" if scale.whole else "a number"
        raise MeasureError(
            f"{measure.name}: {_said(value)} is not one of its scores. "
            f"Give {kind} from {scale.least} to {scale.most}, or leave it out."
        )
    return exact


def item_for(measure: Measure, key: object) -> Item | None:
    """Return the question a key names: its id, or its place (1 for the first)."""
    if isinstance(key, bool) or not (isinstance(key, str) or key in range(MOST_PLACES)):
        return None
    name = str(key).strip()
    for item in measure.items:
        if item.id.casefold() == name.casefold():
            return item
    if name.isascii() and name.isdigit() and len(name) <= 2 and int(name) >= 1:
        place = int(name) - 1
        return measure.items[place] if place < len(measure.items) else None
    return None


def _item(measure: Measure, key: object) -> Item:
    found = item_for(measure, key)
    if found is not None:
        return found
    ids = ", ".join(item.id for item in measure.items)
    if key == TOTAL:
        raise MeasureError(
            f"{measure.name} is scored from its answers, because a total alone hides them: "
            f"give them by question ({ids})."
        )
    raise MeasureError(f"{measure.name} has no question {_said(key)}: it has {ids}.")


def _whole(measure: Measure, item: Item, value: object) -> int:
    whole = isinstance(value, int) and not isinstance(value, bool)
    if whole and isinstance(value, int) and item.least <= value <= item.most:
        return value
    raise MeasureError(
        f"{measure.name}, question {item.id}: {_said(value)} is not one of its answers. "
        f"Give a whole number from {item.least} to {item.most}, or leave it unanswered."
    )


def _exact(value: object) -> Fraction | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | Fraction):
        return None
    try:
        return Fraction(value)
    except (ValueError, OverflowError):  # not a number, or without end
        return None


def _said(value: object) -> str:
    """Show what was given, within a line."""
    if isinstance(value, int | Fraction) and abs(value) > 10**LONGEST_SHOWN:
        return "that number"
    plain = isinstance(value, int | Decimal | Fraction) or (
        isinstance(value, str) and value.isalnum()
    )
    text = str(value) if plain else repr(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."
