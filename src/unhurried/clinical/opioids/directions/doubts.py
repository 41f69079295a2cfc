"""Declines numbers that a lost hyphen or another reading of "weekly" could explain."""

from __future__ import annotations

from unhurried.clinical.opioids.directions.draft import NUMBERS, Abstain, Amount, Reader
from unhurried.clinical.opioids.directions.vocabulary import SCALE

_FIGURES = frozenset({"number", "naked_number", "glyph"})
_LEAST_LOST_HYPHEN = 3 * SCALE
_WEEK = 7


def weekly(reader: Reader, amount: Amount) -> None:
    """ "6 weekly" could be every six weeks; "6 a week" could not."""
    token = reader.tokens[reader.at]
    if (
        token.kind == "period"
        and token.number == _WEEK
        and token.written.startswith("w")
        and amount.unit is None
        and amount.high > SCALE
    ):
        raise Abstain("range_or_times")


def lost_hyphen(reader: Reader, low: int, start: int) -> None:
    """ "4 6 hourly" may have been "4-6 hourly"; "2 6 hourly" is two every six hours."""
    amount = reader.group.amount
    if amount is None or amount.unit is not None or reader.kinds[start - 1] not in NUMBERS:
        return
    if amount.low == amount.high and _LEAST_LOST_HYPHEN <= amount.low < low:
        raise Abstain("range_or_times")


def dash(reader: Reader, start: int) -> None:
    """A dash before a number may be a minus; "1- bd" may have lost the upper end of a range."""
    before = reader.kinds[start - 1] if start else ""
    if before in _FIGURES:
        raise Abstain("dash_unclear")
    if reader.kinds[reader.at] in NUMBERS and (before in {"", "verb"} or before in NUMBERS):
        raise Abstain("dash_unclear")
