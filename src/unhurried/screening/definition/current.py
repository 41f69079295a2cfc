"""What a person takes now, and its oral morphine equivalent with its range (OPI-1).

A line is ingredient, release and route. Of each medicine the latest issue counts. In a line the
newest round counts; an older product whose supply still runs may be taken as well, and so counts
in the most but not in the least.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from unhurried.screening.definition.joins import beside
from unhurried.screening.definition.parameters import Tables
from unhurried.screening.kinds import SUPPLY, Dose, Kind


def latest(t: Tables) -> Table:
    """The latest issue of each medicine: opioids in the current episode, and paracetamol.

    Only recent issues are looked at: those before have run out too long ago to count, and where
    something recent counts, it is also the newest of its medicine and line.
    """
    episode = t["shown"].select("person", "start")
    newest_issue = (
        t["supply"]
        .filter(
            ((_.kind == Kind.OPIOID) | (_.kind == Kind.PARACETAMOL)) & (_.day >= t.p.recent_from)
        )
        .join(episode, "person")
        .filter((_.kind == Kind.PARACETAMOL) | (_.day >= _.start))
        .group_by(["person", "kind", "pair"])
        .agg(key=(_.day.cast("int64") * SUPPLY + (_.stop - _.day)).max())
        .mutate(day=_.key // SUPPLY)
        .mutate(stop=_.day + (_.key - _.day * SUPPLY))
    )
    lines = t["pairs"].select("pair", "medicine", "line")
    of_medicine = ibis.window(group_by=["person", "medicine"])
    of_line = ibis.window(group_by=["person", "line"])
    return (
        newest_issue.join(lines, "pair")
        .mutate(medicine_day=_.day.max().over(of_medicine), line_day=_.day.max().over(of_line))
        .filter(_.day == _.medicine_day)
        .select("person", "kind", "pair", "medicine", "line", "day", "stop", "line_day")
    )


def parts(t: Tables) -> Table:
    """The products that count now: in the least and the most, or (`superseded`) only in the most.

    Paracetamol counts only by the newest round, or every change of brand would seem a double dose.
    """
    readings = t["pairs"].select("pair", "dose", "ome_min", "ome_max", "paracetamol_mg")
    return (
        t["latest"]
        .mutate(
            newest=(_.day >= _.line_day - t.p.newest_round_days)
            & (_.stop + t.p.current_within_days >= t.p.as_of)
        )
        .filter(_.newest | ((_.kind == Kind.OPIOID) & (_.stop > t.p.as_of)))
        .join(readings, "pair")
        .select(
            "person",
            "kind",
            "pair",
            "medicine",
            "day",
            "stop",
            "dose",
            "ome_min",
            "ome_max",
            "paracetamol_mg",
            superseded=~_.newest,
            in_hand=_.stop > t.p.as_of,
        )
    )


def doses(t: Tables) -> Table:
    """The sum of the parts for each person, and how far it is known.

    Nothing is known of nothing: without a single part the dose is not known either.
    """
    opioid = _.kind == Kind.OPIOID
    converted = opioid & (_.dose == Dose.CONVERTED)
    sums = (
        t["parts"]
        .group_by("person")
        .agg(
            parts=opioid.sum(),
            unknown=(opioid & (_.dose == Dose.NOT_KNOWN)).sum(),
            unconverted=(opioid & (_.dose == Dose.NOT_CONVERTED)).sum(),
            superseded=(opioid & _.superseded).sum(),
            in_hand=(opioid & _.in_hand).sum(),
            converted=converted.sum(),
            least=_.ome_min.sum(where=converted & ~_.superseded),
            most=_.ome_max.sum(where=converted),
            paracetamol_mg=_.paracetamol_mg.sum(where=~_.superseded),
        )
    )
    counts = [name for name in sums.columns if name != "person"]
    joined = beside(t["shown"].select("person", "end"), sums).mutate(
        **{name: ibis.coalesce(_[name], 0) for name in counts}
    )
    empty = ibis.null("int64")
    status = ibis.cases(
        ((_.unknown > 0) | (_.parts == 0), int(Dose.NOT_KNOWN)),
        (_.unconverted > 0, int(Dose.NOT_CONVERTED)),
        else_=int(Dose.CONVERTED),
    )
    return joined.mutate(dose=status).select(
        "person",
        "dose",
        "parts",
        "unknown",
        "unconverted",
        "superseded",
        "paracetamol_mg",
        ome_min=(_.converted > 0).ifelse(_.least, empty),
        ome_max=((_.converted > 0) & (_.dose != Dose.NOT_KNOWN)).ifelse(_.most, empty),
        ome_as_at=(_.in_hand > 0).ifelse(t.p.as_of, ibis.least(_.end, t.p.as_of)),
    )
