"""What is asked about a person and of whom: the team's inbox, one task, how many wait (COM-1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet

from unhurried.service.accounts.models import Membership
from unhurried.service.accounts.policy import grant_for
from unhurried.service.accounts.queries import in_role
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.patients.access import people_around, visible_patients
from unhurried.service.patients.models import Cover, Episode, Patient, Restriction
from unhurried.service.patients.queries import with_a_service
from unhurried.service.patients.words import day
from unhurried.service.shared_care.models.messages import Side, Thread
from unhurried.service.shared_care.models.tasks import Task, TaskStep
from unhurried.service.shared_care.queries.holders import Away, away_words
from unhurried.service.shared_care.queries.messages import unread
from unhurried.service.shared_care.task_kinds import other_side, side_of, task_kinds

SHOWN = ("team", "mine", "late", "asked", "done")


@dataclass(frozen=True, slots=True)
class ToDo:
    """How many things wait for the actor's team."""

    tasks_for_us: int
    late: int
    unread: int


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task as its viewer may know it: `sentence` is "" where only its age is theirs to know."""

    uuid: UUID
    person_uuid: UUID
    person_id: int
    person: str
    born: date
    sentence: str
    to: str  # the team asked, by name
    due: str
    late: bool
    who: str
    meant_for: str
    asked_by: str
    opened_at: datetime
    state: str
    ended: bool


def tasks_seen(actor: Actor) -> QuerySet[Task]:
    """Every task the actor may know of, open or over, with who is in it."""
    grant = grant_for(actor.role, "gp_task", "r")
    rows = Task.objects.select_related(
        "patient__practice",
        "provider",
        "asked_by__user",
        "meant_for__user",
        "taken_by__user",
        "meant_for__organisation",
    )
    if grant is None:
        return rows.none()
    if grant.scope != "metadata":
        return rows.filter(patient__in=visible_patients(actor, "gp_task").values("pk"))
    rows = rows.filter(patient__in=people_around(actor).values("pk"))
    return rows.filter(to=Side.PRACTICE) if side_of(actor.role) == Side.PRACTICE else rows


def reads_words(actor: Actor) -> bool:
    """May this role read what is asked, or only that something is?"""
    grant = grant_for(actor.role, "gp_task", "r")
    return grant is not None and grant.scope != "metadata"


def inbox(actor: Actor, show: str) -> QuerySet[Task]:
    """The tasks of one view of the inbox: late first, then by the day they are due."""
    rows, side = tasks_seen(actor), side_of(actor.role)
    if show == "done" and reads_words(actor):
        return rows.exclude(closed_at=None).order_by("-closed_at", "-pk")
    rows = rows.filter(closed_at=None).order_by("late_from", "pk")
    if show == "late":
        return rows.filter(late_from__lte=clock.now())
    if not side:
        return rows
    if show == "asked":
        return rows.filter(to=other_side(side))
    rows = rows.filter(with_side(side))
    return rows.filter(_mine(actor)) if show == "mine" else rows


def with_side(side: str) -> Q:
    """What is with this team: what it was asked, and for a practice what it asked of a service
    the person is no longer with, where nobody would answer."""
    if side != Side.PRACTICE:
        return Q(to=side)
    return Q(to=side) | (Q(to=Side.PROVIDER) & ~Q(patient__in=with_a_service()))


def _mine(actor: Actor) -> Q:
    """What they took or is meant for them, and the same of those they cover today."""
    today = clock.today()
    away = Cover.objects.filter(
        covering_id=actor.membership_id or 0, starts__lte=today, ends__gt=today
    )
    me = Q(pk=actor.membership_id or 0) | Q(pk__in=away.values("worker_id"))
    mine = Membership.objects.filter(me).values("pk")
    return Q(taken_by__in=mine) | Q(meant_for__in=mine, taken_by=None)


def lines(actor: Actor, tasks: Iterable[Task]) -> list[TaskLine]:
    """These tasks, a line each; the same few questions for all of them: who is away."""
    found = list(tasks)
    away = away_words(found)
    words, now = reads_words(actor), clock.now()
    return [_line(task, away, now, words=words) for task in found]


def _line(task: Task, away: Away, now: datetime, *, words: bool) -> TaskLine:
    late = task.closed_at is None and task.late_from is not None and task.late_from <= now
    return TaskLine(
        uuid=task.uuid, person_uuid=task.patient.uuid, person_id=task.patient_id,
        person=str(task.patient), born=task.patient.date_of_birth,
        sentence=task.sentence if words else "", to=team_of(task), due=due_words(task, late=late),
        late=late, who=who_has(task, away),
        meant_for=_named(task, task.meant_for, away) if task.meant_for else "",
        asked_by=task.asked_by.user.full_name, opened_at=task.opened_at,
        state=task.get_state_display(), ended=task.closed_at is not None,
    )  # fmt: skip


def team_of(task: Task) -> str:
    """The name of the team that is asked: the practice where the person is now, or the service."""
    return task.patient.practice.name if task.to == Side.PRACTICE else task.provider.name


def due_words(task: Task, *, late: bool) -> str:
    """`Today`, `Tomorrow`, `3 November 2026`; since when it is late."""
    if late:
        return f"Late: it was due {day(task.due)}"
    left = (task.due - clock.today()).days
    return {0: "Today", 1: "Tomorrow"}.get(left, f"{task.due:%A} {day(task.due)}")


def who_has(task: Task, away: Away) -> str:
    """`With Sam P.`; who covers when they are away; or that nobody has it yet."""
    if task.taken_by is None:
        return "Nobody has taken it yet"
    return f"With {_named(task, task.taken_by, away)}"


def _named(task: Task, member: Membership, away: Away) -> str:
    return member.user.full_name + away.get((task.patient_id, member.pk), "")


def to_do(actor: Actor) -> ToDo:
    """What waits for the actor's team; late also what they asked of the other team."""
    if grant_for(actor.role, "gp_task", "r") is None:
        return ToDo(0, 0, 0)
    return ToDo(
        tasks_for_us=inbox(actor, "team").count(),
        late=inbox(actor, "late").count(),
        unread=unread(actor).count(),
    )


def tasks_about(patient: Patient) -> QuerySet[Task]:
    """Everything asked about one person: what is open first, by the day it is due."""
    rows = Task.objects.filter(patient_id=patient.pk).select_related(
        "patient__practice",
        "provider",
        "asked_by__user",
        "meant_for__user",
        "taken_by__user",
        "meant_for__organisation",
    )
    return rows.order_by(F("closed_at").desc(nulls_first=True), "late_from", "pk")


def task_of(patient: Patient, uuid: UUID) -> Task | None:
    """One task about this person."""
    rows = tasks_about(patient).select_related(
        "asked_by__organisation", "closed_by__user", "thread"
    )
    return rows.filter(uuid=uuid).first()


def task_to_pass_on(actor: Actor, uuid: UUID) -> Task | None:
    """A task the actor may pass on without reading it."""
    if grant_for(actor.role, "gp_task", "x") is None:
        return None
    return tasks_seen(actor).filter(uuid=uuid).first()


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened with a task, in words."""

    at: datetime
    who: str
    did: str
    words: str


def steps_of(task: Task) -> list[Step]:
    """What happened with it, the first first; a hundred at most."""
    rows = TaskStep.objects.filter(task=task).select_related("by__user", "member__user")
    return [
        Step(row.at, row.by.user.full_name, _did(row), row.words)
        for row in rows.order_by("pk")[:100]
    ]


def _did(row: TaskStep) -> str:
    name = row.member.user.full_name if row.member else ""
    if row.what == TaskStep.What.TAKEN and name:
        return f"took it over from {name}"
    if row.what == TaskStep.What.MEANT_FOR:
        return f"passed it to {name}" if name else "left it to the team"
    if row.what == TaskStep.What.WORKER_CHANGED:
        return f"made {name} the project worker"
    if row.what == TaskStep.What.ASKED and name:
        return f"asked; meant for {name}"
    if row.due_before is not None:
        return f"changed the day: it was {day(row.due_before)}"
    return row.get_what_display()


def members_for(patient: Patient, to: str) -> list[Membership]:
    """Whom of the team asked it can be meant for: who could see it today, by name."""
    shut_out = Restriction.objects.filter(patient=patient, ended_at=None).values("user_id")
    if to == Side.PRACTICE:
        here = in_role(patient.practice_id, "gp").filter(user__is_active=True)
        return list(here.exclude(user__in=shut_out))
    today = clock.today()
    episodes = Episode.objects.filter(patient=patient).exclude(state=Episode.State.ENDED)
    workers = [each for each in episodes.values_list("project_worker_id", flat=True) if each]
    covers = Cover.objects.filter(worker__in=workers, starts__lte=today, ends__gt=today)
    found = Membership.objects.on(today).filter(
        Q(pk__in=workers) | Q(pk__in=covers.values("covering_id")), user__is_active=True
    )
    found = found.exclude(user__in=shut_out).select_related("user", "organisation")
    return list(found.order_by("user__full_name", "pk"))


def members_of_both(patient: Patient) -> list[Membership]:
    """Whom something can be meant for while the team is still to be chosen."""
    return [*members_for(patient, Side.PRACTICE), *members_for(patient, Side.PROVIDER)]


def kind_name(task: Task) -> str:
    """What kind of thing is asked."""
    kind = task_kinds().get(task.kind)
    return kind.name if kind else task.kind


def tasks_of_thread(thread: Thread) -> list[Task]:
    """What was asked where this conversation began."""
    return list(Task.objects.filter(thread=thread).select_related("patient").order_by("pk")[:25])


def where_it_stands(task: Task) -> str:
    """Its state in words, with who has it or who ended it."""
    if task.state == Task.State.TAKEN:
        return who_has(task, away_words([task]))
    return task.get_state_display() + (f": {who_ended(task)}" if task.closed_by else "")


def who_ended(task: Task) -> str:
    """Who said that it is over; "" while it is open."""
    return task.closed_by.user.full_name if task.closed_by else ""
