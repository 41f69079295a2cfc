"""From all issues to the ones that matter, each with the day its supply runs out (ID-1).

The big table is read once, in `found`; everything after works on the few per cent that are left.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import IntegerColumn, IntegerValue, Table

from unhurried.screening.definition.parameters import Tables
from unhurried.screening.kinds import Kind


def found(t: Tables) -> Table:
    """Issues of the medicines looked for, as written: of opioids all, of others the recent ones."""
    return (
        t["issues"]
        .join(t["looked_for"], "medicine")
        .filter(_.whole_history | (_.day >= t.p.recent_from))
        .select(
            "person",
            "day",
            "medicine",
            "quantity_thousandths",
            "days_supply",
            directions=ibis.coalesce(_.directions, ""),
        )
    )


def relevant(t: Tables) -> Table:
    """The same issues with the number of their (medicine, directions) pair, as a store has them."""
    pairs = t["pairs"].select("pair", "medicine", "directions")
    return (
        t["found"]
        .join(pairs, ["medicine", "directions"])
        .select("person", "day", "pair", "quantity_thousandths", "days_supply")
    )


def rounded_half_up(numerator: IntegerValue, denominator: IntegerValue) -> IntegerColumn:
    """FLOOR(numerator / denominator + 0.5), without leaving whole numbers before the floor."""
    return (numerator * 2 + denominator) // (denominator * 2)


def supply(t: Tables) -> Table:
    """Each issue up to the as-of date with its run-out day (`stop`, the first day without).

    Days are those stated, else quantity over the most units a day, else what is assumed; an
    as-required issue lasts at least what is assumed; no issue lasts longer than believed possible.
    """
    known = t["pairs"].select("pair", "kind", "units_per_day_thousandths", "as_required")
    issue = (
        t["relevant"]
        .filter(_.day <= t.p.as_of)
        .join(known, "pair")
        .filter((_.kind <= Kind.SUBSTITUTION) | (_.day >= t.p.recent_from))
    )
    stated = (_.days_supply > 0).ifelse(_.days_supply.cast("int64"), ibis.null("int64"))
    counted = ((_.quantity_thousandths > 0) & (_.units_per_day_thousandths > 0)).ifelse(
        rounded_half_up(_.quantity_thousandths, _.units_per_day_thousandths), ibis.null("int64")
    )
    return (
        issue.mutate(days=ibis.coalesce(stated, counted, t.p.assumed_supply_days))
        .mutate(days=_.as_required.ifelse(ibis.greatest(_.days, t.p.assumed_supply_days), _.days))
        .mutate(days=ibis.greatest(1, ibis.least(_.days, t.p.longest_supply_days)))
        .select("person", "day", "kind", "pair", stop=(_.day + _.days).cast("int32"))
    )


def later(t: Tables) -> Table:
    """How many of the issues looked for are dated after the as-of date (they are not counted)."""
    return t["relevant"].filter(_.day > t.p.as_of).agg(issues=_.count())


def pair_use(t: Tables) -> Table:
    """How many counted issues stand on each pair (for the summary)."""
    return t["supply"].group_by("pair").agg(issues=_.count())


def considered(t: Tables) -> Table:
    """Everyone with an opioid or substitution issue, and the outline of their opioid issues."""
    rows = t["supply"].filter(_.kind <= Kind.SUBSTITUTION)
    opioid = _.kind == Kind.OPIOID
    return rows.group_by("person").agg(
        issues=opioid.sum(),
        last_stop=_.stop.max(where=opioid),
        substitution_day=_.day.max(where=_.kind == Kind.SUBSTITUTION),
    )
