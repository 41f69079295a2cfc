"""Reads of agendas: who stands on one, for whom that is open, and who could be put on (MDT-1)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet

from unhurried.service.accounts.policy import grant_for
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import saw_many
from unhurried.service.patients.access import visible_patients
from unhurried.service.patients.models import Episode, Patient, SafetyAlert
from unhurried.service.patients.queries import with_a_service
from unhurried.service.patients.queries.episodes import active_without_worker, near_two_years
from unhurried.service.shared_care.models.agenda import ItemComment, MeetingAction, MeetingItem
from unhurried.service.shared_care.models.meetings import ReviewMeeting
from unhurried.service.shared_care.queries.advice import kept_from_practice
from unhurried.service.shared_care.queries.invited import items_open_to
from unhurried.service.shared_care.rules.meetings import SPECIALISTS

PER_PAGE = 25
Source = Callable[[Collection[int]], Mapping[int, str]]
_sources: dict[str, Source] = {}
_of_service: set[str] = set()
ALERT = "An alert about their safety is open"


def agenda_source(name: str, source: Source, *, of_service: bool = False) -> None:
    """Let a room or a later step say why somebody could be talked about: of people, a reason for
    some. `of_service`: not said to a GP whose patient keeps from them what the service does.

    Raises ValueError when another source has the name.
    """
    known = _sources.get(name)
    if known is not None and known.__qualname__ != source.__qualname__:
        raise ValueError(f"{name} is a source already")
    _sources[name] = source
    if of_service:
        _of_service.add(name)


def items_seen(
    actor: Actor, action: str = "r", *, taken_off: bool = False
) -> QuerySet[MeetingItem]:
    """The items about people whose record is open to the actor; metadata scope reads none.

    A practice not what the service wrote about somebody who keeps that from their GP. The person
    themself: what was decided, once they were told.
    """
    people = visible_patients(actor, "meeting_item", action).values("pk")
    rows = MeetingItem.objects.all()
    if actor.role in SPECIALISTS:
        rows = MeetingItem.objects.filter(pk__in=items_open_to(actor, action).values("pk"))
    rows = rows.filter(patient__in=people)
    if not taken_off:
        rows = rows.filter(taken_off_at=None)
    if actor.role == "gp":
        here = rows.filter(meeting__practices=F("patient__practice"))
        rows = here.exclude(
            ~Q(added_by__role="gp") & Q(patient__in=kept_from_practice().values("pk"))
        )
    if actor.role == "patient":
        rows = rows.filter(decided_at__isnull=False, told_at__isnull=False)
    return rows.select_related(
        "patient", "meeting__provider", "added_by__user", "decided_by__user", "told_by__user"
    )


def item_of(
    actor: Actor, patient: Patient, uuid: UUID, action: str = "r", *, taken_off: bool = False
) -> MeetingItem | None:
    """One item about this person, when it is open to the actor; `taken_off`: even if off it."""
    rows = items_seen(actor, action, taken_off=taken_off)
    return rows.filter(patient_id=patient.pk, uuid=uuid).first()


def items_of_person(actor: Actor, patient: Patient) -> list[MeetingItem]:
    """The items about this person, the newest first."""
    rows = items_seen(actor).filter(patient_id=patient.pk)
    return list(rows.order_by("-opened_at", "-pk")[:100])


def told_beforehand(actor: Actor, patient: Patient) -> list[MeetingItem]:
    """The meetings to come that the person was told will talk about them; for themself only."""
    people = visible_patients(actor, "meeting_item").filter(pk=patient.pk)
    rows = MeetingItem.objects.filter(
        patient__in=people.values("pk"), they_know=True, decided_at=None, taken_off_at=None,
        meeting__closed_at=None,
    )  # fmt: skip
    return list(rows.select_related("meeting").order_by("opened_at", "pk"))


def untold(rows: QuerySet[MeetingItem] | None = None) -> QuerySet[MeetingItem]:
    """What was decided of which the person has not heard; who has died is told nothing more."""
    found = MeetingItem.objects.all() if rows is None else rows
    return found.filter(
        decided_at__isnull=False, closed_at=None, told_at=None, rather_not_know=False,
        taken_off_at=None, patient__date_of_death=None,
    )  # fmt: skip


def to_tell(actor: Actor) -> QuerySet[MeetingItem]:
    """What `actor` may tell people of, the oldest first: a worker's people, a GP's own writing and
    that about people whose time with the service has ended."""
    rows = untold(items_seen(actor, "u"))
    if actor.role == "gp":
        alone = ~Q(patient__in=with_a_service())  # with no service: nobody there may tell them
        rows = rows.filter(Q(decided_by_id=actor.membership_id or 0) | alone)
    return rows.order_by("decided_at", "pk")


def listed_to_tell(actor: Actor) -> list[MeetingItem]:
    """The first of them, for the list of meetings; each look is audited."""
    if actor.role not in {"gp", "project_worker"}:
        return []
    found = list(to_tell(actor)[:PER_PAGE])
    if found:
        people = [each.patient_id for each in found]
        saw_many("meeting_item", by=actor, patient_ids=people, note="to tell")
    return found


@dataclass(frozen=True, slots=True)
class Agenda:
    """The items of one meeting the viewer may read, and how many more there are."""

    items: tuple[MeetingItem, ...]
    hidden: int
    undecided: int  # of all, for whoever closes the meeting


def agenda_of(actor: Actor, meeting: ReviewMeeting) -> Agenda:
    """The agenda as the actor may know it; each look at somebody is audited."""
    everything = MeetingItem.objects.filter(meeting=meeting, taken_off_at=None)
    shown = list(items_seen(actor).filter(meeting=meeting).order_by("opened_at", "pk"))
    if shown:
        people = [each.patient_id for each in shown]
        saw_many("meeting_item", by=actor, patient_ids=people, note="agenda")
    left = everything.filter(decided_at=None, put_off_at=None).count()
    return Agenda(tuple(shown), everything.count() - len(shown), left)


def comments_on(item: MeetingItem) -> list[ItemComment]:
    """What was written about it, in order."""
    return list(item.comments.select_related("by__user").order_by("at", "pk"))


def actions_of(item: MeetingItem) -> list[MeetingAction]:
    """What was decided to be done, and how each of it stands."""
    rows = item.actions.select_related("task__meant_for__user", "task__practice", "task__provider")
    return list(rows.order_by("pk"))


@dataclass(frozen=True, slots=True)
class Flagged:
    """Somebody a meeting could talk about; `reasons` in words, none for who only could be added."""

    person: Patient
    reasons: tuple[str, ...]


def open_meetings(patient: Patient, *, on_too: bool = False) -> list[ReviewMeeting]:
    """The meetings to come that this person could be talked about in; `on_too`: also those they
    are on already."""
    with_us = Episode.objects.filter(patient_id=patient.pk).exclude(state=Episode.State.ENDED)
    rows = ReviewMeeting.objects.filter(
        closed_at=None, practices=patient.practice_id, provider__in=with_us.values("provider_id")
    )
    if not on_too:
        on = MeetingItem.objects.filter(patient_id=patient.pk, taken_off_at=None)
        rows = rows.exclude(pk__in=on.values("meeting_id"))
    return list(rows.order_by("late_from", "pk")[:20])


def may_put_on(actor: Actor, meeting: ReviewMeeting | None = None) -> QuerySet[Patient]:
    """The people with the service the actor may put on an agenda: of this meeting, not yet on."""
    if grant_for(actor.role, "meeting_item", "c") is None or actor.role in SPECIALISTS:
        return Patient.objects.none()
    people = visible_patients(actor, "meeting_item", "c").filter(date_of_death=None)
    with_us = Episode.objects.exclude(state=Episode.State.ENDED)
    if meeting is None:
        return people.filter(pk__in=with_us.values("patient_id"))
    with_us = with_us.filter(provider_id=meeting.provider_id)
    on = meeting.items.filter(taken_off_at=None).values("patient_id")
    return people.filter(
        pk__in=with_us.values("patient_id"), practice__in=meeting.practices.values("pk")
    ).exclude(pk__in=on)


def flagged(actor: Actor, meeting: ReviewMeeting | None = None) -> list[Flagged]:
    """Everybody the actor may put on the agenda, those with most reasons first.

    As many queries as there are kinds of reasons, however many people.
    """
    people = may_put_on(actor, meeting).order_by("search_name", "pk")
    rows = list(people)
    why = _reasons(actor, [each.pk for each in rows])
    found = [Flagged(each, tuple(why.get(each.pk, ()))) for each in rows]
    return sorted(found, key=lambda each: -len(each.reasons))


def flagged_page(actor: Actor, meeting: ReviewMeeting, number: int) -> Page[Flagged]:
    """One page of them; each look is audited."""
    page = Paginator(flagged(actor, meeting), PER_PAGE).get_page(number)
    people = [each.person.pk for each in page.object_list]
    if people:
        saw_many("meeting_item", by=actor, patient_ids=people, note="could be put on an agenda")
    return page


def reasons_for(actor: Actor, patient: Patient) -> list[str]:
    """Why this person could be talked about, in words, as far as the actor may know."""
    return _reasons(actor, [patient.pk]).get(patient.pk, [])


def to_begin_with(actor: Actor, patient: Patient) -> str:
    """Words for the agenda to begin from: without alerts, which a specialist is not shown."""
    return "; ".join(each for each in reasons_for(actor, patient) if each != ALERT)[:300]


def _reasons(actor: Actor, people: Collection[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    if not people:
        return found

    def say(pks: Iterable[int], words: str) -> None:
        for pk in set(pks):
            found.setdefault(pk, []).append(words)

    alerts = SafetyAlert.objects.filter(patient__in=people, closed_at=None)
    say(alerts.values_list("patient_id", flat=True), ALERT)
    episodes = Episode.objects.filter(patient__in=people).exclude(state=Episode.State.ENDED)
    providers = set(episodes.values_list("provider_id", flat=True))
    for provider in sorted(providers):
        for rows, words in (
            (active_without_worker(provider), "Nobody works with them now"),
            (near_two_years(provider), "Two years with the service come round"),
        ):
            say(rows.filter(patient__in=people).values_list("patient_id", flat=True), words)
    told = set(people)
    if actor.role == "gp":
        told -= set(kept_from_practice().filter(pk__in=people).values_list("pk", flat=True))
    for name, source in _sources.items():
        for pk, words in source(told if name in _of_service else people).items():
            say([pk], words)
    return found
