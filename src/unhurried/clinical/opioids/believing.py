"""Whether a strength read from a name can be believed, held against the list (OPI-1).

A slip of mg for micrograms, or of one brand for another, reads as plainly as the truth. So a
brand has only the strengths, forms and releases listed for it, and a strength no product has is
believed only when it is near those that exist.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from fractions import Fraction

from unhurried.clinical.opioids import listed
from unhurried.clinical.opioids.names import Reading
from unhurried.clinical.opioids.strengths import pairs
from unhurried.clinical.opioids.vocabulary import forms, patch_of
from unhurried.clinical.tables import exact, exact_or_none, read_table

BRAND_STRENGTH = "{brand} is not listed in this strength: check the name."
BRAND_FORM = "{brand} is not listed in this strength and form: check the name."
TOO_LARGE = "The strength in the name is far above those listed for this form: check the name."
TOO_SMALL = "The strength in the name is far below those listed for this form: check the name."
OTHER_VOLUME = "This strength is listed in another volume: check the mg and ml in the name."
NO_SUCH_PAIR = "No product of this name is listed with these two strengths: check the name."
NOT_A_RATE = "The list has no patch that releases this much an hour: check the name."


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a listed product is, as far as a name can tell products apart."""

    kind: str
    in_ml: bool
    release: str
    partner: str = ""


def doubt(reading: Reading, strength: Fraction, *, substitution: bool) -> str | None:
    """Return why a name's strength cannot be believed, None when it can."""
    if reading.form == "patch" and patch_of(reading.ingredient, strength) is None:
        return NOT_A_RATE
    if substitution and not _solid(reading.form):
        return None  # the list has none of its liquids, injections and implants
    ratio = strength / (reading.per_ml or 1)
    problem = _brand_doubt(reading, ratio)
    if problem or is_listed(reading, strength) or reading.form == "patch":
        return problem
    if reading.compound and (strength, reading.partner_mg) not in pairs(
        reading.ingredient, reading.partner
    ):
        return NO_SUCH_PAIR
    return _range_doubt(reading, ratio)


def is_listed(reading: Reading, strength: Fraction) -> bool:
    """Say whether the list, or the brand's own row, has this strength by this route."""
    place = listed.key(reading.ingredient, reading.partner, reading.form, strength, reading.per_ml)
    return place in listed.known_keys() or strength in reading.listed


def _brand_doubt(reading: Reading, ratio: Fraction) -> str | None:
    if reading.brand is None:
        return None
    name = reading.brand.title()
    made = _brand_products(reading.brand)
    if not made:
        return None
    said = _Shape(_kind(reading.form), reading.per_ml is not None, reading.said_release)
    if all(strength != ratio for strength, _ in made):
        return BRAND_STRENGTH.format(brand=name)
    fits = any(strength == ratio and _fits(said, shape) for strength, shape in made)
    return None if fits else BRAND_FORM.format(brand=name)


def _fits(said: _Shape, made: _Shape) -> bool:
    same = (said.kind, said.in_ml) == (made.kind, made.in_ml)
    return same and said.release in {"", made.release}


def _kind(form: str) -> str:
    """The form as loosely as names give it: any tablet by one route, any liquid by mouth."""
    shape = forms()[form]
    if form.endswith("tablet"):
        return f"tablet {shape.route}"
    return shape.family if shape.family == "liquid" else form


@functools.cache
def _brand_products(brand: str) -> frozenset[tuple[Fraction, _Shape]]:
    """The products listed for a brand and for the longer names that start with it."""
    name = _joined(brand)
    return frozenset(
        found
        for other, products in _by_brand().items()
        if _joined(other) == name or other.startswith(f"{brand} ")
        for found in products
    )


def _joined(brand: str) -> str:
    return brand.replace(" ", "")


@functools.cache
def _by_brand() -> dict[str, set[tuple[Fraction, _Shape]]]:
    found: dict[str, set[tuple[Fraction, _Shape]]] = {}
    for row in read_table("products"):
        if row["brand"] and row["strength"] and row["form"]:
            per_ml = exact_or_none(row["per_ml"])
            shape = _Shape(_kind(row["form"]), per_ml is not None, row["release"])
            products = found.setdefault(row["brand"], set())
            products.add((exact(row["strength"]) / (per_ml or 1), shape))
    return found


def _range_doubt(reading: Reading, ratio: Fraction) -> str | None:
    kind, in_ml = _kind(reading.form), reading.per_ml is not None
    made = [row for row in _made(reading.ingredient) if row[1].in_ml == in_ml]
    own = [row for row in made if row[1].kind == kind]
    if in_ml and any(amount == reading.strength for _, _, amount in own):
        return OTHER_VOLUME
    near = own or [row for row in made if row[1].kind != "patch"]
    near = [row for row in near if row[1].partner == reading.partner] or near
    near = [row for row in near if row[1].release == reading.release] or near
    if not near:
        return None
    strengths = [row[0] for row in near]
    if ratio > max(strengths) * _times():
        return TOO_LARGE
    return TOO_SMALL if ratio * _times() < min(strengths) else None


_Made = tuple[Fraction, _Shape, Fraction]  # mg (in one ml), what it is, mg as printed


@functools.cache
def _made(ingredient: str) -> tuple[_Made, ...]:
    """Every strength an ingredient is listed in, those of brands with their own row included."""
    found: list[_Made] = []
    for row in read_table("products"):
        if row["ingredient"] == ingredient and row["strength"] and row["form"]:
            amount, per_ml = exact(row["strength"]), exact_or_none(row["per_ml"])
            in_ml, release = per_ml is not None, row["release"]
            shape = _Shape(_kind(row["form"]), in_ml, release, row["partner"])
            found.append((amount / (per_ml or 1), shape, amount))
    for row in read_table("brands"):
        solid = [form for form in row["forms"].split("|") if form and _solid(form)]
        if row["ingredient"] == ingredient and solid:
            shapes = [_Shape(_kind(form), False, row["release"], row["partner"]) for form in solid]
            amounts = [exact(value) for value in row["listed_strengths"].split()]
            found += [(amount, shape, amount) for shape in shapes for amount in amounts]
    return tuple(found)


def _solid(form: str) -> bool:
    return forms()[form].family == "solid"


@functools.cache
def _times() -> Fraction:
    return next(
        exact(row["value"])
        for row in read_table("limits")
        if row["limit"] == "stated_times_largest"
    )
