"""Rules on notes and alerts: who may write what, and the safety floor (CON-6; H17, H18)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from unhurried.service.audit.actor import Actor
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.models import Episode, Note, Patient, SafetyAlert
from unhurried.service.patients.rules.consents import keeps_notes_from_gp
from unhurried.service.patients.tables import safety_kinds
from unhurried.service.patients.words import check_text

LONGEST_NOTE = 20_000
LONGEST_ACTION = 2_000


def check_note(
    by: Actor, patient: Patient, text: str, visibility: str, corrects: Note | None, now: datetime
) -> Episode | None:
    """The open episode a note belongs to; Refused when it may not be written so."""
    if by.membership_id is None:
        raise Refused("A note is written by a person in a role.")
    if visibility not in Note.Visibility.values:
        raise Refused("Say who may read the note.")
    if not text.strip():
        raise Refused("Write the note: it is empty.")
    check_text("The note", text, LONGEST_NOTE, lines=True)
    if corrects is not None and corrects.patient_id != patient.pk:
        raise Refused("That note is not about this person.")
    if corrects is not None and corrects.corrects_id is not None:
        raise Refused("That is a correction itself: correct the note it belongs to.")
    if corrects is not None and corrects.visibility != visibility:
        raise Refused("A correction has the same readers as the note it corrects.")
    if visibility == Note.Visibility.SHARED_WITH_GP and keeps_notes_from_gp(patient, now):
        raise Refused(
            "The person does not want what is written here shared with their GP: choose other "
            "readers. A risk still reaches the practice, as an alert."
        )
    return Episode.objects.filter(patient=patient).exclude(state=Episode.State.ENDED).first()


def check_safety_floor(risks: Sequence[str], *, alert: bool) -> None:
    """Refuse a note that speaks of a risk without raising the alert, whoever may read it."""
    unknown = [kind for kind in risks if kind not in safety_kinds()]
    if unknown:
        raise Refused("Choose the risk from the list.")
    if risks and not alert:
        raise Refused(
            "You ticked a risk. The practice and the project worker must know of it today: tick "
            "that the alert is raised. They read the risk and what to do, not your note."
        )


def check_alert(by: Actor, kind: str) -> None:
    """Refuse an alert of no known kind, or from nobody."""
    if by.membership_id is None:
        raise Refused("An alert is raised by a person in a role.")
    if kind not in safety_kinds():
        raise Refused("Choose the kind of alert from the list.")


def check_may_acknowledge(by: Actor, alert: SafetyAlert, action_taken: str) -> None:
    """Refuse without a word on what is done, and for an alert already closed."""
    if by.membership_id is None:
        raise Refused("An alert is acknowledged by a person in a role.")
    if alert.closed_at is not None:
        raise Refused("This alert is already closed.")
    if not action_taken.strip():
        raise Refused("Write what you did, or will do and when.")
    check_text("What you did", action_taken, LONGEST_ACTION, lines=True)
