"""The table of reasons: tier, order, flag and words of every code, read once from `reasons.csv`."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

from unhurried.screening.criteria import Criteria


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One row of `reasons.csv`."""

    code: str
    in_or_out: str
    tier: str
    order: int
    flag: str
    words: str
    numbers: tuple[tuple[str, str], ...]
    requirement: str


def _table(name: str) -> list[dict[str, str]]:
    file = resources.files("unhurried.screening").joinpath(name)
    return list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))


@cache
def reason_table() -> dict[str, Reason]:
    """Every reason by its code, in the order of the file."""
    return {
        row["code"]: Reason(
            code=row["code"],
            in_or_out=row["in_or_out"],
            tier=row["tier"],
            order=int(row["order"]),
            flag=row["flag"],
            words=row["words"],
            numbers=tuple(_number(each) for each in row["numbers"].split(";") if each),
            requirement=row["requirement"],
        )
        for row in _table("reasons.csv")
    }


def _number(text: str) -> tuple[str, str]:
    name, _, kind = text.partition(":")
    return name, kind


@cache
def definition_words() -> dict[str, str]:
    """What each part of the list means, with places for the criteria's values."""
    return {row["name"]: row["words"] for row in _table("definitions.csv")}


def ranked_rules(criteria: Criteria) -> list[tuple[str, str, int | None]]:
    """(code, tier, position of the tier) of every reason; out reasons have no tier."""
    return [
        (reason.code, reason.tier, criteria.tiers.index(reason.tier) if reason.tier else None)
        for reason in reason_table().values()
    ]
