"""The app's own tables (`data/*.csv`): places, first components, words for what happened."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from unhurried.service.tables import rows


@dataclass(frozen=True, slots=True)
class Place:
    """Where two people meet; `by` follows "a session"."""

    code: str
    name: str
    by: str
    at_a_distance: bool  # no getting there


@dataclass(frozen=True, slots=True)
class FirstComponent:
    """Something done together in sessions, as a service's catalogue begins."""

    code: str
    name: str
    hint: str
    source: str
    version: str


@dataclass(frozen=True, slots=True)
class Leaving:
    """How the person left a session; `alert` is the kind of safety alert it raises, or empty."""

    code: str
    name: str
    hint: str
    alert: str


@dataclass(frozen=True, slots=True)
class ReminderWords:
    """The words of a reminder: {day}, {time} and {call} stand for what changes."""

    key: str
    channel: str
    subject: str
    text: str
    source: str
    version: str
    sign_off: str


def _rows(name: str) -> tuple[dict[str, str], ...]:
    return rows("unhurried.service.sessions", f"data/{name}.csv")


@cache
def places() -> dict[str, Place]:
    """Every place by its code, in the order offered."""
    return {
        row["code"]: Place(row["code"], row["name"], row["by"], row["at_a_distance"] == "yes")
        for row in _rows("places")
    }


@cache
def first_components() -> tuple[FirstComponent, ...]:
    """What every service's catalogue begins with; the first five are the paper's Figure 2."""
    return tuple(FirstComponent(**row) for row in _rows("components"))


@cache
def leavings() -> dict[str, Leaving]:
    """The answers to "how did they leave?" by code."""
    return {row["code"]: Leaving(**row) for row in _rows("leaving")}


@cache
def reminder_words(channel: str) -> ReminderWords:
    """The newest words of a reminder by e-mail or text. Raises KeyError for another channel."""
    found = [ReminderWords(**row) for row in _rows("reminder") if row["channel"] == channel]
    if not found:
        raise KeyError(channel)
    return found[-1]


@cache
def names(table: str) -> dict[str, str]:
    """Code and name of each row of `table`, in its order."""
    return {row["code"]: row["name"] for row in _rows(table)}


@cache
def advice(table: str) -> str:
    """What to do about the answers of `table` that call for something: `Shaken: stay a while.`"""
    return " ".join(f"{row['name']}: {row['hint']}." for row in _rows(table) if row["hint"])


@cache
def weeks_between(frequency: str) -> int:
    """Weeks from one appointment to the next; 0 for just one. Raises KeyError if not known."""
    return {row["code"]: int(row["weeks"]) for row in _rows("frequencies")}[frequency]


@cache
def usual_limits() -> dict[str, int]:
    """The limits a worker has until the manager sets others, in minutes."""
    return {row["name"]: int(row["value"]) for row in _rows("limits")}


@cache
def limit_words() -> dict[str, str]:
    """What each limit is called."""
    return {row["name"]: row["words"] for row in _rows("limits")}
