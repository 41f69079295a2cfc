"""Answers that must open a conversation the same day, whatever the rest of the form says.

It looks at those questions only, so that an error elsewhere on the form can never hide one, and
takes an answer it cannot read as one to ask about. A question left unanswered is named too: it is
not a 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from unhurried.clinical.measures.answering import item_for
from unhurried.clinical.measures.definitions import Item, measure, words
from unhurried.clinical.tables import read_table


@dataclass(frozen=True, slots=True)
class Concern:
    """One question to talk about. `answer` is what was given, None when unanswered or unreadable;
    `words` are for the worker, `said_to_the_person` for the person (empty when unanswered)."""

    code: str
    item: str
    answer: int | None
    words: str
    said_to_the_person: str
    source: str


@dataclass(frozen=True, slots=True)
class Safety:
    """`same_day`: answers that open a conversation today. `not_answered`: questions to ask about,
    because no answer is not a safe answer."""

    same_day: tuple[Concern, ...]
    not_answered: tuple[Concern, ...]

    @property
    def opens(self) -> bool:
        """Whether the conversation has to be the same day."""
        return bool(self.same_day)


def safety(code: str, answers: Mapping[str, object] | Mapping[int, object]) -> Safety:
    """Return what in the answers to a measure must be talked about the same day.

    Raises MeasureError only when there is no such measure: no answer makes it fail.
    """
    asked = measure(code)
    same_day, not_answered = [], []
    for row in read_table("measure-safety"):
        item = next((i for i in asked.items if i.id == row["item"]), None)
        if row["measure"] != code or item is None:
            continue
        values = [v for key, v in answers.items() if item_for(asked, key) is item]
        answered = [value for value in values if value is not None]
        if not answered:
            not_answered.append(
                Concern(code, item.id, None, words()["safety_not_answered"], "", row["source"])
            )
        elif any(_opens(item, value, int(row["opens_at"])) for value in answered):
            told = answered[0] if len(answered) == 1 else None
            number = told if _readable(item, told) and isinstance(told, int) else None
            same_day.append(
                Concern(
                    code, item.id, number, row["words"], row["said_to_the_person"], row["source"]
                )
            )
    return Safety(tuple(same_day), tuple(not_answered))


def _opens(item: Item, value: object, opens_at: int) -> bool:
    return not _readable(item, value) or (isinstance(value, int) and value >= opens_at)


def _readable(item: Item, value: object) -> bool:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return whole and isinstance(value, int) and item.least <= value <= item.most
