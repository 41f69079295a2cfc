"""The app's own tables: kinds of safety alert, wording of each consent, the standing statement.

Every row has its source and version; both are shown where the words are shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from unhurried.service.tables import rows


@dataclass(frozen=True, slots=True)
class SafetyKind:
    """A risk whose fact must reach the responsible clinician, and what to do about it."""

    code: str
    name: str
    danger: bool  # to life
    person_sees: bool  # no: safeguarding, since whoever looks over their shoulder reads it too
    what_to_do: str
    needed_act: str
    source: str
    version: str
    sign_off: str


@dataclass(frozen=True, slots=True)
class Wording:
    """One version of the words in which a consent is asked."""

    key: str
    kind: str
    version: int
    language: str
    question: str
    what_it_means: str
    if_no: str
    source: str

    @property
    def told(self) -> str:
        """Which words these are and where they come from, for the foot of a page."""
        return f"Version {self.version} of these words. Source: {self.source}."


YES_OR_NO = ("danger", "person_sees")


def rows_of(name: str) -> tuple[dict[str, str], ...]:
    """The rows of one of the app's tables."""
    return rows("unhurried.service.patients", name)


@cache
def safety_kinds() -> dict[str, SafetyKind]:
    """Every kind of safety alert by its code, in the order of the table."""
    return {
        row["code"]: SafetyKind(**{**row, **{name: row[name] == "yes" for name in YES_OR_NO}})  # type: ignore[arg-type]  # the table's columns are its fields
        for row in rows_of("safety_kinds.csv")
    }


@cache
def wordings() -> dict[str, Wording]:
    """Every version of every consent's wording, by its key."""
    return {
        row["key"]: Wording(**{**row, "version": int(row["version"])})  # type: ignore[arg-type]  # the table's columns are its fields
        for row in rows_of("consent_wording.csv")
    }


def wording_now(kind: str, language: str = "en-GB") -> Wording:
    """The newest wording of a kind of consent; in English when there is none in `language`.

    Raises KeyError for a kind the table does not have.
    """
    rows = [each for each in wordings().values() if each.kind == kind]
    chosen = [each for each in rows if each.language == language] or rows
    if not chosen:
        raise KeyError(kind)
    return max(chosen, key=lambda each: each.version)


def standing_statement(service_name: str) -> tuple[str, str]:
    """The version and the words of what everyone who joins is told about seeing their GP."""
    row = rows_of("standing_statements.csv")[-1]
    return row["version"], row["text"].replace("{service_name}", service_name)
