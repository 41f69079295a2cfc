"""What joining asks identification: whom a GP agreed to invite, and how new the records are."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Q, QuerySet

from unhurried.service.accounts.models import Agreement, Organisation
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.identification.models import Candidate
from unhurried.service.identification.queries import (
    agreed_waiting_for_invitation,
    latest_extract,
    not_kept_from,
)
from unhurried.service.joining.models import PRACTICE_ROLES, Invitation, Referral
from unhurried.service.patients.models import Episode


def waiting_for_invitation(actor: Actor) -> QuerySet[Candidate]:
    """People a GP agreed to invite whom nobody has written to, of the actor's practices.

    A project worker sees those of the practices their provider serves (names and dates only).
    """
    agreed = Candidate.objects.filter(
        pk__in=agreed_waiting_for_invitation(_organisation(actor)).values("pk"),
        patient__date_of_death=None, patient__practice=F("practice"),
    )  # fmt: skip
    busy = (
        Q(patient__in=Invitation.objects.exclude(state=Invitation.State.STOPPED).values("patient"))
        | Q(patient__in=Referral.objects.filter(state__in=["sent", "taken"]).values("patient"))
        | Q(patient__in=Episode.objects.exclude(state="ended").values("patient"))
    )
    return (
        not_kept_from(actor, agreed)
        .exclude(busy)
        .select_related("patient__contact", "practice", "decided_by__user", "extract")
        .order_by("decided_at", "pk")
    )


def practices_of(actor: Actor) -> list[int]:
    """The practices whose people this actor may invite."""
    if actor.role in PRACTICE_ROLES:
        return [actor.organisation_id] if actor.organisation_id else []
    today = clock.today()
    held = Agreement.objects.filter(provider_id=actor.organisation_id, starts__lte=today)
    current = held.filter(Q(ends__isnull=True) | Q(ends__gt=today))
    return list(current.values_list("practice_id", flat=True))


def newest_extract_day(practice: Organisation) -> date | None:
    """The day the newest screened records of a practice are of."""
    found = latest_extract(practice)
    return found.as_of if found else None


def _organisation(actor: Actor) -> Organisation:
    found = Organisation.objects.filter(pk=actor.organisation_id or 0).first()
    return found or Organisation(kind=Organisation.Kind.PRACTICE, pk=0)


def why_no_longer_agreed(invitation: Invitation) -> str:
    """Why the GP's yes to inviting this candidate no longer holds, or "".

    Someone the latest records no longer list may have died, left or be near the end of life: a GP
    looks again first.
    """
    if invitation.candidate_uuid is None:
        return ""
    found = Candidate.objects.filter(uuid=invitation.candidate_uuid).first()
    if found is not None and found.choice != Candidate.Choice.INVITE:
        return "The GP has since decided not to invite them, so this was not sent."
    if found is not None and found.standing == Candidate.Standing.GONE:
        return (
            "The practice's latest records no longer list them, so this was not sent: a GP looks "
            "again first."
        )
    return ""
