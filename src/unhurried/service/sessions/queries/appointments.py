"""Reads of appointments: a person's, and a worker's diary by day and week (CON-3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.patients.access import visible_patients
from unhurried.service.patients.models import Cover, Episode, Patient
from unhurried.service.patients.queries import open_episode_of
from unhurried.service.sessions import reminders, times
from unhurried.service.sessions.models import Appointment, Attendee
from unhurried.service.sessions.rules import why_not_recorded
from unhurried.service.sessions.tables import names, places

State = Appointment.State


def appointments_of(patient: Patient) -> QuerySet[Appointment]:
    """The person's appointments with whom they are, the earliest first."""
    rows = Appointment.objects.filter(patient_id=patient.pk).select_related("worker__user")
    return rows.order_by("starts_at", "pk")


def coming(patient: Patient) -> QuerySet[Appointment]:
    """Those booked that have not ended; none of a time with the service that has (as `diary`)."""
    return _still_to_come(appointments_of(patient))


def _still_to_come(rows: QuerySet[Appointment]) -> QuerySet[Appointment]:
    booked = rows.exclude(episode__state=Episode.State.ENDED)
    return booked.filter(state=State.BOOKED, starts_at__gte=clock.now() - timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class Coming:
    """A coming appointment as a carer reads of it, and whether they are to come along."""

    appointment: Appointment
    with_them: bool


def coming_for_carer(user_id: int, people: Iterable[int]) -> dict[int, list[Coming]]:
    """What is booked with each of these people, the earliest first, in one query."""
    theirs = Attendee.objects.filter(
        appointment=OuterRef("pk"), carer__user_id=user_id, carer__ended_at=None
    )
    rows = Appointment.objects.filter(patient_id__in=list(people)).select_related("worker__user")
    found: dict[int, list[Coming]] = {}
    for row in _still_to_come(rows).annotate(along=Exists(theirs)).order_by("starts_at", "pk"):
        found.setdefault(row.patient_id, []).append(Coming(row, bool(row.along)))
    return found


def not_said(patient: Patient) -> QuerySet[Appointment]:
    """Those whose time has passed and of which nobody has said how it was."""
    since = clock.now() - timedelta(hours=1)
    return appointments_of(patient).filter(state=State.BOOKED, starts_at__lt=since)


def not_held(patient: Patient) -> QuerySet[Appointment]:
    """Those cancelled, and those at which nobody met; the newest first."""
    found = appointments_of(patient).filter(state__in=[State.CANCELLED, State.MISSED])
    return found.order_by("-starts_at", "-pk")


def appointment_of(patient: Patient, uuid: UUID) -> Appointment | None:
    """This appointment, when it is this person's."""
    rows = Appointment.objects.select_related("worker__user", "patient", "episode__provider")
    return rows.filter(patient_id=patient.pk, uuid=uuid).first()


def attendees_of(appointment: Appointment) -> list[Attendee]:
    """Who is to come along."""
    return list(appointment.attendees.order_by("pk"))


def later_of_series(appointment: Appointment) -> int:
    """How many appointments booked together with this one come after it."""
    if appointment.series is None:
        return 0
    return Appointment.objects.filter(
        series=appointment.series, state=State.BOOKED, starts_at__gt=appointment.starts_at
    ).count()


def reminder_said(appointment: Appointment) -> str:
    """What becomes of the reminder, in a sentence for the worker."""
    found = reminders.of(appointment)
    if found is None:
        return (
            "No reminder is sent: the person chose neither text nor e-mail, or the time was near "
            "when it was booked."
        )
    day, at = times.day_and_time(found.due_at)
    way = found.get_channel_display().lower()
    if found.state == "sent":
        return f"A reminder was sent by {way}."
    if found.state in {"stopped", "failed"}:
        return f"The reminder was not sent: {found.explanation or 'it could not be sent.'}"
    return f"A reminder goes by {way} on {day} at {at}. It names nobody and no service."


def hosts(actor: Actor, patient: Patient) -> list[Membership]:
    """With whom an appointment can be: whoever books, and the person's own project worker."""
    episode = open_episode_of(patient)
    wanted = [actor.membership_id or 0, (episode and episode.project_worker_id) or 0]
    found = Membership.objects.filter(pk__in=wanted, role="project_worker")
    rows = {each.pk: each for each in found.select_related("user")}
    return [rows[each] for each in dict.fromkeys(wanted) if each in rows]


@dataclass(frozen=True, slots=True)
class Line:
    """One appointment in a diary. `name`, `person` and `uuid` are empty where the reader may not
    know whose it is."""

    at: str
    until: str
    minutes: int
    place: str
    where: str
    state: str
    state_name: str
    worker: str
    name: str
    person: UUID | None
    uuid: UUID | None
    with_them: int
    over: bool
    over_reason: str
    ready: bool  # its session can be recorded now


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a diary."""

    day: date
    lines: tuple[Line, ...]
    today: bool

    @property
    def minutes(self) -> int:
        """Appointments of the day that take place, in minutes."""
        return sum(each.minutes for each in self.lines if each.state != State.CANCELLED)

    @property
    def length(self) -> str:
        """The same in words."""
        return times.length(self.minutes)


def workers_seen(actor: Actor) -> list[Membership]:
    """Whose diaries the actor may read: a worker's own and those they cover; a manager's all."""
    today = clock.today()
    rows = Membership.objects.filter(
        organisation_id=actor.organisation_id or 0, role="project_worker"
    ).select_related("user")
    held = rows.filter(Q(ends__isnull=True) | Q(ends__gt=today), starts__lte=today)
    if actor.role != "service_manager":
        covered = Cover.objects.filter(
            covering_id=actor.membership_id or 0, starts__lte=today, ends__gt=today
        )
        held = held.filter(Q(pk=actor.membership_id or 0) | Q(pk__in=covered.values("worker_id")))
    return list(held.order_by("user__full_name", "pk"))


def diary(
    actor: Actor, workers: Iterable[Membership], first: date, days: int
) -> tuple[list[Day], list[int]]:
    """The days from `first` on, and the primary keys of the people named in them.

    Names only for a project worker, and only of people whose appointments they may read.
    """
    since, until = times.span(first, days)
    rows = Appointment.objects.filter(
        worker__in=list(workers), starts_at__gte=since, starts_at__lt=until
    ).exclude(Q(state=State.BOOKED) & Q(episode__state=Episode.State.ENDED))
    rows = rows.select_related("patient", "worker__user").annotate(coming=Count("attendees"))
    rows = rows.order_by("starts_at", "pk")
    named: set[int] = set()
    if actor.role == "project_worker":
        seen = visible_patients(actor, "appointment").filter(
            pk__in=rows.order_by().values("patient_id")
        )
        named = set(seen.values_list("pk", flat=True))
    by_day: dict[date, list[Line]] = {first + timedelta(days=number): [] for number in range(days)}
    now = clock.now()
    for row in rows:
        by_day[timezone.localdate(row.starts_at)].append(_line(row, row.patient_id in named, now))
    today = clock.today()
    return [Day(day, tuple(lines), day == today) for day, lines in by_day.items()], sorted(named)


def _line(row: Appointment, named: bool, now: datetime) -> Line:
    place = places().get(row.place)
    return Line(
        at=times.day_and_time(row.starts_at)[1],
        until=times.day_and_time(row.ends_at)[1],
        minutes=row.minutes,
        place=place.name if place else row.place,
        where=row.where if named else "",
        state=row.state,
        state_name=row.get_state_display(),
        worker=row.worker.user.full_name,
        name=str(row.patient) if named else "",
        person=row.patient.uuid if named else None,
        uuid=row.uuid if named else None,
        with_them=getattr(row, "coming", 0) if named else 0,
        over=row.over_agreed,
        over_reason=row.over_reason if named else "",
        ready=row.state == State.BOOKED and not why_not_recorded(row, now),
    )


def cancelled_by(appointment: Appointment) -> str:
    """Who cancelled, in words."""
    return names("cancelled_by").get(appointment.cancelled_by, "")


def missed_because(appointment: Appointment) -> str:
    """What was found out about why nobody met, in words."""
    return names("missed_reasons").get(appointment.missed_because, "")
