"""The words and phrases that directions are written with, read from a table (OPI-1).

`clinical/data/directions-vocabulary.csv` has one row per meaning. Its `written` column holds the
ways of writing it: `|` separates them, `{a,b}` stands for a choice ("{in ,}alternate days").
Phrases are kept as a tree of words so that the longest one wins.
"""

from __future__ import annotations

import functools
import itertools
import re

from unhurried.clinical.tables import TableError, exact, read_table

SCALE = 30_000
"""Amounts are whole numbers of 1/30,000: exact for halves, thirds and four decimal places."""

_RAW = re.compile(
    r"\d+(?:[.,:]\d+)*"  # figures, with whatever joins them
    r"|[a-z](?:\.[a-z])+(?![a-z])"  # b.d.
    r"|[a-z]+(?:'[a-z]+)?"
    r"|(?<![^\s(])\.\d+"  # .5, only after a space
    r"|\S",
    re.ASCII,
)
_GLUE_KINDS = frozenset({"unit", "frequency", "as_required", "slot"})
_FOLD = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—−", "-"),
        **dict.fromkeys("\xa0\u2002\u2003\u2007\u2009\u202f", " "),
        **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
        "’": "'",
        "‘": "'",
        "“": '"',
        "”": '"',
        "μ": "µ",
        "⁄": "/",
        "é": "e",
    }
)


class Token:
    """One word or phrase with its meaning. `number` is scaled for amounts, plain otherwise."""

    __slots__ = ("kind", "name", "number", "per", "written")

    def __init__(
        self, kind: str, *, number: int = 0, per: int = 1, name: str = "", written: str = ""
    ) -> None:
        self.kind = kind
        self.number = number
        self.per = per
        self.name = name
        self.written = written


class Node:
    """A place in the tree of phrases: what has been read so far means `token`."""

    __slots__ = ("more", "token")

    def __init__(self) -> None:
        self.token: Token | None = None
        self.more: dict[str, Node] = {}


def split(text: str) -> list[str]:
    """Split text into raw words, figures and marks, in lower case."""
    lowered = text.lower()
    if not lowered.isascii():
        lowered = lowered.translate(_FOLD)
    return _RAW.findall(lowered)


def ways_of_writing(cell: str) -> list[str]:
    """Expand a `written` cell into every phrase it stands for."""
    phrases: list[str] = []
    for way in cell.split("|"):
        parts = re.split(r"\{([^{}]*)\}", way)
        choices = [part.split(",") if index % 2 else [part] for index, part in enumerate(parts)]
        phrases += ["".join(chosen) for chosen in itertools.product(*choices)]
    return phrases


@functools.cache
def words() -> dict[str, Node]:
    """The tree of phrases, by first word. Raises TableError when a phrase has two meanings."""
    root = Node()
    for row in read_table("directions-vocabulary"):
        for phrase in ways_of_writing(row["written"]):
            _plant(root, phrase, _token(row["kind"], row["value"], phrase))
    return root.more


def _token(kind: str, value: str, phrase: str) -> Token:
    if kind in {"word_number", "fraction", "glyph"}:
        return Token(kind, number=int(exact(value) * SCALE), written=phrase)
    if kind == "unit":
        many = value.endswith("*")
        return Token(kind, name=value.rstrip("*"), number=1 + many, written=phrase)
    if value and value[0].isdigit():
        quantity = exact(value)
        return Token(kind, number=quantity.numerator, per=quantity.denominator, written=phrase)
    return Token(kind, name=value, written=phrase)


def _plant(root: Node, phrase: str, token: Token) -> None:
    node = root
    for word in split(phrase):
        node = node.more.setdefault(word.replace(".", "") if len(word) > 1 else word, Node())
    old = node.token
    if old is not None and (old.kind, old.name, old.number) != (
        token.kind,
        token.name,
        token.number,
    ):
        raise TableError(
            f"{phrase!r} is both {old.kind} and {token.kind} in directions-vocabulary: keep one."
        )
    node.token = token


@functools.lru_cache(maxsize=4096)
def figures(raw: str) -> Token:
    """The token for a raw word that begins with a figure: number, clock or not certain."""
    if ":" in raw:
        return _clock(raw, raw.replace(":", ""))
    whole, _, decimals = raw.partition(".")
    if not (whole + decimals).isdigit() or len(whole) > 6 or len(decimals) > 4:
        return Token("doubtful_number", written=raw)
    if len(whole) > 1 and whole[0] == "0":
        return _clock(raw, raw)
    if len(decimals) > 2 and not decimals.strip("0"):
        return Token("doubtful_number", written=raw)
    number = int(whole or "0") * SCALE
    if decimals:
        number += int(decimals) * SCALE // 10 ** len(decimals)
    kind = "number" if whole else "naked_number"
    return Token(kind, number=number, name="" if decimals else "whole", written=raw)


def _clock(raw: str, digits: str) -> Token:
    if len(digits) in {3, 4} and digits.isdigit() and is_clock(digits):
        return Token("clock", number=int(digits), written=raw)
    return Token("doubtful_number", written=raw)


def is_clock(digits: str) -> bool:
    """Say whether three or four digits are a time of day, as in 0800."""
    return int(digits[:-2]) < 25 and int(digits[-2:]) < 60


@functools.lru_cache(maxsize=16_384)
def unlisted(raw: str) -> tuple[Token, ...]:
    """Tokens for a raw word that no phrase starts with: figures, glued words, or not known."""
    if raw[0] in "0123456789" or (raw[0] == "." and len(raw) > 1):
        return (figures(raw),)
    if "." in raw and len(raw) > 1:
        plain = words().get(raw.replace(".", ""))
        if plain is not None and plain.token is not None:
            return (plain.token,)
    if raw.isascii() and raw.isalpha() and 4 <= len(raw) <= 12:
        found = _unglued(raw)
        if len(found) == 1:
            return found[0]
    return (Token("unknown", written=raw),)


def _unglued(raw: str) -> list[tuple[Token, ...]]:
    """Every way to read a word as two listed words run together: "tabstds", "bdprn"."""
    found: list[tuple[Token, ...]] = []
    known = words()
    for cut in range(2, len(raw) - 1):
        first, second = known.get(raw[:cut]), known.get(raw[cut:])
        if first is None or second is None or first.token is None or second.token is None:
            continue
        if first.token.kind in _GLUE_KINDS and second.token.kind in _GLUE_KINDS:
            found.append((first.token, second.token))
    return found
