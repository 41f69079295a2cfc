"""How much a worker carries, beside what was agreed; continuity; what the manager sees (CON-1, 2).

For managers: times and counts, never a name.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.patients.models import Episode, Patient
from unhurried.service.sessions import times
from unhurried.service.sessions.models import Appointment, Limits, Session
from unhurried.service.sessions.queries.appointments import workers_seen
from unhurried.service.sessions.rules import TAKES_TIME
from unhurried.service.sessions.tables import usual_limits

JOINED = (Episode.State.ENROLLED, Episode.State.PAUSED)
OVER_WORDS = {
    "short": "shorter than agreed", "day": "a longer day than agreed",
    "week": "a fuller week than agreed", "gap": "too little breathing space",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Continuity:
    """Of so many contacts, how many were with the person's own project worker."""

    contacts: int
    with_named: int

    @property
    def percent(self) -> int | None:
        """The share in percent; None while there was no contact."""
        return round(100 * self.with_named / self.contacts) if self.contacts else None

    @property
    def words(self) -> str:
        """`11 of 12 with their own project worker (92%)`."""
        if not self.contacts:
            return "No session yet"
        said = f"{self.with_named} of {self.contacts} with their own project worker"
        return f"{said} ({self.percent}%)"


def continuity(patient: Patient) -> Continuity:
    """The person's sessions, by whether they were with who was their worker on that day."""
    return _continuity(Session.objects.filter(patient_id=patient.pk))


def _continuity(rows: QuerySet[Session]) -> Continuity:
    found = rows.aggregate(
        contacts=Count("pk", filter=Q(named_worker__isnull=False)),
        with_named=Count("pk", filter=Q(named_worker=F("worker"))),
    )
    return Continuity(found["contacts"], found["with_named"])


def continuity_of_worker(worker: Membership) -> Continuity:
    """The contacts of everyone who had this worker that day: how many were with them."""
    return _continuity(Session.objects.filter(named_worker=worker))


@dataclass(frozen=True, slots=True)
class Load:
    """A worker's week beside what was agreed."""

    worker: Membership
    limits: Limits
    set_by_manager: bool
    booked: int  # minutes this week
    next_week: int
    people: int
    contacts: Continuity

    @property
    def week(self) -> str:
        """`6 hours of 25 hours`."""
        return self._beside(self.booked)

    @property
    def following(self) -> str:
        """Next week, in the same way."""
        return self._beside(self.next_week)

    def _beside(self, minutes: int) -> str:
        agreed = times.length(self.limits.weekly_minutes)
        return f"{times.length(minutes) if minutes else 'None'} of {agreed}"

    @property
    def full(self) -> bool:
        """Is this week or the next at what was agreed, or over?"""
        return max(self.booked, self.next_week) >= self.limits.weekly_minutes

    @property
    def people_words(self) -> str:
        """`18 of 20`, or how many when no number was agreed."""
        most = self.worker.capacity
        return f"{self.people} of {most}" if most is not None else f"{self.people}; no limit agreed"


def workload(actor: Actor, monday: date, workers: list[Membership] | None = None) -> list[Load]:
    """These workers, or all the actor may see, in the week of `monday` and the next."""
    workers = workers_seen(actor) if workers is None else workers
    pks = [each.pk for each in workers]
    booked = _minutes(pks, monday)
    following = _minutes(pks, monday + timedelta(days=7))
    agreed = {each.worker_id: each for each in Limits.objects.filter(worker__in=pks)}
    people = dict(
        Membership.objects.filter(pk__in=pks)
        .annotate(people=Count("episodes", filter=Q(episodes__state__in=JOINED)))
        .values_list("pk", "people")
    )
    contacts = _contacts(pks)
    return [
        Load(
            worker=each,
            limits=agreed.get(each.pk) or Limits(worker=each, **usual_limits()),
            set_by_manager=each.pk in agreed,
            booked=booked[each.pk],
            next_week=following[each.pk],
            people=people.get(each.pk, 0),
            contacts=contacts.get(each.pk, Continuity(0, 0)),
        )
        for each in workers
    ]


def _minutes(workers: list[int], monday: date) -> dict[int, int]:
    since, until = times.span(monday, 7)
    rows = Appointment.objects.filter(
        worker__in=workers, state__in=TAKES_TIME, starts_at__gte=since, starts_at__lt=until
    )
    found: dict[int, int] = defaultdict(int)
    for worker, minutes in rows.values_list("worker_id", "minutes"):
        found[worker] += minutes
    return found


def _contacts(workers: list[int]) -> dict[int, Continuity]:
    rows = (
        Session.objects.filter(named_worker__in=workers)
        .values("named_worker")
        .annotate(contacts=Count("pk"), mine=Count("pk", filter=Q(worker=F("named_worker"))))
        .values_list("named_worker", "contacts", "mine")
    )
    return {worker: Continuity(contacts, mine) for worker, contacts, mine in rows}


@dataclass(frozen=True, slots=True)
class Over:
    """An appointment to come that goes over what was agreed, and the worker's reason."""

    starts_at: datetime
    minutes: int
    worker: str
    what: str
    reason: str

    @property
    def on(self) -> str:
        """Its day and time in words."""
        day, at = times.day_and_time(self.starts_at)
        return f"{day}, {at}"


def over_agreed(actor: Actor, most: int = 50) -> list[Over]:
    """What is booked over what was agreed and still to come, the nearest first; no names."""
    rows = _over_rows(actor).select_related("worker__user").order_by("starts_at")[:most]
    return [
        Over(
            each.starts_at, each.minutes, each.worker.user.full_name,
            ", ".join(OVER_WORDS[code] for code in each.over.split() if code in OVER_WORDS),
            each.over_reason,
        )
        for each in rows
    ]  # fmt: skip


def _over_rows(actor: Actor) -> QuerySet[Appointment]:
    return Appointment.objects.filter(
        over_agreed=True, worker__organisation_id=actor.organisation_id or 0,
        state=Appointment.State.BOOKED, starts_at__gte=clock.now(),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ToDo:
    """What the first page can say."""

    today: int  # the worker's appointments today that are still to come
    not_said: int  # whose time has passed and of which nobody said how it was
    over: int  # for the manager: booked over what was agreed, and still to come


def to_do(actor: Actor) -> ToDo:
    """Counts for the first page of a project worker or a manager; nought for anybody else."""
    if actor.role == "service_manager":
        return ToDo(0, 0, _over_rows(actor).count())
    if actor.role != "project_worker":
        return ToDo(0, 0, 0)
    now, (since, until) = clock.now(), times.span(clock.today(), 1)
    mine = Appointment.objects.filter(
        worker_id=actor.membership_id or 0, state=Appointment.State.BOOKED
    ).exclude(episode__state=Episode.State.ENDED)
    found = mine.aggregate(
        today=Count("pk", filter=Q(starts_at__gte=max(now, since), starts_at__lt=until)),
        not_said=Count("pk", filter=Q(starts_at__lt=now - timedelta(hours=2))),
    )
    return ToDo(found["today"], found["not_said"], 0)


def this_monday() -> date:
    """The Monday of this week."""
    return times.week_of(timezone.localdate(clock.now()))
