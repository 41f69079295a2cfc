"""Talks about a person, as each reader may see them; those the person has not heard of (COM-4)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from unhurried.service.accounts.policy import roles
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.patients.access import visible_patients
from unhurried.service.patients.models import Episode, Patient
from unhurried.service.patients.rules import keeps_notes_from_gp
from unhurried.service.shared_care.models import Discussion, DiscussionLine, TookPart
from unhurried.service.shared_care.queries.advice import kept_from_practice


@dataclass(frozen=True, slots=True)
class Shown:
    """One talk as its reader may see it; to the person no more than a day before they are told."""

    row: Discussion
    who: tuple[tuple[str, str], ...]  # name and role
    lines: tuple[DiscussionLine, ...]
    whole: bool


def discussions_of(actor: Actor, patient: Patient) -> QuerySet[Discussion]:
    """The talks about this person that `actor` may know of, the newest first.

    The practice of somebody who said no to sharing with their GP reads those it took part in.
    """
    rows = Discussion.objects.filter(patient_id=patient.pk)
    if not visible_patients(actor, "discussion").filter(pk=patient.pk).exists():
        return rows.none()
    if actor.role == "gp" and keeps_notes_from_gp(patient, clock.now()):
        there = Q(took_part__member__organisation_id=actor.organisation_id)
        wrote = Q(written_by__organisation_id=actor.organisation_id)
        rows = rows.filter(pk__in=rows.filter(there | wrote).values("pk"))
    return _ready(rows).order_by("-on", "-written_at", "-pk")


def _ready(rows: QuerySet[Discussion]) -> QuerySet[Discussion]:
    return rows.select_related("written_by__user", "told_by__user").prefetch_related(
        "took_part__member", "lines__by__user"
    )


def as_shown(actor: Actor, row: Discussion) -> Shown:
    """The talk for this reader; `row` is of `discussions_of`."""
    whole = actor.role != "patient" or row.told_at is not None
    if not whole:
        return Shown(row, (), (), whole=False)
    who = tuple((each.name, each.role or _role(each.member)) for each in row.took_part.all())
    lines = sorted(row.lines.all(), key=lambda each: each.pk)
    return Shown(row, who, tuple(lines), whole=True)


def _role(member: object) -> str:
    code = getattr(member, "role", "")
    return roles()[code].name if code in roles() else ""


def discussion_of(actor: Actor, patient: Patient, uuid: UUID) -> Discussion | None:
    """This talk, when it is about this person and the reader may see it."""
    return discussions_of(actor, patient).filter(uuid=uuid).first()


def untold(rows: QuerySet[Discussion] | None = None) -> QuerySet[Discussion]:
    """Talks of which the person has not heard; whoever has died is told nothing more."""
    found = Discussion.objects.all() if rows is None else rows
    return found.filter(closed_at=None, patient__date_of_death=None)


def left_to_practice(rows: QuerySet[Discussion]) -> QuerySet[Discussion]:
    """Talks about people who are with the service no more: nobody there may write to their record,
    so that a GP of the practice tells them. Of who keeps things from their GP only those the
    practice took part in."""
    running = Episode.objects.filter(patient=OuterRef("patient")).exclude(state=Episode.State.ENDED)
    there = TookPart.objects.filter(
        discussion=OuterRef("pk"), member__organisation=OuterRef("patient__practice")
    )
    wrote = Q(written_by__organisation=F("patient__practice"))
    shown = ~Q(patient__in=kept_from_practice().values("pk"))
    return rows.filter(~Exists(running)).filter(Exists(there) | wrote | shown)


def to_tell(actor: Actor) -> QuerySet[Discussion]:
    """Talks `actor` may tell the person of, the oldest first: a worker's people, a GP's own, and
    at a practice those of people who have left the service."""
    people = visible_patients(actor, "discussion", "c")
    rows = untold().filter(patient__in=people.values("pk"))
    if actor.role == "gp":
        left = left_to_practice(rows).values("pk")
        rows = rows.filter(Q(written_by_id=actor.membership_id or 0) | Q(pk__in=left))
    rows = rows.select_related("patient__practice", "provider", "written_by__user")
    return rows.order_by("on", "written_at", "pk")
