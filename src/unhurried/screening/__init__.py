"""Finding people: from GP records to a short list with reasons (ID-1 to ID-8).

`screen` takes records that were read, `screen_parquet` a folder of canonical Parquet files, and
`Store` keeps the few per cent of issues that matter for the next time. These names are loaded when
first used: words and criteria are wanted where no engine is.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from unhurried.screening.criteria import (
        Criteria,
        CriteriaError,
        criteria_from,
        default_criteria,
        load_criteria,
    )
    from unhurried.screening.engines import EngineMissing
    from unhurried.screening.result import Screening
    from unhurried.screening.run import ENGINES, screen, screen_parquet
    from unhurried.screening.store import Store, StoreError, is_store

__all__ = [
    "ENGINES",
    "Criteria",
    "CriteriaError",
    "EngineMissing",
    "Screening",
    "Store",
    "StoreError",
    "criteria_from",
    "default_criteria",
    "is_store",
    "load_criteria",
    "screen",
    "screen_parquet",
]

_HOME = {
    "ENGINES": "run",
    "Criteria": "criteria",
    "CriteriaError": "criteria",
    "EngineMissing": "engines",
    "Screening": "result",
    "Store": "store",
    "StoreError": "store",
    "criteria_from": "criteria",
    "default_criteria": "criteria",
    "is_store": "store",
    "load_criteria": "criteria",
    "screen": "run",
    "screen_parquet": "run",
}


def __getattr__(name: str) -> object:
    """Load a public name on first use."""
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(importlib.import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value
