"""What every invitation has to say: that it is a choice, and that nothing else hangs on it (INV-4).

A conditional part of a template counts as said, so check a template that has such parts as it is
rendered, once for each way.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

from unhurried.clinical.tables import read_table
from unhurried.clinical.wording.patterns import Matcher, compiled
from unhurried.clinical.wording.reassurance import negated
from unhurried.clinical.wording.tokens import tokens


@dataclass(frozen=True, slots=True)
class MissingStatement:
    """A statement that an invitation lacks: its name, why it is needed, a sentence to use."""

    id: str
    why: str
    offer: str


def missing_statements(text: str) -> tuple[MissingStatement, ...]:
    """Return which of the needed statements an invitation lacks, in the order of the table.

    The statements are `choice`, `medicines` and `care`; `wording-statements.csv` has the accepted
    phrasings. One that is negated ("it is not your choice") does not count.
    """
    said = tokens(text)
    owners, matcher = _accepted()
    made = {
        owners[number] for number, start, _ in matcher.matches(said) if not negated(said, start)
    }
    return tuple(each for each in _needed() if each.id not in made)


@functools.cache
def _needed() -> tuple[MissingStatement, ...]:
    rows = read_table("wording-statements")
    why = {row["statement"]: row["text"] for row in rows if row["kind"] == "why"}
    offer = {row["statement"]: row["text"] for row in rows if row["kind"] == "offer"}
    return tuple(MissingStatement(name, why[name], offer[name]) for name in why)


@functools.cache
def _accepted() -> tuple[tuple[str, ...], Matcher]:
    rows = [row for row in read_table("wording-statements") if row["kind"] == "accepted"]
    return (
        tuple(row["statement"] for row in rows),
        Matcher([compiled(row["text"]) for row in rows]),
    )
