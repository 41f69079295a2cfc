"""The words of this step, kept as tables: reasons to choose from, groups, words for a start."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from unhurried.service.tables import rows


def _rows(name: str) -> tuple[dict[str, str], ...]:
    return rows("unhurried.service.identification", name)


@dataclass(frozen=True, slots=True)
class NotSuitable:
    """A reason a GP may give for not inviting someone."""

    code: str
    words: str
    needs_text: bool


@dataclass(frozen=True, slots=True)
class Tier:
    """A group of the list, in words."""

    code: str
    words: str
    meaning: str


@dataclass(frozen=True, slots=True)
class ToSay:
    """Something worth saying when an opioid is new (ID-8)."""

    heading: str
    words: str


@dataclass(frozen=True, slots=True)
class DisclosureRow:
    """How a count from `smallest` to `largest` (None: and over) is shown outside a practice."""

    smallest: int
    largest: int | None
    shown: str  # exact, hidden, nearest 5
    source: str
    version: str
    sign_off: str


@cache
def disclosure_rows() -> tuple[DisclosureRow, ...]:
    """The rows of disclosure.csv, the smallest counts first."""
    return tuple(
        DisclosureRow(
            int(row["smallest"]), int(row["largest"]) if row["largest"] else None, row["shown"],
            row["source"], row["version"], row["sign_off"],
        )
        for row in _rows("disclosure.csv")
    )  # fmt: skip


@cache
def not_suitable() -> dict[str, NotSuitable]:
    """Every such reason by its code, in the order shown."""
    return {
        row["code"]: NotSuitable(row["code"], row["words"], row["needs_text"] == "yes")
        for row in _rows("not_suitable.csv")
    }


@cache
def tiers() -> dict[str, Tier]:
    """Every group by its code."""
    return {
        row["code"]: Tier(row["code"], row["words"], row["meaning"]) for row in _rows("tiers.csv")
    }


def tier_words(code: str) -> str:
    """A group's heading; a group of a practice's own criteria is shown as it is called there."""
    tier = tiers().get(code)
    return tier.words if tier else code.replace("_", " ").capitalize()


@cache
def start_words() -> tuple[ToSay, ...]:
    """What to say at the start of an opioid, in order."""
    rows = sorted(_rows("start_words.csv"), key=lambda row: int(row["place"]))
    return tuple(ToSay(row["heading"], row["words"]) for row in rows)


@cache
def reason_labels() -> dict[str, str]:
    """A short name for every reason of being listed, in the order shown."""
    return {row["code"]: row["label"] for row in _rows("reason_labels.csv")}


@cache
def role_words() -> dict[str, str]:
    """What each column of an extract can hold, in words."""
    return {row["role"]: row["words"] for row in _rows("role_words.csv")}
