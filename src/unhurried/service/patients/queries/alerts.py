"""Safety alerts that wait: oldest first, each with who answers for it (H07, H18, H23)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from unhurried.service.accounts.policy import grant_for
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.patients.access import people_around, visible_patients
from unhurried.service.patients.alert_times import LATE, PASSED_ON
from unhurried.service.patients.models import Patient, SafetyAlert
from unhurried.service.patients.tables import SafetyKind, safety_kinds


@dataclass(frozen=True, slots=True)
class WaitingAlert:
    """One open alert as its viewer may know it: `person` is None where only its age counts."""

    uuid: UUID | None
    person: Patient | None
    name: str
    danger: bool
    raised_at: datetime
    days: int
    owner: str
    acknowledged: bool
    late: bool  # nobody acknowledged it in time, as far as that concerns the viewer's role


def waiting(actor: Actor) -> QuerySet[SafetyAlert]:
    """Open alerts within the actor's sight, oldest first."""
    grant = grant_for(actor.role, "safety_alert", "r")
    rows = SafetyAlert.objects.filter(closed_at=None)
    if grant is None:
        return rows.none()
    if grant.scope != "metadata":
        people = visible_patients(actor, "safety_alert")
    else:
        people = people_around(actor)
    rows = without_safeguarding(rows.filter(patient__in=people.values("pk")), actor)
    rows = rows.select_related("patient", "responsible", "acknowledged_by__user")
    return rows.order_by("raised_at", "pk")


# Who meets an alert that nobody acknowledged in time, and from which of the two moments on. The
# person it is about is never shown that it waits: they are told what to do now.
STAGES = {
    "gp": LATE, "practice_staff": LATE, "project_worker": LATE,
    "service_manager": PASSED_ON, "clinical_supervisor": PASSED_ON,
}  # fmt: skip
SINCE = {LATE: "late_from", PASSED_ON: "passed_on_from"}


def unanswered(rows: QuerySet[SafetyAlert], stage: str, now: datetime) -> QuerySet[SafetyAlert]:
    """Of these alerts, the open ones nobody acknowledged by the time of the stage."""
    since = SINCE[stage]
    reached = Q(**{f"{since}__lte": now}) | Q(**{f"{since}__isnull": True})
    return rows.filter(reached, closed_at=None, acknowledged_at=None)


def unanswered_alerts(actor: Actor) -> QuerySet[SafetyAlert]:
    """Alerts within the actor's sight nobody answered in time: the practice and the worker meet
    them first, the service manager and the clinical supervisor at the next stage."""
    stage = STAGES.get(actor.role)
    if stage is None:
        return SafetyAlert.objects.none()
    return unanswered(waiting(actor), stage, clock.now())


def is_late(actor: Actor, row: SafetyAlert) -> bool:
    """Is this one of them?"""
    stage = STAGES.get(actor.role)
    if stage is None or row.acknowledged_at is not None or row.closed_at is not None:
        return False
    since: datetime | None = getattr(row, SINCE[stage])
    return since is None or since <= clock.now()


def without_safeguarding(rows: QuerySet[SafetyAlert], actor: Actor) -> QuerySet[SafetyAlert]:
    """For the person themself: without what could bring them into danger when somebody sees it."""
    if actor.role not in {"patient", "carer"}:
        return rows
    return rows.filter(kind__in=[kind.code for kind in safety_kinds().values() if kind.person_sees])


def as_seen_by(actor: Actor, row: SafetyAlert) -> WaitingAlert:
    """The alert with no more than the actor's role may know of it."""
    grant = grant_for(actor.role, "safety_alert", "r")
    content = grant is not None and grant.scope != "metadata"
    owner = row.acknowledged_by.user.full_name if row.acknowledged_by else row.responsible.name
    kind = safety_kinds().get(row.kind)
    return WaitingAlert(
        uuid=row.uuid if content else None,
        person=row.patient if content or actor.role == "practice_staff" else None,
        name=kind.name if content and kind else "A safety alert",
        danger=bool(content and kind and kind.danger),
        raised_at=row.raised_at,
        days=(clock.now() - row.raised_at).days,
        owner=owner,
        acknowledged=row.acknowledged_at is not None,
        late=is_late(actor, row),
    )


def waiting_alerts(actor: Actor) -> list[WaitingAlert]:
    """Every open alert the actor may know of, oldest first, with who answers for it."""
    return [as_seen_by(actor, row) for row in waiting(actor)]


def alert_of(actor: Actor, patient: Patient, uuid: UUID) -> SafetyAlert | None:
    """This person's alert, when the actor may act on it."""
    people = visible_patients(actor, "safety_alert", "x").filter(pk=patient.pk)
    rows = SafetyAlert.objects.filter(Q(patient__in=people.values("pk")), uuid=uuid)
    return rows.select_related("raised_by__user", "acknowledged_by__user", "responsible").first()


def kind_of(alert: SafetyAlert) -> SafetyKind | None:
    """What the table says about this kind of alert."""
    return safety_kinds().get(alert.kind)
