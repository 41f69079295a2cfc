"""Rules of the plan: no goal is a gate, "not yet" is an answer, nothing is late (PLN-1 to 5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from unhurried.service.audit.actor import Actor
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.words import check_text
from unhurried.service.planning.models import Item, Topic
from unhurried.service.planning.rules.common import check_one_of, check_to_ten
from unhurried.service.planning.tables import (
    chosen_words,
    setting,
    statuses,
    strategies,
    words_of,
)

LONGEST_LINE, LONGEST_WORDS = 300, 2_000
FURTHEST_REVIEW = timedelta(days=2 * 366)


@dataclass(frozen=True, slots=True)
class ItemGiven:
    """What an item of the plan says."""

    strategy: str
    words: str
    where: str
    where_words: str = ""
    who: str = "me"
    who_words: str = ""
    readiness: int | None = None
    review_on: date | None = None


@dataclass(frozen=True, slots=True)
class PlanWords:
    """What the plan says of the person: what matters, what already helps, the pace they like."""

    matters: str = ""
    helps: str = ""
    pace: str = ""
    pace_words: str = ""
    review_on: date | None = None


def check_item(given: ItemGiven, today: date, *, before: date | None = None) -> None:
    """Refuse an item without words, off its lists, or to be looked at again in the past."""
    if given.strategy not in strategies():
        raise Refused("Choose what kind of thing it is.")
    if not given.words.strip():
        raise Refused("Write what it is, in a few words. Small is good.")
    check_text("What it is", given.words, LONGEST_LINE)
    check_text("The place", given.where_words, 200)
    check_text("Who", given.who_words, 200)
    if given.where not in chosen_words("where"):
        raise Refused("Choose where it happens: when you meet, or out and about.")
    if given.who not in chosen_words("who"):
        raise Refused("Choose who does it.")
    if given.readiness is not None and not strategies()[given.strategy].has_readiness:
        raise Refused("How ready somebody feels goes with a goal of their own.")
    check_to_ten("How ready", given.readiness)
    check_review(given.review_on, today, before=before)


def check_review(on: date | None, today: date, *, before: date | None = None) -> None:
    """Refuse a day to look again that is past or very far; the day it already was may stay."""
    if on is None or on == before:
        return
    if on < today:
        raise Refused("The day to look again is past: give one to come, or leave it empty.")
    if on > today + FURTHEST_REVIEW:
        raise Refused("The day to look again is very far off: give one within two years.")


def check_plan_words(given: PlanWords, today: date, *, before: date | None = None) -> None:
    """Refuse text that cannot be kept, a pace on no list, a day that is past."""
    check_text("What matters", given.matters, LONGEST_WORDS, lines=True)
    check_text("What already helps", given.helps, LONGEST_WORDS, lines=True)
    check_text("The pace", given.pace_words, LONGEST_LINE)
    check_one_of("The pace", given.pace, chosen_words("pace"))
    check_review(given.review_on, today, before=before)


def may_change(by: Actor, item: Item) -> bool:
    """May the actor change what the item says? A person changes their own; a worker any."""
    return by.role != "patient" or item.by_person


def check_may_change(by: Actor, item: Item) -> None:
    """Refuse a person changing what their worker wrote: they say so in a comment instead."""
    if not may_change(by, item):
        raise Refused(
            "Your project worker wrote this one. Say below what you would like otherwise, and "
            "change it together."
        )


def check_went(status: str, comment: str) -> None:
    """Refuse a status on no list and a comment that cannot be kept."""
    if status not in statuses():
        raise Refused("Choose how it is going. Not yet is a good answer, too.")
    check_text("The comment", comment, LONGEST_WORDS, lines=True)


def check_topic(code: str, words: str, when: str) -> None:
    """Refuse a topic without a name or a time."""
    if code not in words_of("topics"):
        raise Refused("Choose what you would like to come to.")
    check_text("In your words", words, LONGEST_LINE)
    if code == "other" and not words.strip():
        raise Refused("Write in a few words what it is.")
    if when not in chosen_words("when"):
        raise Refused("Choose when you would like to come to it.")


def check_agree(by: Actor, how: str, content: dict[str, object], seen: str, now: str) -> None:
    """Refuse agreeing to an empty plan, or to another one than was on the screen."""
    ways = {"online"} if by.role == "patient" else set(chosen_words("how"))
    if how not in ways:
        raise Refused("Say how the person agreed.")
    if not content["items"]:
        raise Refused("There is nothing in the plan yet. One small thing is enough.")
    if seen != now:
        raise Refused(
            "The plan was changed while this page was open. Look at it as it is now, then agree."
        )


def sessions_until_prompt(topic: Topic) -> int:
    """After how many sessions without it the worker is reminded of this topic (PLN-4)."""
    soon = topic.when == "soon"
    return setting("soon_sessions_until_prompt" if soon else "sessions_until_prompt")


def is_untouched(topic: Topic, sessions_since: int) -> bool:
    """Is the worker to be reminded? Never of what the person will name themselves."""
    if topic.reached_at is not None or topic.when == "i_will_say":
        return False
    return sessions_since >= sessions_until_prompt(topic)
