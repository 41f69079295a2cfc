"""Reads of supervision. What was said in it is for the two of them; the manager knows the days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Max, Min, Prefetch, Q, QuerySet

from unhurried.service.accounts.models import Membership
from unhurried.service.accounts.queries import in_role
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import saw_many
from unhurried.service.patients.models import Episode, Patient
from unhurried.service.team.models import (
    Supervises,
    SupervisionClock,
    SupervisionMeeting,
    SupportRequest,
)
from unhurried.service.team.queries.supervises import people_of
from unhurried.service.team.tables import names, supervision_times

State = SupervisionMeeting.State
AT_ONCE = 25
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a worker's supervision stands: days and counts, nothing of what was said."""

    worker: Membership
    supervisor: Membership | None
    supervised_since: Supervises | None
    kept: SupervisionClock | None
    last_held: datetime | None
    next_planned: datetime | None
    held: int  # within a year
    not_held: int
    passed: int  # planned, gone by, and nobody said how it was

    @property
    def weeks(self) -> int:
        """What is agreed, or the usual."""
        agreed = self.kept.interval_weeks if self.kept else None
        return agreed or supervision_times()["interval_weeks"]

    @property
    def every(self) -> str:
        """`every 4 weeks`."""
        return "every week" if self.weeks == 1 else f"every {self.weeks} weeks"

    @property
    def late(self) -> bool:
        """Has it been longer than agreed, or is no day agreed?"""
        moment = self.kept.late_from if self.kept and self.kept.closed_at is None else None
        return moment is not None and moment <= clock.now()

    @property
    def version(self) -> int:
        """For a form: 0 while nothing was said of this worker."""
        return self.kept.version if self.kept else 0

    @property
    def counted(self) -> str:
        """`6 held of 7 planned`."""
        return f"{self.held} held of {self.held + self.not_held + self.passed} planned"


def workers_seen(actor: Actor) -> QuerySet[Membership]:
    """The workers whose days of supervision `actor` may know of, today."""
    here = in_role(actor.organisation_id or 0, "project_worker")
    if actor.role == "service_manager":
        return here
    if actor.role == "clinical_supervisor":
        mine = Supervises.objects.on(clock.today()).filter(supervisor_id=actor.membership_id or 0)
        return here.filter(pk__in=mine.values("worker_id"))
    return here.filter(pk=actor.membership_id or 0)


def standings(actor: Actor) -> list[Standing]:
    """How supervision stands for each of them, by name."""
    now, today = clock.now(), clock.today()
    within = Q(supervision_meetings__starts_at__gte=now - YEAR)
    planned = Q(supervision_meetings__state=State.PLANNED)
    gone = Q(supervision_meetings__starts_at__lt=now)
    state = "supervision_meetings__state"
    people = workers_seen(actor).select_related("supervision_clock").annotate(
        last=Max("supervision_meetings__starts_at", filter=Q(**{state: State.HELD})),
        coming=Min("supervision_meetings__starts_at", filter=planned & ~gone),
        held=Count("supervision_meetings", filter=within & Q(**{state: State.HELD})),
        not_held=Count("supervision_meetings", filter=within & Q(**{state: State.NOT_HELD})),
        passed=Count("supervision_meetings", filter=within & planned & gone),
    ).prefetch_related(
        Prefetch("supervised_by", to_attr="supervised_now",
                 queryset=Supervises.objects.on(today).select_related("supervisor__user"))
    )  # fmt: skip
    return [_standing(each) for each in people]


def _standing(worker: Membership) -> Standing:
    now: list[Supervises] = getattr(worker, "supervised_now")  # noqa: B009 - put there above
    found = now[0] if now else None
    counted = {name: getattr(worker, name) for name in ("held", "not_held", "passed")}
    return Standing(
        worker=worker, supervisor=found.supervisor if found else None, supervised_since=found,
        kept=getattr(worker, "supervision_clock", None), last_held=worker.last,  # type: ignore[attr-defined]
        next_planned=worker.coming, **counted,  # type: ignore[attr-defined]
    )  # fmt: skip


def standing_of(actor: Actor, worker: int) -> Standing | None:
    """How it stands for one of them; None for a worker who is not theirs to know of."""
    return next((each for each in standings(actor) if each.worker.pk == worker), None)


def coming(standing: Standing) -> Supervises | None:
    """Who supervises the worker from a later day on, if that is settled already."""
    rows = Supervises.objects.filter(worker=standing.worker, starts__gt=clock.today())
    lasting = rows.filter(Q(ends__isnull=True) | Q(ends__gt=F("starts")))
    return lasting.select_related("supervisor__user").order_by("starts", "pk").first()


def supervisors(actor: Actor) -> list[Membership]:
    """Who can supervise in the actor's service."""
    return list(in_role(actor.organisation_id or 0, "clinical_supervisor"))


def theirs(actor: Actor) -> QuerySet[SupervisionMeeting]:
    """The meetings that are the actor's own, as worker or as supervisor."""
    rows = SupervisionMeeting.objects.select_related("worker__user", "supervisor__user")
    mine = actor.membership_id or 0
    if actor.role == "project_worker":
        return rows.filter(worker_id=mine)
    return rows.filter(supervisor_id=mine if actor.role == "clinical_supervisor" else 0)


@dataclass(frozen=True, slots=True)
class MeetingDay:
    """A day of supervision, in a list."""

    uuid: UUID | None  # None: not for the viewer to open
    when: str
    length: str
    worker: str
    supervisor: str
    state: str
    signed: bool
    to_say: bool  # its time has passed, and nobody said how it was


def meeting_days(actor: Actor, page: int = 1) -> Page[SupervisionMeeting]:
    """A page of the days, the latest first: one's own, or for the manager the service's."""
    rows = theirs(actor)
    if actor.role == "service_manager":
        rows = SupervisionMeeting.objects.select_related("worker__user", "supervisor__user")
        rows = rows.filter(worker__organisation_id=actor.organisation_id or 0)
    return Paginator(rows.order_by("-starts_at", "-pk"), AT_ONCE).get_page(page)


def as_days(actor: Actor, found: Page[SupervisionMeeting]) -> list[MeetingDay]:
    """The page as its viewer may know it."""
    now, opens = clock.now(), actor.role != "service_manager"
    return [
        MeetingDay(
            uuid=each.uuid if opens else None, when=each.when, length=each.length,
            worker=each.worker.user.full_name, supervisor=each.supervisor.user.full_name,
            state=each.get_state_display(), signed=each.signed_at is not None,
            to_say=each.state == State.PLANNED and each.ends_at < now,
        )
        for each in found
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class MeetingSeen:
    """One supervision, for one of the two."""

    meeting: SupervisionMeeting
    people: tuple[Patient, ...]
    not_held_because: str
    moves: tuple[tuple[datetime, str], ...]  # from when, and who asked
    begun: bool

    @property
    def open(self) -> bool:
        """Can it still be written down?"""
        return self.meeting.state != State.NOT_HELD and self.meeting.signed_at is None


def own_meeting(actor: Actor, uuid: UUID) -> SupervisionMeeting | None:
    """One of the actor's own; None for anybody else's."""
    return theirs(actor).filter(uuid=uuid).first()


def meeting_seen(actor: Actor, uuid: UUID) -> MeetingSeen | None:
    """What was said, with those talked about whom the reader may know; the look is noted."""
    found = own_meeting(actor, uuid)
    if found is None:
        return None
    cases = found.cases.values("patient_id")
    people = tuple(people_of(actor, found.worker).filter(pk__in=cases))
    saw_many("supervision", by=actor, patient_ids=[each.pk for each in people])
    asked = names("asked_by")
    return MeetingSeen(
        meeting=found, people=people, begun=found.starts_at <= clock.now(),
        not_held_because=names("not_held_reasons").get(found.not_held_because, ""),
        moves=tuple(
            (each.from_at, asked.get(each.asked_by, "")) for each in found.moves.order_by("at")
        ),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SupportSeen:
    """A request for support as its viewer may know it: the manager without its words."""

    uuid: UUID
    worker: str
    supervisor: str
    words: str
    asked_at: datetime
    closed_at: datetime | None
    answer: str
    own: bool
    late: bool


def support_seen(actor: Actor) -> QuerySet[SupportRequest]:
    """The requests `actor` may know of, the newest first."""
    rows = SupportRequest.objects.select_related("worker__user", "supervisor__user")
    rows = rows.filter(worker__organisation_id=actor.organisation_id or 0).order_by(
        "-opened_at", "-pk"
    )
    mine = actor.membership_id or 0
    if actor.role == "project_worker":
        return rows.filter(worker_id=mine)
    if actor.role == "clinical_supervisor":
        waiting = Q(closed_at=None, worker__in=workers_seen(actor).values("pk"))
        return rows.filter(Q(supervisor_id=mine) | Q(answered_by_id=mine) | waiting)
    if actor.role == "service_manager":
        supervised = Supervises.objects.on(clock.today()).values("worker_id")
        alone = Q(closed_at=None) & ~Q(worker__in=supervised)
        return rows.filter(Q(passed_on_from__lte=clock.now()) | alone)
    return rows.none()


def support(actor: Actor, *, waiting: bool = True) -> list[SupportSeen]:
    """Those that wait; or those answered lately."""
    rows = support_seen(actor).filter(closed_at__isnull=waiting)
    return [_support(actor, each) for each in rows[:AT_ONCE]]


def support_of(actor: Actor, uuid: UUID) -> tuple[SupportRequest, SupportSeen] | None:
    """One request and how its viewer may know it."""
    found = support_seen(actor).filter(uuid=uuid).first()
    return None if found is None else (found, _support(actor, found))


def _support(actor: Actor, each: SupportRequest) -> SupportSeen:
    private = actor.role == "service_manager"
    late = each.late_from is not None and each.late_from <= clock.now()
    return SupportSeen(
        uuid=each.uuid, worker=each.worker.user.full_name,
        supervisor=each.supervisor.user.full_name if each.supervisor else "",
        words="" if private else each.words, asked_at=each.opened_at, closed_at=each.closed_at,
        answer="" if private else each.answer, own=each.worker_id == actor.membership_id,
        late=late and each.closed_at is None,
    )  # fmt: skip


def people_of_supervised(actor: Actor, _action: str) -> Q:
    """The people of the workers whom `actor` supervises today (reliability.md 1.3)."""
    mine = Supervises.objects.on(clock.today()).filter(
        supervisor_id=actor.membership_id or 0,
        worker__organisation_id=actor.organisation_id or 0,
    )
    served = Episode.objects.filter(
        provider_id=actor.organisation_id or 0, project_worker__in=mine.values("worker_id")
    ).exclude(state=Episode.State.ENDED)
    return Q(pk__in=served.values("patient_id"))


@dataclass(frozen=True, slots=True)
class SupervisionFigure:
    """One worker's supervision within a year, for a chart: planned against held."""

    worker: str
    planned: int
    held: int
    not_held: int
    late: bool


def supervision_figures(provider_id: int) -> list[SupervisionFigure]:
    """Planned, held and not held within a year for each worker of a service, by name."""
    return list(_figures(provider_id))


def _figures(provider_id: int) -> Iterator[SupervisionFigure]:
    viewer = Actor(
        user_id=None, name="figures", role="service_manager", organisation_id=provider_id
    )
    for each in standings(viewer):
        planned = each.held + each.not_held + each.passed
        yield SupervisionFigure(
            each.worker.user.full_name, planned, each.held, each.not_held, each.late
        )
