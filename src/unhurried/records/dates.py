"""Dates as extracts write them, read a whole column at a time; day and month never change places.

A date such as 03/11/2026 can be read two ways, so the column decides: UK order (day first) unless
some date in it can only be month first. Then the column is refused, with advice, when nothing in it
is plainly day first, and otherwise only the rows that make no sense day first are refused.

Two-digit years: the latest year that is not more than 20 years ahead, and for births the latest
that is not in the future. Nothing is moved between time zones: the day is the day as written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Literal, NamedTuple

from unhurried.records.canonical import UnusableInput
from unhurried.records.column_map import Order

EPOCH = date(1970, 1, 1).toordinal()
OLDEST_AGE = 130
EARLIEST_ISSUE = date(1970, 1, 1)  # GP computing began later: anything older is a slip
PLACEHOLDERS = frozenset({date(1900, 1, 1), date(1899, 12, 30), date(1899, 12, 31), date(1, 1, 1)})
BLANK = frozenset(
    {
        "",
        "-",
        "--",
        "null",
        "none",
        "n/a",
        "na",
        "nil",
        "unknown",
        "not known",
        "not recorded",
        "0000-00-00",
    }
)

_TIME = (
    r"(?:[T ,]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r" ?(?P<half>[AaPp][Mm])?(?: ?(?:Z|UTC|[+-]\d{2}:?\d{2}))?)?"
)
_ISO = re.compile(r"(?P<y>\d{4})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})" + _TIME, re.ASCII)
_COMPACT = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})" + _TIME, re.ASCII)
_NUMERIC = re.compile(
    r"(?P<a>\d{1,2})(?P<s>[-/. ])(?P<b>\d{1,2})(?P=s)(?P<y>\d{4}|\d{2})" + _TIME, re.ASCII
)
_NAMED = re.compile(
    r"(?:[A-Za-z]{3,9},? +)?(?P<d>\d{1,2})(?:st|nd|rd|th)?[-/. ]*(?:of +)?(?P<name>[A-Za-z]{3,9})"
    r"\.?,?[-/ ]*(?P<y>\d{4}|\d{2})" + _TIME,
    re.ASCII,
)
_NAME_FIRST = re.compile(
    r"(?P<name>[A-Za-z]{3,9})\.? +(?P<d>\d{1,2})(?:st|nd|rd|th)?,? +(?P<y>\d{4})" + _TIME, re.ASCII
)
_SERIAL = re.compile(r"\d{4,6}(\.\d+)?", re.ASCII)
_PARTIAL = (
    re.compile(r"(?P<y>\d{4})", re.ASCII),
    re.compile(r"(?P<y>\d{4})[-/. ](?P<m>\d{1,2})", re.ASCII),
    re.compile(r"(?P<m>\d{1,2})[-/. ](?P<y>\d{4})", re.ASCII),
    re.compile(r"(?P<name>[A-Za-z]{3,9})\.?,?[-/. ]*(?P<y>\d{4})", re.ASCII),
)
# Spelt out: the standard library's names follow the machine's language.
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)

Kind = Literal["issue", "birth", "other"]

# The shapes of nearly every export, for a database: the format of strptime for each.
_DAY_FIRST = "%d/%m/%Y"
_PLAIN = (
    (re.compile(r"\d\d/\d\d/\d{4}", re.ASCII), _DAY_FIRST),
    (re.compile(r"\d{4}-\d\d-\d\d", re.ASCII), "%Y-%m-%d"),
    (re.compile(r"\d\d-[A-Z][a-z]{2}-\d{4}", re.ASCII), "%d-%b-%Y"),
    (re.compile(r"\d\d [A-Z][a-z]{2} \d{4}", re.ASCII), "%d %b %Y"),
)


class _Written(NamedTuple):
    """The parts of a date as they stand; `certain` when day and month cannot be mistaken."""

    year: str
    day: int
    month: int
    certain: bool
    seconds: int


@dataclass(slots=True)
class DateReading:
    """What each distinct text of a column means: an epoch day, not known (None), or a problem."""

    days: dict[str, int | None] = field(default_factory=dict)
    seconds: dict[str, int] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    order: Order = "day-first"


def epoch_day(day: date) -> int:
    """Days since 1 January 1970."""
    return day.toordinal() - EPOCH


@cache
def calendar_day(day: int) -> date:
    """The date of an epoch day."""
    return date.fromordinal(day + EPOCH)


def read_dates(
    texts: Iterable[str],
    *,
    heading: str,
    section: str = "",
    today: date,
    kind: Kind = "other",
    order: Order | None = None,
    day_first_elsewhere: Callable[[], bool] = lambda: False,
) -> DateReading:
    """Read every distinct text of a column.

    `section` is that of the column map ("issues"), for the advice. `order` (from a saved map)
    settles what day/month order means; without it the column decides. `day_first_elsewhere` tells
    whether texts of the column that are not given (`sql_plain_day` has read them) show that it is
    day first; it is asked only when a text here is month first.
    Raises UnusableInput when the column can only be month first and no map says so.
    """
    reading = DateReading()
    written: dict[str, _Written] = {}
    for text in texts:
        if text.strip().casefold() in BLANK:
            reading.days[text] = None
            continue
        parts = _take_apart(text)
        if isinstance(parts, str):
            reading.problems[text] = parts
        else:
            written[text] = parts
    reading.order = order or _decide_order(written, heading, section, day_first_elsewhere)
    settle = _settler(today, kind, reading.order)
    for text, parts in written.items():
        settled = settle(parts)
        if isinstance(settled, str):
            reading.problems[text] = f"“{text.strip()}” {settled}"
        elif kind != "issue" and settled in PLACEHOLDERS:
            reading.days[text] = None
        else:
            reading.days[text] = epoch_day(settled)
            if parts.seconds:
                reading.seconds[text] = parts.seconds
    return reading


def is_part_of_a_date(text: str, *, today: date) -> bool:
    """True for a year, or a month and year, that has begun: "2024", "Mar-2024", "03/2024"."""
    trimmed = " ".join(text.split()).removeprefix("'")
    for shape in _PARTIAL:
        match = shape.fullmatch(trimmed)
        if match is None:
            continue
        parts = match.groupdict()
        named = _month(parts["name"]) if "name" in parts else 1
        first = date_or_none(int(parts["y"]), int(parts.get("m") or named), 1)
        return first is not None and today.year - OLDEST_AGE <= first.year and first <= today
    return False


def check_order(texts: Iterable[str], *, heading: str, section: str) -> None:
    """Raise UnusableInput when these texts of a column can only be month first."""
    written = {}
    for text in texts:
        parts = _take_apart(text)
        if not isinstance(parts, str):
            written[text] = parts
    _decide_order(written, heading, section, lambda: False)


def is_serial(text: str) -> bool:
    """True for a spreadsheet's own number for a date, such as 46345 or 46345.5."""
    return _SERIAL.fullmatch(text) is not None and len(text.partition(".")[0]) > 4


def plain_format(text: str, order: Order | None) -> str | None:
    """The format of strptime for the shape of a date, when it is one of the usual shapes."""
    form = next((form for shape, form in _PLAIN if shape.fullmatch(text)), None)
    return "%m/%d/%Y" if form == _DAY_FIRST and order == "month-first" else form


def sql_plain_day(text: str, form: str, *, today: date, kind: Kind) -> str:
    """SQL for the epoch day of a text that is plainly a good date; NULL for every other text.

    A shortcut for whole columns, as with NHS numbers: whatever it leaves NULL (other shapes, days
    that do not exist or cannot be right, placeholders) is put to `read_dates`, which stays the one
    definition. Only texts that come out as they went in when written again are taken. `form` is
    what `plain_format` gave for the order of the column.
    """
    # Said flat, without a subquery: that would be joined back to the column by its text.
    day = f"try_strptime({text}, '{form}')"
    placeholders = ", ".join(f"TIMESTAMP '{each}'" for each in PLACEHOLDERS if each.year > 1)
    return (
        f"CASE WHEN strftime({day}, '{form}') = {text} AND {day} NOT IN ({placeholders})"
        f" AND {day} BETWEEN TIMESTAMP '{_earliest(today, kind)}' AND TIMESTAMP '{today}'"
        f" THEN ({day}::DATE - DATE '1970-01-01')::INTEGER END"
    )


def sql_shows_day_first(text: str, form: str) -> str:
    """SQL that is true for a text `sql_plain_day` has read which can only be day first."""
    return f"{text}[1:2] > '12'" if form == _DAY_FIRST else "FALSE"


def _earliest(today: date, kind: Kind) -> date:
    oldest = date(today.year - OLDEST_AGE, 1, 1)
    return max(oldest, EARLIEST_ISSUE) if kind == "issue" else oldest


def _take_apart(text: str) -> _Written | str:
    trimmed = " ".join(text.split()).removeprefix("'")
    if trimmed.startswith('="') and trimmed.endswith('"'):
        trimmed = trimmed[2:-1]
    match = _NUMERIC.fullmatch(trimmed)
    if match:
        return _written(match, int(match["a"]), int(match["b"]), certain=False, text=trimmed)
    match = _ISO.fullmatch(trimmed) or _COMPACT.fullmatch(trimmed)
    if match:
        return _written(match, int(match["d"]), int(match["m"]), certain=True, text=trimmed)
    match = _NAMED.fullmatch(trimmed) or _NAME_FIRST.fullmatch(trimmed)
    month = _month(match["name"]) if match else 0
    if match and month:
        return _written(match, int(match["d"]), month, certain=True, text=trimmed)
    if is_serial(trimmed):
        return (
            f"“{trimmed}” looks like a spreadsheet's own number for a date: show the column as"
            " dd/mm/yyyy and export it again."
        )
    return f"“{trimmed[:60]}” cannot be read as a whole date (day, month and year)."


def _month(name: str) -> int:
    folded = name.casefold()
    if folded == "sept":
        return 9
    for number, full in enumerate(_MONTHS, start=1):
        if folded in (full, full[:3]):
            return number
    return 0


def _written(
    match: re.Match[str], day: int, month: int, *, certain: bool, text: str
) -> _Written | str:
    seconds = 0
    if match["hour"] is not None:
        hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
        if match["half"] and 1 <= hour <= 12:
            hour = hour % 12 + (12 if match["half"].lower() == "pm" else 0)
        if hour > 23 or minute > 59 or second > 59:
            return f"“{text}” has a time of day that does not exist."
        seconds = hour * 3600 + minute * 60 + second
    return _Written(match["y"], day, month, certain, seconds)


def _exists(year: int, month: int, day: int) -> bool:
    return date_or_none(year, month, day) is not None


def date_or_none(year: int, month: int, day: int) -> date | None:
    """The date, or None when there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _decide_order(
    written: dict[str, _Written],
    heading: str,
    section: str,
    day_first_elsewhere: Callable[[], bool],
) -> Order:
    day_first = month_first = ""
    for text, parts in written.items():
        if parts.certain or max(parts.day, parts.month) <= 12:
            continue
        year = int(parts.year) if len(parts.year) == 4 else 2000
        if _exists(year, parts.month, parts.day):
            day_first = day_first or text
        elif _exists(year, parts.day, parts.month):
            month_first = month_first or text
    if month_first and not day_first and not day_first_elsewhere():
        raise UnusableInput(
            f"The dates in the column “{heading}” look month first (“{month_first.strip()}”), which"
            " could swap days and months: save a column map and write the line date_order ="
            f' "month-first" (or "day-first") under [{section or "issues"}].'
        )
    return "day-first"


def _settler(today: date, kind: Kind, order: Order) -> Callable[[_Written], date | str]:
    earliest = _earliest(today, kind)

    def settle(parts: _Written) -> date | str:
        day, month = parts.day, parts.month
        if order == "month-first" and not parts.certain:
            day, month = month, day
        settled = date_or_none(_year(parts.year, today), month, day)
        if settled and len(parts.year) == 2 and kind == "birth" and settled > today:
            settled = date_or_none(settled.year - 100, month, day)
        if settled is None:
            read = "" if parts.certain else f" (read {order.replace('-', ' ')})"
            return f"is not a date that exists{read}."
        if settled > today:
            return f"is in the future (after {today:%d/%m/%Y})."
        if settled in PLACEHOLDERS and kind != "issue":
            return settled
        if settled < earliest:
            return "is too long ago to be right."
        return settled

    return settle


def _year(written: str, today: date) -> int:
    if len(written) == 4:
        return int(written)
    latest = today.year + 20
    year = latest - latest % 100 + int(written)
    return year if year <= latest else year - 100
