"""An appointment as a file a calendar reads (RFC 5545), in words that tell a reader nothing.

A calendar may be shared with a family or shown on a locked screen: the file says "Appointment",
when, and the number to ring. Its organiser is nobody with an address: calendars want one (RFC 5546)
and replace an entry only by one of the same organiser.
"""

from __future__ import annotations

from icalendar import Calendar, Event, vCalAddress
from icalendar.enums import STATUS

from unhurried.service.sessions.models import Appointment

ORGANISER = "nobody@appointments.invalid"


def file_of(appointment: Appointment) -> bytes:
    """The file: one UID for its whole life, a SEQUENCE that grows with changes."""
    cancelled = appointment.state == Appointment.State.CANCELLED
    phone = appointment.episode.provider.phone
    event = Event.new(
        uid=f"{appointment.uuid}@appointments.invalid",
        sequence=appointment.sequence,
        stamp=appointment.changed_at.replace(microsecond=0),
        start=appointment.starts_at.replace(microsecond=0),
        end=appointment.ends_at.replace(microsecond=0),
        summary="Appointment",
        organizer=vCalAddress.new(ORGANISER, cn="Appointment"),
        description=f"To change it, ring {phone}." if phone else None,
        status=STATUS.CANCELLED if cancelled else STATUS.CONFIRMED,
    )
    calendar = Calendar.new(
        uid=str(appointment.uuid),
        prodid="-//Appointments//EN", method="CANCEL" if cancelled else "PUBLISH",
        subcomponents=[event],
    )  # fmt: skip
    made: bytes = calendar.to_ical()
    return made
