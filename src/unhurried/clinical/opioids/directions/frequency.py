"""Reads how often: "bd", "four times a day", "every 4-6 hours", "x3 daily", "twice a week"."""

from __future__ import annotations

from unhurried.clinical.opioids.directions.draft import NUMBERS, Abstain, Frequency, Reader
from unhurried.clinical.opioids.directions.numbers import number_range
from unhurried.clinical.opioids.directions.vocabulary import SCALE

STARTS = frozenset({"frequency", "period", "times_word", "every", "q", "cross"})
"""Kinds of token that a frequency can begin with (besides a number)."""
_JOINS = frozenset({"dash", "slash", "or", "to"})
_JOINABLE = frozenset({"frequency", "times_word"})
_DAY_HOURS = 24
_NOT_AFTER_SLASHED = frozenset({"span", "hourly", "month", "slash", "unit", "dash", "times"})
_SLASHED: dict[float, int] = {24: 1, 7: 24, 52: 168}
"""Hours in the unit of "n/24", "n/7" and "n/52"."""


def frequency(reader: Reader) -> Frequency | None:
    """Read a frequency that does not begin with a number, or None (the reader then stays)."""
    first = _one(reader)
    if first is None or reader.kinds[reader.at] not in _JOINS:
        return first
    if reader.kinds[reader.at + 1] not in _JOINABLE:
        return first
    joined = reader.at
    reader.at += 1
    second = _one(reader)
    if second is None:
        reader.at = joined
        return first
    if second.low * first.high_per <= first.high * second.low_per:
        raise Abstain("range_backwards")
    return Frequency(first.low, first.low_per, second.high, second.high_per, "times")


def _one(reader: Reader) -> Frequency | None:
    token = reader.tokens[reader.at]
    kind = token.kind
    if kind in {"frequency", "period"}:
        reader.at += 1
        if kind == "frequency":
            return Frequency(token.number, token.per, token.number, token.per, "times")
        return Frequency(1, token.number, 1, token.number, "period")
    if kind == "times_word":
        return _times_word(reader)
    if kind in {"every", "q"}:
        return _every(reader)
    if kind == "cross" and reader.kinds[reader.at + 1] in NUMBERS:
        return _crossed(reader)
    return None


def times_in_period(reader: Reader, low: int, high: int) -> Frequency | None:
    """Turn "4 (times)" into a frequency when a period follows ("a day", "in 24 hours")."""
    days = period(reader)
    if days == 0:
        return None
    if low % SCALE or high % SCALE:
        raise Abstain("range_or_times")
    return Frequency(low, SCALE * days, high, SCALE * days, "times")


def period(reader: Reader) -> int:
    """Read "a day", "in 24 hours", "per week"; return the days, or 0 when there is no period."""
    token = reader.tokens[reader.at]
    kind = token.kind
    skip = 1 if kind == "dash" else 0
    if skip:
        token = reader.tokens[reader.at + 1]
        kind = token.kind
    if kind == "period":
        reader.at += 1 + skip
        return token.number
    following = reader.tokens[reader.at + 1 + skip]
    if kind == "span" and token.number == _DAY_HOURS:
        reader.at += 1 + skip
        return 1
    if kind == "number" and token.number == _DAY_HOURS * SCALE and following.kind == "span":
        if following.number == 1:
            reader.at += 2 + skip
            return 1
        raise Abstain("period_unclear")
    return 0


def interval(low: int, high: int, hours: int) -> Frequency:
    """Every `low` to `high` (scaled) spans of so many hours. Abstains when that is no time."""
    if low == 0:
        raise Abstain("implausible")
    if hours == 1 and (low % SCALE or high % SCALE):
        # "4.6 hourly" may be 4-6
        raise Abstain("interval_unclear")
    day = _DAY_HOURS * SCALE
    return Frequency(day, high * hours, day, low * hours, "interval")


def _times_word(reader: Reader) -> Frequency | None:
    """Once, twice, "once or twice", then a period: "twice a day", "once every 3 days"."""
    start = reader.at
    low = high = reader.tokens[start].number
    reader.at += 1
    if reader.kinds[reader.at] in _JOINS and reader.kinds[reader.at + 1] == "times_word":
        high = reader.tokens[reader.at + 1].number
        reader.at += 2
        if high <= low:
            raise Abstain("range_backwards")
    days = period(reader)
    if days:
        return Frequency(low, days, high, days, "times")
    if reader.kinds[reader.at] == "every" and low == high == 1:
        return _every(reader)
    if reader.kinds[reader.at] == "frequency" and low == high == 1:
        return _once_and_again(reader)
    if reader.kinds[reader.at] in _JOINS and low == high:
        return _words_joined(reader, low)
    raise Abstain("period_missing", reader.tokens[start].written)


def _once_and_again(reader: Reader) -> Frequency:
    """ "Once every other day", "once alternate days": the interval decides."""
    token = reader.tokens[reader.at]
    if token.number >= token.per:
        raise Abstain("contradictory")
    reader.at += 1
    return Frequency(token.number, token.per, token.number, token.per, "interval")


def _words_joined(reader: Reader, low: int) -> Frequency:
    """ "Twice or three times a day"."""
    reader.at += 1
    if reader.kinds[reader.at] in NUMBERS:
        number, high = number_range(reader)
        if number == high > low * SCALE and reader.kinds[reader.at] in {"times", "cross"}:
            reader.at += 1
            days = period(reader)
            if days:
                return Frequency(low, days, high, SCALE * days, "times")
    raise Abstain("period_missing")


def _every(reader: Reader) -> Frequency | None:
    """Every 4-6 hours, every third day, every hour, q4h. None when a weekday follows."""
    start = reader.at
    latin = reader.kinds[start] == "q"
    reader.at += 1
    token = reader.tokens[reader.at]
    if token.kind == "ordinal" or reader.kinds[reader.at + 1] == "ordinal_end":
        return _every_nth(reader)
    if token.kind == "span" and not latin:
        reader.at += 1
        return interval(SCALE, SCALE, token.number)
    if reader.kinds[reader.at + 1] in {"slash", "per_24"} and not latin:
        return _every_slashed(reader)
    if token.kind not in NUMBERS:
        if token.kind == "weekday" and not latin:
            reader.at = start
            return None
        raise Abstain("interval_unclear", token.written)
    low, high = number_range(reader)
    if reader.kinds[reader.at] == "dash":
        reader.at += 1
    spans = reader.tokens[reader.at]
    if spans.kind not in {"span", "hourly"} or (latin and spans.number != 1):
        raise Abstain("interval_unclear", spans.written)
    reader.at += 1
    if reader.kinds[reader.at] == "or" or (
        reader.kinds[reader.at] in _JOINS and reader.kinds[reader.at + 1] in NUMBERS
    ):
        return _interval_with_spans_twice(reader, low, high, spans.number)
    return interval(low, high, spans.number)


def _every_slashed(reader: Reader) -> Frequency:
    """ "Every 3/7" (days), "every 72/24" (hours), "every 2/52" (weeks)."""
    at, tokens, kinds = reader.at, reader.tokens, reader.kinds
    number = tokens[at].number
    if tokens[at + 1].written == "/ 24":
        hours, last = _SLASHED[_DAY_HOURS], at + 1
    else:
        hours, last = _SLASHED.get(tokens[at + 2].number / SCALE, 0), at + 2
    plain = kinds[at] == "number" and kinds[last] in {"number", "per_24"}
    if not plain or not hours or number % SCALE:
        raise Abstain("interval_unclear", tokens[at].written)
    if kinds[last + 1] in _NOT_AFTER_SLASHED:
        raise Abstain("interval_unclear", tokens[last + 1].written)
    reader.at = last + 1
    return interval(number, number, hours)


def _interval_with_spans_twice(reader: Reader, low: int, high: int, hours: int) -> Frequency:
    """ "Every 4 hours to 6 hours"."""
    reader.at += 1
    if low == high and reader.kinds[reader.at] in NUMBERS:
        upper, same = number_range(reader)
        if upper == same > low and reader.tokens[reader.at].kind == "span":
            reader.at += 1
            if reader.tokens[reader.at - 1].number == hours:
                return interval(low, upper, hours)
    raise Abstain("interval_unclear")


def _every_nth(reader: Reader) -> Frequency:
    token = reader.tokens[reader.at]
    number = token.number * SCALE if token.kind == "ordinal" else token.number
    reader.at += 1 if token.kind == "ordinal" else 2
    spans = reader.tokens[reader.at]
    if spans.kind == "span":
        reader.at += 1
        return interval(number, number, spans.number)
    if spans.kind == "slot" and spans.name in {"morning", "night"}:
        return interval(number, number, _DAY_HOURS)
    raise Abstain("interval_unclear", spans.written)


def _crossed(reader: Reader) -> Frequency | None:
    """ "x2 daily", "x 4 times a day"; None (and stay) for "x 7 days" and "x 5ml"."""
    start = reader.at
    if reader.kinds[start + 2] == "slash":
        return None
    reader.at += 1
    low, high = number_range(reader)
    if reader.kinds[reader.at] == "times":
        reader.at += 1
    found = times_in_period(reader, low, high) if not _is_length(reader) else None
    if found is None:
        reader.at = start
    return found


def _is_length(reader: Reader) -> bool:
    """Say whether a bare "day(s)" follows a number: a length of time, not a frequency."""
    return reader.kinds[reader.at] == "span"


def counted(reader: Reader, low: int, high: int) -> Frequency | None:
    """A frequency whose number has been read: "(4) times a day", "(4-6) hourly", "(2) x daily"."""
    start = reader.at
    kind = reader.kinds[start]
    if kind == "dash" and reader.kinds[start + 1] in {"hourly", "times"}:
        reader.at += 1
        kind = reader.kinds[reader.at]
    if kind == "hourly":
        reader.at += 1
        return interval(low, high, 1)
    if kind == "times_a_day":
        reader.at += 1
        if low % SCALE or high % SCALE:
            raise Abstain("range_or_times")
        return Frequency(low, SCALE, high, SCALE, "times")
    if kind in {"times", "cross"}:
        reader.at += 1
        if kind == "cross" and reader.kinds[reader.at] == "times":
            reader.at += 1
        if reader.kinds[reader.at] in {"for", "a"}:
            reader.at = start
            return None
        found = times_in_period(reader, low, high)
        if found is not None:
            return found
        if kind == "times":
            raise Abstain("period_missing")
    reader.at = start
    return None
