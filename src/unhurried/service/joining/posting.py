"""One approved step becomes one message of the outbox, however often this is tried (H12, H15)."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from django.conf import settings

from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.identification.operations import mark_invited
from unhurried.service.jobs.faults import fault_point
from unhurried.service.joining import content, rules
from unhurried.service.joining.models import Invitation, Step
from unhurried.service.joining.rendering import letter_pdf
from unhurried.service.joining.sending import INVITATION
from unhurried.service.outbox.operations import post
from unhurried.service.paper import CannotRender


def document_of(step: Step) -> str:
    """Where a step's letter lies under `settings.FILES`."""
    return f"letters/{step.uuid}.pdf"


def unposted(step: Step) -> Step | None:
    """The step as saved, locked, when it is still to be handed over."""
    rows = Step.objects.select_for_update(of=("self",)).select_related(
        "invitation__patient", "invitation__endorsed_by__user", "invitation__practice",
        "invitation__provider",
    )  # fmt: skip
    return rows.filter(pk=step.pk, state=Step.State.APPROVED).first()


def post_step(by: Actor, step: Step) -> None:
    """Hand the step over, or stop it with a sentence when it must not leave any more."""
    invitation = step.invitation
    why = rules.why_not_send(step, clock.now())
    if not why and step.channel == Step.Channel.LETTER:
        why = _write_letter(step)
    if why:
        _stop(step, why)
        return
    fault_point("joining.rendered")
    frozen, code = content.of_step(step)
    subject, text = content.text_of(frozen, code)
    message = post(
        purpose=INVITATION, about=str(step.uuid), channel=step.channel,
        to=rules.destination(invitation.patient, step.channel).replace("\n", ", ")[:300],
        subject=subject, body="" if step.channel == Step.Channel.LETTER else text,
        document=step.document, patient_id=invitation.patient_id,
        practice_id=invitation.practice_id, provider_id=invitation.provider_id,
    )  # fmt: skip
    step.state, step.message_uuid, step.posted_at = Step.State.POSTED, message.uuid, clock.now()
    step.save()
    if step.number == 0:
        mark_invited(by=by, patient=invitation.patient)
    fault_point("joining.posted")


def _stop(step: Step, why: str) -> None:
    step.state, step.explanation = Step.State.STOPPED, why[:500]
    step.save()
    invitation = step.invitation
    if invitation.state == Invitation.State.OPEN:
        invitation.state, invitation.stopped_because = Invitation.State.STOPPED, why[:300]
        invitation.closed_at = clock.now()
        invitation.version += 1
        invitation.save()


def _write_letter(step: Step) -> str:
    """Render the letter into its file, whole or not at all; why it could not be made, or ""."""
    frozen, code = content.of_step(step)
    try:
        made = letter_pdf(content.letter_of(frozen, code))
    except CannotRender as problem:
        return str(problem)
    step.document = document_of(step)
    step.document_hash = hashlib.sha256(made).hexdigest()
    write_whole(Path(settings.FILES) / step.document, made)
    return ""


def write_whole(path: Path, made: bytes) -> None:
    """Put a file in its place whole; a killed process leaves none of that name."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)  # ours alone to read
    with os.fdopen(handle, "wb") as file:
        file.write(made)
        file.flush()
        os.fsync(file.fileno())
    fault_point("joining.letter_written")
    beside.replace(path)
