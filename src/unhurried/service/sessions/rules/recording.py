"""Rules on the record of a session: nothing is needed but when and how it was (SES-1, SES-6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from unhurried.service.audit.actor import Actor
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.models import Episode, Patient
from unhurried.service.patients.words import check_text
from unhurried.service.sessions import times
from unhurried.service.sessions.models import Appointment
from unhurried.service.sessions.rules.capacity import LONGEST_MINUTES
from unhurried.service.sessions.tables import leavings, names, places

EARLY = timedelta(minutes=30)  # people come early, and some sessions are short
LONGEST_TEXT = 4_000


def why_not_recorded(appointment: Appointment, now: datetime) -> str:
    """Why no session of this appointment can be recorded now, in a sentence; "" when one can.

    The one rule for the page of the appointment, the lists, the form and the operation.
    """
    if appointment.state == Appointment.State.HELD:
        return "A session is recorded for this appointment already: add a correction."
    if appointment.state == Appointment.State.CANCELLED:
        return (
            "That appointment was cancelled. If you met all the same, record a session on its own."
        )
    opens = appointment.starts_at - EARLY
    if now < opens:
        return f"Its session can be recorded from {', '.join(times.day_and_time(opens))}."
    return ""


def check_may_record(
    by: Actor, patient: Patient, episode: Episode, appointment: Appointment | None, at: datetime,
    now: datetime,
) -> None:  # fmt: skip
    """Refuse a session of nobody's, of the future, or of an appointment that can have none now."""
    if by.membership_id is None:
        raise Refused("A session is recorded by a person in a role.")
    if at > now + EARLY:
        raise Refused("This time has not come yet. Record the session once you have met.")
    if timezone.localdate(at) < timezone.localdate(episode.opened_at):
        raise Refused("This is before the person's time with the service began: check the day.")
    if appointment is None:
        return
    if appointment.patient_id != patient.pk:
        raise Refused("That appointment is not this person's.")
    why_not = why_not_recorded(appointment, now)
    if why_not:
        raise Refused(why_not)


def check_session(
    *, minutes: int | None, place: str, leaving: str, believed: str, next_steps: str, recap: str
) -> None:
    """Refuse answers that are in no table, and text that cannot be kept."""
    if minutes is not None and not 1 <= minutes <= LONGEST_MINUTES:
        raise Refused("Give how many minutes it took, at most 8 hours, or leave it empty.")
    if place not in places():
        raise Refused("Choose where you met.")
    if leaving and leaving not in leavings():
        raise Refused("Choose how the person left, or leave it out.")
    if believed and believed not in names("believed"):
        raise Refused("Choose whether they felt believed, or leave it out.")
    check_text("Next steps", next_steps, LONGEST_TEXT, lines=True)
    check_text("What they take home", recap, LONGEST_TEXT, lines=True)


def check_components(codes: Iterable[str], offered: Iterable[str]) -> None:
    """Refuse what is not in the service's catalogue."""
    if set(codes) - set(offered):
        raise Refused("Choose what you did from the list; the manager can add to it.")


def check_correction(by: Actor, text: str) -> None:
    """Refuse a correction without words."""
    if by.membership_id is None:
        raise Refused("A correction is made by a person in a role.")
    if not text.strip():
        raise Refused("Say what was wrong, and what is right.")
    check_text("The correction", text, LONGEST_TEXT, lines=True)


def check_component(name: str, hint: str) -> None:
    """Refuse a line of the catalogue without a name."""
    if not name.strip():
        raise Refused("Give it a name.")
    check_text("The name", name, 80)
    check_text("The hint", hint, 160)
