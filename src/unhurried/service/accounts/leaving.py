"""An organisation leaves the service: every role in it ends, its agreements, and every visit."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models import F, Q

from unhurried.service.accounts.models import Agreement, Membership, Organisation
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.audit.refused import Refused

MAY = frozenset({"system", "service_manager"})


def end_provider(*, by: Actor, provider: Organisation, on: date, key: str = "") -> int:
    """End every role and agreement of a provider from this day on, and the visits of who holds no
    other role; how many roles ended. Called when everybody it looked after has moved."""
    with write("accounts.provider_ended", by=by, key=key, body=(provider.pk, on)) as doing:
        if provider.kind != Organisation.Kind.PROVIDER or by.role not in MAY:
            raise Refused("Only a provider that leaves is ended so, by who sees to it.")
        if doing.replay_of:
            return 0
        going_on = Q(ends__isnull=True) | Q(ends__gt=on)
        held = Membership.objects.filter(going_on, organisation=provider)
        users = list(held.values_list("user_id", flat=True))
        count = _end(held, on)
        _end(Agreement.objects.filter(going_on, provider=provider), on)
        others = Membership.objects.on(on).filter(user__in=users).values_list("user_id", flat=True)
        visits = end_visits(set(users) - set(others))
        doing.about(provider, note=f"{count} roles, {visits} visits ended from {on.isoformat()}")
    return count


def _end(rows: object, on: date) -> int:
    """End what has begun on the day; what would begin later never does."""
    count: int = rows.filter(starts__gt=on).update(ends=F("starts"))  # type: ignore[attr-defined]
    count += rows.filter(starts__lte=on).update(ends=on)  # type: ignore[attr-defined]
    return count


def end_visits(users: Collection[int]) -> int:
    """End every visit of these people; how many. Visits say whose they are inside only."""
    wanted = {str(each) for each in users}
    if not wanted:
        return 0
    own = [
        each.pk
        for each in Session.objects.iterator()
        if str(each.get_decoded().get(SESSION_KEY, "")) in wanted
    ]
    Session.objects.filter(pk__in=own).delete()
    return len(own)
