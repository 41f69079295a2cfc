"""Dated prescribing episodes, by the running maximum of run-out days (ID-1, ID-8).

Never by the issue just before: when supplies overlap, an older one may still be running.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from unhurried.screening.definition.parameters import Tables
from unhurried.screening.kinds import Kind


def starts(t: Tables) -> Table:
    """The issues that begin an episode, with how many came before and when those ran out.

    The one window over a history, for those few who are open. Issues of one day may come in any
    order: only the first of a day can begin an episode.
    """
    before = ibis.window(group_by="person", order_by="day", preceding=(None, 1))
    position = ibis.window(group_by="person", order_by="day")
    return (
        t["supply"]
        .filter(_.kind == Kind.OPIOID)
        .semi_join(t["eligible"].filter(_.open), "person")
        .select("person", "day", "stop")
        .mutate(earlier_stop=_.stop.max().over(before), earlier=ibis.row_number().over(position))
        .filter(_.earlier_stop.isnull() | (_.day > _.earlier_stop + t.p.gap_days))
        .select("person", "day", "earlier", "earlier_stop")
    )


def episodes(t: Tables) -> Table:
    """Every episode of everyone open: it ends where the next one's past ran out."""
    ordered = ibis.window(group_by="person", order_by="day")
    outline = t["considered"].select("person", "last_stop", total="issues")
    return (
        t["starts"]
        .mutate(
            number=ibis.row_number().over(ordered) + 1,
            next_earlier=_.earlier.lead().over(ordered),
            next_stop=_.earlier_stop.lead().over(ordered),
        )
        .join(outline, "person")
        .select(
            "person",
            "number",
            start=_.day,
            end=ibis.coalesce(_.next_stop, _.last_stop),
            issues=ibis.coalesce(_.next_earlier, _.total) - _.earlier,
            current=_.next_earlier.isnull(),
        )
    )


def exposed(t: Tables) -> Table:
    """The current episode of everyone open, measured against the criteria."""
    return (
        t["episodes"]
        .filter(_.current)
        .select("person", "start", "end", "issues")
        .mutate(days=ibis.least(_.end, t.p.as_of) - _.start)
        .mutate(
            long_enough=_.days > t.p.longer_than_days,
            issues_enough=_.issues >= t.p.issues_at_least,
            nearing=((_.days >= t.p.approaching_from_days) & (_.days <= t.p.longer_than_days))
            | (
                (_.issues >= t.p.approaching_issues_at_least) & (_.days > t.p.approaching_from_days)
            ),
        )
        .mutate(candidate=_.long_enough & _.issues_enough)
        .mutate(approaching=_.nearing & ~_.candidate)
    )


def shown(t: Tables) -> Table:
    """Candidates, and those nearing the criteria: from here on only they are looked at."""
    return t["exposed"].filter(_.candidate | _.approaching)


def shown_episodes(t: Tables) -> Table:
    """The dated episodes of the people shown."""
    return t["episodes"].semi_join(t["shown"], "person")
