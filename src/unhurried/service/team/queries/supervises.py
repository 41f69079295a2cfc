"""Who supervises whom on a day, and whose people may be talked about."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from unhurried.service.accounts.models import Membership
from unhurried.service.audit.actor import Actor
from unhurried.service.patients.access import visible_patients
from unhurried.service.patients.models import Patient
from unhurried.service.team.models import Supervises


def supervises_on(worker: Membership, day: date) -> Supervises | None:
    """Who supervises the worker on that day; None for nobody."""
    return Supervises.objects.on(day).filter(worker=worker).order_by("-starts", "-pk").first()


def people_of(actor: Actor, worker: Membership) -> QuerySet[Patient]:
    """The worker's people whom `actor` may know of, by name."""
    seen = visible_patients(actor, "identity").filter(episodes__project_worker=worker)
    return seen.distinct().order_by("family_name", "given_name", "pk")
