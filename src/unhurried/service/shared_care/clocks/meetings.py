"""The clocks of review meetings: one that is not planned, held or written down; and telling the
person what was decided. And what waits too long about somebody: a reason to talk about them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, cast

from django.db.models import QuerySet
from django.urls import reverse

from unhurried.service.accounts.models import Membership, Organisation
from unhurried.service.accounts.queries import in_role
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.patients.access import people_around
from unhurried.service.patients.models import Episode
from unhurried.service.shared_care import telling
from unhurried.service.shared_care.models.agenda import MeetingItem
from unhurried.service.shared_care.models.meetings import ReviewMeeting
from unhurried.service.shared_care.models.waiting import Waiting
from unhurried.service.shared_care.queries.agenda import Source, agenda_source, to_tell, untold
from unhurried.service.shared_care.queries.invited import related_by_meeting
from unhurried.service.shared_care.queries.meetings import may_arrange, meetings_seen
from unhurried.service.shared_care.specialists import related_through
from unhurried.service.shared_care.times import (
    PASSED_ON,
)
from unhurried.service.shared_care.waits import (
    Keeper,
    Told,
    Waits,
    keepers,
    keeps,
)

Now = tuple[Membership | None, Organisation]  # whom somebody works with today, and where
State = ReviewMeeting.State
NEXT = {
    State.TO_PLAN: "Plan it: propose times, set one, or write instead",
    State.FINDING: "Choose a time, or write instead",
    State.PLANNED: "Hold it and write down what was decided",
    State.WRITING: "Sum up what was written",
}


# What of the things that wait puts somebody on a list of who could be talked about.
REASONS = {
    "advice": ("late_from", "A specialist's answer is late"),
    "task": ("passed_on_from", "Something asked about them had no answer, and was passed on"),
    "access_problem": ("opened_at", "They had trouble with reaching their GP"),
}


def _reason(kind: str) -> Source:
    since, words = REASONS[kind]

    def waits_too_long(people: Collection[int]) -> dict[int, str]:
        keeper = next((each for each in keepers() if each.kind == kind), None)
        if keeper is None:
            return {}
        rows: QuerySet[Any] = keeper.open_rows()
        late = rows.filter(patient__in=people, closed_at=None, **{f"{since}__lte": clock.now()})
        return dict.fromkeys(late.values_list("patient_id", flat=True), words)

    return waits_too_long


def open_meetings() -> QuerySet[Waiting]:
    """Meetings that are not over."""
    return cast("QuerySet[Waiting]", ReviewMeeting.objects.filter(closed_at=None))


def untold_items() -> QuerySet[Waiting]:
    """What was decided about people who have not been told."""
    return cast("QuerySet[Waiting]", untold())


def _meetings_seen_by(actor: Actor) -> Iterator[Waits]:
    if not may_arrange(actor):
        return
    found = list(meetings_seen(actor).filter(closed_at=None))
    held = _held(each.organiser_id for each in found)
    for each in found:
        yield Waits(
            kind="meeting", uuid=each.uuid, what="Review meeting", person="",
            owner=each.organiser.user.full_name
            if each.organiser_id in held
            else each.provider.name,
            next_step=NEXT[State(each.state)],
            since=each.opened_at, late_from=each.late_from, passed_on_from=each.passed_on_from,
            href=reverse("shared_care:meeting", args=[each.uuid]),
        )  # fmt: skip


def _items_seen_by(actor: Actor) -> Iterator[Waits]:
    if actor.role == "service_manager":
        known = people_around(actor).values("pk")
        rows = untold().filter(patient__in=known)
    elif actor.role in {"gp", "project_worker"}:
        rows = to_tell(actor)
    else:
        return
    found = list(
        rows.select_related(
            "patient__practice", "decided_by__user", "decided_by__organisation", "meeting__provider"
        )
    )
    now = _workers_of(each.patient_id for each in found)
    held = _held(each.decided_by_id for each in found)
    for each in found:
        owner = _tells_them(each, now, held)
        mine = actor.role != "service_manager"
        yield Waits(
            kind="meeting_item", uuid=each.uuid, what="Tell them what a review meeting decided",
            person=str(each.patient), owner=owner,
            next_step="Tell them, and note it" if mine else f"Ask {owner} who tells them",
            since=each.decided_at or each.opened_at, late_from=each.late_from,
            passed_on_from=each.passed_on_from,
            href=reverse("shared_care:meeting_item", args=[each.patient.uuid, each.uuid])
            if mine else "",
            patient_id=each.patient_id,
        )  # fmt: skip


def _tells_them(item: MeetingItem, now: dict[int, Now], held: frozenset[int]) -> str:
    """Who tells the person: who decided it and is still theirs, their worker of today, the service
    while nobody is named; their practice once they are with none."""
    by = item.decided_by
    theirs = now.get(item.patient_id)
    if theirs is None:
        return item.patient.practice.name
    worker, provider = theirs
    at_practice = by is not None and by.organisation_id == item.patient.practice_id
    if by is not None and by.pk in held and (at_practice or by == worker):
        return by.user.full_name
    return worker.user.full_name if worker is not None else provider.name


def _workers_of(people: Iterable[int]) -> dict[int, Now]:
    """Whom these people work with today, and where; without those whose time has ended."""
    rows = Episode.objects.filter(patient__in=set(people)).exclude(state="ended")
    found = list(rows.select_related("project_worker__user", "provider"))
    held = _held(each.project_worker_id for each in found)
    return {
        each.patient_id: (
            each.project_worker if each.project_worker_id in held else None,
            each.provider,
        )
        for each in found
    }


def _held(members: Iterable[int | None]) -> frozenset[int]:
    pks = {each for each in members if each is not None}
    rows = Membership.objects.on(clock.today()).filter(pk__in=pks, user__is_active=True)
    return frozenset(rows.values_list("pk", flat=True))


def _tells_of_meeting(thing: Waiting, stage: str) -> Iterator[Told]:
    meeting = ReviewMeeting.objects.select_related("organiser__user").get(pk=thing.pk)
    yield from _told(meeting.provider_id, [meeting.organiser], stage)


def _tells_of_item(thing: Waiting, stage: str) -> Iterator[Told]:
    rows = MeetingItem.objects.select_related("decided_by__user", "meeting", "patient__practice")
    item = rows.get(pk=thing.pk)
    now = _workers_of([item.patient_id])
    if item.patient_id not in now:  # nobody of a service may open it any more
        yield from telling.practice_of(item.patient)
        return
    by = item.decided_by
    here = by if by and by.organisation_id == item.patient.practice_id else None
    worker, provider = now[item.patient_id]
    yield from _told(provider.pk, [here or worker, worker], stage)


def _told(provider_id: int, members: list[Membership | None], stage: str) -> Iterator[Told]:
    """Late: the first of these who holds their role. Passed on, or nobody: the managers."""
    pks = [each.pk for each in members if each is not None]
    held = set(Membership.objects.on(clock.today()).filter(pk__in=pks).values_list("pk", flat=True))
    here = [each for each in members if each is not None and each.pk in held]
    if stage == PASSED_ON or not here:
        here = list(in_role(provider_id, "service_manager"))
    for each in here if stage == PASSED_ON else here[:1]:
        yield Told(each.user.email, provider_id=provider_id)


keeps(Keeper("meeting", "Review meeting", open_meetings, _meetings_seen_by, _tells_of_meeting))
keeps(
    Keeper(
        "meeting_item",
        "Telling what a meeting decided",
        untold_items,
        _items_seen_by,
        _tells_of_item,
    )
)
related_through(related_by_meeting)
for _kind in REASONS:
    agenda_source(_kind, _reason(_kind), of_service=_kind != "access_problem")
