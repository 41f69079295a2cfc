"""What each role may do with each kind of object: one table, `access_matrix.csv`, read once.

Anything the table does not list is refused. Whether the role's scope reaches a given person's
record is decided where relationships are known (`patients/access.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from unhurried.service.tables import rows

ACTIONS = frozenset("rcusx")  # read, create, amend (a new version), sign, run
SCOPES = frozenset({"own", "relationship", "organisation", "metadata", "break_glass"})


@dataclass(frozen=True, slots=True)
class Grant:
    """One cell of the matrix: the actions a role has on an object, and how far they reach."""

    object: str
    role: str
    actions: frozenset[str]
    scope: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Role:
    """A role a person may hold."""

    code: str
    name: str
    organisation_kind: str
    two_factors: bool


def _rows(name: str) -> tuple[dict[str, str], ...]:
    return rows("unhurried.service.accounts", name)


@cache
def roles() -> dict[str, Role]:
    """Every role by its code."""
    return {
        row["code"]: Role(
            row["code"], row["name"], row["organisation_kind"], row["two_factors"] == "yes"
        )
        for row in _rows("roles.csv")
    }


@cache
def grants() -> dict[tuple[str, str], Grant]:
    """Every cell of the matrix, by (object, role)."""
    return {
        (row["object"], row["role"]): Grant(
            row["object"], row["role"], frozenset(row["actions"]), row["scope"], row["note"]
        )
        for row in _rows("access_matrix.csv")
    }


@cache
def objects() -> frozenset[str]:
    """The kinds of object the matrix knows."""
    return frozenset(name for name, _role in grants())


def grant_for(role: str, thing: str, action: str) -> Grant | None:
    """The cell that lets `role` do `action` on `thing`, or None.

    Raises KeyError when the matrix does not know `thing`: a view that names it is mistaken.
    """
    if thing not in objects():
        raise KeyError(f"{thing} is not an object of the access matrix")
    grant = grants().get((thing, role))
    return grant if grant is not None and action in grant.actions else None
