"""Cuts a text into words that keep their place in it, so that a finding can be underlined.

A word is compared without capitals, accents and invisible characters; curly quotes are straight and
contractions are opened ("won't" is "will not"). Between two words there is nothing, a pause (a
comma, a dash, a bracket) or the end of a sentence. Tags and template statements are passed over; a
placeholder such as `{{ first_name }}` is one word of its own. One pass, no backtracking.
"""

from __future__ import annotations

import html
import re
import unicodedata
from typing import NamedTuple

NOTHING, PAUSE, END = "", ",", "."
PLACEHOLDER = "{}"
MEDICINE_PLACEHOLDER = "{medicine}"

_INVISIBLE = "\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff"
_APOSTROPHE = r"(?:['’‘ʼ＇]|&(?:rsquo|lsquo|apos|\#0?39|\#8217|\#x27|\#x2019);)"
_PIECE = re.compile(
    rf"""
    (?P<placeholder> \{{\{{ [^{{}}]{{0,300}} \}}\}} )
  | (?P<passed> \{{% [^%]{{0,300}} %\}} | \{{\# [^#]{{0,2000}} \#\}} )
  | (?P<tag> </? (?P<element> [a-zA-Z][a-zA-Z0-9]{{0,20}}) [^<>]{{0,500}} > )
  | (?P<word> [^\W_] (?: [^\W_] | [{_INVISIBLE}] | &shy; | {_APOSTROPHE} (?=[^\W_]) )* )
  | (?P<end> [.!?;:…•·] | \n [ \t\r]* (?: \n | [-*+][ ] | \d{{1,3}}[.)] ) )
  | (?P<pause> [,–—()\[\]] | [ ]-{{1,3}}[ ] | &[mn]dash; )
  | (?P<entity> &\#?[a-zA-Z0-9]{{1,10}}; )
    """,
    re.VERBOSE,
)
_INLINE = frozenset(
    ["a", "abbr", "b", "em", "font", "i", "mark", "small", "span", "strong", "sub", "sup", "u"]
)
_MEDICINE_NAME = re.compile(r"medic|drug|opioid|product|dose|tablet|painkiller|patch|prescription")
_ENDINGS = {"ll": "will", "re": "are", "ve": "have", "m": "am"}
_UNMARKED = {
    "dont": ("do", "not"),
    "wont": ("will", "not"),
    "cant": ("can", "not"),
    "cannot": ("can", "not"),
    "doesnt": ("does", "not"),
    "isnt": ("is", "not"),
    "arent": ("are", "not"),
    "didnt": ("did", "not"),
    "wouldnt": ("would", "not"),
    "neednt": ("need", "not"),
}
_IRREGULAR = {"wo": "will", "ca": "can", "sha": "shall", "ai": "is"}


class Token(NamedTuple):
    """A word as compared, where it stands, and what parts it from the word before."""

    word: str
    start: int
    end: int
    before: str


def tokens(text: str) -> list[Token]:
    """Return the words of a text, in order, with their places in it."""
    found: list[Token] = []
    before = END
    for piece in _PIECE.finditer(text):
        kind = piece.lastgroup
        if kind == "word":
            found.extend(_word(piece.group(), piece.start(), before))
            before = NOTHING
        elif kind == "placeholder":
            found.append(Token(_held(piece.group()), piece.start(), piece.end(), before))
            before = NOTHING
        else:
            before = max(before, _parts(piece, text), key=(NOTHING, PAUSE, END).index)
    return found


def _parts(piece: re.Match[str], text: str) -> str:
    if piece.lastgroup == "end":
        # "D.N.A." and "e.g." hold no end of a sentence.
        inside = piece.group() in ".:" and text[piece.end() : piece.end() + 1].isalnum()
        return NOTHING if inside else END
    if piece.lastgroup == "tag":
        return NOTHING if piece.group("element").lower() in _INLINE else END
    return PAUSE if piece.lastgroup == "pause" else NOTHING


def _held(placeholder: str) -> str:
    """Say whether a placeholder will hold a medicine, as its name tells."""
    return MEDICINE_PLACEHOLDER if _MEDICINE_NAME.search(placeholder.lower()) else PLACEHOLDER


def fold(word: str) -> str:
    """Return a word as it is compared: no capitals, accents, invisible or curly characters."""
    if word.isascii():
        return word.casefold() if "&" not in word else fold(html.unescape(word) + "\u200b")
    plain = unicodedata.normalize("NFKD", word)
    kept = "".join(each for each in plain if unicodedata.category(each) not in {"Mn", "Cf"})
    return re.sub("[’‘ʼ]", "'", kept).casefold()


def _word(raw: str, start: int, before: str) -> list[Token]:
    """Return the word or, for a contraction, its two words."""
    end = start + len(raw)
    folded = fold(html.unescape(raw) if "&" in raw else raw)
    if folded in _UNMARKED:
        first, second = _UNMARKED[folded]
        return [Token(first, start, end, before), Token(second, start, end, NOTHING)]
    if "'" not in folded:
        return [Token(folded, start, end, before)]
    stem, _, ending = folded.rpartition("'")
    if ending == "t" and stem.endswith("n"):
        stem = stem[:-1]
        first, second = _IRREGULAR.get(stem, stem if stem != "ca" else "can"), "not"
        return [Token(first, start, end, before), Token(second, start, end, NOTHING)]
    if ending in _ENDINGS:
        return [Token(stem, start, end, before), Token(_ENDINGS[ending], start, end, NOTHING)]
    # "addict's" and "DNA'd" are the word before the apostrophe.
    return [Token(stem if ending in {"s", "d", "ed"} else folded, start, end, before)]
