"""What a practice can set about who is listed and in which order (ID-1, ID-5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

TIERS = ("higher_dose", "with_sedatives", "changing", "dose_not_known", "long_term")


class CriteriaError(Exception):
    """A criteria file cannot be used; its text says what is wrong and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """One versioned set of screening criteria; every field is explained in `default.toml`."""

    name: str
    version: str
    adult_age: int
    longer_than_days: int
    issues_at_least: int
    gap_days: int
    assumed_supply_days: int
    longest_supply_days: int
    current_within_days: int
    end_of_life_leave_out: bool
    end_of_life_since: date
    cancer_recent_years: int
    newest_round_days: int
    thresholds_mg: tuple[int, ...]
    higher_from_mg: int
    trend_window_days: int
    trend_change_percent: int
    trend_covered_percent: int
    trend_shortest_episode_days: int
    early_more_than_days: int
    early_within_days: int
    early_at_least: int
    paracetamol_more_than_mg: int
    approaching_from_days: int
    approaching_issues_at_least: int
    tiers: tuple[str, ...]
    minutes_per_record: int
    per_week: int
