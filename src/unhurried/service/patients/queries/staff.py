"""Who could see a person's record, and whom the person asked not to (reliability 1.8)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from unhurried.service.accounts.models import Membership
from unhurried.service.accounts.policy import roles
from unhurried.service.audit import clock
from unhurried.service.patients.access import PRACTICE_ROLES, PROVIDER_ROLES, READ_AFTER_ENDING
from unhurried.service.patients.models import Episode, Patient, Restriction
from unhurried.service.patients.rules import is_named_worker


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Somebody who works where the person is looked after, with every role they hold there."""

    user_id: int
    name: str
    does: str  # "GP at Finch Lane Surgery", several after a comma
    named_worker: bool

    @property
    def words(self) -> str:
        """The line a list shows."""
        return f"{self.name}, {self.does}" + (" (project worker now)" if self.named_worker else "")


def staff_around(patient: Patient) -> list[StaffMember]:
    """Everybody who works today in an organisation in the person's care, by name.

    The practice, and every provider of an episode that is open or may still be read. Without the
    person themself, and without those who may not see the record already.
    """
    since = clock.now() - READ_AFTER_ENDING
    episodes = Episode.objects.filter(patient_id=patient.pk)
    readable = episodes.filter(~Q(state=Episode.State.ENDED) | Q(ended_at__gt=since))
    here = Q(organisation_id=patient.practice_id, role__in=PRACTICE_ROLES)
    here |= Q(organisation__in=readable.values("provider_id"), role__in=PROVIDER_ROLES)
    found = Membership.objects.on(clock.today()).filter(here, user__is_active=True)
    found = found.exclude(user_id=patient.user_id or 0)
    found = found.exclude(user__in=restrictions_of(patient).values("user_id"))
    does: dict[int, list[str]] = {}
    names: dict[int, str] = {}
    rows = found.select_related("user", "organisation").order_by("user__full_name", "user_id", "id")
    for each in rows:
        role = roles()[each.role].name if each.role in roles() else each.role
        does.setdefault(each.user_id, []).append(f"{role} at {each.organisation.name}")
        names[each.user_id] = each.user.full_name
    named = set(_named_workers(patient))
    return [StaffMember(user, names[user], ", ".join(does[user]), user in named) for user in names]


def _named_workers(patient: Patient) -> list[int]:
    episodes = Episode.objects.filter(patient_id=patient.pk).exclude(state=Episode.State.ENDED)
    return [each for each in episodes.values_list("project_worker__user_id", flat=True) if each]


def restrictions_of(patient: Patient) -> QuerySet[Restriction]:
    """Whom the person asked not to see the record, the newest first."""
    rows = Restriction.objects.filter(patient_id=patient.pk, ended_at=None)
    return rows.select_related("user").order_by("-asked_at", "-pk")


def worker_is_shut_out(patient: Patient) -> bool:
    """Did the person ask that their own project worker does not see the record?"""
    return any(is_named_worker(patient, each.user) for each in restrictions_of(patient))
