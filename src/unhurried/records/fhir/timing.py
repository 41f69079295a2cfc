"""FHIR timing as words: "2 times a day", "every 4-6 hours", "in the morning".

What cannot be said without a guess is `None`; the caller then gives no directions at all.
A missing frequency beside a period means once in each period (FHIR R4 Timing.repeat).
"""

from __future__ import annotations

from decimal import Decimal

from unhurried.records.fhir import tables
from unhurried.records.fhir.models import CodeableConcept, Repeat, Timing

HOURS_IN = {"h": 1, "d": 24, "wk": 168}
GTS = "http://terminology.hl7.org/CodeSystem/v3-GTSAbbreviation"
LARGEST = Decimal(10_000)


def number(value: float | None) -> Decimal | None:
    """The exact decimal that was written, or None when it is not a sensible positive amount."""
    if value is None or not 0 < value <= LARGEST:
        return None
    exact = Decimal(repr(value))
    # The grammar reads up to three places; more is a calculated figure, not what anyone takes.
    return exact if exact == round(exact, 3) else None


def plain(value: Decimal) -> str:
    """A number as people write it: no exponent, no trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def between(low: Decimal, high: Decimal | None) -> str:
    """One number, or two with a dash."""
    return plain(low) if high is None or high == low else f"{plain(low)}-{plain(high)}"


def moments(timing: Timing | None) -> tuple[str, ...] | None:
    """Each moment or rhythm at which the dose is taken; () when nothing is said."""
    if timing is None:
        return ()
    repeat = timing.repeat
    if repeat is not None and _says_something(repeat):
        return _of_repeat(repeat)
    if timing.code is not None:
        words = _of_code(timing.code)
        return None if words is None else (words,)
    return None if timing.event else ()


def course_days(repeat: Repeat | None) -> tuple[bool, int | None]:
    """Whether the length of the course can be said, and in how many whole days (None: no limit)."""
    bounds = repeat.bounds_duration if repeat else None
    if repeat is not None and repeat.bounds_range is not None:
        return False, None
    if bounds is None:
        return True, None
    length, hours = number(bounds.value), HOURS_IN.get(bounds.code or bounds.unit or "")
    if length is None or hours is None or bounds.comparator:
        return False, None
    days = length * hours / 24
    return (True, int(days)) if days == int(days) else (False, None)


def _says_something(repeat: Repeat) -> bool:
    rest = repeat.model_dump(
        exclude={"bounds_duration", "bounds_range", "bounds_period"}, exclude_defaults=True
    )
    return bool(rest)


def _of_code(code: CodeableConcept) -> str | None:
    known = {row["code"]: row["words"] for row in tables.rows("timing-codes")}
    for coding in code.coding:
        if coding.system == GTS and coding.code in known:
            return known[coding.code]
    return code.text.strip() or None if code.text else None


def _of_repeat(repeat: Repeat) -> tuple[str, ...] | None:
    # A number of times in all, a length of each dose or an offset cannot be said in directions.
    unsayable = (repeat.count, repeat.count_max, repeat.duration, repeat.duration_max)
    if any(part is not None for part in unsayable) or repeat.offset:
        return None
    given = [bool(repeat.when), bool(repeat.time_of_day), bool(repeat.day_of_week)]
    if sum(given) > 1:
        return None
    if repeat.when:
        return _of_when(repeat)
    if repeat.time_of_day:
        return _of_clock_times(repeat)
    if repeat.day_of_week:
        return _of_week_days(repeat)
    words = _rhythm(repeat)
    return None if words is None else (words,)


def _daily(repeat: Repeat) -> bool:
    """True when the period, if any, is one day."""
    if repeat.period_max is not None or repeat.frequency_max is not None:
        return False
    if repeat.period is None:
        return repeat.period_unit in (None, "d")
    return repeat.period == 1 and repeat.period_unit == "d"


def _of_when(repeat: Repeat) -> tuple[str, ...] | None:
    known = {row["code"]: row for row in tables.rows("moments")}
    events = [known.get(code) for code in repeat.when]
    if len(set(repeat.when)) < len(events):
        return None
    said = [event for event in events if event is not None]
    if len(said) < len(events):
        return None
    if all(event["kind"] == "moment" for event in said):
        agrees = repeat.frequency in (None, len(said))
        return tuple(event["words"] for event in said) if agrees and _daily(repeat) else None
    if len(said) == 1 and repeat.period is not None:
        rhythm = _rhythm(repeat)
        return None if rhythm is None else (f"{rhythm} {said[0]['words']}",)
    return None


def _of_clock_times(repeat: Repeat) -> tuple[str, ...] | None:
    times = len(set(repeat.time_of_day))
    if times < len(repeat.time_of_day) or repeat.frequency not in (None, 1, times):
        return None
    words = _times_a(times, None, "day") if _daily(repeat) else None
    return None if words is None else (words,)


def _of_week_days(repeat: Repeat) -> tuple[str, ...] | None:
    weekly = (repeat.period, repeat.period_unit) in ((None, None), (1, "wk"), (1, "d"))
    if len(repeat.day_of_week) != 1 or not weekly or repeat.frequency not in (None, 1):
        return None
    return None if repeat.frequency_max or repeat.period_max else ("once a week",)


def _rhythm(repeat: Repeat) -> str | None:
    period, unit = number(repeat.period), repeat.period_unit
    hours = HOURS_IN.get(unit or "")
    if period is None or hours is None:
        return None
    if repeat.frequency is None and repeat.frequency_max is not None:
        return None
    times, most = repeat.frequency or 1, repeat.frequency_max
    if most is not None and most < times:
        return None
    if repeat.period_max is not None:
        return (
            _every(period, number(repeat.period_max), unit) if (times, most) == (1, None) else None
        )
    in_hours = period * hours
    if in_hours in (24, 168) and not (times == 1 and unit == "h"):
        return _times_a(times, most, "day" if in_hours == 24 else "week")
    return _every(period, period, unit) if (times, most) in ((1, None), (1, 1)) else None


def _times_a(times: int, most: int | None, period: str) -> str | None:
    if max(times, most or 0) > 24:
        return None
    if most is None or most == times:
        return f"once a {period}" if times == 1 else f"{times} times a {period}"
    return f"{times}-{most} times a {period}"


def _every(low: Decimal, high: Decimal | None, unit: str | None) -> str | None:
    if high is None or high < low:
        return None
    factor, word = (24, "hours") if unit == "d" and low != int(low) else (1, "hours")
    if unit in ("d", "wk") and factor == 1:
        factor, word = (1 if unit == "d" else 7), "days"
    low, high = low * factor, high * factor
    if low != int(low) or high != int(high):
        return None
    if low == high == 1:
        return "every hour" if word == "hours" else "once a day"
    return f"every {between(low, high)} {word}"
