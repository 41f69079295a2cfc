"""When words that could press someone are in truth a reassurance or the person's own choice.

Negation ("we will never ask you to stop your medicines") holds only when nothing but light words
stands between it and the words found: in "if you do not reply we will stop your medicines" the
"not" is about replying. A choice ("if you choose to, ...", "... only if you agree") has to stand in
the same sentence, complete: "unless you agree" and "if you want to stay with us" are no choice.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from unhurried.clinical.tables import read_table
from unhurried.clinical.wording.patterns import NEGATE, Matcher, compiled, words_of
from unhurried.clinical.wording.tokens import END, NOTHING, PAUSE, Token

FARTHEST_NEGATION = 14
FARTHEST_CHOICE = 10
WORDS_AFTER_OR = 5


@dataclass(frozen=True, slots=True)
class Choices:
    """Where a text leaves a choice: leads end just before it, phrases stand near it."""

    leads: frozenset[int]
    phrases: Mapping[int, int]


def choices(said: Sequence[Token]) -> Choices:
    """Return every lead ("people who choose to") and phrase ("only if you agree") of a text."""
    leads: set[int] = set()
    phrases: dict[int, int] = {}
    kinds, matcher = _choice_patterns()
    for number, start, end in matcher.matches(said):
        if kinds[number] == "lead":
            leads.add(end)
        elif start == 0 or said[start - 1].word not in {"even", "not", "whether", "only", "or"}:
            phrases[start] = max(end, phrases.get(start, 0))
    return Choices(frozenset(leads), phrases)


@functools.cache
def _choice_patterns() -> tuple[list[str], Matcher]:
    rows = read_table("wording-choices")
    return [row["kind"] for row in rows], Matcher([compiled(row["pattern"]) for row in rows])


def chosen(said: Sequence[Token], start: int, end: int, found: Choices) -> bool:
    """Say whether the words from `start` to before `end` are left to the person's choice."""
    if start in found.leads:
        return True
    for place in range(end, min(end + FARTHEST_CHOICE, len(said))):
        if said[place].before == END:
            break
        if place in found.phrases:
            return True
    place = start
    while place > max(0, start - FARTHEST_CHOICE) and said[place].before != END:
        place -= 1
        if found.phrases.get(place, start + 1) <= start:
            return True
    return False


def negated(said: Sequence[Token], start: int) -> bool:
    """Say whether the words that begin at `start` are negated by those before them."""
    light, takers = words_of("negation-bridge"), words_of("negation-opener")
    subjects = words_of("subject")
    pauses, place = 0, start
    while place > max(0, start - FARTHEST_NEGATION):
        pauses += said[place].before == PAUSE
        if said[place].before == END:
            return False
        place -= 1
        word = said[place].word
        before = said[place - 1].word if place and said[place].before == NOTHING else ""
        if _negates(word, before):
            return pauses % 2 == 0 and not _asks_why(said, place)
        if word == "or" and said[start].word not in subjects and pauses == 0:
            return _negation_before_or(said, place)
        if word in subjects:
            if before not in takers and before not in NEGATE - {"not", "never"}:
                return False
        elif word not in light:
            return False
    return False


def _negates(word: str, before: str) -> bool:
    return word in NEGATE or (word, before) in {("than", "rather"), ("of", "instead")}


def _asks_why(said: Sequence[Token], place: int) -> bool:
    """Say whether a "not" is a suggestion: "why not ...?", "why don't you ...?"."""
    return any(said[at].word == "why" for at in range(max(0, place - 2), place))


def _negation_before_or(said: Sequence[Token], place: int) -> bool:
    """Say whether "or" carries a negation on: "we will not judge you or ..."."""
    for at in range(place - 1, max(-1, place - 1 - WORDS_AFTER_OR), -1):
        if said[at + 1].before != NOTHING:
            return False
        if said[at].word in NEGATE:
            return not _asks_why(said, at) and not _conditional(said, at)
    return False


def _conditional(said: Sequence[Token], place: int) -> bool:
    return any(said[at].word in {"if", "unless"} for at in range(max(0, place - 3), place))
