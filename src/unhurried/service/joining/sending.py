"""What is asked about joining's messages at the moment of sending (hazards H11, H13)."""

from __future__ import annotations

from unhurried.service.audit import clock
from unhurried.service.audit.actor import system_actor
from unhurried.service.audit.operations import write
from unhurried.service.joining import rules
from unhurried.service.joining.content import address_line
from unhurried.service.joining.models import Invitation, Step
from unhurried.service.outbox.models import Message
from unhurried.service.outbox.registry import check_before_sending
from unhurried.service.patients.models import Episode, Patient
from unhurried.service.patients.rules import why_not_contact

INVITATION = "joining.invitation"
WELCOME = "joining.welcome"
TO_GP = ("joining.acknowledgement", "joining.referral_closed", "joining.joined")


@check_before_sending(INVITATION, "Invitation or reminder")
def check_invitation(message: Message) -> str:
    """Is it still right to write to this person? When not, everyone sees why on the invitation."""
    steps = Step.objects.select_related(
        "invitation__patient", "invitation__endorsed_by", "invitation__practice"
    )
    step = steps.filter(uuid=message.about).first()
    if step is None:
        return "What this message belongs to is no longer there."
    why = rules.why_not_send(step, clock.now())
    if why:
        _stop(step, why)
    return why


def _stop(step: Step, why: str) -> None:
    """Note on the step, and on an invitation that never left, why it was stopped."""
    with write("joining.message_stopped", by=system_actor("outbox")) as doing:
        Step.objects.filter(pk=step.pk).update(state=Step.State.STOPPED, explanation=why[:500])
        invitation = step.invitation
        if invitation.state == Invitation.State.OPEN:
            invitation.state = Invitation.State.STOPPED
            invitation.stopped_because = why[:300]
            invitation.closed_at = clock.now()
            invitation.version += 1
            invitation.save()
        doing.about(step, patient_id=invitation.patient_id, note=why)


@check_before_sending(WELCOME, "Welcome letter")
def check_welcome(message: Message) -> str:
    """May the welcome letter still go to the person, to this address, from this practice?"""
    patient = Patient.objects.filter(pk=message.patient_id or 0).first()
    if patient is None:
        return "The person's record is not there."
    if patient.practice_id != message.practice_id:
        return "They have moved to another practice, so this was not sent."
    episode = Episode.objects.filter(uuid=message.about).first()
    if episode is None or episode.state == Episode.State.ENDED:
        return "They are no longer with the service, so this was not sent."
    if message.to != address_line(patient):
        return "Their name or address has changed since this was prepared, so it was not sent."
    return why_not_contact(patient, message.channel, clock.now())


def check_to_gp(message: Message) -> str:
    """Messages to a practice go to the practice the person is registered with, or not at all."""
    patient = Patient.objects.filter(pk=message.patient_id or 0).first()
    if patient is None or patient.practice_id != message.practice_id:
        return "The person has moved to another practice, so the old one was not written to."
    return ""


for purpose, words in zip(
    TO_GP,
    ("Referral acknowledged", "Referral closed", "Someone has joined"),
    strict=True,
):
    check_before_sending(purpose, words)(check_to_gp)
