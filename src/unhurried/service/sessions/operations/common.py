"""Shared by the operations: what is wanted, who comes along, two people at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.models import Carer, Patient
from unhurried.service.patients.names import composed
from unhurried.service.sessions import rules
from unhurried.service.sessions.models import Appointment, Attendee, Session


@dataclass(frozen=True, slots=True)
class Wanted:
    """A time and place, perhaps several times: `frequency` is a code of frequencies.csv."""

    day: date
    at: time  # on the clock where the service is
    minutes: int
    place: str = "practice"
    where: str = ""
    frequency: str = "once"
    times: int = 1


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who comes along: a carer already noted, or a name; and what they may hear."""

    name: str = ""
    relationship: str = ""
    hears: str = "not_asked"
    limits: str = ""
    carer: int | None = None  # the carer's primary key


def checked_guests(patient: Patient, guests: Sequence[Guest]) -> list[Guest]:
    """The guests with a carer's own name filled in. Raises Refused for somebody unknown."""
    carers = {each.pk: each for each in Carer.objects.filter(patient=patient, ended_at=None)}
    found = []
    for guest in guests:
        carer = carers.get(guest.carer) if guest.carer else None
        name = carer.name if carer else composed(guest.name)
        who = carer.relationship if carer else composed(guest.relationship)
        rules.check_attendee(patient, carer, name, who, guest.hears, guest.limits)
        found.append(
            Guest(name, who, guest.hears, guest.limits.strip(), carer.pk if carer else None)
        )
    return found


def add_guests(by: Actor, to: Appointment | Session, guests: Sequence[Guest]) -> None:
    """Note who comes along, with what the person said they may hear, and who asked when."""
    which = "appointment" if isinstance(to, Appointment) else "session"
    Attendee.objects.bulk_create(
        Attendee(
            **{which: to}, carer_id=each.carer, name=each.name, relationship=each.relationship,
            hears=each.hears, limits=each.limits,
            asked_by_id=by.user_id if each.hears != "not_asked" else None,
            asked_at=clock.now() if each.hears != "not_asked" else None,
        )
        for each in guests
    )  # fmt: skip


def locked(appointment: Appointment) -> Appointment:
    """The appointment as saved, locked until the write is done."""
    rows = Appointment.objects.select_related(
        "patient", "episode__provider", "worker__user"
    ).select_for_update(of=("self",))
    return rows.get(pk=appointment.pk)


def check_version(current: Appointment, version: int) -> None:
    """Raise ChangedMeanwhile when somebody saved another version first."""
    if current.version != version:
        raise ChangedMeanwhile(current)
