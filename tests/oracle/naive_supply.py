"""How long an issue lasts, and what belongs together: the other naive rules stand on this."""

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction

from tests.oracle.naive_shapes import Criteria, Issue, Part


def supply_days(issue: Issue, criteria: Criteria) -> int:
    """How many days an issue lasts: stated, else worked out, else assumed."""
    units = issue.part.units_per_day_max
    assumed, longest = int(criteria["assumed_supply_days"]), int(criteria["longest_supply_days"])
    if issue.days_supply is not None and issue.days_supply > 0:
        days = issue.days_supply
    elif issue.quantity is not None and issue.quantity > 0 and units is not None and units > 0:
        days = int(issue.quantity / units + Fraction(1, 2))  # half up; both are positive
    else:
        days = assumed
    # What is taken only when needed lasts at least the assumed supply.
    if issue.part.as_required:
        days = max(days, assumed)
    return max(1, min(longest, days))


def run_out(issue: Issue, criteria: Criteria) -> date:
    """The first day with nothing left."""
    return issue.day + timedelta(days=supply_days(issue, criteria))


def last_run_out(issues: Iterable[Issue], criteria: Criteria) -> date:
    return max(run_out(issue, criteria) for issue in issues)


def reaches(issue: Issue, criteria: Criteria, as_of: date) -> bool:
    """Its supply and the allowance together reach the as-of date: still on it."""
    allowance = timedelta(days=criteria["current_within_days"])
    return run_out(issue, criteria) + allowance >= as_of


def in_hand(issue: Issue, criteria: Criteria, as_of: date) -> bool:
    return run_out(issue, criteria) > as_of


def line(part: Part) -> tuple[str, str, str]:
    return (part.ingredient, part.release, part.route)


def converted(issue: Issue) -> bool:
    return issue.part.ome_status == "converted"
