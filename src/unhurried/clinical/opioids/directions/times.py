"""Reads times of day, clock times and weekdays: "8am and 8pm", "at 0800", "on Mondays"."""

from __future__ import annotations

import re

from unhurried.clinical.opioids.directions.draft import NUMBERS, Abstain, Amount, Reader
from unhurried.clinical.opioids.directions.placing import place_amount, place_slot
from unhurried.clinical.opioids.directions.vocabulary import SCALE, Token, is_clock

_LISTS = frozenset({"and", "separator", "slash"})
_AT_NIGHT_BEFORE = frozenset(
    {
        "end", "separator", "as_required", "and", "max", "max_daily", "daily_max", "open",
        "close", "number", "word_number", "for", "directed", "then", "up_to", "fraction", "glyph",
    }
)  # fmt: skip
_MOST_BARE = 2
_CLOCK_TIME = re.compile(r"[0-9][ap]\.?m", re.IGNORECASE)
""" "2am" is a time of day, "2 am" may be two in the morning."""
_BOTH_HALVES = {"am": "morning", "pm": "evening"}


def on_slot(reader: Reader) -> None:
    """A time of day in words."""
    name = reader.tokens[reader.at].name
    reader.at += 1
    place_slot(reader, name)


def on_half_day(reader: Reader) -> None:
    """Am or pm after an amount with its unit: "1 tablet am"."""
    name = _BOTH_HALVES[reader.tokens[reader.at].name]
    reader.at += 1
    place_slot(reader, name)


def number_before_half_day(reader: Reader, low: int, high: int) -> None:
    """ "8am" after an amount is a clock time; "1 am 1 pm" without one are two amounts."""
    token = reader.tokens[reader.at]
    group = reader.group
    waiting = group.amount is not None and (not group.timed() or _clocks(reader))
    if waiting or group.frequency is not None or reader.kinds[reader.at - 2] == "at":
        if low != high or not 0 < low <= 12 * SCALE:
            raise Abstain("clock_or_amount")
        reader.at += 1
        place_slot(reader, f"{low // SCALE} {token.name}")
        return
    if high > _MOST_BARE * SCALE or _CLOCK_TIME.search(reader.text):
        raise Abstain("clock_or_amount")
    if low >= _MOST_BARE * SCALE and group.amount is not None and group.amount.low == low:
        # "2 am 2 pm" may be two clock times
        raise Abstain("clock_or_amount")
    reader.at += 1
    place_amount(reader, Amount(low, high))
    reader.draft.half_days += 1
    place_slot(reader, _BOTH_HALVES[token.name])


def _clocks(reader: Reader) -> bool:
    slots = reader.group.slots
    return bool(slots) and slots[-1][0].isdigit()


def number_before_slot(reader: Reader, low: int, high: int) -> bool:
    """ "12 noon" is a clock time; any other number before a time of day is an amount."""
    token = reader.tokens[reader.at]
    if low != 12 * SCALE or token.name not in {"noon", "midnight"}:
        return False
    if reader.group.amount is None:
        raise Abstain("clock_or_amount")
    reader.at += 1
    place_slot(reader, token.name)
    return low == high


def on_clock(reader: Reader) -> None:
    """Clock times in figures: "08:00 and 20:00", "0800, 2000"."""
    if not _one_clock(reader):
        raise Abstain("clock_unclear")
    while reader.kinds[reader.at] in _LISTS:
        start, joined = reader.at, reader.joined
        while reader.kinds[reader.at] in _LISTS:
            reader.at += 1
        if not _one_clock(reader):
            reader.at, reader.joined = start, joined
            return


def _one_clock(reader: Reader) -> bool:
    token = reader.tokens[reader.at]
    digits = token.written if token.kind == "number" else ""
    if token.kind != "clock" and not (len(digits) == 4 and digits.isdigit() and is_clock(digits)):
        return False
    if reader.kinds[reader.at + 1] in {"unit", "times"}:
        return False
    reader.at += 1
    if reader.kinds[reader.at] in {"span", "clock_end", "ampm"}:
        reader.at += 1
    reader.joined = "break"
    minute = token.number if token.kind == "clock" else token.number // SCALE
    place_slot(reader, f"{minute:04} clock")
    return True


def on_at(reader: Reader) -> None:
    """ "At" before a clock time or a time of day."""
    reader.at += 1
    kind = reader.kinds[reader.at]
    if kind in {"slot", "clock"} or (kind == "number" and reader.kinds[reader.at + 1] == "ampm"):
        return
    if kind == "number" and reader.kinds[reader.at + 1] == "slot":
        return
    if kind == "number" and len(reader.tokens[reader.at].written) == 4:
        on_clock(reader)
        return
    raise Abstain("clock_unclear")


def on_on(reader: Reader) -> None:
    """ "On": before a weekday it is the English word, otherwise Latin for at night."""
    reader.at += 1
    kind = reader.kinds[reader.at]
    if kind == "a" and reader.kinds[reader.at + 1] == "weekday":
        reader.at += 1
        kind = "weekday"
    if kind == "weekday":
        on_weekday(reader)
    elif kind in _AT_NIGHT_BEFORE:
        if kind in NUMBERS and reader.kinds[reader.at + 1] in {"span", "ordinal_end"}:
            raise Abstain("word_unclear", "on")
        if kind == "for" and any(_puts_on(token) for token in reader.tokens):
            raise Abstain("word_unclear", "on")
        reader.draft.on_night = True
        place_slot(reader, "night")
    else:
        raise Abstain("word_unclear", "on")


def _puts_on(token: Token) -> bool:
    """Say whether a word is about putting a patch on: "put one on for 7 days"."""
    return token.kind == "verb" and (
        token.name == "apply" or token.written.startswith(("put", "place"))
    )


def on_weekday(reader: Reader) -> None:
    """A list or a run of weekdays: "Mon, Wed and Fri", "Monday to Friday"."""
    kinds, tokens, group = reader.kinds, reader.tokens, reader.group
    if group.weekdays:
        raise Abstain("varies_by_day")
    days = {tokens[reader.at].number}
    last = tokens[reader.at].number
    reader.at += 1
    while True:
        ahead = reader.at
        run = kinds[ahead] in {"to", "dash"}
        while kinds[ahead] in {"separator", "and", "slash", "to", "dash"}:
            ahead += 1
        if kinds[ahead] == "on" and kinds[ahead + 1] == "weekday":
            ahead += 1
        if kinds[ahead] != "weekday":
            break
        day = tokens[ahead].number
        days |= {(last + step) % 7 for step in range((day - last) % 7 + 1)} if run else {day}
        last = day
        reader.at = ahead + 1
    group.time_first = group.time_first or group.amount is None
    group.weekdays = len(days)
    reader.joined = ""
