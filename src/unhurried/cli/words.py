"""Plain sentences for a person at a terminal, from the same answers the programs get."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Answer = Mapping[str, object]


def number(value: object) -> str:
    """A number without trailing noise: 0.333333 as 1/3 where that is what it is."""
    if not isinstance(value, int | float):
        return "not known"
    thirds = {round(1 / n, 6): f"1/{n}" for n in (3, 6, 7, 14)}
    return thirds.get(round(float(value), 6), f"{value:g}" if value < 1e6 else f"{value:,.0f}")


def span(low: object, high: object) -> str:
    """`4`, or `4 to 6`."""
    return number(low) if low == high else f"{number(low)} to {number(high)}"


def directions_in_words(answer: Answer) -> str:
    """One sentence for one set of directions."""
    if answer["status"] != "understood":
        return f"not understood: {answer['reason']}"
    steps = answer.get("steps")
    if isinstance(steps, Sequence) and steps:
        return f"understood: {len(steps)} steps one after the other, so no single daily total"
    unit = str(answer["unit"] or "unit")
    parts = [
        f"{span(answer['units_per_day_min'], answer['units_per_day_max'])} {_plural(unit)} a day"
    ]
    if answer["as_required"]:
        parts.append("as required")
    if answer["max_units_per_day"] is not None:
        parts.append(f"at most {number(answer['max_units_per_day'])} in a day")
    return "understood: " + ", ".join(parts)


def _plural(unit: str) -> str:
    if unit in {"ml", "mg", "g", "microgram"}:
        return unit if unit != "microgram" else "micrograms"
    return unit + ("es" if unit.endswith(("patch", "s")) else "s")


def dose_in_words(answer: Answer) -> list[str]:
    """The lines shown for one product and its directions."""
    lines = [_product_line(answer), directions_in_words(answer)]
    if answer.get("micrograms_per_hour_max") is not None:
        rate = span(answer["micrograms_per_hour_min"], answer["micrograms_per_hour_max"])
        lines.append(f"dose: {rate} micrograms an hour")
    elif answer["mg_per_day_max"] is not None:
        lines.append(f"dose: {span(answer['mg_per_day_min'], answer['mg_per_day_max'])} mg a day")
    elif answer.get("dose_reason"):
        lines.append(f"dose: not known: {answer['dose_reason']}")
    if answer.get("issued_mg_per_day") is not None:
        lines.append(f"issued: {number(answer['issued_mg_per_day'])} mg a day over the days given")
    lines.append(_ome_line(answer))
    warnings = answer["warnings"]
    if isinstance(warnings, Sequence):
        lines += [f"note: {warning['words']}" for warning in warnings]
    return lines


def _product_line(answer: Answer) -> str:
    product = answer["product"]
    if not isinstance(product, Mapping):
        return "product: not one of the medicines this service looks for"
    strength = product["strength"]
    unit = str(product["unit"] or "mg").replace("micrograms_per_hour", "micrograms an hour")
    shown = f"{number(strength)} {unit}" if strength is not None else "strength not known"
    per = f" in {number(product['per_ml'])} ml" if product.get("per_ml") else ""
    form = product["form"] or "form not known"
    return (
        f"product: {product['ingredient']} {shown}{per}, {product['release']} {form}"
        f" (known by {product['matched_by']})"
    )


def _ome_line(answer: Answer) -> str:
    if answer["ome_status"] == "converted":
        return (
            f"OME: {span(answer['ome_min'], answer['ome_max'])} mg a day"
            f" ({answer['factor_set']}). For comparing doses, never for switching medicines."
        )
    words = str(answer["ome_status"]).replace("_", " ")
    reason = answer.get("ome_reason") or answer.get("dose_reason")
    return f"OME: {words}" + (f": {reason}" if reason else "")
