"""Writing appointments: book one or a row of them, move, cancel, mark that nobody came (CON-3)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.models import Patient
from unhurried.service.sessions import reminders, rules, times
from unhurried.service.sessions.models import Appointment
from unhurried.service.sessions.operations.common import (
    Guest,
    Wanted,
    add_guests,
    check_version,
    checked_guests,
    locked,
)
from unhurried.service.sessions.tables import weeks_between

State = Appointment.State


def book(
    *, by: Actor, patient: Patient, wanted: Wanted, worker: Membership | None = None,
    guests: Sequence[Guest] = (), over_reason: str = "", key: str = "",
) -> list[Appointment]:  # fmt: skip
    """The appointments, as many as wanted, each changeable by itself; a reminder for each.

    Raises GoesOver, with what to know, when one clashes or goes over what was agreed with the
    worker and no reason is given.
    """
    body = (patient.pk, worker and worker.pk, wanted, list(guests), over_reason)
    with write("sessions.appointment_booked", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return _booked_together(int(doing.replay_of))
        episode = rules.episode_for(patient)
        host = worker or Membership.objects.filter(pk=by.membership_id or 0).first()
        if host is None:
            raise Refused("An appointment is booked with somebody in a role.")
        rules.check_worker(by, host, episode, clock.today())
        slots = _slots(wanted)
        found = rules.warnings(host, patient, slots)
        rules.check_over(found, over_reason)
        coming = checked_guests(patient, guests)
        series, now = (uuid.uuid4() if len(slots) > 1 else None), clock.now()
        made = []
        for slot, warned in zip(slots, found, strict=True):
            each = Appointment.objects.create(
                patient=patient, episode=episode, worker=host, starts_at=slot.starts_at,
                minutes=slot.minutes, place=wanted.place, where=wanted.where.strip(),
                series=series, booked_at=now, changed_at=now, **_over(warned, over_reason),
            )  # fmt: skip
            add_guests(by, each, coming)
            reminders.schedule(each)
            made.append(each)
        note = f"{len(made)} booked" + (", over what was agreed" if any(found) else "")
        doing.about(made[0], patient_id=patient.pk, note=note)
    return made


def _over(warned: Sequence[rules.Warned], reason: str) -> dict[str, Any]:
    """What an appointment keeps of the warnings it was booked against."""
    codes = list(dict.fromkeys(each.code for each in warned))
    return {
        "over": " ".join(codes), "over_agreed": bool(set(codes) & set(rules.OVER)),
        "over_reason": reason.strip() if codes else "",
    }  # fmt: skip


def _slots(wanted: Wanted) -> list[rules.Slot]:
    """The times wanted, checked. Raises Refused."""
    try:
        weeks = weeks_between(wanted.frequency)
    except KeyError as error:
        raise Refused("Choose how often.") from error
    rules.check_place(wanted.place, wanted.where)
    rules.check_times([wanted.day] * max(wanted.times, 0), wanted.minutes, clock.today())
    days = _days(wanted.day, weeks, wanted.times)
    rules.check_times(days, wanted.minutes, clock.today())
    slots = [rules.Slot(times.moment_of(each, wanted.at), wanted.minutes) for each in days]
    if slots[0].starts_at < clock.now():
        raise Refused("That time has passed. If you have met, record the session.")
    return slots


def _days(first: date, weeks: int, count: int) -> list[date]:
    try:
        return times.days_of(first, weeks, count)
    except OverflowError as error:
        raise Refused("Choose days within the next two years.") from error


def _booked_together(pk: int) -> list[Appointment]:
    first = Appointment.objects.get(pk=pk)
    if first.series is None:
        return [first]
    return list(Appointment.objects.filter(series=first.series).order_by("pk"))


def move(
    *, by: Actor, appointment: Appointment, wanted: Wanted, version: int,
    guests: Sequence[Guest] | None = None, over_reason: str = "", key: str = "",
) -> Appointment:  # fmt: skip
    """The appointment, at another time, place or length, or with others; `guests` None keeps them.

    A new time has one reminder of its own; any other change sends nothing. Raises
    ChangedMeanwhile, and GoesOver as `book` does.
    """
    body = (appointment.pk, wanted, version, guests and list(guests), over_reason)
    with write("sessions.appointment_changed", by=by, key=key, body=body) as doing:
        current = locked(appointment)
        if doing.replay_of:
            return current
        check_version(current, version)
        rules.check_may_move(current)
        changed = _change(current, wanted, over_reason)
        if guests is not None:
            changed = _other_guests(by, current, guests) or changed
        if changed:
            current.version += 1
            current.changed_at = clock.now()
            current.save()
            reminders.schedule(current)
        doing.about(current, patient_id=current.patient_id)
    return current


def _change(current: Appointment, wanted: Wanted, over_reason: str) -> bool:
    """Set what differs; was there anything?"""
    rules.check_place(wanted.place, wanted.where)
    moment = times.moment_of(wanted.day, wanted.at)
    moved = (moment, wanted.minutes) != (current.starts_at, current.minutes)
    elsewhere = (wanted.place, wanted.where.strip()) != (current.place, current.where)
    if moved:
        slot = _slots(wanted)[0]
        warned = rules.warnings(current.worker, current.patient, [slot], leaving_out=[current.pk])
        rules.check_over(warned, over_reason)
        current.starts_at, current.minutes = slot.starts_at, slot.minutes
        for name, value in _over(warned[0], over_reason).items():
            setattr(current, name, value)
    current.place, current.where = wanted.place, wanted.where.strip()
    if moved or elsewhere:
        current.sequence += 1
    return moved or elsewhere


def _other_guests(by: Actor, current: Appointment, guests: Sequence[Guest]) -> bool:
    """Put these in the place of who was to come; were they others?"""
    coming = checked_guests(current.patient, guests)
    there = [
        Guest(each.name, each.relationship, each.hears, each.limits, each.carer_id)
        for each in current.attendees.order_by("pk")
    ]
    if there == coming:
        return False
    current.attendees.all().delete()
    add_guests(by, current, coming)
    return True


def cancel(
    *, by: Actor, appointment: Appointment, by_whom: str, version: int, because: str = "",
    rest_too: bool = False, key: str = "",
) -> Appointment:  # fmt: skip
    """The appointment, cancelled; `rest_too` also the later ones booked together with it."""
    whose = "person" if by.role == "patient" else by_whom
    body = (appointment.pk, by_whom, version, because, rest_too)
    with write("sessions.appointment_cancelled", by=by, key=key, body=body) as doing:
        current = locked(appointment)
        if doing.replay_of:
            return current
        check_version(current, version)
        rules.check_may_cancel(current, whose, because)
        rows = [current]
        if rest_too and current.series is not None:
            rows += Appointment.objects.filter(
                series=current.series, state=State.BOOKED, starts_at__gt=current.starts_at
            ).exclude(pk=current.pk)
        for each in rows:
            each.state, each.cancelled_by = State.CANCELLED, whose
            each.cancelled_because = because.strip()
            each.closed_at = each.changed_at = clock.now()
            each.sequence += 1
            each.version += 1
            each.save()
        note = f"{len(rows)} cancelled" if len(rows) > 1 else ""
        doing.about(current, patient_id=current.patient_id, note=note)
    return current


def mark_missed(
    *, by: Actor, appointment: Appointment, reason: str, found_out: str = "", version: int,
    key: str = "",
) -> Appointment:  # fmt: skip
    """The appointment at which nobody met, and what was found out; said again, it is put right."""
    body = (appointment.pk, reason, found_out, version)
    with write("sessions.appointment_missed", by=by, key=key, body=body) as doing:
        current = locked(appointment)
        if doing.replay_of:
            return current
        check_version(current, version)
        rules.check_may_mark_missed(current, reason, found_out, clock.now())
        current.state, current.missed_because = State.MISSED, reason
        current.found_out = found_out.strip()
        current.closed_at = current.changed_at = clock.now()
        current.version += 1
        current.save()
        doing.about(current, patient_id=current.patient_id)
    return current
