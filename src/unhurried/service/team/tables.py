"""The team's own tables (`data/*.csv`): times of supervision, words for what happened."""

from __future__ import annotations

from functools import cache

from unhurried.service.tables import rows


@cache
def names(table: str) -> dict[str, str]:
    """Code and name of each row of `table`, in its order."""
    return {row["code"]: row["name"] for row in rows(__package__ or "", f"data/{table}.csv")}


@cache
def supervision_times() -> dict[str, int]:
    """The times of supervision by name, while nothing else is agreed with a worker."""
    found = rows(__package__ or "", "data/supervision_times.csv")
    return {row["name"]: int(row["value"]) for row in found}
