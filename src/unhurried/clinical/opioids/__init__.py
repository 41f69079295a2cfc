"""Opioids: products, directions, daily dose and oral morphine equivalents (OPI-1).

The public names below are loaded when first used, so that a caller who only matches names does
not pay for the rest.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from unhurried.clinical.opioids.answer import dose_json
    from unhurried.clinical.opioids.dose import DailyDose, daily_dose
    from unhurried.clinical.opioids.dose_warnings import Warning_
    from unhurried.clinical.opioids.factors import FactorSet, UnknownFactorSet, factor_set
    from unhurried.clinical.opioids.ome import (
        Ome,
        OmeTotal,
        Part,
        oral_morphine_equivalent,
        total,
    )
    from unhurried.clinical.opioids.products import Product, find_product

__all__ = [
    "DailyDose",
    "FactorSet",
    "Ome",
    "OmeTotal",
    "Part",
    "Product",
    "UnknownFactorSet",
    "Warning_",
    "daily_dose",
    "dose_json",
    "factor_set",
    "find_product",
    "oral_morphine_equivalent",
    "total",
]

_HOME = {
    "DailyDose": "dose",
    "FactorSet": "factors",
    "Ome": "ome",
    "OmeTotal": "ome",
    "Part": "ome",
    "Product": "products",
    "UnknownFactorSet": "factors",
    "Warning_": "dose_warnings",
    "daily_dose": "dose",
    "dose_json": "answer",
    "factor_set": "factors",
    "find_product": "products",
    "oral_morphine_equivalent": "ome",
    "total": "ome",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
