"""The short list in its order: tier, dose, length; no score (ID-5)."""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from unhurried.screening.definition.parameters import Tables

PERSON = (
    "person", "person_id", "born", "stated_age", "sex", "practice", "start", "end", "days",
    "issues", "ome_min", "ome_max", "dose", "ome_as_at",
)  # fmt: skip
PATTERNS = (
    "trend", "dose_before", "dose_after", "early", "paracetamol_mg",
)  # fmt: skip


def candidates(t: Tables) -> Table:
    """One ranked row for each candidate.

    The tier is the first, in the practice's order, for which there is a reason. Then the higher
    dose, the longer exposure and the smaller person id come first.
    """
    tiers = t["rules"].filter(_.position.notnull()).select("code", "position")
    first_tier = (
        t["reasons_in"].join(tiers, "code").group_by("person").agg(position=_.position.min())
    )
    names = t["rules"].filter(_.position.notnull()).select("position", "tier").distinct()
    order = ibis.window(
        order_by=[
            ibis.asc("position"),
            ibis.desc("dose_for_rank"),
            ibis.desc("days"),
            ibis.asc("person_id"),
        ]
    )
    return (
        t["facts"]
        .filter(_.candidate)
        .join(first_tier, "person")
        .join(names, "position")
        .join(t["listed_people"].select("person", "person_id", "sex", "practice"), "person")
        .mutate(dose_for_rank=ibis.coalesce(_.ome_max, _.ome_min, -1))
        .mutate(rank=ibis.row_number().over(order) + 1)
        .select("rank", "tier", *PERSON, *PATTERNS)
    )


def approaching(t: Tables) -> Table:
    """People nearing the criteria: a list of its own, unranked (ID-8)."""
    return (
        t["facts"]
        .filter(_.approaching)
        .join(t["listed_people"].select("person", "person_id", "sex", "practice"), "person")
        .select(*PERSON)
    )
