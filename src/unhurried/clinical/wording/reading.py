"""How old a reader a text asks for, and which sentences ask most.

Three published measures give a US school grade; grade plus 5 is the reading age:

- Flesch-Kincaid: 0.39 words/sentence + 11.8 syllables/word - 15.59. Kincaid, Fishburne, Rogers and
  Chissom, Research Branch Report 8-75, US Navy, 1975.
- SMOG: 3.1291 + 1.0430 sqrt(30 x words of three or more syllables / sentences). McLaughlin,
  "SMOG grading: a new readability formula", Journal of Reading 12, 1969.
- Automated Readability Index: 4.71 letters/word + 0.5 words/sentence - 21.43. Senter and Smith,
  AMRL-TR-66-220, US Air Force, 1967. It counts no syllables, and so checks the other two.

They differ by years from one another, so the answer is a range. They know nothing of meaning: a
low figure does not make a text clear. Nothing is read from the network.
"""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from unhurried.clinical.tables import read_table
from unhurried.clinical.wording.syllables import syllables
from unhurried.clinical.wording.tokens import END, MEDICINE_PLACEHOLDER, PLACEHOLDER, Token, tokens

AGE_AT_GRADE_0 = 5
YOUNGEST, OLDEST = 5.0, 25.0
SHOWN = 5
LONG_WORD = 3
SENTENCE_TO_MEASURE = 12
MANY_LONG_WORDS = 2
TOO_SHORT = 100
_HELD = frozenset({PLACEHOLDER, MEDICINE_PLACEHOLDER})


@dataclass(frozen=True, slots=True)
class HardSentence:
    """A sentence that asks for an older reader: `text[start:end]`, and the age it asks for."""

    start: int
    end: int
    words: str
    age: float


@dataclass(frozen=True, slots=True)
class ReadingAge:
    """The reading age of a text, lowest and highest of the measures; None when it has no words."""

    age_low: float | None
    age_high: float | None
    measures: Mapping[str, float]
    words: int
    sentences: int
    hardest_sentences: tuple[HardSentence, ...]
    long_words: tuple[str, ...]

    @property
    def age(self) -> float | None:
        """The middle of the measures: the figure to compare with an aim."""
        return round(median(self.measures.values()), 1) if self.measures else None

    @property
    def too_short(self) -> bool:
        """Whether the text has so few words that the figures say little."""
        return self.words < TOO_SHORT

    def meets(self, aim: str) -> bool:
        """Say whether the text asks for no older a reader than an aim of `reading-aims.csv`."""
        return self.age is None or self.age <= aims()[aim]


@functools.cache
def aims() -> dict[str, float]:
    """Return the oldest reader each kind of text may ask for."""
    return {row["kind"]: float(row["age_at_most"]) for row in read_table("reading-aims")}


@dataclass(frozen=True, slots=True)
class _Sentence:
    words: tuple[str, ...]
    start: int
    end: int


def reading_age(text: str) -> ReadingAge:
    """Return the reading age of a text, the sentences that push it up and its long words.

    Placeholders, tags and numbers are not counted; a heading or a line of a list is a sentence.
    """
    sentences = _sentences(text)
    words = [word for sentence in sentences for word in sentence.words]
    if not words:
        return ReadingAge(None, None, {}, 0, 0, (), ())
    measures = _measures(sentences)
    ages = measures.values()
    return ReadingAge(
        age_low=min(ages),
        age_high=max(ages),
        measures=measures,
        words=len(words),
        sentences=len(sentences),
        hardest_sentences=_hardest(sentences, text),
        long_words=_long(words),
    )


def _sentences(text: str) -> list[_Sentence]:
    groups: list[list[Token]] = []
    for token in tokens(text):
        if token.before == END or not groups:
            groups.append([])
        groups[-1].append(token)
    found = []
    for group in groups:
        # The two words of a contraction stand in one place, and are one word to a reader.
        places = dict.fromkeys((each.start, each.end) for each in group if each.word not in _HELD)
        words = tuple(
            text[start:end]
            for start, end in places
            if any(letter.isalpha() for letter in text[start:end])
        )
        if words:
            found.append(_Sentence(words, group[0].start, group[-1].end))
    return found


def _measures(sentences: Sequence[_Sentence]) -> dict[str, float]:
    words = [word for sentence in sentences for word in sentence.words]
    beats = [syllables(word) for word in words]
    per_sentence = len(words) / len(sentences)
    long = sum(beat >= LONG_WORD for beat in beats)
    letters = sum(letter.isalnum() for word in words for letter in word)
    grades = {
        "Flesch-Kincaid": 0.39 * per_sentence + 11.8 * sum(beats) / len(words) - 15.59,
        "SMOG": 3.1291 + 1.0430 * math.sqrt(30 * long / len(sentences)),
        "Automated Readability Index": 4.71 * letters / len(words) + 0.5 * per_sentence - 21.43,
    }
    return {
        name: round(min(max(grade + AGE_AT_GRADE_0, YOUNGEST), OLDEST), 1)
        for name, grade in grades.items()
    }


def _hardest(sentences: Sequence[_Sentence], text: str) -> tuple[HardSentence, ...]:
    """Return the sentences that ask most, hardest first.

    One short sentence is too little to measure, so it counts only with several long words in it.
    """
    aged = [
        HardSentence(each.start, each.end, text[each.start : each.end], round(age, 1))
        for each in sentences
        for age in (median(_measures([each]).values()),)
        if age > aims()["letter"]
        and (len(each.words) >= SENTENCE_TO_MEASURE or len(_long(each.words)) >= MANY_LONG_WORDS)
    ]
    return tuple(sorted(aged, key=lambda each: (-each.age, each.start))[:SHOWN])


def _long(words: Sequence[str]) -> tuple[str, ...]:
    """Return the words of three or more syllables, the most frequent first."""
    counts = Counter(word.lower() for word in words if syllables(word) >= LONG_WORD)
    return tuple(sorted(counts, key=lambda word: (-counts[word], word)))
