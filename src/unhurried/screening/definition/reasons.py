"""Every reason, in and out, as a row: person, code and up to three whole numbers (ID-3, ID-5).

The words, the tier and the order of a code stand in `screening/reasons.csv`; here stands only when
it applies and which numbers it speaks of. A test keeps the two lists of codes equal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import ibis
from ibis import _
from ibis.common.deferred import Deferred
from ibis.expr.types import Table

from unhurried.screening.definition.joins import beside
from unhurried.screening.definition.parameters import Parameters, Tables
from unhurried.screening.kinds import Trend

# A column by name, an expression over columns, or one that needs the criteria's values.
Term: TypeAlias = "str | Deferred | Callable[[Parameters], Deferred]"


def _expression(term: Term, p: Parameters) -> Deferred:
    if isinstance(term, str):
        return _[term]
    return term if isinstance(term, Deferred) else term(p)


@dataclass(frozen=True, slots=True)
class Rule:
    """A reason applies where the condition holds; the numbers fill its words."""

    code: str
    applies: Term
    numbers: tuple[Term, ...] = ()


def _noted(p: Parameters) -> Deferred:
    """A dose worth naming that is not yet a higher dose."""
    return (_.ome_known >= p.lowest_threshold) & (_.ome_known < p.higher_from)


OUT_BY_PERSON = (
    Rule("substitution_only", ~_.on_opioid, ("substitution_day",)),
    Rule("not_adult", ~_.adult, ("born",)),
    Rule("died", ~_.alive, ("died",)),
    Rule(
        "not_registered",
        ~_.registered,
        ("registered_from", "registered_to"),
    ),
    Rule("end_of_life", "left_out", ("palliative_day",)),
    Rule("not_now", _.on_opioid & ~_.on_now, ("last_stop",)),
)
OUT_BY_EPISODE = (
    Rule("episode_short", ~_.long_enough, ("days", "start")),
    Rule("few_issues", ~_.issues_enough, ("issues", "start")),
)
IN = (
    Rule(
        "meets_definition",
        "candidate",
        ("days", "start", "issues"),
    ),
    Rule(
        "higher_dose",
        lambda p: (_.ome_known >= p.higher_from) & (_.ome_min >= _.threshold),
        ("threshold", "ome_min", "ome_max"),
    ),
    Rule(
        "higher_dose_if_needed",
        lambda p: (_.ome_known >= p.higher_from) & (_.ome_min < _.threshold),
        ("threshold", "ome_min", "ome_max"),
    ),
    Rule(
        "dose_noted",
        lambda p: _noted(p) & (_.ome_min >= _.threshold),
        ("threshold", "ome_min", "ome_max"),
    ),
    Rule(
        "dose_noted_if_needed",
        lambda p: _noted(p) & (_.ome_min < _.threshold),
        ("threshold", "ome_min", "ome_max"),
    ),
    Rule("with_benzodiazepine", _.benzodiazepine.notnull(), ("benzodiazepine",)),
    Rule("with_z_drug", _.z_drug.notnull(), ("z_drug",)),
    Rule("with_gabapentinoid", _.gabapentinoid.notnull(), ("gabapentinoid",)),
    Rule(
        "rising",
        _.trend == Trend.RISING,
        ("dose_before", "dose_after"),
    ),
    Rule(
        "early_requests",
        lambda p: _.early >= p.early_at_least,
        ("early", "last_early_day"),
    ),
    Rule("dose_not_known", _.unknown > 0, ("unknown",)),
    Rule("dose_not_converted", _.unconverted > 0, ("unconverted",)),
    Rule("no_current_product", _.parts == 0, ("end",)),
    Rule(
        "falling",
        _.trend == Trend.FALLING,
        ("dose_before", "dose_after"),
    ),
    Rule("older_supply_running", _.superseded > 0, ("superseded",)),
    Rule(
        "paracetamol_high",
        lambda p: _.paracetamol_mg > p.paracetamol_more_than_mg,
        ("paracetamol_mg",),
    ),
    Rule("substitution_too", _.substitution_day.notnull(), ("substitution_day",)),
    Rule(
        "cancer_recent",
        lambda p: _.cancer_day >= p.cancer_recent_from,
        ("cancer_day",),
    ),
    Rule(
        "cancer_earlier",
        lambda p: _.cancer_day < p.cancer_recent_from,
        ("cancer_day",),
    ),
    Rule("cancer_undated", _.cancer_day.isnull() & (_.cancer_undated > 0)),
    Rule("end_of_life_noted", "end_of_life", ("palliative_day",)),
    Rule("end_of_life_undated", _.palliative_undated > 0),
    Rule("age_stated", _.born.isnull() & _.stated_age.notnull(), ("stated_age",)),
    Rule("age_not_known", _.born.isnull() & _.stated_age.isnull()),
)
ALONE = "no_further_reason"
CODES = (*(rule.code for rule in (*OUT_BY_PERSON, *OUT_BY_EPISODE, *IN)), ALONE)

NUMBERS = ("first", "second", "third")


def _rows(table: Table, codes: Table, rules: tuple[Rule, ...], p: Parameters) -> Table:
    """The reason rows that some rules give over one table: every row beside every code."""
    beside_codes = table.cross_join(codes.filter(_.code.isin([rule.code for rule in rules])))
    numbers = {
        name: ibis.cases(
            *[
                (_.code == rule.code, _expression(rule.numbers[place], p).cast("int64"))
                for rule in rules
                if place < len(rule.numbers)
            ],
            else_=ibis.null("int64"),
        )
        for place, name in enumerate(NUMBERS)
        if any(place < len(rule.numbers) for rule in rules)
    }
    missing = {name: ibis.null("int64") for name in NUMBERS if name not in numbers}
    applies = ibis.cases(
        *[(_.code == rule.code, _expression(rule.applies, p)) for rule in rules], else_=False
    )
    return beside_codes.filter(applies).select("person", "code", **numbers, **missing)


def reasons_in(t: Tables) -> Table:
    """Why each candidate is listed, and what to know about them."""
    passed = (
        t["facts"]
        .filter(_.candidate)
        .select("person", "ome_known")
        .join(t["thresholds"], _.ome_known >= t["thresholds"].ome)
        .group_by("person")
        .agg(threshold=_.ome.max())
    )
    # Where a higher dose begins is a line too, whether or not it is among the thresholds.
    higher = ibis.greatest(ibis.coalesce(_.threshold, t.p.higher_from), t.p.higher_from)
    candidates = beside(t["facts"].filter(_.candidate), passed).mutate(
        threshold=(_.ome_known >= t.p.higher_from).ifelse(higher, _.threshold)
    )
    return _rows(candidates, t["rules"].select("code"), IN, t.p)


def reasons(t: Tables) -> Table:
    """Every reason of everyone considered: nobody is without one."""
    codes = t["rules"].select("code")
    alone = (
        t["reasons_in"]
        .group_by("person")
        .agg(rows=_.count())
        .filter(_.rows == 1)
        .select(
            "person",
            code=ibis.literal(ALONE),
            **{name: ibis.null("int64") for name in NUMBERS},
        )
    )
    return ibis.union(
        _rows(t["eligible"].filter(~_.open), codes, OUT_BY_PERSON, t.p),
        _rows(t["exposed"].filter(~_.candidate), codes, OUT_BY_EPISODE, t.p),
        t["reasons_in"],
        alone,
    )
