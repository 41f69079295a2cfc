"""The daily dose of one prescription: product and directions together (OPI-1, design section 4).

Exact fractions throughout. Where product and directions do not fit together the dose is "not
known" with a sentence; what was issued is shown beside it and never put in its place.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from unhurried.clinical.opioids.directions import NotUnderstood, Understood
from unhurried.clinical.opioids.dose_warnings import (
    Warning_,
    amount_warnings,
    limit,
    liquid_warning,
    paracetamol_warning,
    standing_warnings,
    warning,
)
from unhurried.clinical.opioids.plausible import (
    count_problem,
    mass_problem,
    ome_problem,
    patch_problem,
)
from unhurried.clinical.opioids.products import Product
from unhurried.clinical.opioids.vocabulary import Form, forms, patch_of

_MG_IN = {"mg": Fraction(1), "microgram": Fraction(1, 1000), "g": Fraction(1000)}
HOURS = Fraction(24)

STEPS = "The dose changes over time, so there is no single daily amount."
NO_TOTAL = "The directions do not add up to an amount in a day."
NO_UNIT = "The directions give a number without its unit, which this product ({form}) needs."
WRONG_UNIT = "The directions are in {unit}, which does not fit this product ({form})."
NOT_IN_PARTS = (
    "The directions are for part of one, and this product ({form}) is not taken in parts."
)
COMPOUND_MG = "The directions are in mg and the product holds more than one medicine."
NOT_WHOLE = "The directions say {dose} mg, which cannot be made up from {strength} mg each."
ALSO_MG = "The directions say {mg} mg for a dose that holds another amount."
NO_INTERVAL = "The directions do not say how often the patch is changed."
PART_PATCH = "The directions are for part of a patch."
TOO_SOON = "A new patch every {hours} hours would be added long before the last is due off."


@dataclass(frozen=True, slots=True)
class DailyDose:
    """What the directions come to in a day. mg for everything but patches, which are in
    micrograms an hour; `not_known` says why there is no number."""

    mg_per_day_min: Fraction | None = None
    mg_per_day_max: Fraction | None = None
    micrograms_per_hour_min: Fraction | None = None
    micrograms_per_hour_max: Fraction | None = None
    paracetamol_mg_per_day_max: Fraction | None = None
    issued_units_per_day: Fraction | None = None
    issued_mg_per_day: Fraction | None = None
    issued_micrograms_per_hour: Fraction | None = None
    not_known: str | None = None
    warnings: tuple[Warning_, ...] = ()


class _NotKnown(Exception):  # noqa: N818 - carries a sentence, not an error
    pass


def _refuse(problem: str | None) -> None:
    if problem:
        raise _NotKnown(problem)


def daily_dose(
    product: Product,
    directions: Understood | NotUnderstood,
    *,
    quantity: Fraction | None = None,
    days: Fraction | None = None,
) -> DailyDose:
    """Return the daily dose the directions prescribe, and what was issued beside it.

    `quantity` is in the product's own units (tablets, patches, ml) and `days` the days it is
    for; both are optional and only ever fill the issued_* fields.
    """
    bottles = _may_be_bottles(product, quantity, days)
    issued = DailyDose() if bottles else _issued(product, quantity, days)
    try:
        dose = _prescribed(product, directions)
    except _NotKnown as reason:
        dose = DailyDose(not_known=str(reason))
    warnings = standing_warnings(product) + dose.warnings
    if bottles:
        warnings += (warning("quantity_may_be_bottles", quantity=quantity),)
    if not any(w.code == "liquid_morphine_a_month" for w in warnings):
        warnings += liquid_warning(product, issued.issued_units_per_day)
    return replace(
        dose,
        issued_units_per_day=issued.issued_units_per_day,
        issued_mg_per_day=issued.issued_mg_per_day,
        issued_micrograms_per_hour=issued.issued_micrograms_per_hour,
        warnings=warnings,
    )


def _prescribed(product: Product, directions: Understood | NotUnderstood) -> DailyDose:
    if product.not_known or product.strength is None:
        raise _NotKnown(product.not_known or NO_TOTAL)
    if isinstance(directions, NotUnderstood):
        raise _NotKnown(directions.reason)
    if directions.steps:
        raise _NotKnown(STEPS)
    least, most = directions.units_per_day_min, directions.units_per_day_max
    if least is None or most is None:
        raise _NotKnown(NO_TOTAL)
    shape = forms()[product.form]
    if shape.family == "patch":
        return _patch(product, directions, product.strength)
    each = _mg_each(product, shape, directions)
    _agrees_with_mg(directions, each)
    mg_max = most * each
    _refuse(ome_problem(product, mg_max))
    paracetamol = _paracetamol(product, mg_max)
    in_ml = product.strength / product.per_ml if product.per_ml else None
    return DailyDose(
        mg_per_day_min=least * each,
        mg_per_day_max=mg_max,
        paracetamol_mg_per_day_max=paracetamol,
        warnings=(
            *amount_warnings(product, mg_max),
            *paracetamol_warning(paracetamol),
            *liquid_warning(product, mg_max / in_ml if in_ml else None),
        ),
    )


def _mg_each(product: Product, shape: Form, directions: Understood) -> Fraction:
    """How many mg one of the directions' units holds."""
    strength, unit = product.strength, directions.unit
    if strength is None:
        raise _NotKnown(NO_TOTAL)
    if unit in _MG_IN:
        return _mass(product, shape, directions, _MG_IN[unit])
    if unit is None and not shape.bare_number:
        raise _NotKnown(NO_UNIT.format(form=product.form))
    if unit is not None and unit not in shape.units:
        raise _NotKnown(WRONG_UNIT.format(unit=_plural(unit), form=product.form))
    if unit == "ml":
        if product.per_ml is None:
            raise _NotKnown(WRONG_UNIT.format(unit="ml", form=product.form))
        return strength / product.per_ml
    if not shape.halves and _in_parts(directions):
        raise _NotKnown(NOT_IN_PARTS.format(form=product.form))
    if shape.family == "solid":
        _refuse(count_problem(product, directions))
    return strength


def _in_parts(directions: Understood) -> bool:
    doses = (directions.dose_min, directions.dose_max)
    return any(dose is not None and dose % 1 for dose in doses)


def _plural(unit: str) -> str:
    if unit in {"ml", "mg", "g"}:
        return unit
    return unit + ("es" if unit.endswith(("ch", "s")) else "s")


def _mass(product: Product, shape: Form, directions: Understood, mg_in_unit: Fraction) -> Fraction:
    """Directions in mg: only of one medicine, and only doses the product can make up."""
    if product.partner:
        raise _NotKnown(COMPOUND_MG)
    if shape.family not in {"solid", "liquid", "drops", "injection"}:
        raise _NotKnown(WRONG_UNIT.format(unit=directions.unit, form=product.form))
    _refuse(mass_problem(product, directions, mg_in_unit))
    if shape.family != "solid" or product.strength is None:
        return mg_in_unit
    halves = shape.halves and product.release != "modified-release"
    smallest = product.strength / (2 if halves else 1)
    for dose in (directions.dose_min, directions.dose_max):
        if dose is not None and (dose * mg_in_unit) % smallest:
            said, made = float(dose * mg_in_unit), float(product.strength)
            raise _NotKnown(NOT_WHOLE.format(dose=f"{said:g}", strength=f"{made:g}"))
    return mg_in_unit


def _agrees_with_mg(directions: Understood, each: Fraction) -> None:
    """ "15mg in 15ml": the mg must be what that many ml hold (the larger dose of a range)."""
    also = directions.also_mg
    if also is None:
        return
    if directions.dose_max is None or also != directions.dose_max * each:
        raise _NotKnown(ALSO_MG.format(mg=f"{float(also):g}"))


def _paracetamol(product: Product, mg_per_day: Fraction) -> Fraction | None:
    if product.paracetamol_mg is None or not product.strength:
        return None
    return mg_per_day / product.strength * product.paracetamol_mg


def _patch(product: Product, directions: Understood, rate: Fraction) -> DailyDose:
    """A patch gives its rate all the time it is worn, whatever the interval between changes."""
    worn_min, worn_max = directions.dose_min, directions.dose_max
    if directions.unit not in {"patch", None}:
        raise _NotKnown(WRONG_UNIT.format(unit=_plural(directions.unit or ""), form="patch"))
    if worn_min is None or worn_max is None:
        raise _NotKnown(NO_TOTAL)
    if worn_min % 1 or worn_max % 1:
        raise _NotKnown(PART_PATCH)
    _refuse(patch_problem(product, directions))
    _refuse(ome_problem(product, rate * worn_max))
    intervals = {
        HOURS / times
        for times in (directions.times_per_day_min, directions.times_per_day_max)
        if times
    }
    if not intervals:
        raise _NotKnown(NO_INTERVAL)
    warnings = _interval_warnings(product, rate, intervals)
    gap = product.wear_hours is not None and max(intervals) > 2 * product.wear_hours[1]
    least = Fraction(0) if directions.as_required or gap else rate * worn_min
    return DailyDose(
        micrograms_per_hour_min=least,
        micrograms_per_hour_max=rate * worn_max,
        warnings=warnings,
    )


def _interval_warnings(
    product: Product, rate: Fraction, intervals: set[Fraction]
) -> tuple[Warning_, ...]:
    patch = patch_of(product.ingredient, rate, product.brand or "")
    if patch is None:
        return ()
    shortest = min(intervals)
    if shortest < patch.shortest_hours:
        raise _NotKnown(TOO_SOON.format(hours=f"{float(shortest):g}"))
    low, high = patch.wear_hours
    odd = next((i for i in sorted(intervals) if not low <= i <= high), None)
    if odd is None:
        return ()
    usual = str(low) if low == high else f"{low} to {high}"
    return (warning("patch_interval_unusual", hours=odd, usual=usual),)


def _may_be_bottles(product: Product, quantity: Fraction | None, days: Fraction | None) -> bool:
    """A quantity too small to be the ml of a liquid for a week or more: "2" is two bottles."""
    least, week = limit("liquid_quantity"), limit("liquid_quantity_days")
    if quantity is None or days is None or least is None or week is None:
        return False
    return product.per_ml is not None and 0 < quantity < least and days >= week


def _issued(product: Product, quantity: Fraction | None, days: Fraction | None) -> DailyDose:
    """What the quantity comes to over its days: an audit figure, not the dose."""
    if quantity is None or days is None or quantity <= 0 or days <= 0:
        return DailyDose()
    units = quantity / days
    if product.not_known or product.strength is None:
        return DailyDose(issued_units_per_day=units)
    family = forms()[product.form].family
    if family == "patch":
        wear = product.wear_hours
        if wear is None or wear[0] != wear[1]:
            return DailyDose(issued_units_per_day=units)
        worn = units * wear[0] / HOURS
        return DailyDose(
            issued_units_per_day=units, issued_micrograms_per_hour=worn * product.strength
        )
    if family in {"injection", "spray", "depot"}:  # the quantity's unit is not certain
        return DailyDose(issued_units_per_day=units)
    each = product.strength / (product.per_ml or 1)
    return DailyDose(issued_units_per_day=units, issued_mg_per_day=units * each)
