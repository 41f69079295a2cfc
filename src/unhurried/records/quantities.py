"""Quantities, lengths of supply, ages and sexes as extracts write them; unsure means not known.

A quantity is the number of things counted in the directions (tablets, ml, patches). A number of
packs or bottles whose content is not stated is not a quantity. Words come from `words.csv`.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources

LARGEST_QUANTITY = 1_000_000
LONGEST_SUPPLY = 3_660  # days; longer is a slip of the pen
OLDEST = 130

_NUMBER = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]*)(?:\.[0-9]+)?"
_AMOUNT = re.compile(
    rf"(?:(?P<times>[0-9]{{1,4}})\s*[x×*]\s*)?(?P<number>{_NUMBER})"
    r"\s*(?P<unit>[a-z][a-z/ .()\-]*)?",
    re.ASCII,
)
_CONTAINERS = re.compile(
    rf"(?P<times>[0-9]{{1,4}})\s*(?P<container>[a-z]+)(?:\(s\))?\s+(?:of|x)\s+(?P<number>{_NUMBER})"
    r"\s*(?P<unit>[a-z][a-z/ .()\-]*)?",
    re.ASCII,
)
_IN_WORDS = re.compile(r"\(\s*[a-z][a-z \-]*\)")
_SUPPLY = re.compile(r"([0-9]{1,4})(?:\.0+)?\s*(d|days?|day\(s\)|weeks?|wks?|/7|/52)?", re.ASCII)
_AGE = re.compile(r"([0-9]{1,3})(?:\.0+)?\s*(?:y|yrs?|years?)?(?:\s*old)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Quantity:
    """Thousandths of a unit, or None: not known; `negative` marks a quantity below nothing."""

    thousandths: int | None
    negative: bool = False


@cache
def words(kind: str) -> dict[str, str]:
    """The words of one kind (sex, unit, container, status) and what each means."""
    table = resources.files(__package__).joinpath("words.csv")
    with table.open(encoding="utf-8") as lines:
        return {row["word"]: row["meaning"] for row in csv.DictReader(lines) if row["kind"] == kind}


def read_quantity(text: str) -> Quantity:
    """Read "56", "56 tablet", "2 x 28 tablets", "1*100", "56.000", "1 pack of 28 tablets"."""
    folded = text.strip().lower().replace("−", "-")
    if folded.startswith("-") and any(character in "123456789" for character in folded):
        return Quantity(None, negative=True)
    folded = " ".join(_IN_WORDS.sub(" ", folded).split())
    match = _CONTAINERS.fullmatch(folded)
    if match and match["container"] not in words("container"):
        return Quantity(None)
    match = match or _AMOUNT.fullmatch(folded)
    if not match or not match["number"] or not _counts_units(match["unit"]):
        return Quantity(None)
    number = Decimal(match["number"].replace(",", "")) * int(match["times"] or 1) * 1000
    if number != number.to_integral_value() or not 0 < number <= LARGEST_QUANTITY * 1000:
        return Quantity(None)
    return Quantity(int(number))


def _counts_units(unit: str | None) -> bool:
    if not unit:
        return True
    known = words("unit")
    parts = [known.get(word) for word in re.split(r"[ .\-]+", unit.replace("(s)", "")) if word]
    return None not in parts and "unit" in parts


def read_days(text: str) -> int | None:
    """Read a length of supply in days: "28", "28 days", "4 weeks", "28/7"; a month is not known."""
    match = _SUPPLY.fullmatch(text.strip().lower())
    if not match:
        return None
    days = int(match[1]) * (7 if (match[2] or "").startswith(("w", "/52")) else 1)
    return days if 0 < days <= LONGEST_SUPPLY else None


def read_age(text: str) -> int | None:
    """Read an age in whole years: "45", "45 years", "45y"."""
    match = _AGE.fullmatch(text.strip().lower())
    return int(match[1]) if match and int(match[1]) <= OLDEST else None


def read_sex(text: str) -> str | None:
    """Read a sex or gender as female, male, other or not known; None when the word is unknown."""
    folded = text.strip().casefold()
    return words("sex").get(folded) if folded else "not known"


def is_void(text: str, kind: str = "status") -> bool:
    """True when a status, or a "Deleted" column, says that the row never counted."""
    return " ".join(text.strip().casefold().split()) in words(kind)
