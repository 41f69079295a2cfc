"""Rules on appointments: any day, any time, any place; what can be changed, and by whom (CON-3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from unhurried.service.accounts.models import Membership
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.models import Carer, Episode, Patient
from unhurried.service.patients.words import check_text
from unhurried.service.sessions.models import Appointment
from unhurried.service.sessions.rules.capacity import LONGEST_MINUTES
from unhurried.service.sessions.tables import names, places

State = Appointment.State
FURTHEST = timedelta(days=2 * 366)  # as long as anybody is with the service
MOST_TIMES = 26
LONGEST_WHERE = 200


def episode_for(patient: Patient) -> Episode:
    """The person's time with the service. Refused when there is none, or they have died."""
    alive = Patient.objects.filter(pk=patient.pk, date_of_death=None)  # as saved, not as loaded
    if not alive.exists():
        raise Refused("The record says that this person has died.")
    found = Episode.objects.filter(patient=patient).exclude(state=Episode.State.ENDED).first()
    if found is None:
        raise Refused("This person is not with the service now.")
    return found


def check_worker(by: Actor, worker: Membership, episode: Episode, today: date) -> None:
    """Refuse an appointment with anybody but the one who books and the named project worker."""
    if worker.pk not in {by.membership_id, episode.project_worker_id}:
        raise Refused("The appointment is with you or with the person's project worker.")
    if not Membership.objects.on(today).filter(pk=worker.pk, role="project_worker").exists():
        raise Refused("This project worker does not work here now: choose another.")


def check_times(days: Sequence[date], minutes: int, today: date) -> None:
    """Refuse days nobody can mean, and lengths of no time or more than a day's work."""
    if not 1 <= len(days) <= MOST_TIMES:
        raise Refused(f"Book from 1 to {MOST_TIMES} appointments at once.")
    if any(not today <= each <= today + FURTHEST for each in days):
        raise Refused("Choose days from today on, within the next two years.")
    if not 5 <= minutes <= LONGEST_MINUTES:
        raise Refused("An appointment takes from 5 minutes to 8 hours.")


def check_place(place: str, where: str) -> None:
    """Refuse a place that is not in the table."""
    if place not in places():
        raise Refused("Choose where you meet.")
    check_text("Where exactly", where, LONGEST_WHERE)


def check_attendee(
    patient: Patient, carer: Carer | None, name: str, relationship: str, hears: str, limits: str
) -> None:
    """Refuse somebody without a name, or a carer of somebody else."""
    if carer is not None and carer.patient_id != patient.pk:
        raise Refused("Choose one of this person's own carers.")
    if not name.strip():
        raise Refused("Give the name of who comes along.")
    if hears not in names("hears"):
        raise Refused("Say what they may hear.")
    check_text("The name", name, 200)
    check_text("Who they are", relationship, 60)
    check_text("What is not spoken of", limits, 300)


def _booked(appointment: Appointment, verb: str) -> None:
    if appointment.state != State.BOOKED:
        state = appointment.get_state_display().lower()
        raise Refused(f"This appointment is marked “{state}”, so it cannot be {verb}.")


def check_may_move(appointment: Appointment) -> None:
    """Refuse to move what is over."""
    _booked(appointment, "changed: book another")


def check_may_cancel(appointment: Appointment, by_whom: str, because: str) -> None:
    """Refuse to cancel what is over, or without saying by whom."""
    _booked(appointment, "cancelled")
    if by_whom not in names("cancelled_by"):
        raise Refused("Say who cancelled.")
    check_text("Why", because, 300)


def check_may_mark_missed(
    appointment: Appointment, reason: str, found_out: str, now: datetime
) -> None:
    """Refuse before its time, or when it is over already; what was found out may come later."""
    if appointment.state != State.MISSED:
        _booked(appointment, "marked so")
    if now < appointment.starts_at:
        raise Refused("It has not begun yet. If it will not take place, cancel it.")
    if reason not in names("missed_reasons"):
        raise Refused("Choose what was found out; “Not known yet” is fine.")
    check_text("What was found out", found_out, 2_000, lines=True)
