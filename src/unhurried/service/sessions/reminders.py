"""Reminders: one for each time an appointment is set for, asked about again before it leaves.

The message names nobody, no service and no place: others may read it over the shoulder. It is left
in the outbox with the booking, under the appointment's own time; a change that keeps the time posts
nothing, a new time posts one, and the one for the old time stops itself when its moment comes.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone

from unhurried.service.audit import clock
from unhurried.service.audit.refused import Refused
from unhurried.service.outbox.models import Message
from unhurried.service.outbox.operations import post
from unhurried.service.outbox.registry import check_before_sending
from unhurried.service.patients.models import Episode, Patient
from unhurried.service.patients.rules import why_not_contact
from unhurried.service.sessions import times
from unhurried.service.sessions.models import Appointment
from unhurried.service.sessions.tables import reminder_words

REMINDER = "sessions.reminder"
BEFORE = timedelta(hours=24)
LEAST = timedelta(hours=4)  # somebody who agreed to a time this near needs no reminder of it
WAYS = ("sms", "email")
# By day only: a telephone that lights up at night wakes people, and others ask who it was.
MORNING, NIGHT = time(8), time(20)
LATEST = time(21)  # what was held up and comes later than this does not go that night, nor at all
IN_TIME = timedelta(hours=1)  # one put off until the morning still leaves time to set out


def about(appointment: Appointment) -> str:
    """What a reminder is about: this appointment at this time, and no other."""
    return f"{appointment.uuid}:{appointment.starts_at:%Y%m%dT%H%M}Z"


def address(patient: Patient, channel: str) -> str:
    """Where a reminder goes by this channel, now."""
    return (patient.phone if channel == "sms" else patient.email).strip()


def way_to(patient: Patient, now: datetime) -> str:
    """Text or e-mail as the person chose, a text first; "" when they chose neither."""
    return next((each for each in WAYS if not why_not_contact(patient, each, now)), "")


def due_at(starts_at: datetime, now: datetime) -> datetime | None:
    """When the reminder goes: a day before or as soon as may be, by day. None when it is too late.

    What falls into the night goes the evening before it, or else the morning after.
    """
    due = max(now, starts_at - BEFORE)
    local = timezone.localtime(due)
    if local.time() >= NIGHT:
        evening = times.moment_of(local.date(), NIGHT)
        due = (
            evening
            if evening >= now
            else times.moment_of(local.date() + timedelta(days=1), MORNING)
        )
    elif local.time() < MORNING:
        due = times.moment_of(local.date(), MORNING)
    return due if starts_at - due >= IN_TIME else None


def schedule(appointment: Appointment) -> Message | None:
    """Leave the reminder of the appointment's time in the outbox, once; inside the caller's write.

    None when the person chose neither text nor e-mail, or the time is too near.
    """
    now, patient = clock.now(), appointment.patient
    way = way_to(patient, now)
    due = due_at(appointment.starts_at, now)
    if not way or due is None or appointment.starts_at - now < LEAST:
        return None
    words = reminder_words(way)
    provider = appointment.episode.provider
    day, at = times.day_and_time(appointment.starts_at)
    call = f" To change it, ring {provider.phone}." if provider.phone else ""
    try:
        return post(
            purpose=REMINDER, about=about(appointment), channel=way, to=address(patient, way),
            subject=words.subject, body=words.text.format(day=day, time=at, call=call),
            patient_id=patient.pk, practice_id=appointment.episode.practice_id,
            provider_id=provider.pk, due_at=due,
        )  # fmt: skip
    except Refused:
        return None  # a number nobody can write to keeps no appointment from being booked


def of(appointment: Appointment) -> Message | None:
    """The reminder of the appointment as it is set now."""
    return Message.objects.filter(purpose=REMINDER, about=about(appointment)).first()


@check_before_sending(REMINDER, "Reminder of an appointment")
def check_reminder(message: Message) -> str:
    """Is it still right to remind this person of this time?"""
    uuid = message.about.partition(":")[0]
    rows = Appointment.objects.select_related("patient", "episode")
    found = rows.filter(uuid=uuid, patient_id=message.patient_id or 0).first()
    if found is None:
        return "The appointment is no longer there."
    why = _why_over(found, message)
    if why:
        return why
    if message.to != address(found.patient, message.channel):
        return "Their number or address has changed since, so this was not sent."
    local = timezone.localtime(clock.now()).time()
    if local >= LATEST or local < MORNING:
        return "It was held up and would have come at night, so it was not sent."
    return why_not_contact(found.patient, message.channel, clock.now())


def _why_over(found: Appointment, message: Message) -> str:
    if found.state != Appointment.State.BOOKED:
        return f"The appointment is marked “{found.get_state_display().lower()}”."
    if about(found) != message.about:
        return "The appointment has another time by now, with a reminder of its own."
    if found.starts_at <= clock.now():
        return "The time of the appointment has passed."
    if found.episode.state == Episode.State.ENDED:
        return "They are no longer with the service, so this was not sent."
    if found.episode.state == Episode.State.PAUSED:
        return "They are taking a pause, so this was not sent."
    return ""
