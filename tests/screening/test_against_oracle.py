"""The product against the naive screening, cell by cell, on histories steered to the boundaries.

Everything goes the long way round: canonical tables in, product names and directions read by the
clinical rules, the relational definition, the reasons. The oracle shares no code with any of it.
"""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import strategies as st
from tests.oracle import parts, strategies
from tests.oracle.naive_shapes import DEFAULT_CRITERIA, Criteria, History, Issue, Part, Person
from tests.screening.joined import disagreements

from unhurried.screening import Criteria as ProductCriteria
from unhurried.screening import default_criteria

AS_OF = date(2025, 11, 22)

# Criteria of another practice: every number differs from the default, and the tiers' order too.
OTHER_NUMBERS: dict[str, tuple[str, int]] = {
    "adult_age": ("adult_age", 21),
    "longer_than_days": ("longer_than_days", 30),
    "at_least_issues": ("issues_at_least", 2),
    "gap_days": ("gap_days", 10),
    "assumed_supply_days": ("assumed_supply_days", 14),
    "longest_supply_days": ("longest_supply_days", 60),
    "current_within_days": ("current_within_days", 3),
    "newest_round_days": ("newest_round_days", 1),
    "early_by_more_than_days": ("early_more_than_days", 3),
    "early_within_days": ("early_within_days", 90),
    "early_requests": ("early_at_least", 1),
    "window_days": ("trend_window_days", 28),
    "change_percent": ("trend_change_percent", 25),
    "covered_percent": ("trend_covered_percent", 50),
    "trend_shortest_episode_days": ("trend_shortest_episode_days", 56),
    "paracetamol_mg": ("paracetamol_more_than_mg", 3000),
    "higher_dose_mg": ("higher_from_mg", 60),
    "approaching_from_days": ("approaching_from_days", 14),
    "approaching_issues": ("approaching_issues_at_least", 3),
    "cancer_recent_years": ("cancer_recent_years", 1),
}
OTHER_ORDER = ("dose_not_known", "changing", "with_sedatives", "higher_dose", "long_term")


def other_criteria() -> tuple[Criteria, ProductCriteria]:
    naive = {ours: number for ours, (_, number) in OTHER_NUMBERS.items()}
    product = dict(OTHER_NUMBERS.values())
    return (
        DEFAULT_CRITERIA
        | naive
        | {"noted_dose_mg": 20, "thresholds_mg": (20, 60), "tiers": OTHER_ORDER},
        replace(default_criteria(), **product, thresholds_mg=(20, 60), tiers=OTHER_ORDER),  # type: ignore[arg-type]
    )


BOUNDED = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],  # a failure tells the person's whole story: nothing to shrink
    verbosity=Verbosity.quiet,
)


@given(st.data())
@BOUNDED
def test_product_and_oracle_agree_on_every_cell(data: st.DataObject) -> None:
    as_of = data.draw(strategies.as_of_days)
    history = data.draw(strategies.histories(as_of, most_people=12))
    assert disagreements(history, as_of) == []


@given(st.data())
@BOUNDED
def test_they_agree_with_other_criteria_too(data: st.DataObject) -> None:
    as_of = data.draw(strategies.as_of_days)
    naive, product = other_criteria()
    history = data.draw(strategies.histories(as_of, most_people=12, criteria=naive))
    assert disagreements(history, as_of, naive, product) == []


@pytest.mark.parametrize(
    "part",
    [*parts.OPIOIDS, *parts.PARACETAMOL],
    ids=lambda part: f"{part.product}: {part.directions}",
)
def test_each_pair_alone_gives_the_dose_worked_out_by_hand(part: Part) -> None:
    """A steady year of one pair beside one known opioid: its dose, supply and paracetamol."""
    known = parts.opioid(parts.OXYCODONE_MR_5, "ONE TWICE A DAY")
    issues = [
        Issue(issue=n, person_id="a", day=date(2025, 11, 1), part=p, quantity=Fraction(14))
        for n, p in enumerate((part, known))
    ]
    start = [replace(i, issue=i.issue + 10, day=date(2025, 7, 1), days_supply=180) for i in issues]
    again = [replace(i, issue=i.issue + 20, day=date(2025, 9, 1), days_supply=60) for i in issues]
    people = [Person(person_id="a", born=date(1960, 1, 1))]
    history = History(people=people, issues=[*start, *again, *issues], diagnoses=[])
    assert disagreements(history, AS_OF) == []
