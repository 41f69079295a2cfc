"""The rules on wording, read from tables: what is looked for, why, and what to write instead."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Literal

from unhurried.clinical.tables import TableError, read_table
from unhurried.clinical.wording.patterns import Matcher, Pattern, compiled

Kind = Literal["template", "free_text"]
LIFTS = ("nothing", "negation", "choice")


@dataclass(frozen=True, slots=True)
class Rule:
    """Why some words hurt. `lifted_by`: "choice" stands for negation and choice."""

    id: str
    group: str
    why: str
    instead: str
    blocks_a_template: bool
    lifted_by: str


@dataclass(frozen=True, slots=True)
class Sought:
    """One pattern of a rule."""

    rule: Rule
    pattern: Pattern
    instead: str
    templates_only: bool


@functools.cache
def rules() -> dict[str, Rule]:
    """Return every rule by its id."""
    found = {
        row["rule"]: Rule(
            row["rule"],
            row["group"],
            row["why"],
            row["instead"],
            row["blocks_a_template"] == "yes",
            row["lifted_by"],
        )
        for row in read_table("wording-rules")
    }
    for rule in found.values():
        if rule.lifted_by not in LIFTS:
            raise TableError(f"The rule {rule.id!r} is lifted by something unknown: use {LIFTS}.")
    return found


@functools.cache
def sought() -> tuple[tuple[Sought, ...], Matcher]:
    """Return every pattern with its rule, and one matcher for them all.

    Single words come from `words-to-avoid.csv`, which the build reads too; phrases from
    `wording-patterns.csv`.
    """
    known = rules()
    patterns = [
        Sought(known[row["rule"]], compiled(way), row["instead"], False)
        for row in read_table("words-to-avoid")
        if row["in_letters"] == "alone"
        for way in (row["word"], *filter(None, row["other_forms"].split("/")))
    ]
    patterns += [
        Sought(
            known[row["rule"]],
            compiled(row["pattern"]),
            row["instead"],
            row["only_in"] == "template",
        )
        for row in read_table("wording-patterns")
    ]
    return tuple(patterns), Matcher([each.pattern for each in patterns])


@functools.cache
def allowed() -> tuple[tuple[str, ...], Matcher]:
    """Return what lifts a word: names and other meanings, each with the group it lifts."""
    rows = read_table("wording-allowed")
    return (
        tuple(row["group"] for row in rows),
        Matcher([compiled(row["pattern"]) for row in rows]),
    )
