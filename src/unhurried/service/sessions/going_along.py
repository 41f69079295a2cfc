"""Appointments to come go along when a person has another project worker (CON-1; hazard H23).

The new worker keeps the time when it is free for them. Where it is not, the appointment is taken
out kindly and the new worker offers another; nothing stays in the diary of who no longer meets the
person. What a colleague holds, who covers for instance, stays as it is; when cover ends sooner
than planned, what it was booked for after that day is with the person's own worker again.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.patients.handing_on import (
    episodes_covered,
    when_cover_ends,
    when_worker_changes,
)
from unhurried.service.patients.models import Cover, Episode
from unhurried.service.sessions import reminders, rules, times
from unhurried.service.sessions.models import Appointment

KINDLY = (
    "The person has another project worker now, who was not free at this time and will offer "
    "another one."
)


@when_worker_changes
def appointments_go_along(
    episode: Episode, before: Membership | None, now: Membership, by: Actor
) -> None:
    """Move what is booked with the worker before, or take it out where the new one is not free."""
    if before is None:
        return
    booked = Appointment.objects.select_for_update(of=("self",)).filter(
        Q(worker=before) | ~Q(worker__organisation=now.organisation_id), episode=episode,
        state=Appointment.State.BOOKED, starts_at__gt=clock.now(),
    )  # fmt: skip
    for found in booked.select_related("patient", "episode__provider").order_by("starts_at", "pk"):
        slot = rules.Slot(found.starts_at, found.minutes)
        warned = rules.warnings(now, found.patient, [slot], leaving_out=[found.pk])[0]
        free = not any(each.code == rules.CLASH for each in warned)
        action = "appointment_went_along" if free else "appointment_cancelled"
        with write(f"sessions.{action}", by=by) as doing:
            found.worker = now
            if free:
                _keep_over(found, warned, "They came with a handover.")
            else:
                found.state, found.cancelled_by = Appointment.State.CANCELLED, "service"
                found.cancelled_because, found.closed_at = KINDLY, clock.now()
            _save(found)
            if free:
                reminders.schedule(found)
            doing.about(found, patient_id=found.patient_id, note="another project worker")


@when_cover_ends
def appointments_come_back(cover: Cover, by: Actor) -> None:
    """Who is back meets the people from that day on; two at once stay in the diary, marked."""
    since = max(times.span(cover.ends, 1)[0], clock.now())
    booked = Appointment.objects.select_for_update(of=("self",)).filter(
        worker=cover.covering_id, episode__in=episodes_covered(cover),
        state=Appointment.State.BOOKED, starts_at__gt=since,
    )  # fmt: skip
    for found in booked.select_related("patient").order_by("starts_at", "pk"):
        slot = rules.Slot(found.starts_at, found.minutes)
        warned = rules.warnings(cover.worker, found.patient, [slot], leaving_out=[found.pk])[0]
        with write("sessions.appointment_came_back", by=by) as doing:
            found.worker = cover.worker
            _keep_over(found, warned, "Their project worker is back.")
            _save(found)
            doing.about(found, patient_id=found.patient_id, note="cover ended")


def _keep_over(found: Appointment, warned: Sequence[rules.Warned], because: str) -> None:
    codes = list(dict.fromkeys(each.code for each in warned))
    found.over, found.over_agreed = " ".join(codes), bool(set(codes) & set(rules.OVER))
    found.over_reason = because if codes else ""


def _save(found: Appointment) -> None:
    found.changed_at = clock.now()
    found.sequence += 1
    found.version += 1
    found.save()
