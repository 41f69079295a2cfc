"""Whom to write to about what waits: always somebody who is there today and may see the person."""

from __future__ import annotations

from unhurried.service.accounts.queries import in_role
from unhurried.service.patients.models import Patient
from unhurried.service.shared_care.models.messages import Side
from unhurried.service.shared_care.queries.tasks import members_for
from unhurried.service.shared_care.waits import Told


def practice_of(patient: Patient) -> list[Told]:
    """The practice where the person is now: its address, or each of its GPs where it has none."""
    practice = patient.practice
    if practice.email:
        return [Told(practice.email, practice_id=practice.pk)]
    found = members_for(patient, Side.PRACTICE)
    return [Told(each.user.email, practice_id=practice.pk) for each in found]


def workers_of(patient: Patient, provider_id: int) -> list[Told]:
    """The person's project worker, and who covers for them today; the managers where nobody is."""
    found = members_for(patient, Side.PROVIDER)
    told = [Told(each.user.email, provider_id=provider_id) for each in found]
    return told or managers_of(provider_id)


def managers_of(provider_id: int) -> list[Told]:
    """The managers of a service."""
    found = in_role(provider_id, "service_manager").filter(user__is_active=True)
    return [Told(each.user.email, provider_id=provider_id) for each in found]
