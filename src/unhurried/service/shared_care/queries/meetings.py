"""Reads of review meetings: who sees which, one meeting, its poll, what waits (MDT-1, MDT-2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet

from unhurried.service.accounts.models import Membership, Organisation
from unhurried.service.accounts.policy import roles
from unhurried.service.accounts.queries import practices_of, providers_of
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.shared_care.models.agenda import ItemComment, MeetingItem
from unhurried.service.shared_care.models.meetings import (
    MeetingInvite,
    ProposedTime,
    ReviewMeeting,
    TimeAnswer,
)
from unhurried.service.shared_care.queries.agenda import to_tell
from unhurried.service.shared_care.rules.meetings import ARRANGES, OF_PROVIDER

State = ReviewMeeting.State
PER_PAGE = 25
WEEK = timedelta(days=7)


def meetings_seen(actor: Actor) -> QuerySet[ReviewMeeting]:
    """The provider's own, those a practice takes part in, and those a specialist is asked to."""
    here = actor.organisation_id or 0
    rows = ReviewMeeting.objects.select_related("provider", "organiser__user")
    if actor.role in OF_PROVIDER:
        return rows.filter(provider_id=here)
    if actor.role == "gp":
        return rows.filter(practices=here)
    return rows.filter(Exists(_mine(actor).filter(meeting=OuterRef("pk"))))


def _mine(actor: Actor) -> QuerySet[MeetingInvite]:
    """What the actor is invited to, in the role they act in."""
    return MeetingInvite.objects.filter(member_id=actor.membership_id or 0, ended_at=None)


def meeting_of(actor: Actor, uuid: UUID) -> ReviewMeeting | None:
    """One meeting, when the actor may see it."""
    return meetings_seen(actor).filter(uuid=uuid).first()


def asked_meeting(actor: Actor, uuid: UUID) -> ReviewMeeting | None:
    """One meeting, when the actor is invited to it."""
    asked = Exists(_mine(actor).filter(meeting=OuterRef("pk")))
    return meetings_seen(actor).filter(asked, uuid=uuid).first()


def may_arrange(actor: Actor) -> bool:
    """Does the actor's role arrange meetings?"""
    return actor.role in ARRANGES


@dataclass(frozen=True, slots=True)
class Line:
    """One meeting in a list."""

    meeting: ReviewMeeting
    practices: str
    people: int  # on the agenda
    invited: int
    answered: int
    asks_me: bool  # for an answer
    late: bool


@dataclass(frozen=True, slots=True)
class Meetings:
    """The list: those to come in full, those over by pages."""

    coming: tuple[Line, ...]
    over: Page[ReviewMeeting]
    over_lines: tuple[Line, ...]


def listing(actor: Actor, number: int = 1) -> Meetings:
    """Meetings to come, the one due first on top, and one page of those that are over."""
    seen = meetings_seen(actor).prefetch_related("practices")
    coming = list(seen.filter(closed_at=None).order_by("late_from", "pk")[:50])
    over = seen.exclude(closed_at=None).order_by("-closed_at", "-pk")
    page = Paginator(over, PER_PAGE).get_page(number)
    lines = _lines(actor, [*coming, *page.object_list])
    return Meetings(tuple(lines[: len(coming)]), page, tuple(lines[len(coming) :]))


def _lines(actor: Actor, meetings: list[ReviewMeeting]) -> list[Line]:
    pks = [each.pk for each in meetings]
    invited: dict[int, list[MeetingInvite]] = {pk: [] for pk in pks}
    for each in MeetingInvite.objects.filter(meeting__in=pks, ended_at=None):
        invited[each.meeting_id].append(each)
    people = _people_on(pks)
    now = clock.now()
    return [
        Line(
            meeting=each,
            practices=", ".join(one.name for one in each.practices.all()),
            people=people.get(each.pk, 0),
            invited=len(invited[each.pk]),
            answered=sum(one.answered_at is not None for one in invited[each.pk]),
            asks_me=each.state == State.FINDING
            and any(
                one.member_id == actor.membership_id and one.answered_at is None
                for one in invited[each.pk]
            ),
            late=each.closed_at is None and each.late_from is not None and each.late_from <= now,
        )
        for each in meetings
    ]


def _people_on(pks: list[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    rows = MeetingItem.objects.filter(meeting__in=pks, taken_off_at=None)
    for pk in rows.values_list("meeting_id", flat=True):
        found[pk] = found.get(pk, 0) + 1
    return found


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody invited, as lists show them."""

    invite: MeetingInvite
    name: str
    role: str
    organisation: str
    wrote: bool

    @property
    def pk(self) -> int:
        """The invitation's number."""
        return self.invite.pk


def invited_to(meeting: ReviewMeeting) -> list[Invited]:
    """Who is invited, by role and name, and who has written something."""
    rows = MeetingInvite.objects.filter(meeting=meeting, ended_at=None).annotate(
        wrote=Exists(ItemComment.objects.filter(item__meeting=meeting, by_id=OuterRef("member_id")))
    )
    rows = rows.select_related("member__user", "member__organisation")
    found = [
        Invited(
            each, each.member.user.full_name, role_name(each.member.role),
            each.member.organisation.name, bool(getattr(each, "wrote", False)),
        )
        for each in rows
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.role, one.name, one.pk))


def role_name(code: str) -> str:
    """A role in words."""
    return roles()[code].name if code in roles() else code


@dataclass(frozen=True, slots=True)
class TimeLine:
    """One proposed time: who can, and what each said, in the order of the people."""

    time: ProposedTime
    yes: int
    if_need_be: int
    no: int
    said: tuple[str, ...]  # a TimeAnswer.Suits for each person, "" where they did not answer
    passed: bool

    @property
    def everybody(self) -> bool:
        """Can all who answered come, and did all answer?"""
        return bool(self.said) and all(each in {"yes", "if_need_be"} for each in self.said)


def poll(meeting: ReviewMeeting, people: Iterable[Invited]) -> list[TimeLine]:
    """The times proposed that are still open, with everybody's answers; the earliest first."""
    times = list(meeting.times.filter(taken_back_at=None).order_by("starts_at"))
    answers: dict[tuple[int, int], str] = {
        (each.time_id, each.invite_id): each.suits
        for each in TimeAnswer.objects.filter(time__in=times)
    }
    invites, now, found = [each.pk for each in people], clock.now(), []
    for each in times:
        said = tuple(answers.get((each.pk, pk), "") for pk in invites)
        found.append(
            TimeLine(
                each, said.count("yes"), said.count("if_need_be"), said.count("no"), said,
                each.starts_at <= now,
            )
        )  # fmt: skip
    return found


def my_answers(actor: Actor, meeting: ReviewMeeting) -> dict[int, str]:
    """What the actor said of the proposed times so far."""
    rows = TimeAnswer.objects.filter(invite__in=_mine(actor).filter(meeting=meeting))
    return dict(rows.values_list("time_id", "suits"))


def open_times(meeting: ReviewMeeting) -> list[ProposedTime]:
    """The times to answer, the earliest first."""
    return list(meeting.times.filter(taken_back_at=None).order_by("starts_at"))


def circles(actor: Actor) -> list[tuple[Organisation, list[Organisation]]]:
    """With whom the actor may begin a meeting: a provider, and the practices it works with."""
    here = Organisation.objects.filter(pk=actor.organisation_id or 0).first()
    if here is None or not may_arrange(actor):
        return []
    if actor.role == "gp":
        return [(each, list(practices_of(each.pk))) for each in providers_of(here.pk)[:5]]
    return [(here, list(practices_of(here.pk)))]


def practice_names(meeting: ReviewMeeting) -> list[str]:
    """The practices that take part, by name."""
    return list(meeting.practices.order_by("name").values_list("name", flat=True))


def as_choices(found: Iterable[Membership]) -> list[tuple[str, str]]:
    """Whom to tick: by membership, with role and place in words."""
    return [
        (str(each.pk), f"{each.user.full_name}, {role_name(each.role)}, {each.organisation.name}")
        for each in found
    ]


@dataclass(frozen=True, slots=True)
class MeetingsToDo:
    """Counts for somebody's first page."""

    to_answer: int = 0  # which time suits them
    to_write: int = 0  # a meeting in writing they have not written in
    next_week: int = 0
    to_record: int = 0  # whose time has passed, that they organise
    not_planned: int = 0  # for the manager: later than agreed
    to_tell: int = 0  # people who have not heard what was decided


def to_do(actor: Actor) -> MeetingsToDo:
    """What waits of review meetings for this actor; nought for who takes part in none."""
    now = clock.now()
    mine = _mine(actor).filter(meeting__closed_at=None)
    wrote = ItemComment.objects.filter(
        item__meeting=OuterRef("meeting"), by_id=actor.membership_id or 0
    )
    organised = Q(organiser_id=actor.membership_id or 0)
    if actor.role == "service_manager":
        organised |= Q(provider_id=actor.organisation_id or 0)
    ours = ReviewMeeting.objects.filter(organised, closed_at=None)
    late = ours.filter(state__in=[State.TO_PLAN, State.FINDING], late_from__lte=now)
    return MeetingsToDo(
        to_answer=mine.filter(meeting__state=State.FINDING, answered_at=None).count(),
        to_write=mine.filter(~Exists(wrote), meeting__state=State.WRITING).count(),
        next_week=mine.filter(
            meeting__state=State.PLANNED, meeting__starts_at__gte=now,
            meeting__starts_at__lt=now + WEEK,
        ).count(),
        to_record=ours.filter(
            Q(state=State.PLANNED, starts_at__lt=now)
            | Q(state=State.WRITING, write_until__lt=clock.today())
        ).count(),
        not_planned=late.count(),
        to_tell=to_tell(actor).count() if actor.role in {"gp", "project_worker"} else 0,
    )  # fmt: skip
