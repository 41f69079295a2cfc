"""Passes over what is not an amount: cautions, supply notes, how long, what it is for.

An aside ends with its sentence. Anything inside it that could be an amount or a time makes the
directions uncertain: a caution is never allowed to hide a number.
"""

from __future__ import annotations

from unhurried.clinical.opioids.directions.draft import (
    NUMBERS,
    SENTENCE_ENDS,
    Abstain,
    Reader,
)
from unhurried.clinical.opioids.directions.numbers import number_range
from unhurried.clinical.opioids.directions.vocabulary import SCALE

_IN_ADVICE = frozenset(
    {
        "advice", "advice_word", "ornament", "describing", "verb", "unit", "and", "or", "to", "in",
        "on", "for", "a", "after_span", "pharmacy", "directed", "stop", "spacing", "dash", "month",
        "spacing_start", "slash", "span",
    }
)  # fmt: skip
_IN_SUPPLY = _IN_ADVICE | {"period", "weekday", "quantity", "daily_advice"}
_LENGTHS = frozenset({"span", "minute", "month"})
_AFTER_LENGTH = frozenset({"spacing", "pharmacy", "close"})
_DATE_NUMBERS = frozenset({"number", "doubtful_number"})
_DAYS = {7: 1, 52: 7, 12: -1}
"""Days in the 7 of "3/7" (days), the 52 of "2/52" (weeks) and the 12 of "1/12" (months: none)."""
_REPEATING = frozenset({"period", "frequency"})
_FOODS = frozenset({"food", "drink"})
_WEEK = 7
_DAY_HOURS = 24
_MOST_AT_ONCE = 4 * SCALE
_FEW_DAYS = 8 * SCALE


def on_advice(reader: Reader) -> None:
    """A caution or a note: pass over it to the end of its sentence."""
    _pass_over(reader, _IN_ADVICE)


def on_pharmacy(reader: Reader) -> None:
    """How it is supplied: pass over it, days of collection and all."""
    _pass_over(reader, _IN_SUPPLY)


def on_quantity(reader: Reader) -> None:
    """ "Mitte 100": the quantity to supply."""
    reader.at += 1
    while reader.kinds[reader.at] == "separator":
        reader.at += 1
    if reader.kinds[reader.at] in NUMBERS:
        number_range(reader)
        if reader.kinds[reader.at] == "unit":
            reader.at += 1
    _pass_over(reader, _IN_SUPPLY)


def _pass_over(reader: Reader, allowed: frozenset[str]) -> None:
    kinds, tokens = reader.kinds, reader.tokens
    while True:
        kind = kinds[reader.at]
        if kind in allowed:
            reader.at += 1
        elif _is_date(reader):
            reader.at += 5
        elif kind in NUMBERS and kinds[reader.at + 1] in _LENGTHS:
            reader.at += 2
        elif _is_slashed(reader):
            reader.at += 3
        elif allowed is _IN_SUPPLY and kinds[reader.at - 1] == "pharmacy" and _is_quantity(reader):
            number_range(reader)
        elif kind in {"end", "close"} or tokens[reader.at].name in SENTENCE_ENDS:
            reader.joined = ""
            return
        elif kind == "separator":
            reader.at += 1
        else:
            raise Abstain("aside_unclear", tokens[reader.at].written)


def _is_quantity(reader: Reader) -> bool:
    """Say whether a number after "dispense" (with or without a unit) ends the sentence."""
    at, kinds = reader.at, reader.kinds
    last = at + 2 if kinds[at + 1] == "unit" else at + 1
    return kinds[at] == "number" and kinds[last] in {"end", "separator", "close"}


def _is_slashed(reader: Reader) -> bool:
    at = reader.at
    return (
        reader.kinds[at : at + 3] == ["number", "slash", "number"]
        and reader.tokens[at + 2].number // SCALE in _DAYS
    )


def _is_date(reader: Reader) -> bool:
    date = reader.kinds[reader.at : reader.at + 5]
    return date[1::2] == ["slash", "slash"] and _DATE_NUMBERS.issuperset(date[::2])


def slashed_length(reader: Reader) -> bool:
    """Read "3/7" (days), "2/52" (weeks), "1/12" (months); False when it is something else."""
    at, tokens = reader.at, reader.tokens
    if reader.kinds[at + 1] != "slash" or reader.kinds[at + 2] != "number":
        return False
    days = _DAYS.get(tokens[at + 2].number // SCALE)
    if days is None or tokens[at].kind != "number" or tokens[at].number % SCALE:
        return False
    if reader.kinds[at + 3] in _REPEATING:
        raise Abstain("cyclical")
    reader.at = at + 3
    set_duration(reader, tokens[at].number // SCALE * days if days > 0 else -1)
    return True


def set_duration(reader: Reader, days: int) -> None:
    """Note how long the present step lasts."""
    if reader.draft.duration not in {0, days} or reader.draft.ended:
        raise Abstain("two_lengths")
    reader.draft.duration = days
    reader.joined = ""


def on_lasting(reader: Reader) -> None:
    """ "For a week": a length of time in one phrase."""
    days = reader.tokens[reader.at].number
    reader.at += 1
    set_duration(reader, days)


def on_for(reader: Reader) -> None:
    """ "For" a length of time, or for a purpose."""
    reader.at += 1
    if reader.kinds[reader.at] == "up_to":
        reader.at += 1
    kind, tokens = reader.kinds[reader.at], reader.tokens
    if kind == "a" and reader.kinds[reader.at + 1] in {"span", "month"}:
        reader.at += 1
        length(reader, SCALE, SCALE)
    elif kind in NUMBERS:
        if not slashed_length(reader):
            low, high = number_range(reader)
            length(reader, low, high)
    elif kind not in {"ornament", "breakthrough", "advice", "describing"}:
        raise Abstain("unknown_word", tokens[reader.at].written or "for")


def length(reader: Reader, low: int, high: int) -> None:
    """The span after its number: days and weeks are a duration, hours are a patch's wear."""
    token = reader.tokens[reader.at]
    if token.kind == "month":
        reader.at += 1
        set_duration(reader, -1)
        return
    if token.kind != "span" or high % SCALE:
        raise Abstain("length_unclear", token.written)
    reader.at += 1
    if token.number == 1:
        reader.draft.wear_hours = high // SCALE
        return
    if reader.kinds[reader.at] in _REPEATING:
        _days_a_week(reader, low, high, token.number)
        return
    if reader.group.weekdays or reader.kinds[reader.at] == "every":
        raise Abstain("cyclical")
    set_duration(reader, high // SCALE * token.number // 24 if low == high else -1)


def _days_a_week(reader: Reader, low: int, high: int, hours: int) -> None:
    """ "5 nights a week" after whole directions; any other length that repeats is declined."""
    token, group = reader.tokens[reader.at], reader.group
    days = high // SCALE
    if token.kind == "frequency" and not group.timed() and token.number >= token.per:
        set_duration(reader, days * hours // 24 if low == high else -1)
        return
    plain = token.kind == "period" and token.number == _WEEK and hours == _DAY_HOURS
    if not plain or low != high or not 0 < days <= _WEEK or group.weekdays:
        raise Abstain("cyclical")
    if group.amount is None or not group.timed() or group.amount.unit == "patch":
        raise Abstain("cyclical")
    reader.at += 1
    group.weekdays = days
    reader.joined = ""


def on_remove_after(reader: Reader) -> None:
    """ "Remove after 12 hours": how long a patch is worn, checked when it is all read."""
    reader.at += 1
    if reader.kinds[reader.at] not in NUMBERS:
        raise Abstain("length_unclear")
    low, high = number_range(reader)
    span = reader.tokens[reader.at]
    if span.kind != "span" or low != high:
        raise Abstain("length_unclear", span.written)
    reader.at += 1
    reader.draft.wear_hours = high * span.number // SCALE


def on_spacing_start(reader: Reader) -> None:
    """ "At least 4 hours apart", "leave 4 hours between doses"."""
    reader.at += 1
    if reader.kinds[reader.at] == "spacing_start":
        reader.at += 1
    if reader.kinds[reader.at] == "a" and reader.kinds[reader.at + 1] == "span":
        raise Abstain("length_unclear")
    if reader.kinds[reader.at] not in NUMBERS:
        raise Abstain("length_unclear", reader.tokens[reader.at].written)
    number_range(reader)
    if reader.kinds[reader.at] not in {"span", "minute", "hourly"}:
        raise Abstain("length_unclear", reader.tokens[reader.at].written)
    reader.at += 1
    if reader.kinds[reader.at] == "spacing" or _food(reader):
        reader.at += 1
    elif reader.kinds[reader.at] != "end" and reader.kinds[reader.at] not in _AFTER_LENGTH:
        raise Abstain("length_unclear", reader.tokens[reader.at].written)


def _food(reader: Reader) -> bool:
    return reader.tokens[reader.at].name in _FOODS


def _could_be_a_part(reader: Reader, low: int) -> bool:
    """ "1 nocte and 1 day" is two a day, and "1 om 2 week" is no length that anyone writes."""
    group, word = reader.group, reader.tokens[reader.at]
    if word.kind != "span" or word.number == 1:
        return False
    if reader.joined == "and":
        return True
    if group.frequency is None and low <= _MOST_AT_ONCE:
        return True
    singular = not word.written.endswith("s")
    return singular and low <= _FEW_DAYS and (low != SCALE or word.number == _DAY_HOURS)


def length_without_for(reader: Reader, low: int, high: int, start: int) -> bool:
    """ "(72 hours)", "7 day script", "1 hour before food", "7 days" after whole directions."""
    at, kinds, group = reader.at, reader.kinds, reader.group
    after = kinds[at + 1]
    if after in {"spacing", "pharmacy"} or reader.tokens[at + 1].name in _FOODS:
        reader.at = at + 1 if after == "pharmacy" else at + 2
        return True
    if after == "slot" and reader.tokens[at].number < 2:
        reader.at = at + 1
        return True
    if after not in _REPEATING and _could_be_a_part(reader, low):
        raise Abstain("length_unclear", reader.tokens[at].written)
    if kinds[start - 1] == "open" or group.amount is None or not group.timed():
        return False
    if kinds[at] == "span" and reader.tokens[at].number > 1 and kinds[start - 1] != "every":
        length(reader, low, high)
        return True
    return False
