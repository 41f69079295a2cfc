"""Who may have taken part in a talk about a person: members of the practice and the provider."""

from __future__ import annotations

from django.db.models import Q

from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.patients.access import PRACTICE_ROLES, PROVIDER_ROLES
from unhurried.service.patients.models import Episode, Patient

FIRST = {"gp": 1, "project_worker": 2, "clinical_supervisor": 3}  # who talks most, first


def may_take_part(patient: Patient) -> list[Membership]:
    """Everybody in a role at the person's practice or provider today, whoever talks most first.

    Their named project worker comes before all others.
    """
    providers = Episode.objects.filter(patient_id=patient.pk).exclude(state=Episode.State.ENDED)
    at = Q(organisation_id=patient.practice_id, role__in=PRACTICE_ROLES)
    at |= Q(organisation__in=providers.values("provider_id"), role__in=PROVIDER_ROLES)
    rows = Membership.objects.on(clock.today()).filter(at, user__is_active=True)
    named = set(providers.values_list("project_worker_id", flat=True))
    found = rows.select_related("user").order_by("user__full_name", "pk")
    return sorted(found, key=lambda each: 0 if each.pk in named else FIRST.get(each.role, 9))
