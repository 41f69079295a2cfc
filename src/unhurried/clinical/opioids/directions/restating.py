"""Reads what is written a second time: the day's total, the same regimen, the quantity supplied.

"30mg bd (total 60mg daily)" and "4 daily (2 bd)" must agree with themselves. "1 bd (56)" ends
with how many were supplied, which is never an amount to take.
"""

from __future__ import annotations

from unhurried.clinical.opioids.directions.amounts import MEASURES, amount_after
from unhurried.clinical.opioids.directions.draft import NUMBERS, Abstain, Amount, Reader
from unhurried.clinical.opioids.directions.frequency import frequency
from unhurried.clinical.opioids.directions.numbers import number_range
from unhurried.clinical.opioids.directions.vocabulary import SCALE

_LEAST_SUPPLIED = 10 * SCALE
_LEAST_PATCHES = 4 * SCALE
_COUNTED = frozenset({"times", "cross", "hourly", "dash", "times_a_day"})


def whole(reader: Reader) -> bool:
    """Say whether the present group has its amount and its time."""
    return reader.group.amount is not None and reader.group.timed()


def daily_total(reader: Reader, amount: Amount, start: int) -> bool:
    """ "(8 a day)" or "= 8 a day" after whole directions: kept, to be checked."""
    token = reader.tokens[reader.at]
    if not whole(reader) or token.kind != "period" or token.number != 1:
        if reader.kinds[start - 1] == "equals":
            raise Abstain("total_disagrees")
        return False
    reader.at += 1
    reader.draft.totals.append(amount)
    return True


def on_total(reader: Reader) -> None:
    """ "Total 60mg daily" after whole directions; anywhere else other products may be counted."""
    word = reader.tokens[reader.at]
    reader.at += 1
    while reader.kinds[reader.at] in {"equals", "separator", "dash"}:
        reader.at += 1
    if whole(reader) and reader.kinds[reader.at] in NUMBERS:
        amount = amount_after(reader, *number_range(reader))
        token = reader.tokens[reader.at]
        daily = token.kind == "period" and token.number == 1
        if amount is not None and (daily or word.number == 1):
            reader.at += daily
            reader.draft.totals.append(amount)
            reader.joined = ""
            return
    raise Abstain("not_in_use", word.written)


def regimen(reader: Reader, amount: Amount) -> bool:
    """ "4 daily (2 bd)": how the day's amount is divided. The amount in the bracket was read."""
    start, group = reader.at, reader.group
    day, often = group.amount, group.frequency
    if day is None or often is None or often.style != "period" or often.high_per != 1:
        return False
    if group.slots or group.weekdays or len(reader.draft.groups) > 1:
        return False
    if reader.kinds[start] in _COUNTED:
        return False
    found = frequency(reader)
    if found is None or reader.kinds[reader.at] != "close":
        reader.at = start
        return False
    agrees = (
        found.style == "times"
        and found.same(found.top())
        and amount.unit in {None, day.unit}
        and amount.low * found.low == day.low * found.low_per
        and amount.high * found.low == day.high * found.low_per
    )
    if not agrees:
        raise Abstain("total_disagrees")
    reader.at += 1
    group.amount = Amount(amount.low, amount.high, day.unit, amount.mg)
    group.frequency = found
    return True


def quantity(reader: Reader, amount: Amount, start: int) -> bool:
    """ "1 bd 56 tabs", "1 bd (56)": how many were supplied, at the end of whole directions."""
    kinds, at = reader.kinds, reader.at
    bracketed = kinds[start - 1] == "open" and kinds[at] == "close"
    last = at + 1 if bracketed else at
    ends = kinds[last] == "end" or reader.tokens[last].name == "stop"
    if not ends or not whole(reader) or reader.joined == "and":
        return False
    if amount.unit in MEASURES or amount.low != amount.high or amount.low % SCALE:
        return False
    if not bracketed and amount.unit is None:
        return False
    least = _LEAST_PATCHES if bracketed and amount.unit == "patch" else _LEAST_SUPPLIED
    taken = reader.group.amount
    if amount.low < least or taken is None or taken.high >= amount.low:
        return False
    if amount.unit not in {None, taken.unit} and not (
        taken.unit is None or taken.unit in {"mg", "microgram"}
    ):
        return False
    reader.at = last
    reader.joined = ""
    return True
