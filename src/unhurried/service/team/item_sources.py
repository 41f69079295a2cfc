"""The open things there are: alerts, appointments, letters, plans, and all that waits."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

from unhurried.service.audit import clock
from unhurried.service.outbox.models import Message
from unhurried.service.outbox.queries import OPEN
from unhurried.service.patients.models import Consent, SafetyAlert
from unhurried.service.planning.models import Plan
from unhurried.service.sessions.models import Appointment
from unhurried.service.shared_care.waits import (
    keepers,
)
from unhurried.service.team.handover_tables import days_ahead
from unhurried.service.team.open_items import Item, source

HELD_BY = ("taken_by", "meant_for")  # fields of waiting things that name who has them
OWN = "handover"


def alerts(people: Collection[int]) -> Iterator[Item]:
    """Alerts about somebody's safety that are not closed."""
    rows = SafetyAlert.objects.filter(patient__in=people, closed_at=None)
    for each in rows.select_related("responsible", "acknowledged_by__user"):
        seen_to = each.acknowledged_by
        owner = seen_to.user.full_name if seen_to else each.responsible.name
        yield Item("Safety alert", f"alert:{each.uuid}", each.patient_id, owner, each.raised_at)


def appointments(people: Collection[int]) -> Iterator[Item]:
    """Appointments to come."""
    rows = Appointment.objects.filter(
        patient__in=people, state=Appointment.State.BOOKED, starts_at__gt=clock.now()
    )
    for each in rows.select_related("worker__user"):
        yield Item(
            "Appointment to come", f"appointment:{each.uuid}", each.patient_id,
            each.worker.user.full_name, each.booked_at, each.worker_id,
        )  # fmt: skip


def unsent(people: Collection[int]) -> Iterator[Item]:
    """Letters and messages that have not left."""
    for each in Message.objects.filter(patient_id__in=people, state__in=OPEN):
        owner = f"Leaves as {each.get_channel_display().lower()}"
        key = f"message:{each.uuid}"
        yield Item("Not sent yet", key, each.patient_id or 0, owner, each.due_at)


def plans(people: Collection[int]) -> Iterator[Item]:
    """Plans to look at again soon, or whose day has passed."""
    until = clock.today() + timedelta(days=days_ahead()["plan_review"])
    rows = Plan.objects.filter(episode__patient__in=people, review_on__lte=until)
    rows = rows.exclude(episode__state="ended")
    for each in rows.select_related("episode__project_worker__user"):
        worker = each.episode.project_worker
        owner = worker.user.full_name if worker else "Nobody yet"
        key = f"plan:{each.uuid}:{each.review_on}"
        yield Item("Plan to look at again", key, each.episode.patient_id, owner, each.review_on)


def consents(people: Collection[int]) -> Iterator[Item]:
    """Answers to share that end soon."""
    today = clock.today()
    until = today + timedelta(days=days_ahead()["consent_ends"])
    rows = Consent.objects.filter(
        patient__in=people, given=True, withdrawn_at=None, ends__gt=today, ends__lte=until
    )
    for each in rows:
        yield Item(
            "Answer to share that ends soon", f"consent:{each.pk}", each.patient_id,
            "Their project worker asks again", each.at,
        )  # fmt: skip


def waiting(people: Collection[int]) -> Iterator[Item]:
    """Everything that waits for an answer in shared care, of every kind there is."""
    for keeper in keepers():
        rows: QuerySet[Any] = keeper.open_rows()
        names = {each.name for each in rows.model._meta.get_fields()}
        if keeper.kind == OWN or "patient" not in names:
            continue
        held = [each for each in HELD_BY if each in names]
        found = rows.filter(patient__in=people).select_related(*(f"{each}__user" for each in held))
        for each in found if held else rows.filter(patient__in=people):
            holder = next((getattr(each, name) for name in held if getattr(each, name)), None)
            yield Item(
                keeper.name, f"{keeper.kind}:{each.uuid}", getattr(each, "patient_id", 0),
                holder.user.full_name if holder else "The team", each.opened_at,
                holder.pk if holder else None,
            )  # fmt: skip


for name, function in {
    "alerts": alerts, "appointments": appointments, "unsent": unsent, "plans": plans,
    "consents": consents, "waiting": waiting,
}.items():  # fmt: skip
    source(name, function)
