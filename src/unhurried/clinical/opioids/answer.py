"""One prescription as JSON-ready values: the contract of `unhurried dose --json` (design 7)."""

from __future__ import annotations

from fractions import Fraction

from unhurried.clinical.opioids.directions import as_json, interpret
from unhurried.clinical.opioids.dose import DailyDose, daily_dose
from unhurried.clinical.opioids.factors import DEFAULT, factor_set
from unhurried.clinical.opioids.ome import Ome, oral_morphine_equivalent
from unhurried.clinical.opioids.products import Product, find_product

NOT_LOOKED_FOR = "This is not a medicine Unhurried looks for."


def dose_json(
    product: str,
    directions: str,
    *,
    dmd: str = "",
    bnf: str = "",
    quantity: Fraction | None = None,
    days: Fraction | None = None,
    factors: str = DEFAULT,
) -> dict[str, object]:
    """Interpret a product's name (or codes) and its directions together.

    Raises UnknownFactorSet when there is no such set. Keys and their order are stable.
    """
    chosen = factor_set(factors)
    found = find_product(product, dmd=dmd, bnf=bnf)
    read = interpret(directions, form=(found.form or None) if found else None)
    answer = dict(as_json(read))
    if found is None:
        dose = DailyDose(not_known=NOT_LOOKED_FOR)
        ome = Ome(None, None, "not_known", None, chosen.name, chosen.version, None, NOT_LOOKED_FOR)
    else:
        dose = daily_dose(found, read, quantity=quantity, days=days)
        ome = oral_morphine_equivalent(found, dose, chosen)
    answer["product"] = _product(found) if found else None
    return answer | _dose(dose) | _ome(ome) | _rest(dose, ome)


def number(value: Fraction | None) -> int | float | None:
    """Return a JSON number: whole numbers as int, others rounded to six places."""
    if value is None:
        return None
    return value.numerator if value.denominator == 1 else round(float(value), 6)


def _product(product: Product) -> dict[str, object]:
    return {
        "name": product.name,
        "ingredient": product.ingredient,
        "drug_class": product.drug_class,
        "strength": number(product.strength),
        "unit": product.unit,
        "per_ml": number(product.per_ml),
        "form": product.form,
        "release": product.release,
        "route": product.route,
        "matched_by": product.matched_by,
        "brand": product.brand,
        "paracetamol_mg": number(product.paracetamol_mg),
        "wear_hours": list(product.wear_hours) if product.wear_hours else None,
        "not_known": product.not_known,
    }


def _dose(dose: DailyDose) -> dict[str, object]:
    return {
        "mg_per_day_min": number(dose.mg_per_day_min),
        "mg_per_day_max": number(dose.mg_per_day_max),
        "micrograms_per_hour": number(dose.micrograms_per_hour_max),
        "micrograms_per_hour_min": number(dose.micrograms_per_hour_min),
        "micrograms_per_hour_max": number(dose.micrograms_per_hour_max),
        "dose_reason": dose.not_known,
    }


def _ome(ome: Ome) -> dict[str, object]:
    return {
        "ome_min": number(ome.min),
        "ome_max": number(ome.max),
        "ome_status": ome.status,
        "ome_reason": ome.reason,
        "factor": number(ome.factor),
        "factor_set": ome.factor_set,
        "factor_version": ome.factor_version,
        "factor_source": ome.factor_source,
    }


def _rest(dose: DailyDose, ome: Ome) -> dict[str, object]:
    return {
        "paracetamol_mg_per_day_max": number(dose.paracetamol_mg_per_day_max),
        "issued_units_per_day": number(dose.issued_units_per_day),
        "issued_mg_per_day": number(dose.issued_mg_per_day),
        "issued_micrograms_per_hour": number(dose.issued_micrograms_per_hour),
        "warnings": [
            {"code": warning.code, "words": warning.words}
            for warning in (*dose.warnings, *ome.warnings)
        ],
    }
