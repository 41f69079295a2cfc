"""Oral morphine equivalents: for comparing doses, never for choosing one (OPI-1).

A value always carries its range, the factor set it was made with, and the parts left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from unhurried.clinical.opioids.dose import DailyDose
from unhurried.clinical.opioids.dose_warnings import Warning_, paracetamol_warning, warning
from unhurried.clinical.opioids.factors import Factor, FactorSet
from unhurried.clinical.opioids.products import Product

SUBSTITUTION = "Opioid substitution treatment is shown and never converted."
METHADONE = "Methadone is never converted: ask a specialist."
NOT_AN_OPIOID = "This medicine is not an opioid."
NO_FACTOR = "The factor set {name} has no factor for {ingredient} by this route."
NO_DOSE = "The daily dose is not known."


@dataclass(frozen=True, slots=True)
class Ome:
    """OME in mg a day for one prescription. `status` is converted, not_converted or not_known;
    `reason` says why there is no number."""

    min: Fraction | None
    max: Fraction | None
    status: str
    factor: Fraction | None
    factor_set: str
    factor_version: str
    factor_source: str | None
    reason: str | None
    warnings: tuple[Warning_, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One prescription of a person's total."""

    product: Product
    dose: DailyDose
    ome: Ome


@dataclass(frozen=True, slots=True)
class OmeTotal:
    """A person's OME in mg a day over all their opioids, with what could not be counted.

    With a part not known, `min` is the sum of what is known and `max` is None. With a part never
    converted both are the sum of the others, None when there is nothing to sum."""

    min: Fraction | None
    max: Fraction | None
    status: str
    not_converted: tuple[str, ...]
    not_known: tuple[str, ...]
    paracetamol_mg_per_day_max: Fraction | None
    paracetamol_not_known: tuple[str, ...]
    warnings: tuple[Warning_, ...]


def oral_morphine_equivalent(product: Product, dose: DailyDose, factors: FactorSet) -> Ome:
    """Return the OME of one prescription under a factor set (design section 4, table factors).

    Methadone and substitution treatment are never converted, in any set.
    """
    never = _never(product)
    if never:
        return _without(factors, "not_converted", never)
    if dose.not_known:
        return _without(factors, "not_known", dose.not_known)
    factor = factors.find(product.ingredient, product.route)
    if factor is None:
        reason = NO_FACTOR.format(name=factors.name, ingredient=product.ingredient)
        return _without(factors, "not_converted", reason)
    if factor.status != "converted" or factor.factor is None:
        reason = factor.reason[:1].upper() + factor.reason[1:] + "."
        return _without(factors, "not_converted", reason, source=factor.source)
    return _converted(product, dose, factors, factor)


def _never(product: Product) -> str | None:
    """Why this product is never converted, whatever the set and the dose."""
    if product.drug_class == "opioid_substitution":
        return SUBSTITUTION
    if product.drug_class != "opioid":
        return NOT_AN_OPIOID
    return METHADONE if product.ingredient == "methadone" else None


def _without(factors: FactorSet, status: str, reason: str, source: str | None = None) -> Ome:
    return Ome(None, None, status, None, factors.name, factors.version, source, reason)


def _converted(product: Product, dose: DailyDose, factors: FactorSet, factor: Factor) -> Ome:
    patch = product.form == "patch"
    least = dose.micrograms_per_hour_min if patch else dose.mg_per_day_min
    most = dose.micrograms_per_hour_max if patch else dose.mg_per_day_max
    rate = _rate(product, factor)
    if least is None or most is None or rate is None:
        return _without(factors, "not_known", NO_DOSE)
    weak = (warning("sources_disagree"),) if factor.reason.startswith("low confidence") else ()
    return Ome(
        min=least * rate,
        max=most * rate,
        status="converted",
        factor=rate,
        factor_set=factors.name,
        factor_version=factors.version,
        factor_source=factor.source,
        reason=None,
        warnings=weak,
    )


def _rate(product: Product, factor: Factor) -> Fraction | None:
    """The factor, or the table's own number where it prints one for this strength."""
    for strength, ome in factor.lookup:
        if product.strength == strength:
            return ome / strength
    return factor.factor


def total(parts: Iterable[Part]) -> OmeTotal:
    """Sum a person's prescriptions: OME over the opioids, paracetamol over everything."""
    every = tuple(parts)
    opioids = [part for part in every if part.product.drug_class in _COUNTED]
    known = [part.ome for part in opioids if part.ome.status == "converted"]
    not_known = tuple(p.product.name for p in opioids if p.ome.status == "not_known")
    left_out = tuple(p.product.name for p in opioids if p.ome.status == "not_converted")
    least = sum((ome.min for ome in known if ome.min is not None), Fraction(0))
    most = sum((ome.max for ome in known if ome.max is not None), Fraction(0))
    status = "not_known" if not_known else "not_converted" if left_out else "converted"
    nothing = status == "not_converted" and not known
    paracetamol, unclear = _paracetamol(every)
    seen = dict.fromkeys(w for p in every for w in (*p.dose.warnings, *p.ome.warnings))
    own = [w for w in seen if w.code != "paracetamol_over_maximum"]
    return OmeTotal(
        min=None if nothing else least,
        max=None if nothing or not_known else most,
        status=status,
        not_converted=left_out,
        not_known=not_known,
        paracetamol_mg_per_day_max=paracetamol,
        paracetamol_not_known=unclear,
        warnings=(*own, *paracetamol_warning(paracetamol)),
    )


_COUNTED = frozenset({"opioid", "opioid_substitution"})


def _paracetamol(parts: tuple[Part, ...]) -> tuple[Fraction | None, tuple[str, ...]]:
    """The most paracetamol a day, and the products that hold an amount not known."""
    known = [p.dose.paracetamol_mg_per_day_max for p in parts]
    amounts = [amount for amount in known if amount is not None]
    unclear = tuple(
        part.product.name
        for part in parts
        if part.dose.paracetamol_mg_per_day_max is None
        and "paracetamol" in {part.product.ingredient, part.product.partner}
    )
    return (sum(amounts, Fraction(0)) if amounts else None), unclear
