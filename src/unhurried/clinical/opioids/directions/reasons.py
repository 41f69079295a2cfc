"""Why directions were not understood, in words, from the table directions-reasons."""

from __future__ import annotations

import functools

from unhurried.clinical.opioids.directions.result import NotUnderstood
from unhurried.clinical.tables import read_table

VERSION = "2026.1"
"""The version of the grammar and its tables."""
_LONGEST_WORD = 30


@functools.cache
def _sentences() -> dict[str, str]:
    return {row["code"]: row["reason"] for row in read_table("directions-reasons")}


def declined(text: str, code: str, word: str = "") -> NotUnderstood:
    """A `NotUnderstood` with the sentence for its code; `word` is the word that was in the way."""
    sentence = _sentences()[code]
    if "{word}" in sentence:
        sentence = sentence.replace("{word}", _shown(word))
    return NotUnderstood(text, code, sentence)


def _shown(word: str) -> str:
    """The word between quotation marks, without control characters or other unprintables."""
    shown = "".join(letter for letter in word if letter.isprintable())[:_LONGEST_WORD]
    return f"“{shown}”" if shown else "a part of it"
