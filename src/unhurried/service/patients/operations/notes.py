"""Writing notes, with the safety floor: a risk never stays inside a note (CON-6; H17, H18)."""

from __future__ import annotations

from collections.abc import Sequence

from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.patients import rules
from unhurried.service.patients.models import Note, Patient
from unhurried.service.patients.operations.alerts import raise_alert


def write_note(
    *, by: Actor, patient: Patient, text: str, visibility: str = Note.Visibility.ORDINARY,
    risks: Sequence[str] = (), alert: bool = False, corrects: Note | None = None, key: str = "",
) -> Note:  # fmt: skip
    """The note, saved for good; a correction is another note.

    `risks` are kinds of safety alert the note speaks of. They need `alert`: the fact and the
    needed act then reach the practice and the project worker at once, never the note's words.
    """
    body = (patient.pk, text, visibility, sorted(risks), alert, corrects and corrects.pk)
    with write("patients.note_written", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return Note.objects.get(pk=doing.replay_of)
        episode = rules.check_note(by, patient, text, visibility, corrects, clock.now())
        rules.check_safety_floor(risks, alert=alert)
        note = Note.objects.create(
            patient=patient, episode=episode, author_id=by.membership_id or 0, text=text,
            visibility=visibility, at=clock.now(), corrects=corrects,
        )  # fmt: skip
        for kind in risks:
            raise_alert(by=by, patient=patient, kind=kind)
        doing.about(note, patient_id=patient.pk)
    return note
