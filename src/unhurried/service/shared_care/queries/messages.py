"""Messages about a person: the conversations, who has read what, what nobody read yet (COM-2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Prefetch, Q, QuerySet

from unhurried.service.accounts.policy import grant_for
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.patients.access import people_around, visible_patients
from unhurried.service.patients.models import Patient
from unhurried.service.patients.queries import with_a_service
from unhurried.service.shared_care.models.messages import (
    ReadReceipt,
    Side,
    Thread,
    ThreadMessage,
)
from unhurried.service.shared_care.task_kinds import other_side, side_of

NAMED = {Side.PRACTICE: "at the practice", Side.PROVIDER: "at the pain service"}


@dataclass(frozen=True, slots=True)
class Said:
    """One message as a page shows it."""

    who: str
    where: str
    at: datetime
    text: str
    own: bool
    read: tuple[tuple[str, datetime], ...]  # by whom and when, the first first
    unread: str  # "Nobody at the practice has read it yet"
    late: bool


@dataclass(frozen=True, slots=True)
class Unread:
    """A message nobody of the viewer's side has read; `subject` "" where that is not theirs."""

    person_uuid: UUID
    person_id: int
    person: str
    thread_uuid: UUID
    subject: str
    who: str
    at: datetime
    late: bool


def messages_seen(actor: Actor) -> QuerySet[ThreadMessage]:
    """Every message the actor may know of."""
    grant = grant_for(actor.role, "gp_message", "r")
    rows = ThreadMessage.objects.select_related(
        "patient__practice", "thread__provider", "by__user", "by__organisation"
    )
    if grant is None:
        return rows.none()
    if grant.scope != "metadata":
        return rows.filter(patient__in=visible_patients(actor, "gp_message").values("pk"))
    rows = rows.filter(patient__in=people_around(actor).values("pk"))
    at_practice = side_of(actor.role) == Side.PRACTICE
    return rows.filter(side=Side.PROVIDER) if at_practice else rows


def unread(actor: Actor) -> QuerySet[ThreadMessage]:
    """What nobody of the team it is for has read; for somebody of a team, only what is for it."""
    rows, side = messages_seen(actor).filter(closed_at=None), side_of(actor.role)
    if side:
        rows = rows.filter(_with_side(side))
    return rows.order_by("late_from", "pk")


def _with_side(side: str) -> Q:
    """What this team has to read: what the other wrote, and for a practice what it wrote to a
    service the person is no longer with, where nobody would read it."""
    if side != Side.PRACTICE:
        return Q(side=other_side(side))
    return Q(side=other_side(side)) | ~Q(patient__in=with_a_service())


def unread_lines(actor: Actor, rows: Iterable[ThreadMessage]) -> list[Unread]:
    """These messages, a line each, as the actor may know them."""
    grant = grant_for(actor.role, "gp_message", "r")
    whole, now = grant is not None and grant.scope != "metadata", clock.now()
    return [
        Unread(
            person_uuid=row.patient.uuid, person_id=row.patient_id, person=str(row.patient),
            thread_uuid=row.thread.uuid, subject=row.thread.subject if whole else "",
            who=row.by.user.full_name, at=row.opened_at,
            late=row.late_from is not None and row.late_from <= now,
        )
        for row in rows
    ]  # fmt: skip


def threads_about(patient: Patient) -> QuerySet[Thread]:
    """The conversations about one person, the last written to first."""
    rows = Thread.objects.filter(patient_id=patient.pk).annotate(
        written=Count("messages"), last_at=Max("messages__opened_at"),
        waiting=Count("messages", filter=Q(messages__closed_at=None)),
    )  # fmt: skip
    return rows.select_related("opened_by__user").order_by("-last_at", "-pk")


def thread_of(patient: Patient, uuid: UUID) -> Thread | None:
    """One conversation about this person."""
    rows = Thread.objects.filter(patient_id=patient.pk, uuid=uuid)
    return rows.select_related("patient__practice", "provider").first()


def messages_of(thread: Thread) -> QuerySet[ThreadMessage]:
    """Its messages, the newest first, with who read them."""
    receipts = ReadReceipt.objects.select_related("member__user").order_by("at", "pk")
    rows = ThreadMessage.objects.filter(thread=thread).select_related(
        "by__user", "by__organisation"
    )
    return rows.prefetch_related(Prefetch("receipts", queryset=receipts)).order_by(
        "-opened_at", "-pk"
    )


def said(actor: Actor, rows: Iterable[ThreadMessage]) -> list[Said]:
    """These messages as a page shows them."""
    now = clock.now()
    return [
        Said(
            who=row.by.user.full_name, where=row.by.organisation.name, at=row.opened_at,
            text=row.text, own=row.by_id == actor.membership_id,
            read=tuple((each.member.user.full_name, each.at) for each in row.receipts.all()),
            unread="" if row.closed_at else f"Nobody {NAMED[_for(row)]} has read it yet",
            late=row.closed_at is None and row.late_from is not None and row.late_from <= now,
        )
        for row in rows
    ]  # fmt: skip


def _for(row: ThreadMessage) -> Side:
    return Side(other_side(row.side))
