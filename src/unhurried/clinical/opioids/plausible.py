"""Whether an amount at one time can be meant as it is written (OPI-1).

A number without a unit is often the milligrams ("MST 15, 15 bd"), a lost hyphen turns 1-2 into
12, and g is written for mg. Each check returns a sentence when the amount is not to be believed.
The limits are own caution, in the table `limits`.
"""

from __future__ import annotations

from fractions import Fraction

from unhurried.clinical.opioids.directions import Understood
from unhurried.clinical.opioids.dose_warnings import limit
from unhurried.clinical.opioids.factors import DEFAULT, factor_set
from unhurried.clinical.opioids.products import Product

MG_OR_UNITS = "'{number}' could be {number} mg or {number} {units}: check the directions."
TOO_MANY = "{number} {units} at one time is more than is likely: check the directions."
ODD_PART = "{number} of one {unit} is not a part it can be taken in: check the directions."
RATE_OR_PATCHES = "'{number}' could be the patch's rate or {number} patches: check the directions."
MASS_TOO_LARGE = "{mg} mg at one time is too much for a product of {strength}: check the unit."
MASS_TOO_SMALL = "{mg} mg at one time is too little for a product of {strength}: check the unit."
OME_TOO_LARGE = "This comes to more than {limit} mg a day of oral morphine: check the directions."
_SMALLEST_PART = 4  # a quarter
_LIKE_THE_STRENGTH = (Fraction(1, 2), Fraction(1), Fraction(2), Fraction(3))


def count_problem(product: Product, directions: Understood) -> str | None:
    """Say why a count of tablets, capsules or the like is not believed, None when it is."""
    doses = _doses(directions)
    units = f"{product.form}s" if product.form[-1:] != "y" else "suppositories"
    for number in doses:
        if directions.unit is None and _is_the_strength(product, number):
            return MG_OR_UNITS.format(number=_shown(number), units=units)
        if number.denominator > _SMALLEST_PART:  # "1.2 qds" is 1-2 that lost its hyphen
            return ODD_PART.format(number=_shown(number), unit=product.form)
    most = limit("solid_units_at_one_time")
    for number in doses:
        if most is not None and number > most:
            words = TOO_MANY if directions.unit else MG_OR_UNITS
            return words.format(number=_shown(number), units=units)
    return None


def patch_problem(product: Product, directions: Understood) -> str | None:
    """Say why a count of patches is not believed, None when it is."""
    most = limit("patches_at_one_time")
    for number in _doses(directions):
        if directions.unit is None and _is_the_strength(product, number):
            return RATE_OR_PATCHES.format(number=_shown(number))
        if most is not None and number > most:
            words = TOO_MANY if directions.unit else RATE_OR_PATCHES
            return words.format(number=_shown(number), units="patches")
    return None


def mass_problem(product: Product, directions: Understood, mg_in_unit: Fraction) -> str | None:
    """Say why directions in mg, micrograms or g are not believed, None when they are."""
    if product.strength is None:
        return None
    in_ml = product.per_ml is not None
    one = product.strength / (product.per_ml or 1)
    most = limit("mass_ml_at_one_time" if in_ml else "mass_times_strength")
    least = limit("mass_least_part")
    strength = f"{_shown(product.strength)} mg"
    strength += f" in {_shown(product.per_ml)} ml" if product.per_ml else ""
    for dose in _doses(directions):
        mg = dose * mg_in_unit
        large = most is not None and (mg > most * one if in_ml else mg >= most * one)
        if large:
            return MASS_TOO_LARGE.format(mg=_shown(mg), strength=strength)
        if least is not None and 0 < mg < least * one:
            return MASS_TOO_SMALL.format(mg=_shown(mg), strength=strength)
    return None


def ome_problem(product: Product, per_day: Fraction) -> str | None:
    """Say why a daily dose (mg, patches micrograms an hour) is beyond belief, None when it is not.

    Held against the default factors whatever set a site uses, so that the dose itself is the
    same in all of them.
    """
    most = limit("ome_beyond_belief")
    factor = factor_set(DEFAULT).find(product.ingredient, product.route)
    if product.drug_class != "opioid" or most is None or factor is None or factor.factor is None:
        return None
    if per_day * factor.factor <= most:
        return None
    return OME_TOO_LARGE.format(limit=f"{int(most):,}")


def _is_the_strength(product: Product, number: Fraction) -> bool:
    least = limit("bare_number_like_strength")
    if product.strength is None or least is None or number < least:
        return False
    return number / product.strength in _LIKE_THE_STRENGTH


def _doses(directions: Understood) -> list[Fraction]:
    doses = (directions.dose_min, directions.dose_max)
    return [dose for dose in doses if dose is not None]


def _shown(value: Fraction) -> str:
    return f"{float(value):,.10g}"
