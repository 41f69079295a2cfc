"""Every reason, in and out, as a row: person, code and up to three whole numbers (ID-3, ID-5).

The words, the tier and the order of a code stand in `screening/reasons.csv`; here stands only when
it applies and which numbers it speaks of. A test keeps the two lists of codes equal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import ibis
from ibis import _
from ibis.expr.types import BooleanValue, IntegerValue, Table

from unhurried.screening.definition.joins import beside
from unhurried.screening.definition.parameters import Parameters
from unhurried.screening.kinds import Trend

Condition = Callable[[Parameters], BooleanValue]
Number = Callable[[Parameters], IntegerValue]


@dataclass(frozen=True, slots=True)
class Rule:
    """A reason applies where the condition holds; the numbers fill its words."""

    code: str
    applies: Condition
    numbers: tuple[Number, ...] = ()


OUT_BY_PERSON = (
    Rule("substitution_only", lambda p: ~_.on_opioid, (lambda p: _.substitution_day,)),
    Rule("not_adult", lambda p: ~_.adult, (lambda p: _.born,)),
    Rule("died", lambda p: ~_.alive, (lambda p: _.died,)),
    Rule(
        "not_registered",
        lambda p: ~_.registered,
        (lambda p: _.registered_from, lambda p: _.registered_to),
    ),
    Rule("end_of_life", lambda p: _.left_out, (lambda p: _.palliative_day,)),
    Rule("not_now", lambda p: _.on_opioid & ~_.on_now, (lambda p: _.last_stop,)),
)
OUT_BY_EPISODE = (
    Rule("episode_short", lambda p: ~_.long_enough, (lambda p: _.days, lambda p: _.start)),
    Rule("few_issues", lambda p: ~_.issues_enough, (lambda p: _.issues, lambda p: _.start)),
)
IN = (
    Rule(
        "meets_definition",
        lambda p: ibis.literal(True),
        (lambda p: _.days, lambda p: _.start, lambda p: _.issues),
    ),
    Rule(
        "higher_dose",
        lambda p: _.ome_known >= p.higher_from,
        (lambda p: _.threshold, lambda p: _.ome_min, lambda p: _.ome_max),
    ),
    Rule(
        "dose_noted",
        lambda p: (_.ome_known >= p.lowest_threshold) & (_.ome_known < p.higher_from),
        (lambda p: _.threshold, lambda p: _.ome_min, lambda p: _.ome_max),
    ),
    Rule(
        "with_benzodiazepine", lambda p: _.benzodiazepine.notnull(), (lambda p: _.benzodiazepine,)
    ),
    Rule("with_z_drug", lambda p: _.z_drug.notnull(), (lambda p: _.z_drug,)),
    Rule("with_gabapentinoid", lambda p: _.gabapentinoid.notnull(), (lambda p: _.gabapentinoid,)),
    Rule(
        "rising",
        lambda p: _.trend == Trend.RISING,
        (lambda p: _.window_2 // p.trend_window_days, lambda p: _.window_1 // p.trend_window_days),
    ),
    Rule(
        "early_requests",
        lambda p: _.early >= p.early_at_least,
        (lambda p: _.early, lambda p: _.last_early_day),
    ),
    Rule("dose_not_known", lambda p: _.unknown > 0, (lambda p: _.unknown,)),
    Rule("dose_not_converted", lambda p: _.unconverted > 0, (lambda p: _.unconverted,)),
    Rule("no_current_product", lambda p: _.parts == 0, (lambda p: _.end,)),
    Rule(
        "falling",
        lambda p: _.trend == Trend.FALLING,
        (lambda p: _.window_2 // p.trend_window_days, lambda p: _.window_1 // p.trend_window_days),
    ),
    Rule("older_supply_running", lambda p: _.superseded > 0, (lambda p: _.superseded,)),
    Rule(
        "paracetamol_high",
        lambda p: _.paracetamol_mg > p.paracetamol_more_than_mg,
        (lambda p: _.paracetamol_mg,),
    ),
    Rule(
        "substitution_too", lambda p: _.substitution_day.notnull(), (lambda p: _.substitution_day,)
    ),
    Rule(
        "cancer_recent",
        lambda p: _.cancer_day >= p.cancer_recent_from,
        (lambda p: _.cancer_day,),
    ),
    Rule(
        "cancer_earlier",
        lambda p: _.cancer_day < p.cancer_recent_from,
        (lambda p: _.cancer_day,),
    ),
    Rule("cancer_undated", lambda p: _.cancer_day.isnull() & (_.cancer_undated > 0)),
    Rule("end_of_life_noted", lambda p: _.end_of_life, (lambda p: _.palliative_day,)),
    Rule("end_of_life_undated", lambda p: _.palliative_day.isnull() & (_.palliative_undated > 0)),
    Rule(
        "age_stated", lambda p: _.born.isnull() & _.stated_age.notnull(), (lambda p: _.stated_age,)
    ),
    Rule("age_not_known", lambda p: _.born.isnull() & _.stated_age.isnull()),
)
ALONE = "no_further_reason"
CODES = tuple(rule.code for rule in (*OUT_BY_PERSON, *OUT_BY_EPISODE, *IN)) + (ALONE,)

NUMBERS = ("first", "second", "third")


def _rows(table: Table, codes: Table, rules: tuple[Rule, ...], p: Parameters) -> Table:
    """The reason rows that some rules give over one table: every row beside every code."""
    beside_codes = table.cross_join(codes.filter(_.code.isin([rule.code for rule in rules])))
    numbers = {
        name: ibis.cases(
            *[
                (_.code == rule.code, rule.numbers[place](p).cast("int64"))
                for rule in rules
                if place < len(rule.numbers)
            ],
            else_=ibis.null("int64"),
        )
        for place, name in enumerate(NUMBERS)
        if any(place < len(rule.numbers) for rule in rules)
    }
    missing = {name: ibis.null("int64") for name in NUMBERS if name not in numbers}
    applies = ibis.cases(*[(_.code == rule.code, rule.applies(p)) for rule in rules], else_=False)
    return beside_codes.filter(applies).select("person", "code", **numbers, **missing)


def reasons_in(t: dict[str, Table], p: Parameters) -> Table:
    """Why each candidate is listed, and what to know about them."""
    passed = (
        t["facts"]
        .filter(_.candidate)
        .select("person", "ome_known")
        .join(t["thresholds"], _.ome_known >= t["thresholds"].ome)
        .group_by("person")
        .agg(threshold=_.ome.max())
    )
    candidates = beside(t["facts"].filter(_.candidate), passed)
    return _rows(candidates, t["rules"].select("code"), IN, p)


def reasons(t: dict[str, Table], p: Parameters) -> Table:
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
        _rows(t["eligible"].filter(~_.open), codes, OUT_BY_PERSON, p),
        _rows(t["exposed"].filter(~_.candidate), codes, OUT_BY_EPISODE, p),
        t["reasons_in"],
        alone,
    )
