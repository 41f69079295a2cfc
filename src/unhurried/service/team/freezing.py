"""What a handover that runs changes elsewhere: nobody new, what stays behind, what follows."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, Manager, OuterRef, Q

from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.outbox.models import Message
from unhurried.service.outbox.registry import check_all_before_sending
from unhurried.service.patients.handing_on import (
    frozen_providers,
    frozen_workers,
    keeps_back,
    when_worker_changes,
)
from unhurried.service.patients.models import Episode, Note
from unhurried.service.shared_care.models import ReviewMeeting
from unhurried.service.shared_care.waits import keepers
from unhurried.service.team.models import HandedPerson, Handover

RUNNING, CLOSED = Handover.State.RUNNING, Handover.State.CLOSED
LEAVES = Handover.objects.filter(kind=Handover.Kind.PROVIDER)
HELD_BY = ("taken_by", "meant_for")
STOPPED = "The provider in whose name this was written has left the service."


@frozen_workers
def hands_over() -> Q:
    """Workers who hand their people over, and all of a provider that leaves."""
    own = Handover.objects.filter(kind=Handover.Kind.WORKER, state=RUNNING)
    leaving = LEAVES.filter(state__in=[RUNNING, CLOSED])
    return Q(pk__in=own.values("worker_id")) | Q(organisation__in=leaving.values("provider_id"))


@frozen_providers
def leaves() -> Q:
    """Providers that leave, or have left."""
    return Q(pk__in=LEAVES.filter(state__in=[RUNNING, CLOSED]).values("provider_id"))


@keeps_back
def stays_behind() -> Q:
    """Restricted notes of before a change of provider, unless the person said they may go along:
    who was not asked has not said so."""
    kept = HandedPerson.objects.filter(
        patient=OuterRef("patient"), handover__kind=Handover.Kind.PROVIDER,
        handed_at__gte=OuterRef("at"),
    ).exclude(keeps_back=False)  # fmt: skip
    return Q(visibility=Note.Visibility.RESTRICTED) & Q(Exists(kept))


@check_all_before_sending
def nothing_leaves_for_who_has_left(message: Message) -> str:
    """Nothing is sent in the name of a provider from the day it leaves, moved or not."""
    gone = Q(state=CLOSED) | Q(state=RUNNING, end_day__lte=clock.today())
    left = LEAVES.filter(gone, provider_id=message.provider_id or 0)
    return STOPPED if left.exists() else ""


@when_worker_changes
def open_things_follow(
    episode: Episode, before: Membership | None, now: Membership, _by: Actor
) -> None:
    """What the worker before had taken, or was meant for them, is the new one's; and what waits
    at their provider waits at the new one. Part of the audited change of worker."""
    for keeper in keepers():
        model = keeper.open_rows().model
        names = {each.name for each in model._meta.get_fields()}
        if keeper.kind == "handover" or "patient" not in names:
            continue
        known: Manager[Any] = model._default_manager
        rows = known.filter(patient=episode.patient_id, closed_at=None)
        step = {"version": F("version") + 1} if "version" in names else {}
        for name in HELD_BY:
            if name in names and before is not None:
                held = Q(**{name: before})
                if before.organisation_id != now.organisation_id:
                    held |= Q(**{f"{name}__organisation": before.organisation_id})
                rows.filter(held).update(**{name: now}, **step)
        if "provider" in names:
            elsewhere = rows.exclude(provider=now.organisation_id)
            elsewhere.update(provider=now.organisation_id, **step)


def meetings_of_provider_go_along(before: int, now: int) -> None:
    """Review meetings to be held are the next provider's: its managers plan them."""
    planned = ReviewMeeting.objects.filter(provider=before, closed_at=None)
    planned.update(provider=now, version=F("version") + 1)


def waits_at_next_provider(patient_id: int, provider_id: int) -> None:
    """What waits about somebody waits at their provider of now, also before they have joined."""
    for keeper in keepers():
        model = keeper.open_rows().model
        if {"patient", "provider"} <= {each.name for each in model._meta.get_fields()}:
            known: Manager[Any] = model._default_manager
            rows = known.filter(patient=patient_id, closed_at=None)
            rows.exclude(provider=provider_id).update(provider=provider_id)
