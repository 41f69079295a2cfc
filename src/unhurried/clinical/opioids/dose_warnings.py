"""Things about a daily dose a prescriber would want pointed out, from sourced limits (OPI-1)."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from fractions import Fraction

from unhurried.clinical.opioids.products import Product
from unhurried.clinical.opioids.strengths import pairs
from unhurried.clinical.tables import exact, read_table

DAYS_IN_A_MONTH = 28  # prescribing months are four weeks


@dataclass(frozen=True, slots=True)
class Warning_:  # noqa: N801 - Warning is Python's own
    """A warning: a stable code and a plain sentence."""

    code: str
    words: str


@functools.cache
def _words() -> dict[str, str]:
    return {row["code"]: row["words"] for row in read_table("dose-warnings")}


def warning(code: str, **numbers: object) -> Warning_:
    """Return a warning from the table, its numbers filled in."""
    shown = {name: _number(value) for name, value in numbers.items()}
    return Warning_(code, _words()[code].format(**shown))


def _number(value: object) -> str:
    return f"{float(value):,.10g}" if isinstance(value, Fraction) else str(value)


@functools.cache
def limit(name: str, ingredient: str = "", route: str = "", release: str = "") -> Fraction | None:
    """Return a limit from the table, None when it has no such row."""
    for row in read_table("limits"):
        if row["limit"] != name or row["ingredient"] != ingredient:
            continue
        if row["route"] in {"", route} and row["release"] in {"", release}:
            return exact(row["value"])
    return None


def paracetamol_warning(mg_per_day: Fraction | None) -> tuple[Warning_, ...]:
    """Warn when paracetamol comes to more than an adult may take in a day."""
    most = limit("paracetamol_per_day", "paracetamol")
    if mg_per_day is None or most is None or mg_per_day <= most:
        return ()
    return (warning("paracetamol_over_maximum", mg=mg_per_day, limit=most),)


def standing_warnings(product: Product) -> tuple[Warning_, ...]:
    """Warn about the product itself, whatever the dose."""
    return _kind_warnings(product) + _strength_warnings(product)


def _strength_warnings(product: Product) -> tuple[Warning_, ...]:
    stated = product.matched_by == "stated" and product.form != "patch"
    if not stated or product.drug_class != "opioid" or product.not_known:
        return ()
    together = (product.strength, product.paracetamol_mg)
    if together in pairs(product.ingredient, product.partner or ""):
        return ()  # in the table of compounds, though not in the list of products
    return (warning("strength_not_listed"),)


def _kind_warnings(product: Product) -> tuple[Warning_, ...]:
    if product.drug_class == "opioid_substitution":
        return (warning("substitution_not_converted"),)
    if product.ingredient == "methadone":
        return (warning("methadone_not_converted"),)
    if product.ingredient == "fentanyl" and product.route in {"buccal", "sublingual", "nasal"}:
        return (warning("cancer_breakthrough_product"),)
    return ()


def amount_warnings(product: Product, mg_per_day: Fraction) -> tuple[Warning_, ...]:
    """Warn when the most the directions allow is above the licensed maximum."""
    most = limit("licensed_maximum", product.ingredient, product.route, product.release)
    if most is None or mg_per_day <= most:
        return ()
    name = product.ingredient.capitalize()
    return (warning("above_licensed_maximum", ingredient=name, mg=mg_per_day, limit=most),)


def liquid_warning(product: Product, ml_per_day: Fraction | None) -> tuple[Warning_, ...]:
    """Warn when an oral morphine liquid comes to a bottle or more in 28 days."""
    if product.form not in {"oral liquid", "linctus"} or ml_per_day is None:
        return ()
    most = limit("liquid_per_month", product.ingredient, product.route)
    in_a_month = ml_per_day * DAYS_IN_A_MONTH
    if most is None or in_a_month < most:
        return ()
    return (warning("liquid_morphine_a_month", ml=Fraction(round(in_a_month))),)
