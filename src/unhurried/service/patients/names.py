"""Names: kept as typed, compared without their capitals, accents and punctuation.

A stored name is what was typed in Unicode's composed form (NFC). For comparing, `name_words`
folds it: José and JOSE, O'Brien and O’Brien and O Brien, Smith-Jones and Smith Jones,
İpek and ipek are the same.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher

NAME_WORD_LENGTH = 60
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼʻ`´＇′", "'"))
# Letters Unicode does not take apart, and the two Turkish i.
_PLAIN = str.maketrans(
    {"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"}
)


def composed(text: str) -> str:
    """The text in normal form C, without blanks at its ends; otherwise as typed."""
    return unicodedata.normalize("NFC", text.strip())


def fold(text: str) -> str:
    """The text for comparing: small letters, no accents, nothing invisible."""
    plain = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES))
    apart = unicodedata.normalize("NFKD", plain.casefold())
    kept = (char for char in apart if unicodedata.category(char) not in {"Mn", "Cf", "Me"})
    return "".join(kept).translate(_PLAIN).translate(_APOSTROPHES)


def name_words(*names: str) -> list[str]:
    """The folded words of the names, each once, in order, with joined and parted double names."""
    found: dict[str, None] = {}
    for name in names:
        for piece in fold(name).split():
            for word in _readings(piece):
                found[word[:NAME_WORD_LENGTH]] = None
    return list(found)


def _readings(piece: str) -> list[str]:
    """A piece between blanks as one word, and as the words a hyphen or an apostrophe parts."""
    parts = "".join(char if char.isalnum() else " " for char in piece).split()
    if len(parts) < 2:
        return parts
    return ["".join(parts), *(part for part in parts if len(part) > 1)]


def searched_words(text: str) -> list[str]:
    """The words someone typed to find a person, folded the same way."""
    joined = fold(text).replace("'", "")
    words = "".join(char if char.isalnum() else " " for char in joined).split()
    return [word[:NAME_WORD_LENGTH] for word in words]


ALIKE = 0.75  # own caution: Mari and Mary are alike, Martha and Mary are not


def unlike(typed: Iterable[str], kept: Iterable[str]) -> bool:
    """Do these names differ strongly: is one typed name like none of those that are kept?

    Another order, an initial, a slip of a letter, or half of a double name is no difference.
    """
    known = name_words(*kept)
    asked = [name_words(name) for name in typed]
    return any(
        words and not any(_alike(word, other) for word in words for other in known)
        for words in asked
    )


def _alike(one: str, other: str) -> bool:
    if len(one) == 1 or len(other) == 1:
        return one[0] == other[0]
    return SequenceMatcher(None, one, other).ratio() >= ALIKE
