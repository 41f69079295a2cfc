"""Joining's own tables: red flags, placeholders, first wording.

Every clinical row has its source and version.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

from unhurried.service.tables import rows


@dataclass(frozen=True, slots=True)
class RedFlag:
    """Something that must be looked at beside, or before, the service."""

    code: str
    question: str
    same_day: bool
    alert: str  # a code of patients' safety_kinds.csv, or empty
    advice: str
    source: str
    version: str


@dataclass(frozen=True, slots=True)
class Placeholder:
    """What staff may put in wording, with what stands there in a preview."""

    name: str
    means: str
    example: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A part of a message somebody else may read: on a locked screen, over a shoulder, unfolded."""

    kind: str
    place: str  # subject, body
    first: int | None  # so many characters of it; None: all
    words: str
    source: str
    version: str
    sign_off: str


def _rows(name: str) -> tuple[dict[str, str], ...]:
    return rows("unhurried.service.joining", f"data/{name}")


@cache
def red_flags() -> dict[str, RedFlag]:
    """Every red flag by its code, in the order asked."""
    return {
        row["code"]: RedFlag(
            row["code"], row["question"], row["same_day"] == "yes", row["alert"], row["advice"],
            row["source"], row["version"],
        )
        for row in _rows("red_flags.csv")
    }  # fmt: skip


@cache
def shown_to_others() -> tuple[Shown, ...]:
    """Where no medicine is named."""
    return tuple(
        Shown(
            row["kind"], row["place"],
            int(row["first_characters"]) if row["first_characters"] else None, row["words"],
            row["source"], row["version"], row["sign_off"],
        )
        for row in _rows("shown_to_others.csv")
    )  # fmt: skip


@cache
def placeholders() -> dict[str, Placeholder]:
    """Every placeholder by its name."""
    return {row["name"]: Placeholder(**row) for row in _rows("placeholders.csv")}


@cache
def first_wording(kind: str) -> tuple[str, str]:
    """Subject and body of the wording a service starts with."""
    path = resources.files(__package__) / "letters" / "wording" / f"{kind}.md"
    subject, _, body = path.read_text(encoding="utf-8").partition("\n---\n")
    return subject.removeprefix("subject:").strip(), body.strip()


@cache
def languages() -> dict[str, str]:
    """Languages wording may be written in: code and name."""
    return {row["code"]: row["name"] for row in _rows("languages.csv")}
