"""Codes as exports write them: dm+d, SNOMED CT and BNF, and the marks of spreadsheet damage.

A spreadsheet keeps 15 digits of a number. A SNOMED CT identifier shown as 3.2E+17, or rounded to
zeros after its 15th digit so that its check digit fails, is damaged and must not be matched.
Check digit: SNOMED International, Verhoeff's dihedral scheme (Release File Specification, SCTID).
"""

from __future__ import annotations

import re

_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]+", re.ASCII)
_IDENTIFIER = re.compile(r"[0-9]{6,18}", re.ASCII)
_CONCEPT = re.compile(r"[1-9][0-9]{2,14}[01]0[0-9]", re.ASCII)
_BNF = re.compile(r"(?=[0-9A-Z]*[A-Z])[0-9]{4}[0-9A-Z]{5,11}", re.ASCII)
DAMAGED = (
    "The code was turned into a rounded spreadsheet number: make the column text and export it"
    " again."
)
KEPT_DIGITS = 15


def damaged(text: str) -> bool:
    """True when a spreadsheet has changed a long code."""
    if _SCIENTIFIC.fullmatch(text):
        return True
    return (
        len(text) > KEPT_DIGITS
        and _IDENTIFIER.fullmatch(text) is not None
        and not text[KEPT_DIGITS:].strip("0")
        and not passes_check(text)
    )


def passes_check(digits: str) -> bool:
    """True when the last digit is the right Verhoeff check digit."""
    check = 0
    for place, digit in enumerate(reversed(digits)):
        permuted = int(digit)
        for _ in range(place % 8):
            permuted = _PERMUTATION[permuted]
        check = _times(check, permuted)
    return check == 0


def is_concept(text: str) -> bool:
    """True for the identifier of a SNOMED CT concept; a description or a Read code is none.

    Partition 00 or 10 stands before the check digit (Release File Specification, SCTID).
    """
    return _CONCEPT.fullmatch(text) is not None and passes_check(text)


_PERMUTATION = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)


def _times(a: int, b: int) -> int:
    """Product in the dihedral group of the pentagon, 0-4 turns and 5-9 reflections."""
    if a < 5:
        return (a + b) % 5 if b < 5 else (a + b - 5) % 5 + 5
    return (a - b) % 5 + 5 if b < 5 else (a - b) % 5


def medicine_code(text: str) -> str | None:
    """'dmd:..' or 'bnf:..' by the shape of the code; '' for others and None when damaged."""
    bare = text.strip().removeprefix("'").removesuffix(".0").upper()
    if damaged(bare):
        return None
    if _IDENTIFIER.fullmatch(bare):
        return f"dmd:{bare}"
    return f"bnf:{bare}" if _BNF.fullmatch(bare) else ""


def diagnosis_code(text: str) -> str | None:
    """The bare code, or None when a spreadsheet damaged it."""
    bare = text.strip().removeprefix("'")
    return None if damaged(bare) else bare
