"""What else a GP should see: trend, co-prescribing, early requests (ID-5)."""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import IntegerValue, Table

from unhurried.screening.definition.joins import beside
from unhurried.screening.definition.parameters import Tables
from unhurried.screening.kinds import INGREDIENT, Dose, Kind, Trend


def _days_in(older: IntegerValue, newer: IntegerValue) -> IntegerValue:
    """Days of an issue's supply that fall between two days."""
    return ibis.greatest(0, ibis.least(_.stop, newer) - ibis.greatest(_.day, older))


def trends(t: Tables) -> Table:
    """Oral morphine equivalent times days, in each of the four windows before the as-of date.

    Nothing is said when an issue of the last two windows has no known equivalent, or the episode
    is too short to fill them.
    """
    window = t.p.trend_window_days
    bounds = [t.p.as_of - window * back for back in (4, 3, 2, 1)] + [t.p.as_of]
    doses = t["pairs"].select("pair", "dose", most=ibis.coalesce(_.ome_max, 0))
    rows = (
        t["supply"]
        .filter((_.kind == Kind.OPIOID) & (_.stop > bounds[0]) & (_.day < t.p.as_of))
        .join(t["shown"].select("person", "days"), "person")
        .join(doses, "pair")
    )
    known = (_.dose == Dose.CONVERTED).ifelse(_.most, 0)
    sums = rows.group_by(["person", "days"]).agg(
        window_4=(known * _days_in(bounds[0], bounds[1])).sum(),
        window_3=(known * _days_in(bounds[1], bounds[2])).sum(),
        window_2=(known * _days_in(bounds[2], bounds[3])).sum(),
        window_1=(known * _days_in(bounds[3], bounds[4])).sum(),
        unknown=((_.dose != Dose.CONVERTED) & (_.stop > bounds[2])).sum(),
    )
    trend = ibis.cases(
        (
            (_.unknown > 0) | (_.days < t.p.trend_shortest_episode_days),
            int(Trend.NOT_KNOWN),
        ),
        (_.window_1 * 100 > _.window_2 * (t.p.trend_change_percent + 100), int(Trend.RISING)),
        (
            _.window_1 * 100 < _.window_2 * (ibis.literal(100) - t.p.trend_change_percent),
            int(Trend.FALLING),
        ),
        else_=int(Trend.STEADY),
    )
    return sums.mutate(trend=trend).select(
        "person", "trend", "window_4", "window_3", "window_2", "window_1"
    )


def alongside(t: Tables) -> Table:
    """Sedating medicines supplied now: for each sort the latest issue (day and ingredient)."""
    rows = (
        t["supply"]
        .filter(
            (_.kind >= Kind.BENZODIAZEPINE)
            & (_.kind <= Kind.GABAPENTINOID)
            & (_.stop + t.p.current_within_days >= t.p.as_of)
        )
        .semi_join(t["shown"], "person")
        .join(t["pairs"].select("pair", "ingredient"), "pair")
        .mutate(key=_.day.cast("int64") * INGREDIENT + _.ingredient)
    )
    return rows.group_by("person").agg(
        benzodiazepine=_.key.max(where=_.kind == Kind.BENZODIAZEPINE),
        z_drug=_.key.max(where=_.kind == Kind.Z_DRUG),
        gabapentinoid=_.key.max(where=_.kind == Kind.GABAPENTINOID),
    )


def early(t: Tables) -> Table:
    """Days on which an ingredient (in one release) was issued well before it had run out.

    Two strengths issued on one day are one request. Issues older than the window and the longest
    supply together can no longer be running, so they are not looked at.
    """
    lines = t["pairs"].select("pair", "request_line")
    before = ibis.window(group_by=["person", "request_line"], order_by="day", preceding=(None, 1))
    return (
        t["supply"]
        .filter((_.kind == Kind.OPIOID) & (_.day >= t.p.early_look_back_from))
        .semi_join(t["shown"], "person")
        .join(lines, "pair")
        .group_by(["person", "request_line", "day"])
        .agg(stop=_.stop.max())
        .mutate(earlier_stop=_.stop.max().over(before))
        .filter((_.day >= t.p.early_from) & (_.day < _.earlier_stop - t.p.early_more_than_days))
        .group_by("person")
        .agg(early=_.count(), last_early_day=_.day.max())
    )


def facts(t: Tables) -> Table:
    """One row for each person shown, with everything the reasons speak of."""
    health = t["eligible"].select(
        "person",
        "born",
        "stated_age",
        "end_of_life",
        "substitution_day",
        "palliative_day",
        "palliative_undated",
        "cancer_day",
        "cancer_undated",
    )
    joined = t["shown"].select(
        "person", "start", "end", "days", "issues", "candidate", "approaching"
    )
    for other in (health, t["doses"], t["trends"], t["alongside"], t["early"]):
        joined = beside(joined, other)
    return joined.mutate(
        trend=ibis.coalesce(_.trend, int(Trend.NOT_KNOWN)),
        early=ibis.coalesce(_.early, 0),
        ome_known=ibis.coalesce(_.ome_max, _.ome_min, 0),
    )
