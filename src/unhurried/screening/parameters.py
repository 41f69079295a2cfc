"""From criteria and an as-of date to the whole numbers the definition works with."""

from __future__ import annotations

from datetime import date

from unhurried.records.dates import epoch_day
from unhurried.screening.criteria import Criteria

MICROGRAMS = 1000  # oral morphine equivalents are counted in micrograms


def years_before(day: date, years: int) -> date:
    """The same day `years` earlier; 29 February becomes 28 February in a common year."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def age_on(born: date, day: date) -> int:
    """Whole years; someone born on 29 February has a birthday on 1 March in common years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def parameters(criteria: Criteria, as_of: date) -> dict[str, int]:
    """Every parameter of the definition by its name."""
    today = epoch_day(as_of)
    early_from = today - criteria.early_within_days
    return {
        "as_of": today,
        "adult_age": criteria.adult_age,
        "adult_born_by": epoch_day(years_before(as_of, criteria.adult_age)),
        "longer_than_days": criteria.longer_than_days,
        "issues_at_least": criteria.issues_at_least,
        "gap_days": criteria.gap_days,
        "assumed_supply_days": criteria.assumed_supply_days,
        "longest_supply_days": criteria.longest_supply_days,
        "current_within_days": criteria.current_within_days,
        # Nothing issued before can still be running, or have run out recently enough to matter.
        "recent_from": today - criteria.longest_supply_days - criteria.current_within_days,
        "end_of_life_leave_out": int(criteria.end_of_life_leave_out),
        "end_of_life_since": epoch_day(criteria.end_of_life_since),
        "cancer_recent_from": epoch_day(years_before(as_of, criteria.cancer_recent_years)),
        "newest_round_days": criteria.newest_round_days,
        "higher_from": criteria.higher_from_mg * MICROGRAMS,
        "lowest_threshold": criteria.thresholds_mg[0] * MICROGRAMS,
        "trend_window_days": criteria.trend_window_days,
        "trend_change_percent": criteria.trend_change_percent,
        "trend_covered_percent": criteria.trend_covered_percent,
        "trend_shortest_episode_days": criteria.trend_shortest_episode_days,
        "early_more_than_days": criteria.early_more_than_days,
        "early_from": early_from,
        "early_look_back_from": early_from - criteria.longest_supply_days,
        "early_at_least": criteria.early_at_least,
        "paracetamol_more_than_mg": criteria.paracetamol_more_than_mg,
        "approaching_from_days": criteria.approaching_from_days,
        "approaching_issues_at_least": criteria.approaching_issues_at_least,
    }
