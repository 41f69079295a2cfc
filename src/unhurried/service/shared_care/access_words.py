"""Tables of access problems: kinds, and the words of the card for reception (COM-4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from unhurried.service.paper import pdf
from unhurried.service.tables import rows

PACKAGE = "unhurried.service.shared_care"


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """A way in which somebody could not get to their GP; `own_words` is how they would say it."""

    code: str
    name: str
    own_words: str
    source: str
    version: str
    sign_off: str


@dataclass(frozen=True, slots=True)
class Card:
    """The card for reception, with the service's name in it."""

    title: str
    intro: str
    lines: tuple[str, ...]
    foot: str
    version: str
    sign_off: str


@cache
def problem_kinds() -> dict[str, ProblemKind]:
    """Every kind by its code, in the order of the table."""
    found = rows(PACKAGE, "data/access_problem_kinds.csv")
    return {row["code"]: ProblemKind(**row) for row in found}


def kind_name(code: str, *, own: bool = False) -> str:
    """What lists call a kind; `own`: as the person would say it themself."""
    kind = problem_kinds().get(code)
    if kind is None:
        return code
    return kind.own_words if own else kind.name


def reception_card(services: Iterable[str]) -> Card:
    """The words of the card for these services."""
    name = " and ".join(services) or "a pain service"
    found = rows(PACKAGE, "data/reception_card.csv")
    parts: dict[str, list[str]] = {}
    for row in found:
        parts.setdefault(row["part"], []).append(row["text"].replace("{service_name}", name))
    return Card(
        parts["title"][0], parts["intro"][0], tuple(parts["line"]), parts["foot"][0],
        found[0]["version"], found[0]["sign_off"],
    )  # fmt: skip


def card_pdf(card: Card) -> bytes:
    """The card to print, one side of A5. Raises CannotRender, with a sentence."""
    data = {
        "title": card.title, "intro": card.intro, "lines": list(card.lines), "foot": card.foot,
        "version": f"Unhurried, {card.version}; {card.sign_off}",
    }  # fmt: skip
    return pdf(PACKAGE, "paper/reception_card.typ", data)
