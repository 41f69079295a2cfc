"""EMIS's “Name, Dosage and Quantity” column taken apart: only at commas, only when it is plain."""

from __future__ import annotations

from unhurried.records.quantities import read_quantity


def take_apart(text: str) -> tuple[str, str, int | None]:
    """Product, directions and quantity (thousandths): "X 10mg tablets, One Daily, 28 tablet".

    The first part is the product; the last is the quantity when it reads as one. Anything between
    is the directions, blank when there is nothing between.
    """
    parts = [part.strip() for part in text.strip().split(", ")]
    quantity = read_quantity(parts[-1]) if len(parts) > 1 else None
    if quantity and quantity.thousandths is not None:
        return parts[0], ", ".join(parts[1:-1]), quantity.thousandths
    return parts[0], ", ".join(parts[1:]), None
