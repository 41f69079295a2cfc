"""Who may see what of planning beyond opening the record: the person decides about their GP."""

from __future__ import annotations

from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.patients.access import visible_patients
from unhurried.service.patients.models import Patient
from unhurried.service.patients.rules import keeps_notes_from_gp

PRACTICE = frozenset({"gp", "practice_staff"})


def may_see(actor: Actor, patient: Patient, thing: str) -> bool:
    """May the actor see this person's `thing`, after what the person said about their practice?"""
    if kept_from(actor, patient):
        return False
    return visible_patients(actor, thing).filter(pk=patient.pk).exists()


def kept_from(actor: Actor, patient: Patient) -> bool:
    """Is the actor of the practice, and does the person keep what they say from it?"""
    return actor.role in PRACTICE and keeps_notes_from_gp(patient, clock.now())


def reads_everything(actor: Actor) -> bool:
    """Does this role read the conversation itself, rather than what was shared of it?"""
    return actor.role in {"project_worker", "clinical_supervisor"}
