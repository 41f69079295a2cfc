"""The tables of the record summary: its fixed fields, the codes there are, its limits."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from unhurried.service.tables import rows

PACKAGE = "unhurried.service.shared_care"


@dataclass(frozen=True, slots=True)
class Field:
    """One line a summary can have. What is not `typed` is filled in from what was recorded."""

    code: str
    label: str
    hint: str
    most: int  # characters
    typed: bool
    goes: bool  # ticked at first
    without_consent: bool  # goes whatever the person answered about sharing with their GP


@dataclass(frozen=True, slots=True)
class Code:
    """A coded entry the worker may tick; nothing is ever ticked by itself."""

    code: str
    term: str
    source_kinds: frozenset[str]
    hint: str
    system: str
    version: str


@cache
def fields() -> dict[str, Field]:
    """Every field by its code, in the order of the text."""
    return {
        row["code"]: Field(
            code=row["code"], label=row["label"], hint=row["hint"], most=int(row["most"]),
            typed=row["typed"] == "yes", goes=row["goes"] == "yes",
            without_consent=row["without_consent"] == "yes",
        )
        for row in rows(PACKAGE, "data/summary_fields.csv")
    }  # fmt: skip


@cache
def codes(kind: str) -> dict[str, Code]:
    """The codes offered for a source of this kind."""
    found = (
        Code(
            row["code"], row["term"], frozenset(row["source_kinds"].split()), row["hint"],
            row["system"], row["version"],
        )
        for row in rows(PACKAGE, "data/summary_codes.csv")
    )  # fmt: skip
    return {each.code: each for each in found if kind in each.source_kinds}


@cache
def limit(name: str) -> int:
    """A limit by its name. Raises KeyError for another."""
    return {row["name"]: int(row["value"]) for row in rows(PACKAGE, "data/summary_limits.csv")}[
        name
    ]
