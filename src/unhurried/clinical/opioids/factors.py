"""Published factors that turn a daily dose into oral morphine equivalents (OPI-1).

Sources disagree, so a number always travels with the set it was made with. Methadone and
substitution treatment have no factor in any set here.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from fractions import Fraction

from unhurried.clinical.tables import exact, exact_or_none, read_table

DEFAULT = "fpm-2020"


class UnknownFactorSet(Exception):  # noqa: N818 - the name the command line and docs use
    """There is no factor set of that name."""


@dataclass(frozen=True, slots=True)
class Factor:
    """One row: OME mg a day per `unit` (mg/day, or micrograms/hour for patches)."""

    ingredient: str
    route: str
    unit: str
    factor: Fraction | None
    lookup: tuple[tuple[Fraction, Fraction], ...]  # (strength, OME mg a day) read, not multiplied
    status: str  # converted | not_converted
    reason: str
    source: str
    sign_off: str


@dataclass(frozen=True, slots=True)
class FactorSet:
    """A named, dated set of factors from one source (or a default with named additions)."""

    name: str
    version: str
    date: str
    factors: dict[tuple[str, str], Factor]

    def find(self, ingredient: str, route: str) -> Factor | None:
        """Return the factor for an ingredient by a route, None when the set has none."""
        return self.factors.get((ingredient, route))


@functools.cache
def names() -> tuple[str, ...]:
    """Return the names of the factor sets, default first."""
    found = dict.fromkeys(row["set"] for row in read_table("factors"))
    return tuple(sorted(found, key=lambda name: name != DEFAULT))


@functools.cache
def factor_set(name: str = DEFAULT) -> FactorSet:
    """Return a factor set by name.

    Raises UnknownFactorSet, with the names there are, when there is no such set.
    """
    rows = [row for row in read_table("factors") if row["set"] == name]
    if not rows:
        raise UnknownFactorSet(
            f"There is no factor set called {name!r}: use one of {', '.join(names())}."
        )
    return FactorSet(
        name=name,
        version=rows[0]["version"],
        date=rows[0]["date"],
        factors={(row["ingredient"], row["route"]): _factor(row) for row in rows},
    )


def _factor(row: dict[str, str]) -> Factor:
    lookup: tuple[tuple[Fraction, Fraction], ...] = ()
    if row["lookup_strength"]:
        lookup = ((exact(row["lookup_strength"]), exact(row["lookup_ome"])),)
    return Factor(
        ingredient=row["ingredient"],
        route=row["route"],
        unit=row["unit"],
        factor=exact_or_none(row["factor"]),
        lookup=lookup,
        status=row["status"],
        reason=row["reason"],
        source=row["source"],
        sign_off=row["sign_off"],
    )
