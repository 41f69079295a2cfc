"""Counts over people, and what happened with one, for figures and the timeline (SES-1, PLN-4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils import timezone

from unhurried.service.audit.actor import Actor
from unhurried.service.patients.access import things_open_to
from unhurried.service.patients.happenings import Happening
from unhurried.service.patients.models import Episode, Patient
from unhurried.service.planning.queries import ToBringUp, topics_to_bring_up
from unhurried.service.sessions.models import (
    Appointment,
    Component,
    ResourceGiven,
    Session,
    SessionComponent,
)
from unhurried.service.sessions.queries.sessions import READS_ALL
from unhurried.service.sessions.tables import first_components, places

SEES_DATES = READS_ALL | {"gp", "patient"}


@dataclass(frozen=True, slots=True)
class ComponentCount:
    """Of the enrolled people, how many did this at least once (Figure 2)."""

    code: str
    name: str
    people: int
    of: int

    @property
    def percent(self) -> int:
        """The share in percent, to the nearest whole."""
        return round(100 * self.people / self.of) if self.of else 0


def enrolled_people(provider_id: int | None = None) -> QuerySet[Patient]:
    """Everyone who ever enrolled, with this provider or with any: the denominator."""
    joined = Episode.objects.filter(enrolled_at__isnull=False)
    if provider_id is not None:
        joined = joined.filter(provider_id=provider_id)
    return Patient.objects.filter(pk__in=joined.values("patient_id"))


def component_counts(
    people: QuerySet[Patient], provider_id: int | None = None
) -> list[ComponentCount]:
    """For each component, how many of `people` did it, the most first; nobody is counted twice.

    `people` are the enrolled: the denominator is all of them, with and without sessions. With a
    provider only its own sessions count, by its own names: another service's are not its to know.
    """
    rows = SessionComponent.objects.filter(
        taken_out_by=None, session__patient__in=people.values("pk")
    )
    components = Component.objects.all()
    if provider_id is not None:
        rows = rows.filter(session__episode__provider_id=provider_id)
        components = components.filter(provider_id=provider_id)
    counted = dict(
        rows.values("code")
        .annotate(people=Count("session__patient", distinct=True))
        .values_list("code", "people")
    )
    called = {each.code: each.name for each in first_components()}
    called |= dict(components.filter(code__in=counted).values_list("code", "name"))
    of = people.count()
    found = [ComponentCount(code, name, counted.get(code, 0), of) for code, name in called.items()]
    return sorted(found, key=lambda each: (-each.people, each.name))


@dataclass(frozen=True, slots=True)
class Touched:
    """How many sessions there were since a moment, and in how many each component came up."""

    sessions: int
    by_component: dict[str, int]

    def untouched(self, codes: tuple[str, ...]) -> list[str]:
        """Those of `codes` that no session touched."""
        return [code for code in codes if not self.by_component.get(code)]


def touched(patient: Patient, since: datetime | None = None) -> Touched:
    """What sessions were about, for a wanted topic that nobody came to yet (PLN-4)."""
    held = Session.objects.filter(patient_id=patient.pk)
    if since is not None:
        held = held.filter(at__gte=since)
    rows = SessionComponent.objects.filter(taken_out_by=None, session__in=held.values("pk"))
    counted = rows.values("code").annotate(times=Count("session", distinct=True))
    return Touched(held.count(), dict(counted.values_list("code", "times")))


def to_bring_up(actor: Actor, patient: Patient) -> list[ToBringUp]:
    """What the person asked to come to, although sessions went by (PLN-4); for their worker."""
    if actor.role != "project_worker" or "plan" not in things_open_to(actor, patient):
        return []
    days = Session.objects.filter(patient_id=patient.pk).values_list("at", flat=True)
    return topics_to_bring_up(patient, [timezone.localdate(each) for each in days])


def happenings(actor: Actor, patient: Patient) -> list[Happening]:
    """Sessions, times nobody met, and resources, as far as the actor may know of them.

    Only days and kinds: nothing of what was said, nor why somebody did not come.
    """
    open_things = things_open_to(actor, patient)
    found: list[Happening] = []
    if "session" in open_things and actor.role in SEES_DATES:
        found += _sessions(actor, patient)
    if "appointment" in open_things and actor.role in SEES_DATES:
        missed = Appointment.objects.filter(patient_id=patient.pk, state=Appointment.State.MISSED)
        found += [
            Happening(timezone.localdate(at), "missed", "Did not meet")
            for at in missed.values_list("starts_at", flat=True)
        ]
    if "session" in open_things and actor.role in READS_ALL | {"patient"}:
        given = ResourceGiven.objects.filter(patient_id=patient.pk)
        found += [
            Happening(timezone.localdate(at), "resource", f"Given: {title}")
            for title, at in given.values_list("title", "given_at")
        ]
    return sorted(found, key=lambda each: (each.on, each.kind, each.text))


def _sessions(actor: Actor, patient: Patient) -> list[Happening]:
    held = Session.objects.filter(patient_id=patient.pk)
    found = []
    for uuid, at, place in held.values_list("uuid", "at", "place"):
        where = places().get(place)
        href = reverse("sessions:session", args=[patient.uuid, uuid])
        if actor.role == "patient":
            href = reverse("sessions:recaps", args=[patient.uuid])
        text = f"Session {where.by}" if where else "Session"
        found.append(Happening(timezone.localdate(at), "session", text, href))
    return found
