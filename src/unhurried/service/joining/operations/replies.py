"""Writing replies: by phone, by post, in person, or by the person with their code (INV-1)."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor, system_actor
from unhurried.service.audit.operations import write
from unhurried.service.audit.refused import Refused
from unhurried.service.joining import rules
from unhurried.service.joining.codes import REPLY, network_of
from unhurried.service.joining.models import Invitation, ReplyAttempt, Step
from unhurried.service.joining.operations.common import (
    changed_meanwhile,
    end_what_it_opened,
    open_episode_of,
)
from unhurried.service.patients.operations import open_episode

Reply = Invitation.Reply
NO_SUCH_CODE = (
    "We could not find that code, or it is no longer in use. Please check it, or ring us: the "
    "number is on your letter."
)
TOO_MANY = "Please wait an hour before trying again, or ring us: the number is on your letter."


def record_reply(
    *, by: Actor, invitation: Invitation, reply: str, how: str, version: int,
    ask_again_on: date | None = None, key: str = "",
) -> Invitation:  # fmt: skip
    """What the person answered. Nothing more is sent; a later answer replaces an earlier one."""
    body = (invitation.pk, reply, how, version, ask_again_on)
    with write("joining.reply_recorded", by=by, key=key, body=body) as doing:
        current = _locked(invitation.pk)
        if doing.replay_of:
            return current
        rules.check_reaches_invitation(by, current, clock.today())
        changed_meanwhile(current, version)
        if reply not in Reply.values or how not in Invitation.How.values:
            raise Refused("Choose what they answered, and how.")
        if ask_again_on is not None and (reply != Reply.NOT_NOW or ask_again_on <= clock.today()):
            raise Refused("A day to ask again goes with “not now”, and lies ahead.")
        _reply(by, current, reply, how, ask_again_on)
        doing.about(current, patient_id=current.patient_id, note=reply)
    return current


def _locked(pk: int) -> Invitation:
    rows = Invitation.objects.select_related("patient", "provider", "practice")
    return rows.select_for_update(of=("self",)).get(pk=pk)


def _reply(
    by: Actor, invitation: Invitation, reply: str, how: str, ask_again_on: date | None = None
) -> None:
    if invitation.state == Invitation.State.ENROLLED:
        raise Refused("They have joined already.")
    if invitation.patient.date_of_death:
        raise Refused("The record says that this person has died.")
    invitation.state = Invitation.State.REPLIED
    invitation.reply, invitation.reply_how, invitation.replied_at = reply, how, clock.now()
    invitation.ask_again_on = ask_again_on
    invitation.rang_at = None
    invitation.closed_at = clock.now() if reply in {Reply.NO, Reply.NOT_NOW} else None
    invitation.version += 1
    invitation.save()
    invitation.steps.filter(state__in=[Step.State.PREPARED, Step.State.APPROVED]).update(
        state=Step.State.STOPPED, explanation="They replied before this was sent."
    )
    if reply in {Reply.YES, Reply.MORE}:
        if open_episode_of(invitation.patient) is None:
            invitation.episode = open_episode(
                by=by, patient=invitation.patient, provider=invitation.provider
            )
            invitation.save(update_fields=["episode"])
    else:
        because = f"Replied: {invitation.get_reply_display()}"
        end_what_it_opened(by=by, invitation=invitation, because=because)


def reply_online(*, code: str, reply: str, sender: str) -> Invitation:
    """The person's own answer, with the code on their letter.

    Raises Refused, in the same words for a code that never was, is too old or is no longer used,
    and when too many codes have been tried.
    """
    with transaction.atomic():
        attempt = _count_attempt(sender)
    found = Invitation.objects.filter(reply_hash=REPLY.hash_of(code)).first()
    if found is None or found.reply_until < clock.now():
        raise Refused(NO_SUCH_CODE)
    ReplyAttempt.objects.filter(pk=attempt.pk).update(wrong=False)
    if reply not in Reply.values:
        raise Refused("Choose one of the four answers.")
    by = system_actor("reply page")
    with write("joining.replied_online", by=by) as doing:
        current = _locked(found.pk)
        doing.about(current, patient_id=current.patient_id, note=reply)
        if current.reply == reply and current.reply_how == Invitation.How.ONLINE:
            return current
        try:
            _reply(by, current, reply, Invitation.How.ONLINE)
        except Refused as refusal:
            raise Refused(NO_SUCH_CODE) from refusal
    return current


def _count_attempt(sender: str) -> ReplyAttempt:
    """Count this try. Raises Refused when there were too many within the hour.

    From one address, from one network, and in all. Only wrong codes use up what others share, and
    whoever has not guessed is still heard when others have used up the most of it.
    """
    now = clock.now()
    since = now - rules.ATTEMPT_WINDOW
    ReplyAttempt.objects.filter(at__lt=now - timedelta(days=2)).delete()
    recent = ReplyAttempt.objects.filter(at__gte=since)
    hashed = REPLY.hash_of_sender(sender)
    network = REPLY.hash_of_sender(network_of(sender))
    wrong = recent.filter(wrong=True)
    guesses, in_all = wrong.filter(network=network).count(), wrong.count()
    if (
        recent.filter(sender=hashed).count() >= rules.ATTEMPTS_PER_SENDER
        or guesses >= rules.ATTEMPTS_PER_NETWORK
        or (guesses and in_all >= rules.ATTEMPTS_IN_ALL)
        or in_all >= rules.ATTEMPTS_AT_MOST
    ):
        raise Refused(TOO_MANY)
    return ReplyAttempt.objects.create(sender=hashed, network=network, at=now)


def note_invitation_call(
    *, by: Actor, invitation: Invitation, version: int, key: str = ""
) -> Invitation:
    """The invitation, with the person rung back: they leave the list of people to ring."""
    with write("joining.invitation_rung", by=by, key=key, body=(invitation.pk, version)) as doing:
        current = _locked(invitation.pk)
        if doing.replay_of:
            return current
        rules.check_reaches_invitation(by, current, clock.today())
        changed_meanwhile(current, version)
        if current.reply not in {Reply.YES, Reply.MORE}:
            raise Refused("They have not asked to be rung.")
        current.rang_at = current.rang_at or clock.now()
        current.version += 1
        current.save()
        doing.about(current, patient_id=current.patient_id)
    return current
