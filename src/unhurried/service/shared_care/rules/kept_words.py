"""Do typed words repeat what is kept from the GP? (CON-6, hazard H17)

**Only texts the writer may read are looked at, never others.** Somebody who may not see the
person's restricted notes must meet the same answer as if there were none: were their words
compared with notes they cannot read, each refusal would be an answer about those notes, and a
curious writer could find out a word at a time what stands in them. What such a writer types cannot
come from a note they never read, and what a form is filled in with at first comes from fields
meant for the GP, so nothing is lost by not looking. The note's author and the named worker, who
could repeat it, are checked. The sentence that refuses never says which words, or which text they
stand in.

Two things count as repeating: some words in a row (but small words alone, and words that a text the
GP may read has in the same row, do not), and one long word, or short one written in capitals (a
diagnosis by its letters), that stands neither in a text the GP may read nor in what the service
itself gives out. Accents and characters nobody sees make no other word of it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from unhurried.service.audit.refused import Refused
from unhurried.service.shared_care.summary_tables import PACKAGE, limit
from unhurried.service.tables import rows

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ENDINGS = ("'s", "’s", "ing", "ed", "es", "s")
LEAST_STEM = 4
_CAPITALS = re.compile(r"[A-Z]{2,}")
# Words of grammar: a row of nothing but these says nothing of anybody.
SMALL = frozenset(row["word"] for row in rows(PACKAGE, "data/summary_small_words.csv"))

RESTRICTED = (
    "Some words of “{}” are kept from the GP, as the record stands. Say it in other words, or "
    "leave the line empty."
)


@dataclass(frozen=True, slots=True)
class Kept:
    """What typed words are compared with."""

    in_a_row: frozenset[tuple[str, ...]]
    words: frozenset[str]


def kept_from(
    private: Iterable[str], shared: Iterable[str], ordinary: frozenset[str] = frozenset()
) -> Kept:
    """What of these private texts stands in no shared one; `ordinary` words give nothing away."""
    in_a_row: set[tuple[str, ...]] = set()
    words: set[str] = set()
    for text in private:
        said = words_of(text)
        in_a_row |= _in_a_row(said)
        words |= _long(said) | _in_capitals(text)
    for text in shared:
        said = words_of(text)
        in_a_row -= _in_a_row(said)
        words -= _stems(said)
    return Kept(frozenset(in_a_row), frozenset(words - {_stem(each) for each in ordinary}))


def repeats(text: str, kept: Kept) -> bool:
    """Does the text repeat any of it?"""
    said = words_of(text)
    return bool(_in_a_row(said) & kept.in_a_row or _stems(said) & kept.words)


def check_repeats_nothing(texts: Mapping[str, str], kept: Kept) -> None:
    """Refuse words that repeat what is kept from the GP; `texts` by what the form calls them."""
    for label, text in texts.items():
        if repeats(text, kept):
            raise Refused(RESTRICTED.format(label))


def words_of(text: str) -> list[str]:
    """The words of a text, folded."""
    return _WORD.findall(_seen(text).casefold())


def _seen(text: str) -> str:
    """The letters a reader sees: without accents, and without marks that show as nothing."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(each for each in apart if unicodedata.category(each) not in {"Cf", "Mn"})


def _in_a_row(said: list[str]) -> set[tuple[str, ...]]:
    size = limit("words_in_a_row")
    found = (tuple(said[at : at + size]) for at in range(len(said) - size + 1))
    return {row for row in found if not SMALL.issuperset(row)}


def _long(said: list[str]) -> set[str]:
    least = limit("rare_word_letters")
    return {_stem(word) for word in said if len(word) >= least and word not in SMALL}


def _stems(said: list[str]) -> set[str]:
    return {_stem(word) for word in said}


def _in_capitals(text: str) -> set[str]:
    written = {word.casefold() for word in _WORD.findall(_seen(text)) if _CAPITALS.fullmatch(word)}
    return {_stem(word) for word in written - SMALL}


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= LEAST_STEM:
            return word[: -len(ending)]
    return word
