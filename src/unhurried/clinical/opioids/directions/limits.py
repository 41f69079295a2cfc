"""Reads stated maxima: "max 8 in 24 hours", "no more than 4 doses a day", "up to qds"."""

from __future__ import annotations

from unhurried.clinical.opioids.directions.amounts import amount_after
from unhurried.clinical.opioids.directions.draft import (
    NUMBERS,
    Abstain,
    Amount,
    Frequency,
    Limit,
    Reader,
)
from unhurried.clinical.opioids.directions.frequency import (
    STARTS,
    counted,
    frequency,
    period,
    times_in_period,
)
from unhurried.clinical.opioids.directions.numbers import number_range
from unhurried.clinical.opioids.directions.placing import place_amount, place_frequency
from unhurried.clinical.opioids.directions.vocabulary import SCALE

ONE_DOSE = -1
"""`Limit.days` when the limit is on what is taken at one time."""


def on_daily_max(reader: Reader) -> None:
    """ "Daily max 8": without another frequency, "daily" could be how often to take it."""
    if not any(group.timed() for group in reader.draft.groups):
        raise Abstain("limit_unclear")
    on_max(reader)


def on_max(reader: Reader) -> None:
    """A maximum that stands in front of its number."""
    stated = 0 if reader.kinds[reader.at] == "max" else 1
    reader.at += 1
    reader.joined = ""
    while reader.kinds[reader.at] in {"separator", "dash"}:
        reader.at += 1
    if reader.kinds[reader.at] == "a" and reader.kinds[reader.at + 1] == "unit":
        raise Abstain("limit_unclear")
    if reader.kinds[reader.at] in STARTS:
        found = frequency(reader)
        if found is None or reader.kinds[reader.at] in NUMBERS:
            raise Abstain("limit_unclear")
        _limit_times(reader, found)
        return
    if reader.kinds[reader.at] not in NUMBERS:
        raise Abstain("limit_unclear", reader.tokens[reader.at].written)
    _number_in_limit(reader, stated)


def _limit_times(reader: Reader, found: Frequency) -> None:
    reader.draft.limits.append(Limit(found.high, None, 1, times=True, per=found.high_per))


def _number_in_limit(reader: Reader, stated: int) -> None:
    low, high = number_range(reader)
    if low != high:
        raise Abstain("limit_unclear")
    if reader.kinds[reader.at] == "span" and not _is_24_hours(reader, high):
        _limit_on_length(reader, high)
        return
    found = counted(reader, low, high)
    if found is not None:
        _limit_times(reader, found)
        return
    amount = amount_after(reader, low, high)
    if amount is None:
        raise Abstain("limit_unclear")
    add_limit(reader, amount, stated)


def _is_24_hours(reader: Reader, value: int) -> bool:
    return value == 24 * SCALE and reader.tokens[reader.at].number == 1


def _limit_on_length(reader: Reader, value: int) -> None:
    """ "Max 3 days" is a length of treatment."""
    span = reader.tokens[reader.at].number
    if span == 1 or value % SCALE or reader.kinds[reader.at + 1] in {"period", "frequency"}:
        # "max 3 nights a week" is no length of treatment
        raise Abstain("limit_unclear")
    reader.at += 1
    reader.draft.duration = reader.draft.duration or value // SCALE * span // 24


def add_limit(reader: Reader, amount: Amount, stated: int = 0) -> None:
    """Note a limit whose amount has been read; its period may follow."""
    kinds = reader.kinds
    if kinds[reader.at] == "each_dose":
        reader.at += 1
        if stated:
            raise Abstain("limit_unclear")
        _note(reader, amount, ONE_DOSE)
        return
    if not stated and reader.draft.empty() and amount.low == amount.high:
        often = frequency(reader) if kinds[reader.at] in _OFTEN else None
        if often is not None and often.style == "interval" and often.same(_ONCE):
            raise Abstain("limit_unclear")
        if often is not None:
            place_amount(reader, amount)
            _up_to_frequency(reader, often)
            return
    days = period(reader)
    if not days and kinds[reader.at] == "per_24":
        reader.at += 1
        days = 1
    if kinds[reader.at] in {"frequency", "every", "in", "slot", "month", "times", "q", "a"}:
        raise Abstain("limit_unclear")
    _note(reader, amount, days or stated)


def _note(reader: Reader, amount: Amount, days: int) -> None:
    if amount.low != amount.high:
        raise Abstain("limit_unclear")
    reader.draft.limits.append(Limit(amount.high, amount.unit, days))
    reader.joined = ""


def max_after(reader: Reader, amount: Amount) -> bool:
    """Read "(8) max in 24 hours" and "(8) a day max"; False when no maximum follows."""
    kinds, at = reader.kinds, reader.at
    if kinds[at] == "max" and kinds[at + 1] not in NUMBERS and kinds[at + 1] not in _LIMIT_STARTS:
        reader.at += 1
        add_limit(reader, amount)
        return True
    if kinds[at] == "period" and kinds[at + 1] == "max" and kinds[at + 2] not in NUMBERS:
        days = period(reader)
        reader.at += 1
        _note(reader, amount, days)
        return True
    return False


_ONCE = Frequency(1, 1, 1, 1, "times")
_OFTEN = frozenset({"frequency", "times_word", "every", "q"})
_LIMIT_STARTS = frozenset({"frequency", "times_word", "every", "q", "separator", "max"})


def on_up_to(reader: Reader) -> None:
    """ "Up to" before a maximum, a frequency, a total or an amount."""
    reader.at += 1
    kind = reader.kinds[reader.at]
    if kind in {"max", "max_daily"}:
        on_max(reader)
    elif kind == "daily_max":
        on_daily_max(reader)
    elif kind == "hourly":
        reader.at += 1
        _up_to_frequency(reader, Frequency(24, 1, 24, 1, "interval"))
    elif kind in STARTS:
        found = frequency(reader)
        if found is None:
            raise Abstain("limit_unclear")
        _up_to_frequency(reader, found)
    elif kind in NUMBERS:
        _up_to_number(reader)
    else:
        raise Abstain("limit_unclear", reader.tokens[reader.at].written)


def _up_to_frequency(reader: Reader, found: Frequency) -> None:
    """At most so often: from never, or the upper end of a frequency that is already there."""
    old = reader.group.frequency
    if old is None:
        found.low = 0
        place_frequency(reader, found)
        return
    more = found.high * old.high_per > old.high * found.high_per
    alone = old.same(old.top()) and not reader.group.slots and not reader.draft.duration
    if more and alone and old.style == found.style != "period":
        # "1 bd up to qds": from two to four times a day
        reader.draft.widened = True
        old.high, old.high_per = found.high, found.high_per
    elif not more and old.style == "interval" and found.style == "times":
        old.low = 0
        _limit_times(reader, found)
    elif not (reader.draft.as_required and old.same(found)):
        raise Abstain("limit_unclear")


def _up_to_number(reader: Reader) -> None:
    low, high = number_range(reader)
    if reader.kinds[reader.at] in {"span", "minute", "month"}:
        raise Abstain("limit_unclear")
    found = counted(reader, low, high)
    if found is not None:
        _up_to_frequency(reader, found)
        return
    amount = amount_after(reader, low, high)
    if amount is None or low != high:
        raise Abstain("limit_unclear")
    if reader.kinds[reader.at] in {"period", "per_24"} and reader.group.amount is not None:
        reader.draft.up_to = True
        if amount.unit == "dose" and reader.group.amount.unit != "dose":
            found = times_in_period(reader, amount.high, amount.high)
            if found is not None:
                _up_to_frequency(reader, found)
                return
        add_limit(reader, amount)
        return
    amount.low = 0
    place_amount(reader, amount)
