"""The clocks of review meetings: one that is not planned, held or written down; and telling the
person what was decided. And what waits too long about somebody: a reason to talk about them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, cast

from django.db.models import QuerySet
from django.urls import reverse

from unhurried.service.accounts.models import Membership
from unhurried.service.accounts.queries import in_role
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.patients.access import people_around
from unhurried.service.patients.models import Episode
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
    for each in meetings_seen(actor).filter(closed_at=None):
        yield Waits(
            kind="meeting", uuid=each.uuid, what="Review meeting", person="",
            owner=each.organiser.user.full_name, next_step=NEXT[State(each.state)],
            since=each.opened_at, late_from=each.late_from, passed_on_from=each.passed_on_from,
            href=reverse("shared_care:meeting", args=[each.uuid]),
        )  # fmt: skip


def _items_seen_by(actor: Actor) -> Iterator[Waits]:
    if actor.role == "service_manager":
        known = people_around(actor).values("pk")
        rows = untold().filter(patient__in=known, meeting__provider_id=actor.organisation_id or 0)
    elif actor.role in {"gp", "project_worker"}:
        rows = to_tell(actor)
    else:
        return
    for each in rows.select_related("patient", "decided_by__user"):
        owner = each.decided_by.user.full_name if each.decided_by else ""
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


def _tells_of_meeting(thing: Waiting, stage: str) -> Iterator[Told]:
    meeting = ReviewMeeting.objects.select_related("organiser__user").get(pk=thing.pk)
    yield from _told(meeting.provider_id, [meeting.organiser], stage)


def _tells_of_item(thing: Waiting, stage: str) -> Iterator[Told]:
    rows = MeetingItem.objects.select_related("decided_by__user", "meeting")
    item = rows.get(pk=thing.pk)
    episodes = Episode.objects.filter(patient_id=item.patient_id).exclude(state="ended")
    episode = episodes.select_related("project_worker__user").first()
    worker = episode.project_worker if episode else None
    yield from _told(item.meeting.provider_id, [item.decided_by, worker], stage)


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
