"""The words a medicine's name is made of, gathered from the tables (OPI-1).

Ingredients, brands and other names are phrases; forms, release, suppliers' ornaments are words.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from fractions import Fraction

from unhurried.clinical.tables import exact, exact_or_none, read_table

_PIECES = re.compile(r"\d+|[a-z]+")
_LETTERS = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Medicine:
    """What a phrase in a name stands for: an ingredient, a compound name or a brand."""

    words: str
    kind: str  # name | compound_name | brand | partner
    ingredient: str
    drug_class: str
    partner: str = ""
    release: str = ""
    forms: tuple[str, ...] = ()
    strength: Fraction | None = None  # mg, where the brand alone fixes it
    partner_mg: Fraction | None = None
    per_ml: Fraction | None = None
    listed: frozenset[Fraction] = frozenset()


@dataclass(frozen=True, slots=True)
class Form:
    """One form, the units directions count it in, and its route."""

    name: str
    family: str  # solid | liquid | patch | drops | spray | injection | depot
    route: str
    units: frozenset[str]
    bare_number: bool
    halves: bool


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Everything the name reader looks words up in."""

    phrases: dict[str, tuple[tuple[tuple[str, ...], Medicine], ...]]
    words: dict[str, tuple[str, str]]
    triggers: frozenset[str]


@functools.cache
def vocabulary() -> Vocabulary:
    """Return the vocabulary, built once from the tables."""
    grouped: dict[str, list[tuple[tuple[str, ...], Medicine]]] = {}
    triggers = set()
    for medicine in _medicines():
        pieces = tuple(_PIECES.findall(medicine.words))
        grouped.setdefault(pieces[0], []).append((pieces, medicine))
        if medicine.kind != "partner":
            triggers.add(max(_LETTERS.findall(medicine.words), key=len))
    phrases = {
        first: tuple(sorted(found, key=lambda item: -len(item[0])))
        for first, found in grouped.items()
    }
    words = {row["word"]: (row["kind"], row["value"]) for row in read_table("name-words")}
    return Vocabulary(phrases, words, frozenset(triggers))


def _medicines() -> list[Medicine]:
    found = [
        Medicine(
            words=row["words"],
            kind=row["kind"] if row["kind"] in {"partner", "compound_name"} else "name",
            ingredient=row["ingredient"],
            drug_class=row["drug_class"],
            partner=row["partner"],
            forms=(row["implied_form"],) if row["implied_form"] else (),
        )
        for row in read_table("ingredients")
    ]
    found += [
        Medicine(
            words=row["value"],
            kind=row["kind"],
            ingredient=row["ingredient"],
            drug_class=row["drug_class"],
        )
        for row in read_table("coprescribing")
        if row["kind"] != "bnf"
    ]
    return found + [_brand(row) for row in read_table("brands")]


def _brand(row: dict[str, str]) -> Medicine:
    return Medicine(
        words=row["brand"],
        kind="brand",
        ingredient=row["ingredient"],
        drug_class=row["drug_class"],
        partner=row["partner"],
        release=row["release"],
        forms=tuple(filter(None, row["forms"].split("|"))),
        strength=exact_or_none(row["strength_mg"]),
        partner_mg=exact_or_none(row["partner_mg"]),
        per_ml=exact_or_none(row["per_ml"]),
        listed=frozenset(exact(value) for value in row["listed_strengths"].split()),
    )


@functools.cache
def forms() -> dict[str, Form]:
    """Return every form by name."""
    return {
        row["form"]: Form(
            name=row["form"],
            family=row["family"],
            route=row["route"],
            units=frozenset(row["units"].split()),
            bare_number=row["bare_number"] == "yes",
            halves=row["halves"] == "yes",
        )
        for row in read_table("forms")
    }


@dataclass(frozen=True, slots=True)
class Patch:
    """Rates one kind of patch comes in, how long it is worn, and the shortest sound interval."""

    rates: frozenset[Fraction]
    wear_hours: tuple[int, int]
    shortest_hours: Fraction


@functools.cache
def patches(ingredient: str, brand: str = "") -> tuple[Patch, ...]:
    """Return the patches of an ingredient; a brand's own rows come before the general ones."""
    rows = [row for row in read_table("patches") if row["ingredient"] == ingredient]
    rows = [row for row in rows if row["brand"] in {"", brand}]
    rows.sort(key=lambda row: row["brand"] == "")
    return tuple(
        Patch(
            frozenset(exact(value) for value in row["micrograms_per_hour"].split()),
            (int(row["wear_hours_min"]), int(row["wear_hours_max"])),
            exact(row["shortest_hours"]),
        )
        for row in rows
    )


def patch_of(ingredient: str, rate: Fraction | None, brand: str = "") -> Patch | None:
    """Return the patch with this rate (micrograms an hour), None when the table has no such one."""
    return next((found for found in patches(ingredient, brand) if rate in found.rates), None)
