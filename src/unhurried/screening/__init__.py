"""Finding people: from GP records to a short list with reasons (ID-1 to ID-8).

`screen` takes records that were read, `screen_parquet` a folder of canonical Parquet files, and
`Store` keeps the few per cent of issues that matter for the next time.
"""

from unhurried.screening.criteria import (
    Criteria,
    CriteriaError,
    criteria_from,
    default_criteria,
    load_criteria,
)
from unhurried.screening.engines import EngineMissing
from unhurried.screening.result import Screening
from unhurried.screening.screen import ENGINES, screen, screen_parquet
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
