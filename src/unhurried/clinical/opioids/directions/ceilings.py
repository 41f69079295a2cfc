"""The running total of one step, and the stated maxima that cap it."""

from __future__ import annotations

from unhurried.clinical.opioids.directions.amounts import MASS, MEASURES
from unhurried.clinical.opioids.directions.draft import Abstain, Amount, Draft, Frequency, Limit
from unhurried.clinical.opioids.directions.vocabulary import SCALE


class Total:
    """Doses (scaled), times per day and units per day (scaled) as whole numbers over `_per`.

    -1 in `dose_*`, `times_high`, `high` or `most` stands for not known.
    """

    __slots__ = (
        "dose_high", "dose_low", "high", "high_per", "interval", "low", "low_per", "mg",
        "most", "most_per", "parts", "times_high", "times_high_per", "times_low", "times_low_per",
        "unit",
    )  # fmt: skip

    def __init__(self, amount: Amount) -> None:
        self.dose_low = amount.low
        self.dose_high = amount.high
        self.unit = amount.unit
        self.mg = amount.mg
        self.times_low = self.times_high = -1
        self.times_low_per = self.times_high_per = 1
        self.low = self.high = -1
        self.low_per = self.high_per = 1
        self.most = -1
        self.most_per = 1
        self.interval = False
        self.parts = 1

    def times(self, often: Frequency) -> None:
        """Multiply the dose by how often it is taken."""
        self.times_low, self.times_low_per = often.low, often.low_per
        self.times_high, self.times_high_per = often.high, often.high_per
        self.interval = often.style == "interval"
        self.low, self.low_per = self.dose_low * often.low, often.low_per
        self.high, self.high_per = self.dose_high * often.high, often.high_per

    def add(self, other: Total) -> None:
        """Add another part of the same day. Raises Abstain when the units differ."""
        if self.unit != other.unit:
            if None not in {self.unit, other.unit} or {self.unit, other.unit} & MEASURES:
                raise Abstain("two_units")
            self.unit = self.unit or other.unit
        self.dose_low = min(self.dose_low, other.dose_low)
        self.dose_high = max(self.dose_high, other.dose_high)
        self.mg = 0
        self.times_low = self.times_low * other.times_low_per + other.times_low * self.times_low_per
        self.times_low_per *= other.times_low_per
        self.times_high = (
            self.times_high * other.times_high_per + other.times_high * self.times_high_per
        )
        self.times_high_per *= other.times_high_per
        self.low = self.low * other.low_per + other.low * self.low_per
        self.low_per *= other.low_per
        self.high = self.high * other.high_per + other.high * self.high_per
        self.high_per *= other.high_per
        self.parts += 1


def apply_limits(draft: Draft, total: Total) -> None:
    """Cap a total by every stated maximum. Raises Abstain when they do not fit together."""
    for limit in draft.limits:
        if limit.times:
            _cap_times(draft, total, limit)
        elif limit.days < 0:
            _check_one_dose(total, limit)
    for limit in draft.limits:
        if not limit.times and limit.days >= 0:
            _cap_units(draft, total, limit)
    if total.high < 0:
        raise Abstain("no_frequency" if total.dose_high >= 0 else "no_amount")


def _cap_times(draft: Draft, total: Total, limit: Limit) -> None:
    if total.parts > 1:
        raise Abstain("limit_unclear")
    if total.times_high < 0:
        total.times(Frequency(0, 1, limit.value, limit.per, "times"))
        return
    if limit.value * total.times_high_per > total.times_high * limit.per:
        # "1 bd max qds": the maximum may be how often it can be taken
        raise Abstain("limit_unclear")
    if limit.value * total.times_high_per == total.times_high * limit.per:
        return
    if limit.value * total.times_low_per < total.times_low * limit.per:
        if not (total.interval or draft.as_required):
            raise Abstain("limit_disagrees")
        total.times_low, total.times_low_per = limit.value, limit.per
    often = Frequency(
        total.times_low, total.times_low_per, limit.value, limit.per,
        "interval" if total.interval else "times",
    )  # fmt: skip
    total.times(often)


def _check_one_dose(total: Total, limit: Limit) -> None:
    if _in_units(total, limit) < total.dose_high:
        raise Abstain("limit_disagrees")


def _in_units(total: Total, limit: Limit) -> int:
    """The limit's value, scaled, in the unit of the amounts. Raises Abstain when it has another."""
    unit = limit.unit
    if unit == total.unit:
        return limit.value
    if unit in MASS and total.unit in MASS:
        value = limit.value * MASS[unit]
        if value % MASS[total.unit] == 0:
            return value // MASS[total.unit]
    if unit in MASS and total.mg and total.dose_high > 0:
        top = limit.value * MASS[unit] * total.dose_high
        if top % (MASS["mg"] * total.mg) == 0:
            return top // (MASS["mg"] * total.mg)
    if None in {unit, total.unit} and not {unit, total.unit} & MEASURES:
        total.unit = total.unit or unit
        return limit.value
    raise Abstain("limit_in_other_unit")


def _cap_units(draft: Draft, total: Total, limit: Limit) -> None:
    most, days = _most(total, limit), max(limit.days, 1)
    if most < total.dose_high and days == 1:
        raise Abstain("limit_disagrees")
    if total.most < 0 or most * total.most_per < total.most * days:
        total.most, total.most_per = most, days
    if total.high < 0:
        total.low, total.low_per = 0, 1
        total.high, total.high_per = most, days
    if draft.up_to and most * total.high_per > total.high * days:
        # "1 bd up to 4 a day": from two to four, or two of at most four
        raise Abstain("limit_unclear")
    if most * total.high_per < total.high * days:
        total.high, total.high_per = most, days
    if most * total.low_per < total.low * days:
        if not (draft.as_required or total.interval):
            raise Abstain("limit_disagrees")
        total.low, total.low_per = most, days


def _most(total: Total, limit: Limit) -> int:
    """The limit in units. One without a period must be what the directions come to anyway."""
    if limit.unit != "dose" or total.unit == "dose":
        most = _in_units(total, limit)
        if limit.days == 0 and (total.high < 0 or most * total.high_per != total.high):
            raise Abstain("limit_period")
        return most
    if total.parts > 1 or limit.days == 0 or total.dose_high < 0:
        raise Abstain("limit_unclear")
    return limit.value * total.dose_high // SCALE
