"""Writing the record of a session, in one go: nothing of it is kept unless all of it is (SES-1).

The note, a safety alert when the person left "not safe", the resources given and the next
appointment are written in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time

from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.patients.models import Episode, Note, Patient, SafetyAlert
from unhurried.service.patients.operations import raise_alert, write_note
from unhurried.service.sessions import rules, times
from unhurried.service.sessions.models import (
    Appointment,
    Correction,
    Session,
    SessionComponent,
)
from unhurried.service.sessions.operations.appointments import book
from unhurried.service.sessions.operations.catalogue import ensure_catalogue
from unhurried.service.sessions.operations.common import (
    Guest,
    Wanted,
    add_guests,
    checked_guests,
    locked,
)
from unhurried.service.sessions.operations.resources import give_resource
from unhurried.service.sessions.tables import leavings


@dataclass(frozen=True, slots=True)
class Held:
    """How a session was: only its day, time and place are needed, all else may be left out."""

    day: date
    at: time  # on the clock where the service is
    place: str = "practice"
    minutes: int | None = None
    components: tuple[str, ...] = ()  # codes of the service's catalogue
    resources: tuple[str, ...] = ()  # codes of the library
    note: str = ""
    note_for: str = Note.Visibility.ORDINARY
    leaving: str = ""  # a code of leaving.csv
    believed: str = ""  # a code of believed.csv
    next_steps: str = ""
    recap: str = ""
    recap_for_carers: bool = False
    guests: tuple[Guest, ...] = ()
    following: Wanted | None = None  # the next appointment
    over_reason: str = ""


def record_session(
    *, by: Actor, patient: Patient, held: Held, appointment: Appointment | None = None,
    key: str = "",
) -> Session:  # fmt: skip
    """The session as it was, with everything that belongs to it.

    Someone who left "not safe" has a safety alert at once, whatever the note says and whoever may
    read it. Raises GoesOver when the next appointment needs a reason.
    """
    body = (patient.pk, held, appointment and appointment.pk)
    with write("sessions.session_recorded", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return Session.objects.get(pk=doing.replay_of)
        episode = rules.episode_for(patient)
        meeting = locked(appointment) if appointment else None
        session = _create(by, patient, episode, meeting, held)
        add_guests(by, session, checked_guests(patient, held.guests))
        SessionComponent.objects.bulk_create(
            SessionComponent(session=session, code=code) for code in dict.fromkeys(held.components)
        )
        for code in dict.fromkeys(held.resources):
            give_resource(by=by, patient=patient, code=code, session=session)
        if meeting is not None:
            meeting.state, meeting.closed_at = Appointment.State.HELD, clock.now()
            meeting.missed_because = meeting.found_out = ""
            meeting.version += 1
            meeting.save()
        keep_safe(by=by, patient=patient, leaving=[held.leaving])
        if held.following is not None:
            book(
                by=by, patient=patient, wanted=held.following, over_reason=held.over_reason,
                guests=held.guests,
            )  # fmt: skip
        doing.about(session, patient_id=patient.pk)
    return session


def _create(
    by: Actor, patient: Patient, episode: Episode, meeting: Appointment | None, held: Held
) -> Session:
    rules.check_session(
        minutes=held.minutes, place=held.place, leaving=held.leaving, believed=held.believed,
        next_steps=held.next_steps, recap=held.recap,
    )  # fmt: skip
    at = times.moment_of(held.day, held.at)
    rules.check_may_record(by, patient, episode, meeting, at, clock.now())
    rules.check_components(held.components, ensure_catalogue(episode.provider_id))
    note = None
    if held.note.strip():
        note = write_note(by=by, patient=patient, text=held.note, visibility=held.note_for)
    return Session.objects.create(
        patient=patient, episode=episode, appointment=meeting, worker_id=by.membership_id or 0,
        named_worker_id=episode.project_worker_id, at=at, minutes=held.minutes, place=held.place,
        note=note, leaving=held.leaving, believed=held.believed,
        next_steps=held.next_steps.strip(), recap=held.recap.strip(),
        recap_for_carers=held.recap_for_carers, recorded_at=clock.now(),
    )  # fmt: skip


def keep_safe(
    *, by: Actor, patient: Patient, leaving: Iterable[str], key: str = ""
) -> list[SafetyAlert]:
    """The alerts that how the person left calls for; none when it calls for none.

    Called by itself when the rest of the session could not be saved: nothing may hide it.
    """
    called_for = {leavings()[code].alert for code in leaving if code in leavings()}
    return [
        raise_alert(by=by, patient=patient, kind=kind, key=f"{key}:{kind}" if key else "")
        for kind in sorted(called_for - {""})
    ]


def correct_session(
    *, by: Actor, session: Session, text: str, components: Sequence[str] | None = None,
    note: str = "", key: str = "",
) -> Correction:  # fmt: skip
    """A correction, beside the record as it was; `components` are what was done in truth.

    `note` corrects the session's note, for the same readers.
    """
    body = (session.pk, text, components and list(components), note)
    with write("sessions.session_corrected", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return Correction.objects.get(pk=doing.replay_of)
        current = Session.objects.select_for_update().get(pk=session.pk)
        rules.check_correction(by, text)
        made = Correction.objects.create(
            session=current, by_id=by.membership_id or 0, at=clock.now(), text=text.strip()
        )
        if components is not None:
            _put_right(made, current, components)
        if note.strip():
            kept = current.note
            write_note(
                by=by, patient=current.patient, text=note, corrects=kept,
                visibility=kept.visibility if kept else Note.Visibility.ORDINARY,
            )  # fmt: skip
        doing.about(made, patient_id=current.patient_id)
    return made


def _put_right(made: Correction, session: Session, wanted: Sequence[str]) -> None:
    """Take out and add components by this correction; what was ticked first is kept beside it."""
    there = {each.code: each for each in session.components.filter(taken_out_by=None)}
    known = ensure_catalogue(session.episode.provider_id)
    rules.check_components(set(wanted) - set(there), known)
    for code, row in there.items():
        if code not in wanted:
            row.taken_out_by = made
            row.save()
    SessionComponent.objects.bulk_create(
        SessionComponent(session=session, code=code, added_by=made)
        for code in dict.fromkeys(wanted)
        if code not in there
    )
