"""Which number in a medicine's name is the opioid's strength (OPI-1).

Reference lists get this wrong (aspirin 500mg / codeine 8mg listed as 500 mg), so a number is
taken only where the name leaves no choice; otherwise the answer is a sentence saying why not.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from fractions import Fraction

from unhurried.clinical.opioids.lexer import Item
from unhurried.clinical.opioids.vocabulary import Medicine, patches
from unhurried.clinical.tables import exact, read_table

NO_STRENGTH = "The name does not state a strength."
TWO_STRENGTHS = "The name states more than one strength and not which one is meant."
WHOSE_STRENGTH = "The name states several medicines and it is not certain whose each strength is."
UNREADABLE = "A number in the name could not be read with certainty."
NO_RATE = "The name does not state how many micrograms an hour the patch releases."
BRAND_DISAGREES = "The strength in the name is not one this brand has."


@dataclass(slots=True)
class Part:
    """One stretch of a name between joiners: the medicines named in it and its numbers."""

    medicines: list[Medicine] = field(default_factory=list)
    measures: list[Item] = field(default_factory=list)
    bare: list[Item] = field(default_factory=list)
    release: str = ""


@dataclass(frozen=True, slots=True)
class Strength:
    """What was established: mg (or micrograms an hour) in so many ml, or why not."""

    amount: Fraction | None = None
    per_ml: Fraction | None = None
    partner_mg: Fraction | None = None
    not_known: str | None = None


def masses(parts: list[Part]) -> frozenset[Fraction]:
    """Every mass the name states, in mg (or mg per ml), for comparing with a code's strength."""
    found: set[Fraction] = set()
    for part in parts:
        for item in part.measures:
            per = item.per[1] if item.per else Fraction(1)
            found.update(value / per for value in item.values)
            if item.per and item.per[0] == "hour":
                found.update(value * 1000 / per for value in item.values)
    return frozenset(found)


def patch_rate(parts: list[Part], ingredient: str, brand: str) -> Strength:
    """Establish a patch's release rate in micrograms an hour."""
    measures = [item for part in parts for item in part.measures]
    stated = {
        item.values[0] * 1000 / item.per[1]
        for item in measures
        if item.per and item.per[0] == "hour" and len(item.values) == 1
    }
    if not stated:  # "Durogesic 25micrograms", "Matrifen 25 patches": only rates that exist
        loose = {item.values[0] * 1000 for item in measures if item.micro and not item.per}
        if brand and not loose:  # "Fentanyl 25 patches" may be a pack of 25
            loose = {
                item.values[0]
                for part in parts
                for item in part.bare
                if len(item.values) == 1 and not item.per
            }
        known = {rate for patch in patches(ingredient, brand) for rate in patch.rates}
        stated = loose if loose <= known else set()
    if len(stated) != 1:
        return Strength(not_known=TWO_STRENGTHS if stated else NO_RATE)
    return Strength(amount=stated.pop())


def single(parts: list[Part]) -> Strength:
    """Establish the strength of a product with one ingredient."""
    measures = [item for part in parts for item in part.measures]
    if any(part.bare for part in parts):
        return Strength(not_known=UNREADABLE if measures else NO_STRENGTH)
    if not measures:
        return Strength(not_known=NO_STRENGTH)
    if any(len(item.values) > 1 for item in measures):
        return Strength(not_known=TWO_STRENGTHS)
    ratios = {(item.values[0] / _per(item), item.per and item.per[0]) for item in measures}
    if len(ratios) > 1:
        return Strength(not_known=TWO_STRENGTHS)
    return _strength(measures[0], measures[0].values[0], None)


def compound(parts: list[Part], ingredient: str, partner: str) -> Strength:
    """Establish the opioid's strength, and its partner's, in a product with several ingredients."""
    beside = _beside(parts, ingredient, partner)
    if beside is not None:
        return beside
    numbers = [item for part in parts for item in (*part.measures, *part.bare)]
    pairs = [item for item in numbers if len(item.values) == 2]
    if len(numbers) == 1 and pairs:
        return _from_pair(pairs[0], pairs[0].values, ingredient, partner)
    loose = [item for item in numbers if len(item.values) == 1]
    measured = len(numbers) == len(loose) == 2 and all(i.kind == "measure" for i in loose)
    if measured and loose[0].per == loose[1].per:
        pair = (loose[0].values[0], loose[1].values[0])
        return _from_pair(loose[0], pair, ingredient, partner)
    return Strength(not_known=WHOSE_STRENGTH if numbers else NO_STRENGTH)


def _beside(parts: list[Part], ingredient: str, partner: str) -> Strength | None:
    """Strengths written directly beside each ingredient: paracetamol 500mg / codeine 30mg."""
    own = [part for part in parts if any(m.ingredient == ingredient for m in part.medicines)]
    if len(own) != 1 or len(own[0].medicines) != 1 or len(own[0].measures) != 1 or own[0].bare:
        return None
    others = [part for part in parts if part is not own[0]]
    if own[0].medicines[0].kind == "compound_name" or len(own[0].measures[0].values) != 1:
        return None
    theirs = [
        part.measures[0].values[0] / _per(part.measures[0])
        for part in others
        if len(part.measures) == 1 and [m.ingredient for m in part.medicines] == [partner]
    ]
    if any(part.bare for part in others) or (partner and len(theirs) != 1):
        return None
    item = own[0].measures[0]
    amount = item.values[0]
    smaller = _rule(ingredient, partner) == "smaller"
    if smaller and theirs and theirs[0] <= amount / _per(item):
        return Strength(not_known=WHOSE_STRENGTH)
    return _strength(item, amount, theirs[0] * _per(item) if theirs else None)


def _from_pair(item: Item, pair: tuple[Fraction, ...], ingredient: str, partner: str) -> Strength:
    first, second = pair
    known = pairs(ingredient, partner)
    if (first, second) in known:
        return _strength(item, first, second)
    theirs = {other for _, other in known}
    if _rule(ingredient, partner) == "smaller" and (first in theirs) != (second in theirs):
        mine, other = (first, second) if second in theirs else (second, first)
        if mine < other:
            return _strength(item, mine, other)
    return Strength(not_known=WHOSE_STRENGTH)


def _per(item: Item) -> Fraction:
    return item.per[1] if item.per else Fraction(1)


def _strength(item: Item, amount: Fraction, partner_mg: Fraction | None) -> Strength:
    if item.per and item.per[0] in {"hour", "day"}:
        return Strength(not_known=UNREADABLE)
    per_ml = item.per[1] if item.per and item.per[0] == "ml" else None
    if item.per and item.per[0] == "dose":
        return Strength(amount / item.per[1], None, partner_mg)
    return Strength(amount, per_ml, partner_mg)


@functools.cache
def pairs(ingredient: str, partner: str) -> frozenset[tuple[Fraction, Fraction]]:
    """Return the listed strengths of an ingredient and its partner, in mg."""
    return frozenset(
        (exact(row["ingredient_mg"]), exact(row["partner_mg"]))
        for row in read_table("compounds")
        if row["ingredient"] == ingredient and row["partner"] == partner
    )


@functools.cache
def _rule(ingredient: str, partner: str) -> str:
    for row in read_table("compounds"):
        if row["ingredient"] == ingredient and row["partner"] == partner:
            return row["rule"]
    return ""
