"""Puts amounts, frequencies and times of day where they belong, and notices contradictions."""

from __future__ import annotations

from unhurried.clinical.opioids.directions.amounts import MEASURES
from unhurried.clinical.opioids.directions.draft import Abstain, Amount, Frequency, Reader

_ORDER = ("morning", "noon", "afternoon", "teatime", "evening", "night")


def place_amount(reader: Reader, amount: Amount) -> None:
    """Give an amount to the group that waits for one, or start the next group or step."""
    if reader.unit_ahead is not None:
        if reader.unit_ahead in MEASURES or amount.unit not in {None, reader.unit_ahead}:
            raise Abstain("two_units")
        amount.unit = reader.unit_ahead
        reader.unit_ahead = None
    draft, group = reader.draft, reader.group
    if draft.ended:
        raise Abstain("after_stop")
    if group.amount is not None:
        if not group.timed():
            raise Abstain("two_amounts")
        if draft.duration > 0 and reader.joined != "and":
            reader.next_draft()
            reader.draft.implied = True
        else:
            reader.next_group()
    group = reader.group
    group.time_first = group.timed()
    group.amount = amount
    reader.joined = ""


def place_frequency(reader: Reader, frequency: Frequency) -> None:
    """Give a frequency to the present group, or check that it restates what is there."""
    group = reader.group
    joined, reader.joined = reader.joined, ""
    old = group.frequency
    if joined == "and" and group.timed():
        raise Abstain("contradictory")
    if old is None:
        group.frequency = frequency
    elif not _restates(old, frequency):
        if old.style == "interval" and frequency.style == "times" and frequency.within(old):
            group.frequency = frequency
        else:
            raise Abstain("contradictory")


def _restates(old: Frequency, new: Frequency) -> bool:
    """Say whether a second frequency takes nothing away: "tds daily", "bd (12 hourly)"."""
    if old.same(new):
        return True
    if new.style == "period" and old.style == "times":
        return new.high_per == 1 and old.low >= old.low_per
    return new.style == "interval" and old.style == "times" and old.within(new)


def place_slot(reader: Reader, name: str) -> None:
    """Add a time of day to the present group, or start a group that begins with its time."""
    group = reader.group
    joined, reader.joined = reader.joined, ""
    if group.time_first and group.amount is not None and group.slots and not group.frequency:
        reader.joined = joined
        reader.next_group()
        reader.joined = ""
        reader.group.slots.append(name)
        return
    if joined == "and" and not group.slots and (group.frequency or not group.time_first):
        # "after meals and at bedtime", "2 tds and on": what is taken at that time is not stated
        raise Abstain("amount_missing_at_time")
    if name in group.slots:
        if joined == "and":
            raise Abstain("contradictory")
        return
    if group.slots and not joined and _too_close(group.slots[-1], name):
        raise Abstain("times_of_day_unclear")
    group.slots.append(name)


def _too_close(first: str, second: str) -> bool:
    """Say whether two times side by side might be one: "in the evening before bed"."""
    if first not in _ORDER or second not in _ORDER:
        return False
    return abs(_ORDER.index(first) - _ORDER.index(second)) < 2


def in_order(slots: list[str]) -> bool:
    """Say whether times of day follow each other through the day."""
    places = [_ORDER.index(slot) for slot in slots if slot in _ORDER]
    return len(places) == len(slots) and places == sorted(places)
