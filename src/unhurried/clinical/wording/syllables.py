"""Counts the syllables of an English word: a table for the odd ones, rules for the rest.

The rules count runs of vowels and mend what English spelling adds and hides (silent e, -ed, -es,
-ia-, ...). `syllables.csv` holds common words in health letters that the rules get wrong.
"""

from __future__ import annotations

import functools
import re

from unhurried.clinical.tables import read_table
from unhurried.clinical.wording.tokens import fold

_VOWELS = re.compile(r"[aeiouy]+")
# Written vowels that are not said.
_SILENT = (
    re.compile(r"[^laeiouy]e$|[aeiouy]le$"),
    re.compile(r"(?<=[^aeiouytd])ed$|[aeiouy]ed$(?<!ied)(?<!eed)"),
    re.compile(r"(?<=[^aeiouylscxzg])es$|[aeiouy]les$"),
    re.compile(r"[^aeiouy]e(?=(?:ly|less|ful|fully|ment|ments|ness|time|times|where|thing|body)$)"),
)
# Vowels side by side that are said apart.
_APART = (
    re.compile(r"i(?=[aou])(?<![tcsg]i)|(?<=[tcsg])i(?=a(?:l[^l]|t|b))(?<!ti)(?<!ci)"),
    re.compile(r"[aeiouy](?=ing)"),
    re.compile(r"theor|video|(?<![qg])ua(?=[lt])|uous|iet|(?<=[a-z])y(?=[ao])"),
    re.compile(r"(?<=[^aeiouy])sms?$|thms?$"),
)


def syllables(word: str) -> int:
    """Return how many syllables a word has; 1 at least."""
    plain = fold(word).replace("'", "")
    known = _odd()
    if plain in known:
        return known[plain]
    if plain.endswith("s") and plain[:-1] in known and not re.search(r"[cgsxz]es$", plain):
        return known[plain[:-1]]
    count = len(_VOWELS.findall(plain))
    count -= sum(bool(rule.search(plain)) for rule in _SILENT)
    count += sum(bool(rule.search(plain)) for rule in _APART)
    return max(1, count)


@functools.cache
def _odd() -> dict[str, int]:
    return {row["word"]: int(row["syllables"]) for row in read_table("syllables")}
