"""How dates, ages and numbers are written, and which characters text may hold."""

from __future__ import annotations

import unicodedata
from datetime import date
from fractions import Fraction

from unhurried.service.audit.refused import Refused

_REVERSING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LINES = frozenset("\n\r\t")


def day(value: date) -> str:
    """3 November 2026."""
    return f"{value.day} {value:%B} {value.year}"


def nhs_spaced(digits: str) -> str:
    """Ten digits as 943 476 5919."""
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}".strip()


def amount(value: Fraction | None) -> str:
    """A figure for reading: whole, or with one place."""
    if value is None:
        return ""
    rounded = round(value, 1)
    return str(rounded.numerator) if rounded.denominator == 1 else f"{float(rounded):.1f}"


def check_text(what: str, text: str, longest: int, *, lines: bool = False) -> None:
    """Refuse what cannot be kept or shown as typed: too long, broken or hidden characters."""
    if len(text) > longest:
        raise Refused(f"{what} has {len(text)} characters: shorten it to {longest} at most.")
    for char in text:
        if char in _REVERSING:
            raise Refused(f"{what} holds a hidden character that turns text round: type it again.")
        broken = char == "\ufffd" or unicodedata.category(char) in {"Cc", "Cs"}
        if broken and not (lines and char in _LINES):
            raise Refused(f"{what} holds a character that cannot be kept: type it again.")
