"""Rules on messages about a person: who writes to whom, and what cannot be shared (COM-2)."""

from __future__ import annotations

from datetime import datetime

from unhurried.service.audit.actor import Actor
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.models import Episode, Patient
from unhurried.service.patients.words import check_text
from unhurried.service.shared_care.models.messages import Side, Thread
from unhurried.service.shared_care.models.tasks import Task
from unhurried.service.shared_care.rules.tasks import check_may_share, episode_of
from unhurried.service.shared_care.task_kinds import side_of

LONGEST_SUBJECT = 120
LONGEST_TEXT = 4_000


def check_message(by: Actor, patient: Patient, text: str, now: datetime) -> Episode:
    """The episode it is written in. Refused when it is empty, or nobody may or would read it."""
    side = side_of(by.role)
    if by.membership_id is None or not side or by.role == "practice_staff":
        raise Refused("A message is written by the project worker or a GP of the practice.")
    if not text.strip():
        raise Refused("Write the message: it is empty.")
    check_text("The message", text, LONGEST_TEXT, lines=True)
    if side == Side.PROVIDER:
        check_may_share(Side.PRACTICE, patient, now)
    return episode_of(patient)


def check_subject(patient: Patient, subject: str, task: Task | None) -> None:
    """Refuse a conversation without a subject, or about somebody else's task."""
    if not subject.strip():
        raise Refused("Give the message a subject.")
    check_text("The subject", subject, LONGEST_SUBJECT)
    if task is not None and task.patient_id != patient.pk:
        raise Refused("That is not about this person.")


def check_thread(patient: Patient, thread: Thread) -> None:
    """Refuse a conversation about somebody else."""
    if thread.patient_id != patient.pk:
        raise Refused("That is not about this person.")
