"""Reads of answers nobody has seen: whose first page shows them, what the team has (COM-2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse

from unhurried.service.accounts.models import Membership
from unhurried.service.accounts.policy import grant_for
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.patients.access import people_around, visible_patients
from unhurried.service.patients.models import Patient, Restriction
from unhurried.service.patients.queries import with_a_service
from unhurried.service.shared_care.models.answers import Answer
from unhurried.service.shared_care.models.messages import Side
from unhurried.service.shared_care.queries.advice import kept_from_practice
from unhurried.service.shared_care.task_kinds import side_of

SHOWN = 10  # on a first page; the team's list has all
FIRST_WORDS = 12


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One answer as its reader may know it; `words` are its first, or "" where they are kept."""

    uuid: UUID
    person_id: int
    person: str
    what: str
    who: str
    where: str
    at: datetime
    words: str
    asked_by: str  # a colleague's name; "" when the reader asked themself
    href: str
    late: bool


def unseen(actor: Actor) -> QuerySet[Answer]:
    """The answers that wait for the actor's team about people they work with, the oldest first."""
    grant = grant_for(actor.role, "answer", "u")
    rows = Answer.objects.filter(closed_at=None)
    if grant is None:
        return rows.none()
    rows = rows.filter(
        kept_by(side_of(actor.role)),
        patient__in=visible_patients(actor, "answer", "u").values("pk"),
    )
    return _joined(rows)


def unseen_known(actor: Actor) -> QuerySet[Answer]:
    """The same, and for a manager that they wait."""
    grant = grant_for(actor.role, "answer", "r")
    if grant is None or grant.scope != "metadata":
        return unseen(actor)
    rows = Answer.objects.filter(closed_at=None, patient__in=people_around(actor).values("pk"))
    return _joined(rows)


def kept_by(side: str) -> Q:
    """What this side keeps: what it asked; the practice also what a service the person is no
    longer with asked."""
    here = Q(patient__in=with_a_service())
    if side == Side.PRACTICE:
        return Q(side=side) | ~here
    return Q(side=side) & here


def own_first_page(actor: Actor) -> QuerySet[Answer]:
    """Those on the actor's first page: of the people they work with; a GP sees their own, and a
    colleague's who cannot open it today or did not see it in time."""
    rows = unseen(actor)
    if side_of(actor.role) != Side.PRACTICE:
        return rows
    here = Membership.objects.on(clock.today()).filter(
        organisation_id=actor.organisation_id or 0, role="gp", user__is_active=True
    )
    shut_out = Restriction.objects.filter(
        patient=OuterRef("patient"), user=OuterRef("asked_by__user"), ended_at=None
    )
    nobody = ~Q(asked_by__in=here.values("pk")) | Q(Exists(shut_out))
    own = Q(asked_by__user_id=actor.user_id or 0)
    return rows.filter(own | nobody | Q(late_from__lte=clock.now()))


def _joined(rows: QuerySet[Answer]) -> QuerySet[Answer]:
    kept = kept_from_practice().filter(pk=OuterRef("patient_id"))
    return rows.select_related(
        "patient__practice", "provider", "asked_by__user", "answered_by__user",
        "answered_by__organisation", "task", "message__thread", "request",
    ).annotate(kept_from_gp=Exists(kept)).order_by("opened_at", "pk")  # fmt: skip


def lines(actor: Actor, rows: Iterable[Answer]) -> list[AnswerLine]:
    """These answers, a line each."""
    now = clock.now()
    return [
        AnswerLine(
            uuid=row.uuid, person_id=row.patient_id, person=str(row.patient), what=what_of(row),
            who=row.answered_by.user.full_name, where=row.answered_by.organisation.name,
            at=row.opened_at, words=_first_words(actor, row),
            asked_by="" if row.asked_by.user_id == actor.user_id else row.asked_by.user.full_name,
            href=page_of(row), late=row.late_from is not None and row.late_from <= now,
        )
        for row in rows
    ]  # fmt: skip


def what_of(row: Answer) -> str:
    """What was answered, in words."""
    if row.task_id is not None:
        done = row.task is not None and row.task.state == "done"
        return "What was asked is done" if done else "What was asked is not possible"
    return "A message" if row.message_id is not None else "Advice of a specialist"


def page_of(row: Answer) -> str:
    """The page the answer stands on."""
    person = row.patient.uuid
    if row.task is not None:
        return reverse("shared_care:task", args=[person, row.task.uuid])
    if row.message is not None:
        return reverse("shared_care:thread", args=[person, row.message.thread.uuid])
    return reverse("shared_care:advice_request", args=[person, row.request and row.request.uuid])


def _first_words(actor: Actor, row: Answer) -> str:
    """The beginning of the answer; nothing where the reader's practice may not read what the
    service wrote, or the person no longer shares."""
    own = side_of(row.answered_by.role) == Side.PRACTICE
    if side_of(actor.role) == Side.PRACTICE and not own and getattr(row, "kept_from_gp", True):
        return ""
    text = ""
    if row.task is not None:
        text = row.task.outcome
    elif row.message is not None:
        text = row.message.text
    elif row.request is not None:
        text = row.request.answer
    words = text.split()
    return " ".join(words[:FIRST_WORDS]) + ("…" if len(words) > FIRST_WORDS else "")


@dataclass(frozen=True, slots=True)
class Answered:
    """The answers on somebody's first page, and how many more the team has."""

    lines: tuple[AnswerLine, ...]
    more: int


def answered(actor: Actor) -> Answered:
    """What the first page shows: the oldest first."""
    if grant_for(actor.role, "answer", "u") is None:
        return Answered((), 0)
    rows = own_first_page(actor)
    found = list(rows[: SHOWN + 1])
    more = rows.count() - SHOWN if len(found) > SHOWN else 0
    return Answered(tuple(lines(actor, found[:SHOWN])), more)


def answer_to_see(actor: Actor, uuid: UUID) -> Answer | None:
    """One answer about somebody whose record the actor may write in, seen before or not."""
    people: QuerySet[Patient] = visible_patients(actor, "answer", "u")
    rows = Answer.objects.filter(uuid=uuid, patient__in=people.values("pk"))
    if side_of(actor.role) == Side.PRACTICE:
        rows = rows.filter(Q(request=None) | Q(request__practice_id=F("patient__practice_id")))
    return rows.first()
