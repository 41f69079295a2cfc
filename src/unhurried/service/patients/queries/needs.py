"""Whose time with the service needs somebody: for their worker, and for the manager (CON-4, H23).

A worker meets those who withdrew from taking part, and those whose two years come round. A manager
meets those whom nobody works with, and those whose practice has no agreement any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.core.paginator import Page, Paginator
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import saw_many
from unhurried.service.patients.access import visible_patients
from unhurried.service.patients.models import Consent, Episode, Patient
from unhurried.service.patients.queries.episodes import (
    ACTIVE,
    TWO_YEARS,
    active_without_worker,
    moved_without_agreement,
    near_two_years,
)

PER_PAGE = 25
NEEDS = {
    "project_worker": {
        "withdrew": "Withdrew from taking part",
        "two_years": "Two years come round",
    },
    "service_manager": {
        "no_worker": "Nobody works with them now",
        "no_agreement": "Their practice has no agreement",
    },
}


@dataclass(frozen=True, slots=True)
class Needs:
    """How many are on each list of a role; 0 on another role's."""

    withdrew: int = 0
    two_years: int = 0
    no_worker: int = 0
    no_agreement: int = 0


@dataclass(frozen=True, slots=True)
class Needing:
    """One page of a list; `hidden` are those on it whose record is not the viewer's to open."""

    page: Page[Episode]
    hidden: int


@dataclass(frozen=True, slots=True)
class Asks:
    """What a person's own page asks of whoever may act on it."""

    withdrew_on: date | None
    two_years_on: date | None


def withdrawn(provider_id: int, now: datetime | None = None) -> QuerySet[Episode]:
    """Enrolled people whose newest answer about taking part is not a yes that holds.

    It is answered by a new yes, by ending, or by a pause after it. `no_since` says from when.
    """
    moment = now or clock.now()
    newest = Consent.objects.filter(
        patient_id=OuterRef("patient_id"), kind=Consent.Kind.SERVICE
    ).order_by("-at", "-pk")
    no = Consent.objects.filter(
        Q(given=False)
        | Q(withdrawn_at__lte=moment)
        | Q(ends__isnull=False, ends__lte=timezone.localdate(moment)),
        kind=Consent.Kind.SERVICE,
    )
    rows = Episode.objects.filter(provider_id=provider_id, state__in=ACTIVE)
    rows = rows.alias(answer=Subquery(newest.values("pk")[:1])).filter(answer__in=no.values("pk"))
    since = newest.annotate(no_since=Coalesce("withdrawn_at", "at")).values("no_since")[:1]
    rows = rows.annotate(no_since=Subquery(since))
    answered = Q(state=Episode.State.PAUSED, paused_at__gte=F("no_since"))
    return rows.exclude(answered).select_related("patient", "project_worker__user").order_by("pk")


def needs(actor: Actor, kind: str) -> QuerySet[Episode]:
    """The episodes of one list, whoever may open their records; none for another role's list."""
    provider = actor.organisation_id
    if provider is None or kind not in NEEDS.get(actor.role, {}):
        return Episode.objects.none()
    if kind == "no_worker":
        return active_without_worker(provider)
    if kind == "no_agreement":
        return moved_without_agreement(provider).order_by("pk")
    mine = visible_patients(actor, "consent_service").values("pk")
    found = withdrawn(provider) if kind == "withdrew" else near_two_years(provider)
    return found.filter(patient__in=mine)


def counts_of_needs(actor: Actor) -> Needs:
    """How many are on each list of the actor's role."""
    return Needs(**{kind: needs(actor, kind).count() for kind in NEEDS.get(actor.role, {})})


def needing(actor: Actor, kind: str, number: int = 1) -> Needing:
    """A page of one list: the people whose records the actor may open, each look audited.

    The others are counted only: where no agreement holds, nobody of the provider opens a record.
    """
    rows = needs(actor, kind)
    shown = rows.filter(patient__in=visible_patients(actor, "episode").values("pk"))
    shown = shown.select_related("patient__practice", "project_worker__user")
    page = Paginator(shown, PER_PAGE).get_page(number)
    saw_many("episode", by=actor, patient_ids=[each.patient_id for each in page], note="list")
    return Needing(page=page, hidden=rows.count() - page.paginator.count)


def two_years_on(episode: Episode) -> date | None:
    """The day two years with the service come round."""
    if episode.enrolled_at is None:
        return None
    return timezone.localdate(episode.enrolled_at) + TWO_YEARS


def asks_of(actor: Actor, patient: Patient) -> Asks:
    """What the person's page says of this to their worker; nothing to anybody else."""
    found: dict[str, Episode] = {}
    for kind in NEEDS["project_worker"]:
        row = needs(actor, kind).filter(patient=patient).first()
        if row is not None:
            found[kind] = row
    withdrew, nears = found.get("withdrew"), found.get("two_years")
    since: datetime | None = getattr(withdrew, "no_since", None)
    return Asks(
        withdrew_on=timezone.localdate(since) if since else None,
        two_years_on=two_years_on(nears) if nears else None,
    )
