"""Appointments to come are cancelled when it is known that someone has died or left (H11)."""

from __future__ import annotations

from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.patients.ending import when_contact_ends
from unhurried.service.patients.models import Patient
from unhurried.service.sessions.models import Appointment


@when_contact_ends
def cancel_what_is_to_come(patient: Patient, why: str, by: Actor) -> None:
    """Take what is booked out of the diary: nobody waits at a door, nothing is sent."""
    now = clock.now()
    booked = Appointment.objects.filter(
        patient=patient, state=Appointment.State.BOOKED, starts_at__gt=now
    )
    for found in booked.order_by("starts_at"):
        with write("sessions.appointment_cancelled", by=by) as doing:
            found.state, found.cancelled_by = Appointment.State.CANCELLED, "service"
            found.cancelled_because = why[:300]
            found.closed_at = found.changed_at = now
            found.sequence += 1
            found.version += 1
            found.save()
            doing.about(found, patient_id=patient.pk, note="contact ended")
