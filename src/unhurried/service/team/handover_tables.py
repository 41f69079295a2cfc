"""The tables of caseloads and handover: what people weigh, and how far ahead a handover looks."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from unhurried.service.tables import rows

PACKAGE = "unhurried.service.team"


@dataclass(frozen=True, slots=True)
class Weight:
    """What somebody of whom this is true adds to a worker's load."""

    code: str
    name: str
    weight: Decimal
    days: int
    at_least: int
    source: str
    sign_off: str


@cache
def weights() -> dict[str, Weight]:
    """Every weight by its code, in the order of the table."""
    return {
        row["code"]: Weight(
            row["code"], row["name"], Decimal(row["weight"]), int(row["days"] or 0),
            int(row["at_least"] or 0), row["source"], row["sign_off"],
        )
        for row in rows(PACKAGE, "data/weights.csv")
    }  # fmt: skip


@cache
def days_ahead() -> dict[str, int]:
    """How many days ahead a handover looks, by what it looks for."""
    return {row["code"]: int(row["days"]) for row in rows(PACKAGE, "data/handover_times.csv")}
