"""The list of opioid products with dm+d and BNF codes, and what codes alone say (OPI-1)."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from fractions import Fraction

from unhurried.clinical.opioids.vocabulary import forms
from unhurried.clinical.tables import exact, exact_or_none, read_table


@dataclass(frozen=True, slots=True)
class Chemical:
    """What the first nine characters of a BNF code say."""

    ingredient: str
    drug_class: str
    certain: bool  # False: the chemical also holds medicines without an opioid
    partner: str


@functools.cache
def by_dmd() -> dict[str, dict[str, str]]:
    """Return the listed products by dm+d code (VMP or AMP)."""
    return {row["dmd"]: row for row in read_table("products")}


@functools.cache
def _by_bnf() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for row in read_table("products"):
        if row["level"] == "VMP" or row["bnf"] not in found:
            found.setdefault(row["bnf"], row)
    return found


def by_bnf(code: str) -> dict[str, str] | None:
    """Return the product with a 15-character BNF code, or its generic equivalent's."""
    if len(code) != 15:
        return None
    listed = _by_bnf()
    return listed.get(code) or listed.get(f"{code[:9]}AA{code[13:]}{code[13:]}")


@functools.cache
def chemicals() -> dict[str, Chemical]:
    """Return what nine-character BNF codes say, co-prescribed classes included."""
    found = {
        row["bnf"]: Chemical(
            row["ingredient"], row["drug_class"], row["certain"] == "yes", row["partner"]
        )
        for row in read_table("bnf-chemicals")
    }
    for row in read_table("coprescribing"):
        if row["kind"] == "bnf":
            found[row["value"]] = Chemical(row["ingredient"], row["drug_class"], True, "")
    return found


@functools.cache
def sections() -> frozenset[str]:
    """Return the BNF sections (four characters) our medicines are in."""
    return frozenset(code[:4] for code in chemicals())


Key = tuple[str, str, Fraction, bool, str]


def key(
    ingredient: str, partner: str, form: str, strength: Fraction, per_ml: Fraction | None
) -> Key:
    """What makes two products the same for a dose: ingredients, strength, unit and route."""
    shape = forms()[form]
    counted = f"{shape.family} {shape.route}"
    return (ingredient, partner, strength / (per_ml or 1), per_ml is not None, counted)


@functools.cache
def known_keys() -> frozenset[Key]:
    """Return the keys of every listed generic product with a strength."""
    return frozenset(
        key(
            row["ingredient"],
            row["partner"],
            row["form"],
            exact(row["strength"]),
            exact_or_none(row["per_ml"]),
        )
        for row in read_table("products")
        if row["level"] == "VMP" and row["strength"] and row["form"]
    )


@functools.cache
def _liquids() -> frozenset[tuple[str, str, Fraction, Fraction, str]]:
    return frozenset(
        (row["ingredient"], row["partner"], exact(row["strength"]), exact(row["per_ml"]), family)
        for row in read_table("products")
        if row["strength"] and row["per_ml"] and row["form"]
        for family in (forms()[row["form"]].family,)
    )


def liquid_form(ingredient: str, partner: str, strength: Fraction, per_ml: Fraction) -> str:
    """Return "oral liquid" where a strength in ml is listed as that and as no other form."""
    families = {
        family
        for name, other, amount, volume, family in _liquids()
        if (name, other, amount, volume) == (ingredient, partner, strength, per_ml)
    }
    return "oral liquid" if families == {"liquid"} else ""


def class_of(
    default: str,
    *,
    ingredient: str,
    form: str,
    partner: str,
    strength: Fraction | None,
    per_ml: Fraction | None,
) -> str:
    """Return opioid_substitution where the product is for that, else the class given.

    From the placement of products in BNF 4.10 and 4.7.2 (table `substitution`).
    """
    if default != "opioid":
        return default
    for row in read_table("substitution"):
        if row["ingredient"] != ingredient or row["form"] != form:
            continue
        if row["partner"] and row["partner"] != partner:
            continue
        if not row["at_least_mg"]:
            return row["drug_class"]
        if strength is None:
            return row["class_when_strength_not_known"]
        if strength / (per_ml or 1) >= exact(row["at_least_mg"]):
            return row["drug_class"]
    return default
