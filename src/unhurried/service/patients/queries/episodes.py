"""Time with the service: who works with whom, and what needs somebody's look (CON-4, H23)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TypedDict

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from unhurried.service.accounts.models import Agreement, Membership
from unhurried.service.audit import clock
from unhurried.service.patients.handing_on import given_nobody_new
from unhurried.service.patients.models import Episode, Patient, Restriction

TWO_YEARS = timedelta(days=731)  # CON-4: "running for a maximum of 2 years"
WARN_BEFORE = timedelta(days=91)
ACTIVE = (Episode.State.ENROLLED, Episode.State.PAUSED)


class _Whose(TypedDict):
    patient_id: int


def with_a_service() -> QuerySet[Episode, _Whose]:
    """People whose time with a service has not ended, as `patient_id`; what waits about the others
    is with their practice."""
    return Episode.objects.exclude(state=Episode.State.ENDED).values("patient_id")


def those_with_a_service(people: Iterable[int]) -> frozenset[int]:
    """Of these people, those whose time with a service has not ended."""
    rows = with_a_service().filter(patient__in=set(people))
    return frozenset(each["patient_id"] for each in rows)


def open_episode_of(patient: Patient) -> Episode | None:
    """The episode that has not ended, with its worker and provider."""
    rows = Episode.objects.filter(patient_id=patient.pk).exclude(state=Episode.State.ENDED)
    return rows.select_related("project_worker__user", "provider", "practice").first()


def near_two_years(provider_id: int, today: date | None = None) -> QuerySet[Episode]:
    """Episodes enrolled nearly two years ago or longer: time to plan an ending together."""
    reached = (today or clock.today()) - (TWO_YEARS - WARN_BEFORE)
    rows = Episode.objects.filter(
        provider_id=provider_id, state__in=ACTIVE, enrolled_at__date__lte=reached
    )
    return rows.select_related("patient", "project_worker__user").order_by("enrolled_at", "pk")


def active_without_worker(provider_id: int, today: date | None = None) -> QuerySet[Episode]:
    """Enrolled or paused people who need another project worker.

    Their worker's role has ended, or the person asked that this worker does not see the record.
    """
    held = Membership.objects.on(today or clock.today()).filter(role="project_worker")
    rows = Episode.objects.filter(provider_id=provider_id, state__in=ACTIVE)
    shut_out = Restriction.objects.filter(
        patient=OuterRef("patient"), user=OuterRef("project_worker__user"), ended_at=None
    )
    rows = rows.filter(~Q(project_worker__in=held) | Exists(shut_out))
    return rows.select_related("patient", "project_worker__user").order_by("pk")


def moved_without_agreement(provider_id: int, today: date | None = None) -> QuerySet[Episode]:
    """Open episodes of people whose practice has no agreement with the provider today."""
    day = today or clock.today()
    served = Agreement.objects.filter(
        Q(ends__isnull=True) | Q(ends__gt=day), practice=OuterRef("patient__practice"),
        provider=OuterRef("provider"), starts__lte=day,
    )  # fmt: skip
    rows = Episode.objects.filter(provider_id=provider_id).exclude(state=Episode.State.ENDED)
    return rows.filter(~Exists(served)).select_related("patient", "patient__practice")


def workers_with_room(provider_id: int, today: date | None = None) -> QuerySet[Membership]:
    """The provider's project workers who have room today, those with fewest people first."""
    room = workers_to_choose(provider_id, today)
    return room.filter(Q(capacity__isnull=True) | Q(capacity__gt=F("people")))


def workers_to_choose(provider_id: int, today: date | None = None) -> QuerySet[Membership]:
    """The provider's project workers today without who hands their people over, those with fewest
    `people` first: whoever has the agreed number already needs a typed reason."""
    held = Membership.objects.on(today or clock.today()).filter(
        organisation_id=provider_id, role="project_worker"
    )
    held = held.exclude(pk__in=given_nobody_new().values("pk"))
    counted = held.annotate(people=Count("episodes", filter=Q(episodes__state__in=ACTIVE)))
    return counted.select_related("user").order_by("people", "pk")
