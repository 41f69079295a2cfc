"""The plan as each reader may see it, what may be suggested, what the person waits to come to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from unhurried.service.audit.actor import Actor
from unhurried.service.patients.models import Patient
from unhurried.service.planning import rules
from unhurried.service.planning.models import Agreement, Comment, Item, Plan, Topic
from unhurried.service.planning.plan_content import Content, content_of, fingerprint
from unhurried.service.planning.queries.assessment import (
    Conversation,
    conversation,
    episode_to_show,
    shared_conversation,
)
from unhurried.service.planning.queries.seeing import PRACTICE, kept_from
from unhurried.service.planning.tables import (
    Strategy,
    chosen_words,
    ideas,
    parts,
    statuses,
    strategies,
    words_of,
)

# How the parts of a plan follow one another, on pages and on paper: strengths first.
ORDER = ("doing_well", "trying", "not_yet", "put_aside", "done")


@dataclass(frozen=True, slots=True)
class ItemShown:
    """One thing of the plan in words. `where` and `who` are whole phrases."""

    uuid: str
    words: str
    strategy: Strategy
    status: str
    status_words: str
    where: str
    who: str
    readiness: int | None
    review_on: date | None
    comments: int = 0

    @property
    def quiet(self) -> bool:
        """Is it set aside for now, or done?"""
        return self.status in {"put_aside", "done"}


@dataclass(frozen=True, slots=True)
class PlanShown:
    """A plan in words, from its content: the same for pages, for the GP and for paper."""

    matters: str
    helps: str
    pace: str
    review_on: date | None
    items: tuple[ItemShown, ...]
    topics: tuple[tuple[str, str], ...]  # what, when

    @property
    def groups(self) -> list[tuple[str, str, list[ItemShown]]]:
        """Items by how they go, strengths first: the status, its title, and the items."""
        found = []
        for status in ORDER:
            mine = [each for each in self.items if each.status == status]
            if mine:
                found.append((status, words_of("paper")[status], mine))
        return found

    @property
    def empty(self) -> bool:
        """Is there nothing in it?"""
        return not (self.items or self.matters or self.helps or self.topics)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """ "You said ...: perhaps ..."; nobody has to take it."""

    about: str
    perhaps: str
    strategy: Strategy


@dataclass(frozen=True, slots=True)
class ToBringUp:
    """A topic the person wants to reach that so many sessions have passed by (PLN-4)."""

    topic: Topic
    words: str
    sessions: int


def plan_of(patient: Patient) -> Plan | None:
    """The plan of the episode to show."""
    episode = episode_to_show(patient)
    return Plan.objects.filter(episode=episode).first() if episode else None


def shown_plan(content: Content, comments: dict[str, int] | None = None) -> PlanShown:
    """A plan's content in words."""
    pace = chosen_words("pace").get(content["pace"], "")
    said = [each for each in (pace, content["pace_words"]) if each]
    return PlanShown(
        matters=content["matters"], helps=content["helps"], pace=": ".join(said),
        review_on=_day(content["review_on"]),
        items=tuple(
            _item(each, (comments or {}).get(each["uuid"], 0)) for each in content["items"]
        ),
        topics=tuple(
            (topic_words(each["code"], each["words"]), chosen_words("when").get(each["when"], ""))
            for each in content["topics"]
        ),
    )  # fmt: skip


def current_plan(patient: Patient) -> PlanShown:
    """The plan as it stands now, with how many comments each item has."""
    plan = plan_of(patient)
    counts: dict[str, int] = {}
    for uuid in Comment.objects.filter(item__plan=plan).values_list("item__uuid", flat=True):
        counts[str(uuid)] = counts.get(str(uuid), 0) + 1
    return shown_plan(content_of(plan), counts)


def plan_mark(patient: Patient) -> str:
    """The mark of the plan on the screen, to agree to."""
    return fingerprint(content_of(plan_of(patient)))


def agreements(patient: Patient) -> list[Agreement]:
    """Every time the person agreed, newest first."""
    plan = plan_of(patient)
    rows = Agreement.objects.filter(plan=plan).select_related("by__user") if plan else []
    return sorted(rows, key=lambda each: -each.number)


def changed_since_agreed(patient: Patient) -> bool:
    """Has anything in the plan changed since the person last agreed?"""
    found = agreements(patient)
    return bool(found) and fingerprint(found[0].content) != plan_mark(patient)


def plan_for(actor: Actor, patient: Patient) -> tuple[PlanShown | None, Agreement | None]:
    """The plan as `actor` may read it, and the agreement it comes from.

    The practice reads the newest version the person agreed to, when they said it may; everybody
    else who may open the plan reads it as it stands. None when there is nothing for them.
    """
    agreed = next(iter(agreements(patient)), None)
    if actor.role in PRACTICE:
        if agreed is None or not agreed.gp_may_see or kept_from(actor, patient):
            return None, None
        return shown_plan(agreed.content), agreed
    return current_plan(patient), agreed


def item_of(patient: Patient, uuid: UUID) -> Item | None:
    """One item of this person's plan."""
    rows = Item.objects.filter(plan=plan_of(patient), uuid=uuid)
    return rows.select_related("by__user", "plan").first()


def comments_of(item: Item) -> list[Comment]:
    """What was said about an item, newest first."""
    return list(item.comments.select_related("by__user").order_by("-at", "-pk")[:100])


def topic_of(patient: Patient, uuid: UUID) -> Topic | None:
    """One topic of this person's plan."""
    return Topic.objects.filter(plan=plan_of(patient), uuid=uuid).first()


def open_topics(patient: Patient) -> list[tuple[Topic, str]]:
    """What the person still wants to come to, in words."""
    rows = Topic.objects.filter(plan=plan_of(patient), reached_at=None).order_by("asked_at", "pk")
    return [(each, topic_words(each.code, each.words)) for each in rows]


def topics_to_bring_up(patient: Patient, sessions_on: Iterable[date]) -> list[ToBringUp]:
    """Topics the person waits for although sessions went by; `sessions_on` are all their days.

    For the sessions app, which knows the days. Never what the person will name themselves.
    """
    held = list(sessions_on)
    found = []
    for topic, words in open_topics(patient):
        asked = timezone.localdate(topic.asked_at)
        since = sum(1 for each in held if each > asked)
        if rules.is_untouched(topic, since):
            found.append(ToBringUp(topic, words, since))
    return found


def suggestions(actor: Actor, patient: Patient) -> list[Suggestion]:
    """What may help with what the person said they would like help with; not in the plan yet."""
    own = actor.role == "patient"
    talk: Conversation | None = shared_conversation(patient) if own else conversation(patient)
    if talk is None:
        return []
    there = {each["strategy"] for each in content_of(plan_of(patient))["items"]}
    wanted = {each.part.code for each in talk.parts if each.said and each.said.wants_help}
    found: dict[tuple[str, str], Suggestion] = {}
    for idea in ideas():
        if idea.part in wanted and idea.strategy not in there - {"something_else"}:
            strategy = strategies()[idea.strategy]
            seen = (idea.strategy, idea.perhaps)
            found.setdefault(seen, Suggestion(parts()[idea.part].title, idea.perhaps, strategy))
    return list(found.values())


def topic_words(code: str, words: str) -> str:
    """A topic in words: the person's own where they gave some."""
    return words or words_of("topics").get(code, "")


def _item(given: dict[str, Any], comments: int) -> ItemShown:
    where = given["where_words"] or chosen_words("where")[given["where"]]
    who = given["who_words"] or chosen_words("who")[given["who"]]
    return ItemShown(
        uuid=given["uuid"], words=given["words"], strategy=strategies()[given["strategy"]],
        status=given["status"], status_words=statuses()[given["status"]].words, where=where,
        who=who, readiness=given["readiness"], review_on=_day(given["review_on"]),
        comments=comments,
    )  # fmt: skip


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
