"""Cuts a medicine's name into words and measures: the first half of reading a name (OPI-1).

Units here are physical facts (1 g is 1,000 mg), not clinical settings, so they live in code.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

from unhurried.clinical.opioids.vocabulary import Medicine, Vocabulary

_MASS = {
    **dict.fromkeys(("mg", "mgs", "mgm", "milligram", "milligrams"), Fraction(1)),
    **dict.fromkeys(
        ("mcg", "mcgs", "microgram", "micrograms", "ug", "μg", "microg"),
        Fraction(1, 1000),
    ),
    **dict.fromkeys(("g", "gm", "gms", "gram", "grams"), Fraction(1000)),
}
_PER = {
    **dict.fromkeys(("ml", "mls", "millilitre", "millilitres"), "ml"),
    **dict.fromkeys(("hour", "hours", "hr", "hrs", "h"), "hour"),
    **dict.fromkeys(("day", "days"), "day"),
    **dict.fromkeys(("dose", "doses", "actuat", "actuation", "spray", "puff"), "dose"),
}
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|\.\d+|(?<![^\W_])[mxs]/[rl](?![^\W_])|[^\W\d_]+|[/%+&()\[\]]")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_LONGEST_NUMBER = 12
_NUMBER = re.compile(r"\d*\.?\d+")
_DASHED = re.compile(r"(?<=\d)\s*-\s*(?=\d)")
_SLASHED = re.compile(r"(?<![^\W_])([mxs])\s*/\s*([rl])(?![^\W_])")  # m / r is m/r
_GLUED = re.compile(r"(\d)\s*(micrograms|(?:microgram|mcg|mg|ml)(?!s))(?=[a-z])")


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of a name. `kind`: medicine, word, measure, bare, quantity, duration, unclear,
    joiner, open or close."""

    kind: str
    text: str = ""
    medicine: Medicine | None = None
    values: tuple[Fraction, ...] = ()  # mg for a measure, plain numbers for a bare one
    per: tuple[str, Fraction] | None = None
    micro: bool = False  # written in micrograms
    square: bool = False  # inside square brackets


def lex(name: str, vocabulary: Vocabulary) -> list[Item]:
    """Return the pieces of a name, in order."""
    text = name if name.isascii() else unicodedata.normalize("NFKC", name)
    text = _SLASHED.sub(r"\1/\2", _DASHED.sub("/", text.lower()))
    text = _GLUED.sub(r"\1\2 ", text)
    tokens = _TOKEN.findall(text)
    items: list[Item] = []
    at, square = 0, False
    while at < len(tokens):
        piece = tokens[at]
        if piece in "[]":
            square = piece == "["
        found = _phrase(tokens, at, vocabulary)
        if found:
            medicine, at = found
            items.append(Item("medicine", piece, medicine=medicine, square=square))
        elif piece[0].isdigit() or piece[0] == ".":
            item, at = _measure(tokens, at)
            items.append(item)
        else:
            items.append(_word(piece, square, vocabulary))
            at += 1
    return items


def _word(piece: str, square: bool, vocabulary: Vocabulary) -> Item:
    if piece in "([":
        return Item("open", piece)
    if piece in ")]":
        return Item("close", piece)
    if piece in "/+&" or vocabulary.words.get(piece, ("", ""))[0] == "joiner":
        return Item("joiner", piece)
    return Item("word", piece, square=square)


def _phrase(tokens: list[str], at: int, vocabulary: Vocabulary) -> tuple[Medicine, int] | None:
    for pieces, medicine in vocabulary.phrases.get(tokens[at], ()):
        if tuple(tokens[at : at + len(pieces)]) == pieces:
            return medicine, at + len(pieces)
    return None


def _number(piece: str) -> Fraction | None:
    """A number in plain figures; anything longer or stranger is not read."""
    if not piece.isascii() or len(piece) > _LONGEST_NUMBER:
        return None
    if _THOUSANDS.fullmatch(piece):
        return Fraction(piece.replace(",", ""))
    return Fraction(piece) if _NUMBER.fullmatch(piece) else None


def _unit(tokens: list[str], at: int) -> str:
    piece = tokens[at] if at < len(tokens) else ""
    return piece if piece in _MASS or piece in _PER or piece == "%" else ""


def _measure(tokens: list[str], at: int) -> tuple[Item, int]:
    """Read terms joined by a slash from a number on: 10 mg / 5 ml, 8mg/500mg/5ml, 30/500."""
    terms: list[tuple[Fraction, str]] = []
    clear = True
    while True:
        number = _number(tokens[at])
        clear = clear and number is not None
        at += 1
        unit = _unit(tokens, at)
        at += bool(unit)
        terms.append((number or Fraction(0), unit))
        if at + 1 >= len(tokens) or tokens[at] not in {"/", "+", "per", "in"}:
            break
        follows = tokens[at + 1]
        if follows in _PER:  # "/hour" or "per ml"
            terms.append((Fraction(1), follows))
            at += 2
            break
        if not (follows[0].isdigit() or follows[0] == "."):
            break
        at += 1
    return (_item(terms) if clear else Item("unclear")), at


def _item(terms: list[tuple[Fraction, str]]) -> Item:
    per: tuple[str, Fraction] | None = None
    if len(terms) > 1 and terms[-1][1] in _PER:
        value, unit = terms.pop()
        per = (_PER[unit], value)
    units = [unit for _, unit in terms]
    if any(value == 0 for value, _ in terms) or (per and per[1] == 0):
        return Item("unclear")
    if len(terms) == 1 and units[0] in _PER:
        return Item("duration" if _PER[units[0]] == "hour" else "quantity")
    if not any(units):
        values = tuple(value for value, _ in terms)
        return Item("bare", values=values, per=per)
    if any(unit and unit not in _MASS for unit in units):
        return Item("unclear")
    filled = _fill(units)
    values = tuple(value * _MASS[unit] for (value, _), unit in zip(terms, filled, strict=True))
    return Item("measure", values=values, per=per, micro=_MASS[filled[0]] < 1)


def _fill(units: list[str]) -> list[str]:
    """Give a term without a unit its neighbour's: 30/500mg and 30mg/500 are both mg."""
    filled = list(units)
    for index in range(len(filled) - 2, -1, -1):
        filled[index] = filled[index] or filled[index + 1]
    for index in range(1, len(filled)):
        filled[index] = filled[index] or filled[index - 1]
    return filled
