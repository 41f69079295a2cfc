"""What goes into the naive screening and what comes out (ID-1 to ID-8): plain lists of records.

- `History`: everyone's people, issues and diagnoses. Exact repeats of an issue have been removed
  already (that is the readers' work). Every issue carries the `Part` that its (product, directions)
  pair means.
- `Criteria`: `DEFAULT_CRITERIA`, or a copy with other numbers.
- `NaiveResult`: one for each person. What is asked only of listed people (OME, tier, rank, trend,
  ...) is None or empty for the others; `reasons` are "in" codes of a listed person and "out" codes
  of anyone else.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

Criteria = dict[str, Any]

DEFAULT_CRITERIA: Criteria = {
    "adult_age": 18,
    "longer_than_days": 90,
    "at_least_issues": 3,
    "gap_days": 56,
    "assumed_supply_days": 28,
    "longest_supply_days": 180,
    "current_within_days": 28,
    "newest_round_days": 7,
    "early_by_more_than_days": 7,
    "early_within_days": 182,
    "early_requests": 2,
    "window_days": 90,
    "change_percent": 10,
    "covered_percent": 85,
    "trend_shortest_episode_days": 180,
    "paracetamol_mg": 4000,
    "noted_dose_mg": 50,
    "higher_dose_mg": 90,
    "thresholds_mg": (50, 90, 120, 300),
    "approaching_from_days": 60,
    "approaching_issues": 2,
    "palliative_from": date(2008, 4, 1),
    "palliative_codes": frozenset({"103735009"}),
    "palliative_ended_codes": frozenset({"1048611000000104"}),
    "cancer_codes": frozenset({"100721000119109"}),
    "cancer_recent_years": 5,
    "tiers": ("higher_dose", "with_sedatives", "changing", "dose_not_known", "long_term"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    person_id: str
    born: date | None = None
    died: date | None = None
    registered_from: date | None = None
    registered_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one (product, directions) pair means. A line is ingredient + release + route."""

    product: str
    directions: str
    drug_class: str  # opioid | opioid_substitution | benzodiazepine | z_drug | gabapentinoid |
    #                  paracetamol | other
    ingredient: str = ""
    release: str = ""
    route: str = ""
    ome_min_ug: int | None = None
    ome_max_ug: int | None = None
    ome_status: str = "not_known"  # converted | not_converted | not_known
    units_per_day_max: Fraction | None = None
    as_required: bool = False
    paracetamol_mg: Fraction | None = None  # at most, a day


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    issue: int
    person_id: str
    day: date
    part: Part
    quantity: Fraction | None = None
    days_supply: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    person_id: str
    code: str
    day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    people: list[Person]
    issues: list[Issue]
    diagnoses: list[Diagnosis]


@dataclass(frozen=True, slots=True, kw_only=True)
class NaiveResult:
    person_id: str
    considered: bool
    listed: bool = False
    reasons: frozenset[str] = frozenset()  # "in" codes of a listed person, "out" codes of another
    episode_start: date | None = None
    episode_end: date | None = None  # the last run-out day, which may lie after as-of
    days_exposed: int | None = None
    issues: int | None = None  # opioid issues in the current episode
    ome_min_ug: int | None = None
    ome_max_ug: int | None = None
    ome_status: str | None = None
    ome_as_at: date | None = None
    tier: str | None = None
    rank: int | None = None
    trend: str | None = None
    co_prescribed: tuple[str, ...] = ()
    early_requests: int | None = None
    paracetamol_mg: Fraction | None = None
    approaching: bool = False
