"""Exact numbers as people, tables and JSON write them."""

from __future__ import annotations

from fractions import Fraction


def amount(value: Fraction) -> str:
    """A number as people write it: 56, 2.5."""
    return str(value.numerator) if value.denominator == 1 else f"{float(value):g}"


def exact(value: Fraction | None) -> str:
    """A number in full: 8, 0.5, or 1/7 where no decimal is exact; nothing for none."""
    if value is None:
        return ""
    rest = value.denominator
    for factor in (2, 5):
        while rest % factor == 0:
            rest //= factor
    return amount(value) if rest == 1 else f"{value.numerator}/{value.denominator}"


def json_number(value: Fraction) -> int | float:
    """A number as JSON writes it."""
    return int(value) if value.denominator == 1 else float(value)
