"""FHIR values as canonical ones: dates, partial dates, codes, sexes, amounts.

Partial dates are never filled in with a guess:

- An event needs its day; "2024-05" is not a day.
- A partial date of birth (year, or year and month) stands for its last possible day, so that nobody
  is called an adult who may not be; where the first and last possible days fall on different sides
  of 18 on the day of reading, the date of birth is not known.
- A partial date of death stands for its first possible day: nobody who has died may be listed.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from unhurried.records.dates import EARLIEST_ISSUE, EPOCH, OLDEST_AGE, PLACEHOLDERS, epoch_day
from unhurried.records.fhir.models import CodeableConcept, Coding, Quantity
from unhurried.records.quantities import LONGEST_SUPPLY, read_quantity
from unhurried.records.quantities import Quantity as Counted

ADULT = 18
SNOMED = "http://snomed.info/sct"
DMD_SYSTEMS = ("https://dmd.nhs.uk", "http://dmd.nhs.uk", SNOMED)
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
_DATE = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2})(?P<time>T[0-9:.+\-Z]+)?)?)?",
    re.ASCII,
)
_HOURS_IN = {"h": 1, "d": 24, "day": 24, "days": 24, "wk": 168, "week": 168, "weeks": 168}


@lru_cache(maxsize=65_536)
def possible_days(text: str) -> tuple[int, int] | None:
    """First and last possible epoch day of a FHIR date or dateTime; None when it is neither.

    The day is the one written, whatever the offset: that is the day the practice saw.
    """
    match = _DATE.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day = int(match["year"]), int(match["month"] or 0), int(match["day"] or 0)
    try:
        first = date(year, month or 1, day or 1)
        last = date(year, month or 12, day or calendar.monthrange(year, month or 12)[1])
    except (ValueError, calendar.IllegalMonthError):
        return None
    if match["month"] == "00" or match["day"] == "00":
        return None
    return first.toordinal() - EPOCH, last.toordinal() - EPOCH


def day_of(text: str | None) -> int | None:
    """The epoch day of a full date; None for a partial, missing or impossible one."""
    days = possible_days(text) if text else None
    return days[0] if days and days[0] == days[1] else None


@lru_cache(maxsize=65_536)
def what_is_wrong(day: int, today: date, *, issue: bool = False) -> str | None:
    """Why a day cannot be right, in words that follow the date; None when it can."""
    if day > epoch_day(today):
        return f"is in the future (after {today:%d/%m/%Y})"
    too_old = date(max(1, today.year - OLDEST_AGE), 1, 1)
    if day < epoch_day(EARLIEST_ISSUE if issue else too_old):
        return "is too long ago to be right"
    return None


def born_on(text: str, today: date) -> int | None:
    """The epoch day of birth by the rule of this module; None: not known."""
    days = possible_days(text)
    if days is None:
        return None
    first, last = days
    if date.fromordinal(first + EPOCH) in PLACEHOLDERS:
        return None
    return last if _adult(first, today) == _adult(last, today) else None


def _adult(born: int, today: date) -> bool:
    birth = date.fromordinal(born + EPOCH)
    reached = (today.year - birth.year) - ((today.month, today.day) < (birth.month, birth.day))
    return reached >= ADULT


def instant(text: str | None) -> int | None:
    """A FHIR instant in microseconds, for telling which version is newer."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return int(moment.timestamp() * 1_000_000) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def named_code(concept: CodeableConcept) -> tuple[str, str]:
    """A medicine as (product as written, canonical code): dm+d before BNF before RxNorm."""
    chosen = _preferred(concept.coding)
    code, display = chosen if chosen else ("", "")
    shown = display or next((each.display for each in concept.coding if each.display), "")
    name = (concept.text or "").strip() or (shown or "").strip()
    return (name or code.replace("dmd:", "dm+d ").replace(":", " "), code)


def _preferred(codings: tuple[Coding, ...]) -> tuple[str, str] | None:
    by_kind: dict[str, tuple[str, str]] = {}
    for coding in sorted(codings, key=lambda each: not each.user_selected):
        kind, code = _kind(coding.system or ""), (coding.code or "").strip()
        if kind and code and code.isascii() and code.isalnum():
            if kind != "bnf" and not code.isdigit():
                continue
            by_kind.setdefault(kind, (f"{kind}:{code.upper()}", coding.display or ""))
    return next((by_kind[kind] for kind in ("dmd", "bnf", "rxnorm") if kind in by_kind), None)


def _kind(system: str) -> str:
    if system in DMD_SYSTEMS:
        return "dmd"
    if system == RXNORM:
        return "rxnorm"
    return "bnf" if "bnf" in system.lower() else ""


def counted(quantity: Quantity | None) -> Counted:
    """A quantity supplied, in thousandths of what the directions count; containers do not count."""
    if quantity is None or quantity.value is None or quantity.comparator:
        return Counted(None)
    unit = (quantity.unit or "").strip()
    if not unit and quantity.code and not quantity.code.isdigit():
        unit = quantity.code.strip("{}")
    amount = f"{Decimal(repr(quantity.value)):f}"
    return read_quantity(amount if unit in ("", "1") else f"{amount} {unit}")


def days_of(duration: Quantity | None) -> int | None:
    """A length of supply in whole days; months and years are not a number of days."""
    if duration is None or duration.value is None or duration.comparator:
        return None
    hours = _HOURS_IN.get((duration.code or duration.unit or "").strip().lower())
    if hours is None or not 0 < duration.value <= LONGEST_SUPPLY * 24:
        return None
    days = Decimal(repr(duration.value)) * hours / 24
    return int(days) if days == int(days) and 0 < days <= LONGEST_SUPPLY else None
