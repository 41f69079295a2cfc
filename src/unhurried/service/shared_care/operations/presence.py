"""Writing the three answers onto whatever has them; whoever calls checks, saves and audits."""

from __future__ import annotations

from datetime import date, datetime, time

from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.shared_care.models.presence import Presence
from unhurried.service.shared_care.rules.presence import RATHER_NOT, TOLD, Said
from unhurried.service.shared_care.times import (
    at_hour,
)

MIDDAY = time(12, 0)  # the day is known, the hour is not


def put_presence(thing: Presence, said: Said, *, by: Actor, on: date) -> None:
    """Set the answers of a discussion on that day; `check_presence` allowed them."""
    thing.present, thing.wished = said.present, said.wished
    thing.rather_not_know = said.told == RATHER_NOT
    if said.told == TOLD:
        put_told(thing, said.told_what, said.told_on or on, by=by, told_by=said.told_by)


def put_told(
    thing: Presence, what: str, on: date, *, by: Actor, told_by: int | None = None
) -> None:
    """Set that they were told on that day, by whom and in which words."""
    thing.told_at = told_moment(on)
    thing.told_by = Membership.objects.filter(pk=told_by or by.membership_id or 0).first()
    thing.told_what = what.strip()


def told_moment(on: date) -> datetime:
    """The moment that stands for the day: now when it is today."""
    now = clock.now()
    return now if on == clock.today() else at_hour(on, MIDDAY)
