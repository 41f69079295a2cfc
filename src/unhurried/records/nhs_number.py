"""NHS numbers as written in extracts: ten digits, modulus 11, never a guess (ID-1).

Rule: NHS Data Dictionary, NHS NUMBER: weights 10 to 2 on the first nine digits, check digit
11 - (sum mod 11), where 11 means 0 and 10 means the number is not valid. Numbers whose ten digits
are all the same pass the sum and are still refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SEPARATORS = str.maketrans("", "", " \t\u00a0\u2007\u202f-\u2010\u2011\u2013")
_WEIGHTS = range(10, 1, -1)
_SPREADSHEET = re.compile(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]+|[0-9]+\.0+", re.ASCII)

_TURNED = "was turned into a spreadsheet number: make the column text and export it again"
DAMAGED = f"The NHS number {_TURNED}."  # not somebody's slip: the row may still name its patient


@dataclass(frozen=True, slots=True)
class NhsNumber:
    """Ten checked digits, or None with the reason in words; blank text gives None and no reason."""

    digits: str | None
    reason: str = ""


def read_nhs_number(text: str) -> NhsNumber:
    """Read one NHS number; spaces and hyphens anywhere are allowed, only the digits 0-9 count."""
    compact = as_typed(text).translate(_SEPARATORS)
    if not compact:
        return NhsNumber(None)
    reason = _what_is_wrong(compact)
    return NhsNumber(None, f"The NHS number {reason}.") if reason else NhsNumber(compact)


def is_spreadsheet_number(text: str) -> bool:
    """True for a number as a spreadsheet shows it: 9.99E+09, 9990000018.0."""
    return _SPREADSHEET.fullmatch(as_typed(text).translate(_SEPARATORS)) is not None


def _what_is_wrong(compact: str) -> str:
    if _SPREADSHEET.fullmatch(compact):
        return _TURNED
    if not (compact.isascii() and compact.isdigit()):
        return "has characters other than the digits 0 to 9"
    if len(compact) != 10:
        return f"has {len(compact)} digits, not 10"
    if len(set(compact)) == 1:
        return "is one digit ten times over"
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, compact[:9], strict=True))
    passes = (11 - total % 11) % 11 == int(compact[9])
    return "" if passes else "does not pass its check digit: look for a typing slip"


def as_typed(text: str) -> str:
    """Undo the two marks spreadsheets use to keep a number as text: '943.. and =\"943..\"."""
    trimmed = text.strip()
    if trimmed.startswith('="') and trimmed.endswith('"') and len(trimmed) > 3:
        return trimmed[2:-1].strip()
    return trimmed.removeprefix("'")


def sql_valid_digits(column: str) -> str:
    """SQL giving the ten digits when plainly valid and NULL otherwise (blank, odd or not valid).

    A shortcut for whole columns: whatever it leaves NULL is put to `read_nhs_number`, which stays
    the one definition.
    """
    digits = f"replace(replace({column}, ' ', ''), '-', '')"
    total = " + ".join(
        f"{weight} * (number // {10 ** (10 - place)} % 10)"
        for place, weight in enumerate(_WEIGHTS, start=1)
    )
    same = ", ".join(str(int(str(digit) * 10)) for digit in range(10))
    # Written again it must be the same: a cast forgives signs, exponents and much else.
    return (
        f"(SELECT CASE WHEN number BETWEEN 0 AND {10**10 - 1} AND number NOT IN ({same})"
        f" AND (11 - ({total}) % 11) % 11 = number % 10"
        " AND lpad(number::VARCHAR, 10, '0') = digits"
        " THEN digits END FROM (SELECT digits, TRY_CAST(digits AS BIGINT) AS number"
        f" FROM (SELECT {digits} AS digits)))"
    )
