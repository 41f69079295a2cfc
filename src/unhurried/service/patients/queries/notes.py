"""Notes a reader may see; of the others not even that they exist (CON-6; hazard H17)."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from unhurried.service.accounts.policy import grant_for
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.patients.access import visible_patients
from unhurried.service.patients.handing_on import passed_on
from unhurried.service.patients.models import Episode, Note, Patient
from unhurried.service.patients.rules import keeps_notes_from_gp

Who = Note.Visibility


def visible_notes(actor: Actor, patient: Patient) -> QuerySet[Note]:
    """The person's notes for this reader, newest first.

    The person reads what is written about them, but for restricted notes: those are not for a
    telephone somebody else may hold. GPs read notes shared with them, until the person says no to
    that. Restricted notes are read by their author and the named project worker, while they work
    with the person; not by who covers, nor by break-glass.
    """
    notes = Note.objects.filter(patient_id=patient.pk)
    notes = notes.select_related("author__user").order_by("-at", "-pk")
    if grant_for(actor.role, "note", "r") is None:
        return notes.none()
    if not visible_patients(actor, "note").filter(pk=patient.pk).exists():
        return notes.none()
    shared = Q(visibility=Who.SHARED_WITH_GP)
    if actor.role not in {"patient", "project_worker", "clinical_supervisor"}:
        if keeps_notes_from_gp(patient, clock.now()):
            return notes.none()
        return notes.filter(shared)
    seen = shared | Q(visibility=Who.ORDINARY)
    if grant_for(actor.role, "restricted_note", "r") is not None:
        reach = visible_patients(actor, "restricted_note")
        named = Episode.objects.filter(project_worker_id=actor.membership_id or 0)
        mine = Q(author_id=actor.membership_id or 0)
        mine |= Q(patient__in=named.values("patient_id"))
        seen |= Q(visibility=Who.RESTRICTED) & Q(patient__in=reach.values("pk")) & mine
    return passed_on(notes.filter(seen), actor.membership_id)
