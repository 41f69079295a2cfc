"""Reads how much at one time: number, unit, and the same dose written a second way.

"15mg in 15ml", "2 tablets (20mg)", "two 5ml spoonfuls" and "2 x 30mg" are one amount each. A
strength alone ("100mg in 5ml bd") is not an amount: two readers could take it differently.
"""

from __future__ import annotations

from unhurried.clinical.opioids.directions.draft import NUMBERS, Abstain, Amount, Reader
from unhurried.clinical.opioids.directions.numbers import number_range
from unhurried.clinical.opioids.directions.vocabulary import SCALE

MASS = {"microgram": 1, "mg": 1_000, "g": 1_000_000}
"""Micrograms in each unit of weight."""
MEASURES = frozenset({*MASS, "ml", "unit"})
"""Units that measure; the others are counted."""
_STRENGTH_VOLUMES = frozenset({SCALE, 2 * SCALE, 5 * SCALE})
_SAME_AS = frozenset({"equals", "open"})
_UNIT_JOINS = frozenset({"dash", "to", "or"})
_SKIPPED = frozenset({"describing"})


def amount_after(reader: Reader, low: int, high: int) -> Amount | None:
    """Read the rest of an amount whose number has been read. None for a strength in front."""
    tokens, kinds = reader.tokens, reader.kinds
    kind = kinds[reader.at]
    if kind == "open" and _number_and_mass(reader.at + 1, reader) and _unit_after(reader, 4):
        return _each_of_strength(reader, low, high, reader.at + 1)
    if kind in _SKIPPED:
        ahead = reader.at + 1
        while kinds[ahead] in _SKIPPED:
            ahead += 1
        if kinds[ahead] == "unit":
            reader.at = ahead
            kind = "unit"
        elif kinds[ahead] in NUMBERS and kinds[ahead + 1] == "unit":
            reader.at = ahead
            kind = kinds[ahead]
    if kind == "unit":
        return _with_unit(reader, low, high, tokens[reader.at].name)
    if kind == "cross":
        return _multiplied(reader, low, high)
    if kind in NUMBERS and kinds[reader.at + 1] == "unit":
        sized = _sized(reader, low, high)
        if sized is not None:
            return sized
    return Amount(low, high)


def _unit_after(reader: Reader, places: int) -> bool:
    return reader.kinds[reader.at + places] == "unit"


def repeated(reader: Reader, low: int, high: int) -> bool:
    """Pass over a number written again in brackets, "two (2)"; True when it was passed over."""
    start = reader.at
    if reader.kinds[start + 1] in NUMBERS:
        reader.at = start + 1
        again = number_range(reader)
        if reader.kinds[reader.at] == "close" and again == (low, high):
            reader.at += 1
            return True
    reader.at = start
    return False


def _number_and_mass(at: int, reader: Reader) -> bool:
    return (
        reader.kinds[at] == "number"
        and reader.kinds[at + 1] == "unit"
        and reader.tokens[at + 1].name in MASS
    )


def _with_unit(reader: Reader, low: int, high: int, unit: str) -> Amount | None:
    reader.at += 1
    kinds = reader.kinds
    if kinds[reader.at] in _UNIT_JOINS and kinds[reader.at + 1] in NUMBERS and low == high:
        high = _upper_with_unit(reader, low, unit)
    if kinds[reader.at] == "spoon":
        reader.at += 1
        if unit != "ml":
            raise Abstain("spoon_size")
    amount = Amount(low, high, unit)
    if unit in MASS:
        return _with_mass(reader, amount)
    if kinds[reader.at] in _SAME_AS:
        _same_dose(reader, amount)
    return amount


def _upper_with_unit(reader: Reader, low: int, unit: str) -> int:
    """The upper end of "2.5ml to 5ml" or "1 tablet or 2", or the lower when it is no range."""
    start = reader.at
    joiner = reader.kinds[start]
    reader.at += 1
    upper, same = number_range(reader)
    token = reader.tokens[reader.at]
    if upper == same and token.kind == "unit" and token.name == unit:
        reader.at += 1
        if upper <= low:
            raise Abstain("range_backwards")
        return upper
    if joiner == "dash":
        reader.at = start
        return low
    raise Abstain("range_or_times")


def _with_mass(reader: Reader, amount: Amount) -> Amount | None:
    """After "10mg": "/5ml", "in 5ml", "(5ml)", "/hour", or a unit it is the strength of."""
    tokens, kinds, at = reader.tokens, reader.kinds, reader.at
    kind = kinds[at]
    if kind in {"unit", "describing", "spoon"} and _mass_of_unit(reader):
        raise Abstain("strength_only")
    if kind == "slash":
        _strength(reader, amount)
        return None
    if kind == "in" and kinds[at + 1] in NUMBERS:
        reader.at += 1
        volume, upper = number_range(reader)
        if tokens[reader.at].name != "ml":
            raise Abstain("strength_or_dose")
        reader.at += 1
        if volume != upper or amount.low != amount.high or volume in _STRENGTH_VOLUMES:
            raise Abstain("strength_or_dose")
        return Amount(volume, volume, "ml", _in_mg(amount))
    if kind in _SAME_AS:
        other = _same_dose(reader, amount)
        if other is not None:
            return other
    return amount


def _mass_of_unit(reader: Reader) -> bool:
    ahead = reader.at
    while reader.kinds[ahead] == "describing":
        ahead += 1
    return reader.kinds[ahead] in {"unit", "spoon"}


def _strength(reader: Reader, amount: Amount) -> None:
    """Keep "10mg/5ml", a strength in front of the directions proper. The amount must follow."""
    at, tokens, kinds, draft = reader.at, reader.tokens, reader.kinds, reader.draft
    volume = SCALE
    if kinds[at + 1] == "number":
        volume = tokens[at + 1].number
        at += 1
    at += 1
    of_liquid = tokens[at].kind == "unit" and tokens[at].name == "ml"
    if of_liquid and draft.empty() and not draft.strength and amount.low == amount.high and volume:
        reader.at = at + 1
        draft.strength = (amount.high * MASS[amount.unit or "mg"], volume * MASS["mg"])
        return
    raise Abstain("strength_or_dose")


def _in_mg(amount: Amount) -> int:
    if amount.unit not in MASS:
        return 0
    return amount.high * MASS[amount.unit] // MASS["mg"]


def _same_dose(reader: Reader, amount: Amount) -> Amount | None:
    """Read "(20mg)" after an amount, or "(5ml)" after a weight.

    Sets `amount.mg`, or returns the other amount when the written one was the weight. Leaves the
    reader when the bracket holds something else.
    """
    start, kinds = reader.at, reader.kinds
    reader.at += 1
    if kinds[reader.at] in NUMBERS:
        low, high = number_range(reader)
        token = reader.tokens[reader.at]
        closing = 1 if kinds[start] == "open" else 0
        if token.kind == "unit" and (not closing or kinds[reader.at + 1] == "close"):
            reader.at += 1 + closing
            return _paired(amount, Amount(low, high, token.name))
    reader.at = start
    return None


def _paired(first: Amount, second: Amount) -> Amount | None:
    weighed, counted = (first, second) if first.unit in MASS else (second, first)
    if weighed.unit not in MASS or counted.unit in MASS or counted.unit == "unit":
        raise Abstain("two_amounts")
    if weighed.low * counted.high != weighed.high * counted.low:
        raise Abstain("two_amounts")
    counted.mg = _in_mg(weighed)
    return counted if counted is second else None


def _multiplied(reader: Reader, low: int, high: int) -> Amount | None:
    """ "2 x 5ml", "2 x 10mg tablets", "2 x tablets"; the bare number when no size follows."""
    start = reader.at
    kinds = reader.kinds
    if kinds[start + 1] == "unit":
        reader.at += 1
        return _with_unit(reader, low, high, reader.tokens[reader.at].name)
    if kinds[start + 1] in NUMBERS and kinds[start + 2] == "unit":
        reader.at += 1
        sized = _sized(reader, low, high)
        if sized is not None:
            return sized
        token = reader.tokens[start + 2]
        size = reader.tokens[start + 1].number
        if token.name in {"ml", "mg"}:
            reader.at = start + 3
            return Amount(low * size // SCALE, high * size // SCALE, token.name)
        raise Abstain("two_amounts")
    if kinds[start + 1] == "frequency":
        reader.at += 1
    return Amount(low, high)


def _sized(reader: Reader, low: int, high: int) -> Amount | None:
    """ "(two) 5ml spoonfuls", "(one) 10mg tablet", "(one) 25mcg/hr patch"; None otherwise."""
    at, tokens, kinds = reader.at, reader.tokens, reader.kinds
    size, unit = tokens[at].number, tokens[at + 1].name
    following = tokens[at + 2]
    if unit == "ml" and (following.kind == "spoon" or following.name == "dose"):
        reader.at = at + 3
        amount = Amount(low * size // SCALE, high * size // SCALE, "ml")
        if kinds[reader.at] in _SAME_AS:
            _same_dose(reader, amount)
        return amount
    if unit in MASS:
        return _each_of_strength(reader, low, high, at)
    return None


def _each_of_strength(reader: Reader, low: int, high: int, at: int) -> Amount | None:
    """Count of a thing whose strength stands between: the strength is kept as `mg`."""
    tokens, kinds = reader.tokens, reader.kinds
    size = Amount(tokens[at].number, tokens[at].number, tokens[at + 1].name)
    at += 2
    if kinds[at] == "close":
        at += 1
    if kinds[at] == "slash" and tokens[at + 1].kind == "span" and tokens[at + 1].number == 1:
        at += 2
    elif kinds[at] == "slash" and _number_and_mass(at + 1, reader):
        at += 3
    while kinds[at] in _SKIPPED:
        at += 1
    thing = tokens[at]
    if thing.kind != "unit" or thing.name in MEASURES:
        return None
    reader.at = at + 1
    if thing.name == "patch":
        return Amount(low, high, "patch")
    return Amount(low, high, thing.name, _in_mg(size) * high // SCALE)
