"""Whose trail someone may see: their own, or as privacy officer those of the organisation.

The person's own leaves out what says that there is a safeguarding alert: whoever looks over their
shoulder reads it, too. The privacy officer's leaves out nothing.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from unhurried.service.accounts.models import BreakGlass
from unhurried.service.accounts.policy import grant_for
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.models import Entry
from unhurried.service.audit.queries import who_looked
from unhurried.service.outbox.models import Message
from unhurried.service.patients.models import Episode, Patient, SafetyAlert
from unhurried.service.patients.tables import safety_kinds


def own_record(actor: Actor) -> Patient | None:
    """The record of the person signed in."""
    if actor.user_id is None:
        return None
    return Patient.objects.filter(user_id=actor.user_id).first()


def record_overseen(actor: Actor, patient: UUID) -> Patient | None:
    """A record that the actor's organisation keeps or works with, for its privacy officer."""
    grant = grant_for(actor.role, "audit", "r")
    if grant is None or grant.scope != "organisation" or actor.organisation_id is None:
        return None
    theirs = Episode.objects.filter(provider_id=actor.organisation_id).values("patient_id")
    people = Patient.objects.filter(Q(practice_id=actor.organisation_id) | Q(pk__in=theirs))
    return people.filter(uuid=patient).first()


def own_trail(patient: Patient) -> QuerySet[Entry]:
    """Every row about this person that may be read at their own screen, the newest first."""
    rows = who_looked(patient.pk)
    alerts = SafetyAlert.objects.filter(patient=patient)
    spoken_of = [each.code for each in safety_kinds().values() if each.person_sees]
    kept = list(alerts.exclude(kind__in=spoken_of).values_list("pk", "uuid"))
    if not kept:
        return rows
    letters = Q(pk__in=[])
    for _, uuid in kept:
        letters |= Q(about__startswith=f"{uuid}:")
    letters &= Q(patient_id=patient.pk)
    sent = [str(pk) for pk in Message.objects.filter(letters).values_list("pk", flat=True)]
    return (
        rows.exclude(object_type="safetyalert", object_id__in=[str(pk) for pk, _ in kept])
        .exclude(action="read.safety_alert")
        .exclude(object_type="message", object_id__in=sent)
    )


def reasons_given(patient: Patient) -> dict[str, str]:
    """Why the record was opened outside a relationship: the typed reason by the opening's id.

    Not where it was to protect somebody: that is said by whoever opened it, when it is safe to.
    """
    opened = BreakGlass.objects.filter(patient_id=patient.pk).exclude(purpose="safeguarding")
    return {str(pk): reason for pk, reason in opened.values_list("pk", "reason")}
