"""The screening criteria: a versioned file a practice can change (ID-1)."""

from unhurried.screening.criteria.model import TIERS, Criteria, CriteriaError
from unhurried.screening.criteria.reading import criteria_from, default_criteria, load_criteria

__all__ = [
    "TIERS",
    "Criteria",
    "CriteriaError",
    "criteria_from",
    "default_criteria",
    "load_criteria",
]
