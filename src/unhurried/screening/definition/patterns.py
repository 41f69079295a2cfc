"""What else a GP should see: trend, co-prescribing, early requests (ID-5)."""

from __future__ import annotations

from typing import TypeAlias

import ibis
from ibis import _
from ibis.expr.types import IntegerValue, Table

from unhurried.screening.definition.joins import beside
from unhurried.screening.definition.parameters import Tables
from unhurried.screening.kinds import INGREDIENT, Dose, Kind, Trend

Window: TypeAlias = tuple[IntegerValue, IntegerValue]  # its first day, and the day after its last


def _days_in(since: IntegerValue, until: IntegerValue, window: Window) -> IntegerValue:
    """How many of the days from `since` up to `until` lie in a window."""
    older, newer = window
    return ibis.greatest(0, -ibis.greatest(since, older) + ibis.least(until, newer))


def regimens(t: Tables) -> Table:
    """What was prescribed from which day, near enough to the trend's windows to bear on them.

    Only for those whose episode is long enough. What had run out too long before the first window
    is not looked at.
    """
    first = t.p.as_of - t.p.trend_window_days * 2
    long_enough = t["shown"].filter(_.days >= t.p.trend_shortest_episode_days)
    readings = t["pairs"].select(
        "pair", "medicine", "line", "dose", most=ibis.coalesce(_.ome_max, 0)
    )
    return (
        t["supply"]
        .filter((_.kind == Kind.OPIOID) & (_.stop + t.p.current_within_days > first))
        .semi_join(long_enough, "person")
        .group_by(["person", "pair", "day"])
        .agg(stop=_.stop.max())
        .join(readings, "pair")
        .select("person", "pair", "day", "stop", "medicine", "line", "dose", "most")
    )


def _stretches(t: Tables, first: IntegerValue) -> Table:
    """From when until when each dose was prescribed, whenever it was collected.

    Until the same medicine is issued again, early or a few days late; else until the next round
    of its line, or the as-of date, when that is not too long after it ran out.
    """
    regimens = t["regimens"]
    # Every later issue of the line at once: one join costs less than a window for each question.
    later = regimens.select("person", "line", later_day="day", later_medicine="medicine")
    same_line = [
        regimens.person == later.person,
        regimens.line == later.line,
        later.later_day > regimens.day,
    ]
    next_round = _.later_day > _.day + t.p.newest_round_days
    before = ibis.window(group_by="person", order_by="day", preceding=(None, 1))
    return (
        regimens.left_join(later, same_line)
        .group_by(["person", "pair", "day"])
        .agg(
            stop=_.stop.max(),
            dose=_.dose.max(),
            most=_.most.max(),
            again=_.later_day.min(where=_.later_medicine == _.medicine),
            newer=ibis.coalesce(_.later_day.min(where=next_round), t.p.as_of),
        )
        .mutate(
            until=ibis.cases(
                (_.again <= _.stop + t.p.newest_round_days, _.again),
                (_.newer <= _.stop + t.p.current_within_days, _.newer),
                else_=_.stop,
            )
        )
        .mutate(bare_since=ibis.coalesce(_.until.max().over(before), first))
        .select("person", "day", "until", "bare_since", "dose", "most")
    )


def trends(t: Tables) -> Table:
    """The average dose prescribed in the last window and in the one before, and how they compare.

    Averages are over the days that a prescription covers. Nothing is said when a dose in that time
    is not known, when too few days are covered, or when the episode is too short.
    """
    length = t.p.trend_window_days
    middle, first = t.p.as_of - length, t.p.as_of - length * 2
    last, before = (middle, t.p.as_of), (first, middle)
    known = (_.dose == Dose.CONVERTED).ifelse(_.most, 0)
    in_time = (_.until > first) & (_.day < t.p.as_of)
    sums = (
        _stretches(t, first)
        .group_by("person")
        .agg(
            total_1=(known * _days_in(_.day, _.until, last)).sum(),
            total_2=(known * _days_in(_.day, _.until, before)).sum(),
            bare_1=_days_in(_.bare_since, _.day, last).sum(),
            bare_2=_days_in(_.bare_since, _.day, before).sum(),
            ended=_.until.max(),
            unknown=((_.dose != Dose.CONVERTED) & in_time).sum(),
        )
        .mutate(
            days_1=-(_.bare_1 + _days_in(_.ended, t.p.as_of, last)) + length,
            days_2=-(_.bare_2 + _days_in(_.ended, t.p.as_of, before)) + length,
        )
    )
    now, then = _.total_1 * _.days_2 * 100, _.total_2 * _.days_1
    said = (_.unknown == 0) & (
        ibis.least(_.days_1, _.days_2) * 100 >= length * t.p.trend_covered_percent
    )
    trend = ibis.cases(
        (~said, int(Trend.NOT_KNOWN)),
        (now > then * (t.p.trend_change_percent + 100), int(Trend.RISING)),
        (now < then * (ibis.literal(100) - t.p.trend_change_percent), int(Trend.FALLING)),
        else_=int(Trend.STEADY),
    )
    return sums.select(
        "person",
        trend=trend,
        dose_before=said.ifelse(_.total_2 // ibis.greatest(1, _.days_2), ibis.null("int64")),
        dose_after=said.ifelse(_.total_1 // ibis.greatest(1, _.days_1), ibis.null("int64")),
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
