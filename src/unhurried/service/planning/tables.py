"""Planning's own tables (`data/*.csv`): parts of the conversation, strategies, words for things.

Every row has its source and version. Codes are kept in the database, words are shown from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from unhurried.service.tables import rows

Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the conversation: its title, a kind opening question and a hint."""

    code: str
    title: str
    question: str
    hint: str
    kind: str  # "words", or "benefit" with the on and off check beside it


@dataclass(frozen=True, slots=True)
class BaselineChoice:
    """One answer of the baseline set. `in_table_1` says whether the paper's table has it."""

    field: str
    code: str
    words: str
    in_table_1: bool


@dataclass(frozen=True, slots=True)
class Strategy:
    """One way of living with pain. `for_me` says it to the person, `component` as in Figure 2."""

    code: str
    name: str
    for_me: str
    usual_where: str
    component: str
    has_readiness: bool


@dataclass(frozen=True, slots=True)
class Status:
    """How an item of the plan goes; none of them is a bad answer."""

    code: str
    words: str
    for_me: str
    done: bool


@dataclass(frozen=True, slots=True)
class Idea:
    """What may help with a part of the conversation, should the person like it."""

    part: str
    strategy: str
    perhaps: str


@dataclass(frozen=True, slots=True)
class Offered:
    """A measure we may suggest, at the start or when wanted, and what it is for."""

    measure: str
    at_start: bool
    why: str


def _rows(name: str) -> tuple[dict[str, str], ...]:
    return rows("unhurried.service.planning", f"data/{name}.csv")


@cache
def parts() -> dict[str, Part]:
    """Every part of the conversation by its code, in the order shown; any order is fine."""
    return {
        row["code"]: Part(
            row["code"], row["title"], row["question"], row["hint"], row["kind"]
        )
        for row in _rows("parts")
    }  # fmt: skip


@cache
def strategies() -> dict[str, Strategy]:
    """Every strategy by its code."""
    return {
        row["code"]: Strategy(
            row["code"], row["name"], row["for_me"], row["usual_where"], row["component"],
            row["has_readiness"] == "yes",
        )
        for row in _rows("strategies")
    }  # fmt: skip


@cache
def statuses() -> dict[str, Status]:
    """Every status of an item by its code."""
    return {
        row["code"]: Status(row["code"], row["words"], row["for_me"], row["done"] == "yes")
        for row in _rows("statuses")
    }


@cache
def ideas() -> tuple[Idea, ...]:
    """What may be suggested for each part."""
    return tuple(Idea(row["part"], row["strategy"], row["perhaps"]) for row in _rows("suggestions"))


@cache
def offered() -> dict[str, Offered]:
    """The measures we suggest, by code: those of the start first."""
    return {
        row["measure"]: Offered(row["measure"], row["when"] == "start", row["why"])
        for row in _rows("baseline_measures")
    }


@cache
def baseline_choices() -> dict[str, tuple[BaselineChoice, ...]]:
    """The answers of each field of the baseline set, in the order of the paper's Table 1."""
    found: dict[str, list[BaselineChoice]] = {}
    for row in _rows("baseline_choices"):
        choice = BaselineChoice(row["field"], row["code"], row["words"], row["in_table_1"] == "yes")
        found.setdefault(row["field"], []).append(choice)
    return {field: tuple(choices) for field, choices in found.items()}


@cache
def alert_kind(measure: str, item: str) -> str:
    """The kind of safety alert an answer raises (a code of patients' safety_kinds.csv)."""
    for row in _rows("safety_alerts"):
        if (row["measure"], row["item"]) == (measure, item):
            return row["alert"]
    return "suicidality"  # a concern without a row of its own: the gravest


@cache
def setting(name: str) -> int:
    """One number of settings.csv; KeyError when there is none of that name."""
    return {row["name"]: int(row["value"]) for row in _rows("settings")}[name]


@cache
def words_of(table: str) -> dict[str, str]:
    """The words of a plain table by code: skip_reasons, not_asked_reasons, helps, topics."""
    return {row["code"]: row["words"] for row in _rows(table)}


@cache
def chosen_words(field: str) -> dict[str, str]:
    """The words of one field of choices.csv by code: pace, when, where, who, how."""
    return {row["code"]: row["words"] for row in _rows("choices") if row["field"] == field}


@dataclass(frozen=True, slots=True)
class Help:
    """Somebody to ring now, in words for the person."""

    words: str
    number: str


@cache
def help_now(alert: str) -> tuple[Help, ...]:
    """Whom the person can ring now, for a kind of alert; in the order to show."""
    return tuple(
        Help(row["words"], row["number"]) for row in _rows("safety_words") if row["alert"] == alert
    )
