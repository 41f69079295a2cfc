"""Sending: each message exactly once, and only while it is still right to send it.

Carries F03 to F08 and H11, H12, H15. A message is claimed for a minute with a number that grows
(the fence); whoever holds an older number changes nothing. Before it is handed over, the check of
its purpose is asked; before anything that may have been handed over is sent again, the carrier is
asked for it by its reference.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, transaction
from django.db.models import Q
from django.utils import timezone

from unhurried.service.audit import clock
from unhurried.service.audit.actor import system_actor
from unhurried.service.audit.operations import lock_chain, write
from unhurried.service.audit.refused import Refused
from unhurried.service.jobs.faults import fault_point
from unhurried.service.jobs.leases import LEASE, database_now, lease_over
from unhurried.service.outbox.carriers import (
    Answer,
    Carrier,
    NotAccepted,
    Parcel,
    PerhapsAccepted,
    Unreachable,
)
from unhurried.service.outbox.carriers.choice import carrier_for
from unhurried.service.outbox.models import Message
from unhurried.service.outbox.operations import document_path, hash_of_document
from unhurried.service.outbox.registry import check_of, why_none_leaves

log = logging.getLogger("unhurried.outbox")

TRIES = 5
DELAYS = (60, 300, 1800, 7200)  # seconds before the second, third, ... try
AWAY_LIMIT = 3  # a carrier away for this many messages in a row is left alone ...
AWAY_SECONDS = 60.0  # ... for this long, so that others need not wait for it
OUTBOX = system_actor("outbox")
State = Message.State


class LostClaim(Exception):  # noqa: N818 - read as a sentence
    """Another worker has the message now."""


class Doors:
    """Which channels are left alone for now because their carrier could not be reached."""

    def __init__(self) -> None:
        self._away: Counter[str] = Counter()
        self._until: dict[str, float] = {}

    def shut(self) -> list[str]:
        """The channels not to try now."""
        return [name for name, until in self._until.items() if until > time.monotonic()]

    def tried(self, channel: str, *, reached: bool) -> None:
        """Note a try."""
        self._away[channel] = 0 if reached else self._away[channel] + 1
        if self._away[channel] >= AWAY_LIMIT:
            self._until[channel] = time.monotonic() + AWAY_SECONDS


def send_due(now: datetime | None = None, *, limit: int = 500, doors: Doors | None = None) -> int:
    """Send what is due at `now` (default: now), oldest first; how many were dealt with."""
    doors = doors or Doors()
    count = 0
    while count < limit:
        message = claim(now or clock.now(), doors.shut())
        if message is None:
            break
        count += 1
        try:
            deliver(message)
            doors.tried(message.channel, reached=True)
        except Unreachable as error:
            doors.tried(message.channel, reached=False)
            _later(message, str(error), counts=False)
        except LostClaim:
            log.warning("message %s went to another worker", message.uuid)
        except DatabaseError:
            raise
        except Exception as error:
            log.exception("message %s failed on try %d", message.uuid, message.attempts)
            _later(message, f"It failed inside ({type(error).__name__}).", counts=True)
    return count


def claim(now: datetime, shut: list[str] | None = None) -> Message | None:
    """Take the message that has waited longest, or one whose worker has gone quiet."""
    with transaction.atomic():
        due = Q(state=State.WAITING, next_try_at__lte=now)
        quiet = Q(state=State.SENDING) & lease_over(database_now())
        rows = Message.objects.select_for_update(skip_locked=True).filter(due | quiet)
        message = rows.exclude(channel__in=shut or ()).order_by("next_try_at", "pk").first()
        if message is None:
            return None
        message.state = State.SENDING
        message.fence += 1
        message.attempts += 1
        message.lease_until = database_now() + LEASE
        message.save(update_fields=["state", "fence", "attempts", "lease_until"])
    fault_point("outbox.claimed")
    return message


def deliver(message: Message) -> None:
    """Bring one claimed message to an end, or raise what stood in the way."""
    if message.attempts > 2 * TRIES:
        _end(message, State.FAILED, explanation="The worker stopped each time it came to this.")
        return
    try:
        carrier = carrier_for(message.channel)
    except ImproperlyConfigured as error:
        raise Unreachable(str(error)) from error
    try:
        if carrier.at_hand:
            _deliver_at_hand(message, carrier)
        else:
            _deliver_afar(message, carrier)
    except NotAccepted as error:
        _end(message, State.FAILED, explanation=str(error), at_door=False)
    except Refused as error:
        _end(message, State.FAILED, explanation=str(error))


def _deliver_at_hand(message: Message, carrier: Carrier) -> None:
    """Check, send and note it as one: nothing audited can be written in between."""
    with transaction.atomic():
        lock_chain()
        _keep(message)
        found = carrier.find(_parcel(message, with_document=False))
        if isinstance(found, str):
            _end(message, State.SENT, carrier_id=found)
            return
        fault_point("outbox.checking")
        stop = _why_stopped(message)
        if stop:
            _end(message, State.STOPPED, explanation=stop)
            return
        number = carrier.send(_parcel(message))
        fault_point("outbox.handed_over")
        _end(message, State.SENT, carrier_id=number)
        fault_point("outbox.noted")
    fault_point("outbox.committed")


def _deliver_afar(message: Message, carrier: Carrier) -> None:
    """Ask first if it may be there already; else check, say it is at the door, and send."""
    if message.at_door:
        found = carrier.find(_parcel(message, with_document=False))
        fault_point("outbox.found")
        if isinstance(found, str):
            _end(message, State.SENT, carrier_id=found)
            return
        if found is Answer.CANNOT_TELL:
            _end(
                message, State.FAILED, at_door=False,
                explanation="The line broke while this was being handed over, and the carrier "
                "cannot say whether it has it. Find out, then try it again if it has not.",
            )  # fmt: skip
            return
    parcel = _parcel(message)
    with transaction.atomic():
        lock_chain()
        _keep(message)
        fault_point("outbox.checking")
        stop = _why_stopped(message)
        if stop:
            _end(message, State.STOPPED, explanation=stop, at_door=False)
            return
        _change(message, at_door=True)
    fault_point("outbox.at_door")
    try:
        number = carrier.send(parcel)
    except Unreachable:
        _change(message, at_door=False)
        raise
    except PerhapsAccepted as error:
        _later(message, str(error), counts=True)
        return
    fault_point("outbox.handed_over")
    _end(message, State.SENT, carrier_id=number)
    fault_point("outbox.committed")


def _why_stopped(message: Message) -> str:
    """Why this must not leave now, or "". What nobody checks does not leave for a patient."""
    stopped = why_none_leaves(message)
    if stopped:
        return stopped
    check = check_of(message.purpose)
    if check is None:
        return (
            "Nothing checks this kind of message before it is sent, so it was not sent."
            if message.patient_id
            else ""
        )
    return check(message)


def _parcel(message: Message, *, with_document: bool = True) -> Parcel:
    """What the carrier gets. Raises Refused when the document is not the one that was posted."""
    contents = b"x" if message.document else b""
    if message.document and with_document:
        if hash_of_document(message.document) != message.document_hash:
            raise Refused("The letter's file has changed since it was prepared: prepare it again.")
        contents = document_path(message.document).read_bytes()
    return Parcel(
        reference=str(message.uuid), channel=message.channel, to=message.to,
        subject=message.subject, body=message.body, document=contents,
        day=timezone.localdate(message.due_at),
    )  # fmt: skip


def _keep(message: Message) -> None:
    """Make sure of the claim, and keep it until the transaction ends. Raises LostClaim."""
    held = Message.objects.select_for_update().filter(
        pk=message.pk, fence=message.fence, state=State.SENDING
    )
    if not held.values_list("pk", flat=True):
        raise LostClaim


def _change(message: Message, **changes: Any) -> None:
    """Change the message while it is still ours. Raises LostClaim."""
    held = Message.objects.filter(pk=message.pk, fence=message.fence, state=State.SENDING)
    if not held.update(**changes):
        raise LostClaim
    for name, value in changes.items():
        setattr(message, name, value)


def _end(message: Message, state: Message.State, **changes: Any) -> None:
    """Note how it ended, with its audit row, if it is still ours. Raises LostClaim."""
    if state == State.SENT:
        changes |= {"sent_at": clock.now(), "explanation": ""}
    if "explanation" in changes:
        changes["explanation"] = changes["explanation"][:500]
    with write(f"outbox.{state.value}", by=OUTBOX) as doing:
        _change(message, state=state, lease_until=None, **changes)
        doing.about(message, patient_id=message.patient_id)


def _later(message: Message, why: str, *, counts: bool) -> None:
    """Put it back for a later try; after too many that counted, it could not be sent."""
    if counts and message.attempts >= TRIES:
        end = f"Given up after {message.attempts} tries. The last time: {why}"
        try:
            _end(message, State.FAILED, explanation=end)
        except LostClaim:
            log.warning("message %s went to another worker", message.uuid)
        return
    wait = timedelta(seconds=DELAYS[min(message.attempts, len(DELAYS)) - 1])
    held = Message.objects.filter(pk=message.pk, fence=message.fence, state=State.SENDING)
    held.update(
        state=State.WAITING, lease_until=None, next_try_at=clock.now() + wait,
        attempts=message.attempts if counts else max(message.attempts - 1, 0),
        explanation=f"{why} It will be tried again."[:500],
    )  # fmt: skip
