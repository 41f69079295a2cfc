"""Posting: what is to leave the service, kept with the change that caused it.

Carries INV-4 and hazards H11, H12, H15: nothing twice, nothing lost, nothing after it became
wrong to send. The worker (`worker.py`) does the sending.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection

from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.audit.refused import Refused
from unhurried.service.outbox import rules
from unhurried.service.outbox.models import Message


def post(  # noqa: PLR0913 - one parameter a column
    *, purpose: str, about: str, channel: str, to: str, subject: str = "", body: str = "",
    document: str = "", patient_id: int | None = None, practice_id: int | None = None,
    provider_id: int | None = None, due_at: datetime | None = None,
) -> Message:  # fmt: skip
    """Leave something to be sent, inside the caller's `write`; the message, new or as it was.

    The same `purpose` and `about` leave once: posting again returns the first message unchanged.
    `document` is the path under `settings.FILES` of a PDF that is already there. Raises Refused
    with a sentence for an address or text that cannot be sent.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("post() belongs inside the write() of what causes the message")
    earlier = Message.objects.filter(purpose=purpose, about=about).first()
    if earlier is not None:
        return earlier
    subject = " ".join(subject.split())
    rules.check_can_be_sent(channel=channel, to=to, subject=subject, body=body, document=document)
    due = due_at or clock.now()
    return Message.objects.create(
        purpose=purpose, about=about, channel=channel, to=to.strip(), subject=subject, body=body,
        document=document, document_hash=hash_of_document(document) if document else "",
        patient_id=patient_id, practice_id=practice_id, provider_id=provider_id, due_at=due,
        next_try_at=due,
    )  # fmt: skip


def retry(*, by: Actor, message: UUID, key: str = "") -> Message:
    """Try a message again that could not be sent; the carrier is asked first if it may have it."""
    with write("outbox.retried", by=by, key=key, body=str(message)) as doing:
        found = Message.objects.select_for_update().get(uuid=message)
        if doing.replay_of:
            return found
        rules.check_may_retry(found)
        found.state = Message.State.WAITING
        found.attempts, found.explanation, found.next_try_at = 0, "", clock.now()
        found.save(update_fields=["state", "attempts", "explanation", "next_try_at"])
        doing.about(found, patient_id=found.patient_id)
    return found


def stop_unsent(*, by: Actor, provider_id: int, why: str) -> int:
    """Stop everything of a provider that has not left, each with why; how many.

    What is on its way to a carrier this moment is asked about there, by `registry.why_none_leaves`.
    """
    rows = Message.objects.select_for_update(of=("self",)).filter(provider_id=provider_id)
    waiting = list(rows.filter(state__in=[Message.State.WAITING, Message.State.FAILED]))
    for each in waiting:
        with write("outbox.stopped", by=by) as doing:
            each.state, each.explanation = Message.State.STOPPED, why[:500]
            each.save(update_fields=["state", "explanation"])
            doing.about(each, patient_id=each.patient_id, note=each.purpose)
    return len(waiting)


def document_path(document: str) -> Path:
    """Where the document is. Raises Refused when it is outside the folder of files."""
    root = Path(settings.FILES).resolve()
    path = (root / document).resolve()
    if not path.is_relative_to(root):
        raise Refused("The letter's file is outside the folder of files, so it was not used.")
    return path


def hash_of_document(document: str) -> str:
    """The SHA-256 of the document. Raises Refused when it is not there."""
    try:
        return hashlib.sha256(document_path(document).read_bytes()).hexdigest()
    except OSError as error:
        raise Refused("The letter's file is not there: prepare the letter again.") from error
