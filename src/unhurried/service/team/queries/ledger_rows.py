"""Which services one's time is for, which rates hold, and which lines are not claimed yet."""

from __future__ import annotations

from datetime import date

from django.db.models import Min, Q, QuerySet

from unhurried.service.accounts.models import Agreement, Organisation
from unhurried.service.accounts.queries import providers_of
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.team.models import Rate, TimeEntry
from unhurried.service.team.rules import ledger as rules


def providers_open_to(actor: Actor) -> QuerySet[Organisation]:
    """The services the actor's time can be for."""
    every = Organisation.objects.filter(kind=Organisation.Kind.PROVIDER).order_by("name")
    ours = actor.organisation_id or 0
    if actor.role in rules.AT_PRACTICE:
        return providers_of(ours)
    if actor.role in rules.SPECIALISTS:
        today = clock.today()
        agreed = Agreement.objects.filter(
            Q(ends__isnull=True) | Q(ends__gt=today), starts__lte=today
        )
        return every.filter(pk__in=agreed.values("provider_id"))
    return every.filter(pk=ours)


def providers_to_claim_from(actor: Actor) -> QuerySet[Organisation]:
    """The services a claim can go to: those worked with now, and those that still owe time."""
    owing = unclaimed_of(actor).values("provider_id")
    open_to = providers_open_to(actor).order_by().values("pk")
    rows = Organisation.objects.filter(Q(pk__in=open_to) | Q(pk__in=owing))
    return rows.order_by("name")


def rates_on(provider_id: int, day: date) -> dict[str, Rate]:
    """The rate of each role that holds on a day."""
    rows = Rate.objects.filter(provider_id=provider_id, starts__lte=day)
    return {each.role: each for each in rows.order_by("starts", "pk")}


def unclaimed(
    actor: Actor, provider_id: int | None, since: date, until: date
) -> QuerySet[TimeEntry]:
    """The lines a claim of the actor would hold: nobody claimed them yet.

    What takes back a claimed line is in the next claim, whichever days that is for.
    """
    in_time = Q(day__gte=since) | Q(cancels__claim__isnull=False)
    rows = unclaimed_of(actor).filter(in_time, day__lte=until)
    return rows.filter(provider_id=provider_id or 0)


def first_unclaimed(actor: Actor, provider_id: int | None) -> date | None:
    """The day of the oldest line a claim could hold; None when everything is claimed."""
    rows = unclaimed_of(actor).filter(provider_id=provider_id or 0)
    found: date | None = rows.aggregate(first=Min("day"))["first"]
    return found


def unclaimed_of(actor: Actor) -> QuerySet[TimeEntry]:
    """Every line of the actor's, or their practice's, that nobody claimed yet."""
    rows = TimeEntry.objects.filter(claim=None)
    if actor.role in rules.SPECIALISTS:
        return rows.filter(who_id=actor.membership_id or 0)
    if actor.role in rules.AT_PRACTICE:
        return rows.filter(organisation_id=actor.organisation_id or 0, role__in=rules.AT_PRACTICE)
    return rows.none()
