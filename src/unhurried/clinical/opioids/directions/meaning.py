"""Checks and adds up what has been read: drafts in, `Understood` out, or `Abstain`."""

from __future__ import annotations

import functools
import itertools
from fractions import Fraction

from unhurried.clinical.opioids.directions.amounts import MASS, MEASURES
from unhurried.clinical.opioids.directions.ceilings import Total, apply_limits
from unhurried.clinical.opioids.directions.draft import (
    Abstain,
    Amount,
    Draft,
    Frequency,
    Group,
)
from unhurried.clinical.opioids.directions.placing import in_order
from unhurried.clinical.opioids.directions.result import Step, Understood
from unhurried.clinical.opioids.directions.vocabulary import SCALE

_WEEK = 7
_MOST_AT_ONCE = 16 * SCALE
_MOST_OFTEN = 8 * SCALE
"""Of a number without a unit, or of a solid taken more than once a day: more is a lost hyphen."""
_MOST_MASS = 4 * MASS["g"] * SCALE
_SMALL_PARTS = MEASURES | {"drop", "puff", "spray"}


@functools.lru_cache(maxsize=8192)
def fraction(top: int, bottom: int) -> Fraction:
    """An exact fraction, kept: making one is slower than all the rest of the arithmetic."""
    return Fraction(top, bottom)


def understood(text: str, drafts: list[Draft], form: str | None) -> Understood:
    """Turn the drafts of a text into its meaning. Raises Abstain when they are not certain."""
    if len(drafts) > 1:
        drafts = _steps_of(drafts)
    if len(drafts) > 1:
        return _in_steps(text, drafts, form)
    if drafts[0].labelled:
        raise Abstain("changes")
    total = settle(drafts[0], form)
    low, high = total.dose_low, total.dose_high
    return Understood(
        text,
        None if low < 0 else fraction(low, SCALE),
        None if high < 0 else fraction(high, SCALE),
        total.unit,
        None if total.times_high < 0 else fraction(total.times_low, total.times_low_per),
        None if total.times_high < 0 else fraction(total.times_high, total.times_high_per),
        drafts[0].as_required,
        None if total.most < 0 else fraction(total.most, total.most_per * SCALE),
        fraction(total.low, total.low_per * SCALE),
        fraction(total.high, total.high_per * SCALE),
        (),
        fraction(total.mg, SCALE) if total.mg else None,
    )


def settle(draft: Draft, form: str | None) -> Total:
    """Check one step and add it up."""
    total = _added_up(draft, form)
    if total.unit is None and form == "patch":
        total.unit = "patch"
    daily = total.times_high >= total.times_high_per
    if draft.on_night and total.unit == "patch":
        raise Abstain("word_unclear", "on")
    _check_length(draft, total)
    if draft.renewed and daily and total.unit != "patch":
        raise Abstain("word_unclear", "change")
    if draft.totals:
        _check_stated(draft, total)
    if draft.limits or total.times_high < 0:
        apply_limits(draft, total)
    _check_plausible(total)
    if draft.as_required:
        total.low = 0
    elif draft.breakthrough and total.low > 0:
        raise Abstain("breakthrough")
    return total


def _added_up(draft: Draft, form: str | None) -> Total:
    groups = draft.groups
    if draft.waits:
        raise Abstain("length_unclear")
    if draft.half_days and draft.half_days != max(len(groups), 2):
        raise Abstain("clock_or_amount")
    if len(groups) > 1:
        return _several(draft)
    if groups[0].amount is None:
        _imply_patch(draft, form)
    return _one(draft, groups[0])


def _check_length(draft: Draft, total: Total) -> None:
    """A course shorter than the time between doses, or "5 nights twice a week", is repeated."""
    if draft.duration <= 0 or not 0 < total.times_high < total.times_high_per:
        return
    by_week = total.times_high_per % _WEEK == 0
    short = draft.duration * total.times_high < total.times_high_per
    if short or (by_week and draft.duration % _WEEK):
        raise Abstain("cyclical")


def _check_plausible(total: Total) -> None:
    if total.dose_high == 0 or total.high <= 0 or total.times_high > 24 * total.times_high_per:
        raise Abstain("implausible")
    cut = total.unit == "patch" and (total.dose_low % SCALE or total.dose_high % SCALE)
    many = total.dose_high > _MOST_OFTEN and total.times_high > total.times_high_per
    if cut or (total.unit not in _SMALL_PARTS and (many or total.dose_high > _MOST_AT_ONCE)):
        raise Abstain("implausible")
    weight = MASS.get(total.unit or "")
    if weight and (total.dose_high * weight > _MOST_MASS or 0 < total.dose_low * weight < SCALE):
        raise Abstain("implausible")


def _imply_patch(draft: Draft, form: str | None) -> None:
    """ "Apply every 3 days" means one patch when the form or the text says patch."""
    group = draft.groups[0]
    if not group.timed() and not draft.limits and draft.directed:
        raise Abstain("as_directed")
    often = group.frequency
    seldom = often is None or often.high <= often.high_per
    if group.timed() and seldom and (draft.patch or form == "patch"):
        group.amount = Amount(SCALE, SCALE, "patch")
        return
    raise Abstain("no_amount")


def _one(draft: Draft, group: Group) -> Total:
    amount = group.amount
    if amount is None:
        raise Abstain("no_amount")
    _check_amount(draft, amount)
    if draft.divided:
        return _divided(draft, group, amount)
    often = group.frequency
    if often is None or group.slots or group.weekdays:
        often = _how_often(draft, group)
    total = Total(amount)
    if often is not None:
        total.times(often)
        if draft.wear_hours * often.high > 24 * often.high_per or (
            draft.wear_hours and amount.unit not in {"patch", None}
        ):
            raise Abstain("length_unclear")
    elif draft.wear_hours:
        raise Abstain("length_unclear")
    return total


def _check_amount(draft: Draft, amount: Amount) -> None:
    """Numbers that are likely to be something else, and a strength that stands in front."""
    if amount.unit is None and amount.high > _MOST_OFTEN:
        raise Abstain("implausible")
    if amount.unit not in MEASURES and (amount.low * 4 % SCALE or amount.high * 4 % SCALE):
        # "1.2 qds" may be 1-2: no solid is cut into fifths
        raise Abstain("doubtful_number")
    if draft.strength is not None:
        mass, volume = draft.strength
        if amount.unit != "ml" or amount.high * mass % volume:
            raise Abstain("strength_or_dose")
        mg = amount.high * mass // volume
        if amount.mg not in {0, mg}:
            raise Abstain("strength_or_dose")
        amount.mg = mg


def _divided(draft: Draft, group: Group, amount: Amount) -> Total:
    """ "30mg daily in 2 divided doses": the amount is the day's."""
    often = group.frequency
    if often is None or often.style != "period" or often.high_per != 1 or group.slots:
        raise Abstain("divided_unclear")
    total = Total(amount)
    total.times(often)
    parts = draft.divided
    if parts > 1 and amount.low % parts == 0 and amount.high % parts == 0:
        total.dose_low, total.dose_high = amount.low // parts, amount.high // parts
        total.times_low = total.times_high = parts
        total.mg //= parts
    else:
        total.dose_low = total.dose_high = total.times_high = -1
        total.mg = 0
    return total


def _how_often(draft: Draft, group: Group) -> Frequency | None:
    """Put a group's frequency, times of day and weekdays together; they must agree."""
    base, slots = group.frequency, len(group.slots)
    if slots:
        base = _with_slots(base, slots)
    if group.weekdays:
        base = _with_weekdays(base, group.weekdays)
    if base is None and (draft.advised_daily or (draft.labelled and draft.duration == 1)):
        return Frequency(1, 1, 1, 1, "times")
    return base


def _with_slots(base: Frequency | None, slots: int) -> Frequency:
    if base is None:
        return Frequency(slots, 1, slots, 1, "times")
    wanted = slots if base.high >= base.high_per else 1
    once_each = base.high == wanted * base.high_per if wanted == slots else False
    if base.high < base.high_per:
        once_each = slots == 1
    if not once_each or (base.low and not base.same(base.top())):
        raise Abstain("contradictory")
    return base


def _with_weekdays(base: Frequency | None, days: int) -> Frequency:
    if base is None:
        return Frequency(days, 7, days, 7, "times")
    if base.high < base.high_per:
        if base.high * 7 != days * base.high_per or base.low * base.high_per != (
            base.high * base.low_per
        ):
            raise Abstain("contradictory")
        return base
    return Frequency(
        base.low * days, base.low_per * 7, base.high * days, base.high_per * 7, "times"
    )


def _several(draft: Draft) -> Total:
    """Different amounts at different times of the same day, added up."""
    groups = draft.groups
    _check_parts(draft)
    slots: list[str] = []
    total: Total | None = None
    for group in groups:
        part = _one(draft, group)
        if part.times_high < 0:
            raise Abstain("part_without_time")
        slots += group.slots
        if total is None:
            total = part
        else:
            total.add(part)
    if total is None or len(set(slots)) != len(slots):
        raise Abstain("contradictory")
    if draft.as_required and not _all_required(draft, slots):
        raise Abstain("partly_required")
    return total


def _check_parts(draft: Draft) -> None:
    """Only one part may have a frequency ("1 bd and 2 nocte"), and "and" must join it."""
    groups = draft.groups
    frequent = [index for index, group in enumerate(groups) if group.frequency is not None]
    if any(group.weekdays for group in groups):
        raise Abstain("varies_by_day")
    if len(frequent) > 1 or draft.divided or draft.strength or draft.up_to:
        raise Abstain("contradictory")
    for index in frequent:
        often = groups[index].frequency
        if often is None or often.style == "interval" or often.low < often.low_per:
            raise Abstain("contradictory")
        if not _night_added(groups, often) and any(
            groups[place].joined != "and" for place in (index, index + 1) if 0 < place < len(groups)
        ):
            raise Abstain("contradictory")


def _night_added(groups: list[Group], often: Frequency) -> bool:
    """ "1 bd 1 nocte", with nothing between, is three a day."""
    last = groups[-1]
    several = often.style == "times" and often.low >= 2 * often.low_per and often.same(often.top())
    return len(groups) == 2 and several and last.slots == ["night"] and not last.joined


def _all_required(draft: Draft, slots: list[str]) -> bool:
    """As required covers every part when it stands at either end of equal, ordered parts."""
    groups = draft.groups
    first = groups[0].amount
    alike = all(
        group.amount is not None
        and first is not None
        and (group.amount.low, group.amount.high) == (first.low, first.high)
        and group.frequency is None
        for group in groups
    )
    return alike and in_order(slots) and draft.required_after in {0, len(groups)}


def _check_stated(draft: Draft, total: Total) -> None:
    """A total that is written again must agree."""
    for stated in draft.totals:
        if stated.unit not in {None, total.unit}:
            raise Abstain("total_disagrees")
        if (
            stated.low * total.low_per != total.low
            or stated.high * total.high_per != total.high
            or total.times_high < 0
        ):
            raise Abstain("total_disagrees")


def _steps_of(drafts: list[Draft]) -> list[Draft]:
    """Drop a last step that says nothing; join drafts that are parts of one day."""
    while len(drafts) > 1 and drafts[-1].empty():
        if drafts[-1].directed or drafts[-1].changed or drafts[-1].duration:
            raise Abstain("changes")
        if drafts[-2].duration <= 0 and not drafts[-1].ended:
            drafts[-2].waits = drafts[-2].waits or drafts[-1].labelled
        drafts = drafts[:-1]
    if len(drafts) == 1 or any(draft.duration or draft.changed for draft in drafts):
        return drafts
    if not all(_only_slots(draft) for draft in drafts):
        raise Abstain("changes")
    for draft in drafts[1:]:
        drafts[0].groups += draft.groups
        drafts[0].half_days += draft.half_days
    return drafts[:1]


def _only_slots(draft: Draft) -> bool:
    timed = all(
        group.amount is not None and group.slots and group.frequency is None
        for group in draft.groups
    )
    return timed and not draft.as_required and not draft.limits


def _in_steps(text: str, drafts: list[Draft], form: str | None) -> Understood:
    _carry_over(drafts)
    for draft in drafts[:-1]:
        draft.waits = False
    totals = [settle(draft, form) for draft in drafts]
    units = {total.unit for total in totals} - {None}
    if any(draft.strength for draft in drafts):
        raise Abstain("strength_or_dose")
    if len(units) > 1 or any(draft.duration <= 0 for draft in drafts[:-1]):
        raise Abstain("changes")
    unit = units.pop() if units else None
    if unit in MEASURES and any(total.unit is None for total in totals):
        raise Abstain("changes")
    for before, after in itertools.pairwise(drafts):
        if after.implied and before.groups[-1].slots != after.groups[-1].slots:
            raise Abstain("changes")
    steps = tuple(
        _step(order, total, draft, unit)
        for order, (total, draft) in enumerate(zip(totals, drafts, strict=True), start=1)
    )
    required = all(step.as_required for step in steps)
    return Understood(text, None, None, unit, None, None, required, None, None, None, steps)


def _carry_over(drafts: list[Draft]) -> None:
    """ "1 tds for 3 days then bd": the amount of the step before goes on."""
    for before, after in itertools.pairwise(drafts):
        first, last = after.groups[0], before.groups[-1]
        if len(after.groups) == len(before.groups) == 1 and first.timed():
            first.amount = first.amount or last.amount


def _step(order: int, total: Total, draft: Draft, unit: str | None) -> Step:
    timed = total.times_high >= 0
    return Step(
        order=order,
        dose_min=None if total.dose_low < 0 else fraction(total.dose_low, SCALE),
        dose_max=None if total.dose_high < 0 else fraction(total.dose_high, SCALE),
        unit=unit,
        times_per_day_min=fraction(total.times_low, total.times_low_per) if timed else None,
        times_per_day_max=fraction(total.times_high, total.times_high_per) if timed else None,
        as_required=draft.as_required,
        max_units_per_day=None if total.most < 0 else fraction(total.most, total.most_per * SCALE),
        units_per_day_min=fraction(total.low, total.low_per * SCALE),
        units_per_day_max=fraction(total.high, total.high_per * SCALE),
        duration_days=draft.duration if draft.duration > 0 else None,
    )
