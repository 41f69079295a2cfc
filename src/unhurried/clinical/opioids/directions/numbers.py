"""Reads numbers and ranges of numbers from tokens: 1½, "one and a half", 1-2, "two or three"."""

from __future__ import annotations

from unhurried.clinical.opioids.directions.draft import NUMBERS, Abstain, Reader
from unhurried.clinical.opioids.directions.vocabulary import SCALE

_GOES_ON = frozenset(
    {"glyph", "and", "slash", "number", "word_number", "fraction", "dash", "to", "or", "ordinal"}
)
_FIGURES = frozenset({"number", "naked_number"})
_COUNTED = frozenset({"times", "hourly", "cross"})
_RANGE = frozenset({"dash", "to", "or"})
_MEASURED = frozenset({"ml", "mg", "g"})
_HALVES = {(1, 2), (1, 4)}
_MIXED = {(1, 2), (1, 4), (3, 4)}


def number_range(reader: Reader) -> tuple[int, int]:
    """Read a number or a range at the reader's place, scaled. Abstains when it is doubtful."""
    at, kinds = reader.at, reader.kinds
    if kinds[at] == "number" and kinds[at + 1] not in _GOES_ON:
        reader.at = at + 1
        low = reader.tokens[at].number
        return low, low
    if kinds[at + 1] == "slash" and kinds[at] in NUMBERS and kinds[at + 2] in NUMBERS:
        return _slashed(reader)
    return _range_from(reader, number(reader))


def _range_from(reader: Reader, low: int) -> tuple[int, int]:
    if reader.kinds[reader.at] not in _RANGE or reader.kinds[reader.at + 1] not in NUMBERS:
        return low, low
    reader.at += 1
    if reader.kinds[reader.at + 1] == "slash":
        raise Abstain("half_or_range", reader.tokens[reader.at].written)
    high = number(reader)
    if high <= low:
        raise Abstain("range_backwards")
    return low, high


def number(reader: Reader) -> int:
    """Read one number at the reader's place, scaled."""
    at, kinds, tokens = reader.at, reader.kinds, reader.tokens
    kind, value, following = kinds[at], tokens[at].number, kinds[at + 1]
    reader.at = at + 1
    if kind in {"fraction", "glyph"}:
        return value
    if kind == "word_number" and _is_ten(value):
        skip = 1 if following == "dash" else 0
        ending = tokens[at + 1 + skip]
        if ending.kind == "word_number" and 0 < ending.number < 10 * SCALE:
            reader.at = at + 2 + skip
            return value + ending.number
    if following == "glyph" or (following == "fraction" and value == SCALE):
        reader.at = at + 2
        part = tokens[at + 1].number
        return value + part if following == "glyph" else part
    return _and_a_half(reader, at, value)


def _is_ten(value: int) -> bool:
    return value >= 20 * SCALE and value % (10 * SCALE) == 0


def _and_a_half(reader: Reader, at: int, value: int) -> int:
    """The rest of "one and a half" or "1 1/2", or just the number."""
    kinds, tokens = reader.kinds, reader.tokens
    if kinds[at + 1] == "and" and kinds[at + 2] in {"fraction", "glyph"}:
        reader.at = at + 3
        return value + tokens[at + 2].number
    skip = 2 if kinds[at + 1] == "and" else 1
    if (
        kinds[at] in _FIGURES
        and kinds[at + skip] in _FIGURES
        and kinds[at + skip + 1] == "slash"
        and kinds[at + skip + 2] in _FIGURES
        and kinds[at + skip + 3] not in _COUNTED
    ):
        top, bottom = tokens[at + skip].number // SCALE, tokens[at + skip + 2].number // SCALE
        if (top, bottom) in _MIXED:
            reader.at = at + skip + 3
            return value + top * SCALE // bottom
    return value


def _slashed(reader: Reader) -> tuple[int, int]:
    """Read "1/2 tablet" (half), "one/two" and "3/4 times" (ranges); anything else is doubtful."""
    at, kinds, tokens = reader.at, reader.kinds, reader.tokens
    low, high = tokens[at].number, tokens[at + 2].number
    after = kinds[at + 3]
    reader.at = at + 3
    in_words = "word_number" in {kinds[at], kinds[at + 2]}
    if low < high and (in_words or after in _COUNTED or after == "span"):
        return low, high
    if (low // SCALE, high // SCALE) in _HALVES and not in_words and _half_is_plain(reader):
        reader.at += after == "a"
        return _range_from(reader, SCALE * (low // SCALE) // (high // SCALE))
    raise Abstain("half_or_range", f"{tokens[at].written}/{tokens[at + 2].written}")


def _half_is_plain(reader: Reader) -> bool:
    """Say whether what follows makes "1/2" a half and not "one or two"."""
    token = reader.tokens[reader.at]
    if token.kind == "unit":
        return token.number == 1 or token.name in _MEASURED
    if token.kind in {"dash", "to"}:
        ahead = reader.tokens[reader.at + 1]
        return ahead.kind in NUMBERS and reader.kinds[reader.at + 2] != "slash"
    return token.kind == "a" and reader.kinds[reader.at + 1] == "unit"
