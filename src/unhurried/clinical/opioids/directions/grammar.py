"""Reads the tokens of directions one phrase at a time, from left to right.

Each kind of token has one function that reads the phrase it begins. A token that no function
knows, or a phrase that two careful pharmacists could read differently, ends the reading with
`Abstain`.
"""

from __future__ import annotations

from collections.abc import Callable

from unhurried.clinical.opioids.directions import (
    asides,
    companions,
    doubts,
    limits,
    restating,
    stepping,
    times,
)
from unhurried.clinical.opioids.directions.amounts import amount_after, repeated
from unhurried.clinical.opioids.directions.draft import (
    NUMBERS,
    Abstain,
    Amount,
    Draft,
    Frequency,
    Reader,
)
from unhurried.clinical.opioids.directions.frequency import counted, frequency, interval
from unhurried.clinical.opioids.directions.numbers import number_range
from unhurried.clinical.opioids.directions.placing import place_amount, place_frequency, place_slot
from unhurried.clinical.opioids.directions.tokens import tokenize
from unhurried.clinical.opioids.directions.vocabulary import SCALE

_BY_MEAL = {3: ("morning", "noon", "night"), 4: ("morning", "noon", "evening", "night")}
_COUNTED = frozenset({"times", "cross", "hourly", "dash", "times_a_day"})
_LENGTHS = frozenset({"span", "minute", "month"})
_NOT_AN_AMOUNT = _COUNTED | _LENGTHS | {"ampm", "slot"}
_MARKS = frozenset({"slash", "dash", "and"})
_LIMITS = frozenset({"max", "period"})
_RESTATING = frozenset({"open", "equals"})
_APART = frozenset({"open", "close", "ornament"})
_END_OF_PHRASE = frozenset({"end", "close", "separator"})


def read(text: str) -> list[Draft]:
    """Read directions into drafts, one for each step. Raises Abstain when anything is unclear."""
    reader = Reader(tokenize(text), text)
    kinds = reader.kinds
    while True:
        start = reader.at
        kind = kinds[start]
        if kind == "end":
            break
        handler = _HANDLERS.get(kind)
        if handler is None:
            code = "unknown_word" if kind == "unknown" else "word_unclear"
            raise Abstain(code, reader.tokens[reader.at].written)
        handler(reader)
        if reader.at <= start:
            # a phrase that reads nothing would be read for ever
            raise Abstain("word_unclear", reader.tokens[start].written)
    if reader.unit_ahead is not None:
        raise Abstain("no_amount")
    if reader.joined == "and":
        raise Abstain("cut_off")
    return reader.drafts


def _on_number(reader: Reader) -> None:
    """A number begins an amount, a frequency, a length of time or a time of day."""
    start, kinds = reader.at, reader.kinds
    if kinds[start + 1] in _MARKS and _number_with_marks(reader):
        return
    low, high = number_range(reader)
    if kinds[reader.at] == "open":
        repeated(reader, low, high)
    if kinds[reader.at] in _NOT_AN_AMOUNT and _not_an_amount(reader, low, high, start):
        return
    amount = amount_after(reader, low, high)
    if amount is None:
        return
    if kinds[reader.at] in _LIMITS and limits.max_after(reader, amount):
        return
    if kinds[start - 1] in _RESTATING and _restates(reader, amount, start):
        return
    if kinds[reader.at] in _END_OF_PHRASE and restating.quantity(reader, amount, start):
        return
    doubts.weekly(reader, amount)
    if kinds[start - 1] in _APART:
        reader.joined = reader.joined or "break"
    place_amount(reader, amount)


def _restates(reader: Reader, amount: Amount, start: int) -> bool:
    if restating.daily_total(reader, amount, start):
        return True
    return reader.kinds[start - 1] == "open" and restating.regimen(reader, amount)


def _not_an_amount(reader: Reader, low: int, high: int, start: int) -> bool:
    """Read "(4) times a day", "(7) days", "(8) am", "(12) noon"; False when it is an amount."""
    kind = reader.kinds[reader.at]
    if kind in _COUNTED:
        found = counted(reader, low, high)
        if found is not None:
            doubts.lost_hyphen(reader, low, start)
            place_frequency(reader, found)
        return found is not None
    if kind == "slot":
        return times.number_before_slot(reader, low, high)
    if kind == "ampm":
        times.number_before_half_day(reader, low, high)
    else:
        _on_length(reader, low, high, start)
    return True


def _number_with_marks(reader: Reader) -> bool:
    """ "3/7" after whole directions, and "1-0-1" or "1+1+1" for the times of the day."""
    start, kinds = reader.at, reader.kinds
    if kinds[start + 1] == "slash":
        timed = reader.group.amount is not None and reader.group.timed()
        if timed and asides.slashed_length(reader):
            return True
        reader.at = start
        return False
    parts = [start]
    while kinds[parts[-1] + 1] == kinds[start + 1] and kinds[parts[-1] + 2] == "number":
        parts.append(parts[-1] + 2)
    if kinds[start] != "number" or len(parts) not in _BY_MEAL:
        return False
    reader.at = parts[-1] + 1
    unit = None
    if kinds[reader.at] == "unit":
        unit = reader.tokens[reader.at].name
        reader.at += 1
    if not reader.draft.empty() or kinds[reader.at] in NUMBERS | _COUNTED | _LENGTHS:
        raise Abstain("two_amounts")
    for part, slot in zip(parts, _BY_MEAL[len(parts)], strict=True):
        value = reader.tokens[part].number
        if value:
            place_amount(reader, Amount(value, value, unit))
            place_slot(reader, slot)
    return True


def _on_length(reader: Reader, low: int, high: int, start: int) -> None:
    """A number before hours, days or weeks."""
    if asides.length_without_for(reader, low, high, start):
        return
    at, group = reader.at, reader.group
    in_brackets = reader.kinds[start - 1] == "open" and reader.kinds[at + 1] == "close"
    if in_brackets and reader.kinds[at] == "span" and group.frequency is not None:
        reader.at += 1
        place_frequency(reader, interval(low, high, reader.tokens[at].number))
        return
    raise Abstain("length_unclear", reader.tokens[at].written)


def _on_frequency(reader: Reader) -> None:
    start = reader.at
    found = frequency(reader)
    if found is not None:
        place_frequency(reader, found)
        return
    kind = reader.kinds[start]
    if kind == "every" and reader.kinds[start + 1] == "weekday":
        reader.at += 1
        times.on_weekday(reader)
        return
    if kind == "cross":
        reader.at += 1
        timed = reader.group.amount is not None and reader.group.timed()
        if timed and reader.kinds[reader.at] in NUMBERS:
            if asides.slashed_length(reader):
                return
            low, high = number_range(reader)
            if reader.kinds[reader.at] in _LENGTHS:
                asides.length(reader, low, high)
                return
    raise Abstain("word_unclear", reader.tokens[start].written or "x")


def _on_hourly(reader: Reader) -> None:
    """ "5ml hourly"; "2 hourly" alone is every two hours, so a unit must stand in between."""
    if reader.group.amount is None or reader.group.amount.unit is None:
        raise Abstain("interval_unclear")
    reader.at += 1
    place_frequency(reader, Frequency(24, 1, 24, 1, "interval"))


def _on_unit(reader: Reader) -> None:
    """A unit without its number: in front ("tabs 1 bd"), a patch to change, or mentioned again."""
    token = reader.tokens[reader.at]
    group = reader.group
    reader.at += 1
    ahead = reader.at
    while reader.kinds[ahead] == "separator":
        ahead += 1
    if group.amount is None and (reader.kinds[ahead] in NUMBERS or reader.kinds[ahead] == "a"):
        if token.name != "dose":
            reader.unit_ahead = token.name
        reader.at = ahead
    elif token.name == "patch" and token.number == 1 and group.amount is None:
        reader.draft.patch = True
    elif not (group.amount is not None and group.timed() and group.amount.unit == token.name):
        raise Abstain("no_amount")


def _on_a(reader: Reader) -> None:
    """ "A tablet", "a new patch", "a 5ml spoonful": one."""
    reader.at += 1
    ahead = reader.at
    while reader.kinds[ahead] == "describing":
        ahead += 1
    one_thing = reader.kinds[ahead] == "unit" and reader.tokens[ahead].number == 1
    sized = reader.kinds[ahead] in NUMBERS and reader.kinds[ahead + 1] == "unit"
    amount = amount_after(reader, SCALE, SCALE) if one_thing or sized else None
    if amount is None or amount.unit is None:
        raise Abstain("word_unclear", "a")
    place_amount(reader, amount)


def _on_in(reader: Reader) -> None:
    """ "In 2 divided doses"."""
    reader.at += 1
    if reader.kinds[reader.at] in NUMBERS:
        low, high = number_range(reader)
        if (
            reader.kinds[reader.at] in {"divided", "divided_end"}
            and low == high
            and low % SCALE == 0
        ):
            reader.at += 1
            reader.draft.divided = low // SCALE
            return
    raise Abstain("word_unclear", "in")


def _on_divided(reader: Reader) -> None:
    reader.at += 1
    reader.draft.divided = reader.draft.divided or -1


def _on_slash(reader: Reader) -> None:
    """ "1 patch / 3 days", "qds/prn"."""
    reader.at += 1
    kind = reader.kinds[reader.at]
    if kind in NUMBERS:
        low, high = number_range(reader)
        token = reader.tokens[reader.at]
        if token.kind == "span" and token.number > 1:
            reader.at += 1
            place_frequency(reader, interval(low, high, token.number))
            return
    elif kind == "as_required":
        return
    raise Abstain("word_unclear", "/")


def _on_dash(reader: Reader) -> None:
    """A dash is a break; before a number it must not be mistaken for a minus or a range."""
    start = reader.at
    reader.at += 1
    doubts.dash(reader, start)
    reader.joined = reader.joined or "break"


def _on_separator(reader: Reader) -> None:
    reader.at += 1
    reader.joined = reader.joined or "break"


def _on_and(reader: Reader) -> None:
    if reader.at == 0:
        raise Abstain("word_unclear", reader.tokens[0].written)
    reader.at += 1
    reader.joined = "and"


def _on_equals(reader: Reader) -> None:
    reader.at += 1
    if reader.kinds[reader.at] not in NUMBERS:
        raise Abstain("word_unclear", "=")


def _skip(reader: Reader) -> None:
    reader.at += 1


def _on_verb(reader: Reader) -> None:
    """What to do with it; "change" and "replace" are for patches."""
    if reader.tokens[reader.at].name == "change":
        reader.draft.renewed = True
    reader.at += 1


def _on_as_required(reader: Reader) -> None:
    draft = reader.draft
    reader.at += 1
    if reader.joined == "and" and reader.group.timed():
        raise Abstain("partly_required")
    if draft.widened or (len(draft.groups) > 1 and not reader.group.timed()):
        # "1 mane and 1 prn at night", "1 bd up to qds prn": only a part may be as required
        raise Abstain("partly_required")
    read_so_far = sum(group.amount is not None for group in draft.groups)
    if draft.as_required and draft.required_after != read_so_far:
        raise Abstain("partly_required")
    draft.as_required = True
    draft.required_after = read_so_far
    reader.joined = ""


def _on_directed(reader: Reader) -> None:
    reader.at += 1
    if reader.joined == "and":
        raise Abstain("as_directed")
    reader.draft.directed = True


def _on_daily_advice(reader: Reader) -> None:
    reader.at += 1
    reader.draft.advised_daily = True


def _on_breakthrough(reader: Reader) -> None:
    reader.at += 1
    reader.draft.breakthrough = True


def _abstain(code: str) -> Callable[[Reader], None]:
    def handler(reader: Reader) -> None:
        raise Abstain(code, reader.tokens[reader.at].written)

    return handler


_HANDLERS: dict[str, Callable[[Reader], None]] = {
    **dict.fromkeys(NUMBERS, _on_number),
    **dict.fromkeys(("frequency", "period", "times_word", "every", "q", "cross"), _on_frequency),
    **dict.fromkeys(("max", "max_daily"), limits.on_max),
    **dict.fromkeys(("describing", "each_dose", "open", "close", "spacing"), _skip),
    "daily_max": limits.on_daily_max,
    "up_to": limits.on_up_to,
    "unit": _on_unit,
    "slot": times.on_slot,
    "ampm": times.on_half_day,
    "clock": times.on_clock,
    "at": times.on_at,
    "on": times.on_on,
    "weekday": times.on_weekday,
    "a": _on_a,
    "in": _on_in,
    "divided": _on_divided,
    "slash": _on_slash,
    "dash": _on_dash,
    "separator": _on_separator,
    "and": _on_and,
    "equals": _on_equals,
    "hourly": _on_hourly,
    "as_required": _on_as_required,
    "directed": _on_directed,
    "daily_advice": _on_daily_advice,
    "breakthrough": _on_breakthrough,
    "start": stepping.on_start,
    "then": stepping.on_then,
    "change_to": stepping.on_change_to,
    "stop": stepping.on_stop,
    "first": stepping.on_first,
    "later": stepping.on_later,
    "after_span": stepping.on_after_span,
    "for": asides.on_for,
    "lasting": asides.on_lasting,
    "advice": asides.on_advice,
    "pharmacy": asides.on_pharmacy,
    "quantity": asides.on_quantity,
    "remove_after": asides.on_remove_after,
    "ornament": companions.on_ornament,
    "total": restating.on_total,
    "verb": _on_verb,
    "minute": asides.on_spacing_start,
    "spacing_start": asides.on_spacing_start,
    "spoon": _abstain("spoon_size"),
    "single": _abstain("single_dose"),
    "changing": _abstain("changes"),
    "other_rule": _abstain("not_in_use"),
    "doubtful_number": _abstain("doubtful_number"),
}
