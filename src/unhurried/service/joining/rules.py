"""What may happen now in joining, and why not when it may not (H05, H11 to H13, INV-4, CON-2)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone

from unhurried.service.accounts.models import Agreement, Membership, Organisation
from unhurried.service.accounts.policy import grant_for
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.refused import Refused
from unhurried.service.joining import content
from unhurried.service.joining.candidates import newest_extract_day, why_no_longer_agreed
from unhurried.service.joining.models import (
    Invitation,
    Referral,
    Settings,
    Step,
    Wording,
    WordingApproval,
)
from unhurried.service.patients.handing_on import begins_nothing_new
from unhurried.service.patients.models import ContactPreference, Episode, Patient
from unhurried.service.patients.rules import WITHDRAWS, why_not_contact

ASK_AGAIN_AFTER = timedelta(days=365)
ATTEMPTS_PER_SENDER = 10
ATTEMPTS_PER_NETWORK = 30  # wrong ones: one guesser with many addresses is still one
ATTEMPTS_IN_ALL = 300  # wrong ones; then only networks that have not guessed are heard ...
ATTEMPTS_AT_MOST = 600  # ... up to here
ATTEMPT_WINDOW = timedelta(hours=1)
JOINED = (Episode.State.ENROLLED, Episode.State.PAUSED)


def provider_of(practice_id: int, day: date) -> Organisation:
    """Who runs the service for a practice on a day. Raises Refused when nobody does."""
    held = Agreement.objects.filter(practice_id=practice_id, starts__lte=day).select_related(
        "provider"
    )
    running = [each for each in held.order_by("-starts") if not each.ends or each.ends > day]
    if not running:
        raise Refused(
            "No provider runs the service for this practice today, so nothing can be sent. "
            "Ask the service manager to set up the agreement."
        )
    taking = [each for each in running if not begins_nothing_new(each.provider)]
    return (taking or running)[0].provider


def settings_of(provider_id: int) -> Settings:
    """The provider's settings, or the defaults."""
    found = Settings.objects.filter(provider_id=provider_id).first()
    return found or Settings(provider_id=provider_id)


NOT_YOURS = "Your role cannot do this for this person. Ask a colleague whose role can."


def role_is_held(by: Actor, day: date) -> bool:
    """Does whoever acts hold the role they act in on this day? The service's own parts always do.

    Asked again by whatever runs later than it was asked for.
    """
    if by.role == "system":
        return by.user_id is None
    held = Membership.objects.on(day).filter(
        pk=by.membership_id or 0, user_id=by.user_id or 0, user__is_active=True, role=by.role,
        organisation_id=by.organisation_id or 0,
    )  # fmt: skip
    return held.exists()


def check_role(by: Actor, thing: str, actions: str, day: date) -> None:
    """Refuse a role that may do none of `actions` on `thing`, or is not held on this day."""
    may = any(grant_for(by.role, thing, action) for action in actions)
    if not may or not role_is_held(by, day):
        raise Refused("Your role cannot do this. Ask a colleague whose role can.")


def check_reaches_referral(by: Actor, referral: Referral, actions: str, day: date) -> None:
    """Refuse who may do none of `actions` on this very referral, whatever page they came from."""
    check_role(by, "referral", actions, day)
    found = (Referral.objects.visible_to(by, each).filter(pk=referral.pk) for each in actions)
    if not any(rows.exists() for rows in found):
        raise Refused(NOT_YOURS)


def check_reaches_invitation(by: Actor, invitation: Invitation, day: date) -> None:
    """Refuse who may not look after this very invitation."""
    check_role(by, "invitation", "c", day)
    if not Invitation.objects.visible_to(by, "c").filter(pk=invitation.pk).exists():
        raise Refused(NOT_YOURS)


def check_invites_for(by: Actor, practice_id: int, provider_id: int, day: date) -> None:
    """Refuse who does not invite for this practice: one of its own, or of the provider's."""
    check_role(by, "invitation", "c", day)
    if by.organisation_id not in {practice_id, provider_id}:
        raise Refused("These are another practice's invitations.")
    if begins_nothing_new(Organisation.objects.get(pk=provider_id)):
        raise Refused(WITHDRAWS)


def check_may_refer(patient: Patient, *, practice_id: int | None) -> None:
    """May this person be referred now?"""
    if patient.practice_id != practice_id:
        raise Refused("This person is registered with another practice.")
    if patient.date_of_death:
        raise Refused("The record says that this person has died.")
    if Referral.objects.filter(patient=patient, state__in=["sent", "taken"]).exists():
        raise Refused("This person is already referred: look under Referrals.")
    if _joined(patient):
        raise Refused("This person is with the service already.")


def check_may_send_referral(*, agrees: bool, pain_condition: str) -> None:
    """A referral leaves only with the person's agreement (REF-1)."""
    if not agrees:
        raise Refused(
            "A referral is sent once the person knows about it and agrees. Save it as a draft "
            "until then."
        )
    if not pain_condition.strip():
        raise Refused("Say in a few words what the pain is from, as far as it is known.")


def _joined(patient: Patient) -> bool:
    return Episode.objects.filter(patient=patient, state__in=JOINED).exists()


def check_may_invite(patient: Patient, now: datetime, *, again_because: str = "") -> None:
    """May this person be asked now? A "no thank you" is remembered for good."""
    if patient.date_of_death:
        raise Refused("The record says that this person has died.")
    if _joined(patient):
        raise Refused("They are with the service already.")
    if Referral.objects.filter(patient=patient, state__in=["sent", "taken"]).exists():
        raise Refused("Their GP has referred them already.")
    earlier = Invitation.objects.filter(patient=patient).order_by("-opened_at", "-pk")
    for each in earlier:
        _check_after(each, now, again_because.strip())


def _check_after(earlier: Invitation, now: datetime, again_because: str) -> None:
    """May someone be asked again after this earlier invitation?"""
    if earlier.state == Invitation.State.OPEN:
        raise Refused("They have been invited and may still reply.")
    if again_because:
        return
    day = timezone.localdate(now)
    if earlier.reply == Invitation.Reply.NO:
        raise Refused(
            "They said no thank you. They are asked again only if they or their GP want it: "
            "then say who asked."
        )
    if earlier.reply == Invitation.Reply.NOT_NOW and (earlier.ask_again_on or date.max) > day:
        until = f" until {content.in_words(earlier.ask_again_on)}" if earlier.ask_again_on else ""
        raise Refused(f"They said not now. Nobody asks them again{until} unless they want it.")
    if earlier.reply in {Invitation.Reply.YES, Invitation.Reply.MORE}:
        if earlier.state == Invitation.State.REPLIED:
            raise Refused("They have replied: ring them rather than write again.")
    elif earlier.state == Invitation.State.NO_REPLY and earlier.opened_at + ASK_AGAIN_AFTER > now:
        raise Refused("They were asked within the last year and did not reply.")


def check_channel(patient: Patient, channel: str, now: datetime) -> None:
    """May the person be reached this way?"""
    why = why_not_channel(patient, channel, now)
    if why:
        raise Refused(why)


def why_not_channel(patient: Patient, channel: str, now: datetime) -> str:
    """Why not this way, or "". People who have an address for it and did not ask otherwise."""
    if channel == Step.Channel.VERBAL:
        return ""
    why = why_not_contact(patient, channel, now)
    if why:
        return why
    if channel == Step.Channel.LETTER and not (patient.address and patient.postcode):
        return "No full address is known."
    if channel == Step.Channel.EMAIL and not patient.email:
        return "No e-mail address is known."
    if channel == Step.Channel.SMS and not patient.phone:
        return "No telephone number is known."
    return ""


def preferred_channel(patient: Patient, now: datetime) -> str:
    """The way the person wants to be reached, or "" when only a conversation is left."""
    wants = ContactPreference.objects.filter(patient=patient).first() or ContactPreference()
    ways = (
        (wants.by_letter, Step.Channel.LETTER),
        (wants.by_email, Step.Channel.EMAIL),
        (wants.by_sms, Step.Channel.SMS),
    )
    for wanted, channel in ways:
        if wanted and not why_not_channel(patient, channel, now):
            return channel.value
    return ""


def why_not_send(step: Step, now: datetime) -> str:
    """Asked at the moment of sending: why this must not leave any more, or ""."""
    invitation, patient = step.invitation, step.invitation.patient
    return (
        _why_closed(invitation)
        or _why_changed(invitation, patient)
        or why_not_channel(patient, step.channel, now)
        or _why_out_of_date(step, now)
    )


def _why_closed(invitation: Invitation) -> str:
    if invitation.reply:
        return "They have replied, so nothing more was sent."
    if invitation.state != Invitation.State.OPEN:
        return "The invitation was closed, so nothing more was sent."
    return ""


def _why_changed(invitation: Invitation, patient: Patient) -> str:
    """What happened to the person since they were chosen, or ""."""
    if patient.date_of_death:
        return "The person has died, so this was not sent."
    if patient.practice_id != invitation.practice_id:
        return "They have moved to another practice, so this was not sent."
    if _joined(patient):
        return "They have joined the service, so this was not sent."
    if Referral.objects.filter(patient=patient, state__in=["sent", "taken"]).exists():
        return "Their GP has referred them, so this was not sent."
    return why_no_longer_agreed(invitation)


def _why_out_of_date(step: Step, now: datetime) -> str:
    """Why what was prepared no longer holds, or ""."""
    invitation, patient = step.invitation, step.invitation.patient
    day = timezone.localdate(now)
    if step.channel == Step.Channel.LETTER:
        if step.content.get("address") != content.address_lines(patient):
            return "Their name or address has changed since this was prepared: prepare it again."
    elif step.content.get("to") != destination(patient, step.channel):
        return "Their e-mail or telephone has changed since this was prepared: prepare it again."
    if not _held(invitation.endorsed_by, day):
        return "The GP who signed no longer works at the practice: prepare it again with another."
    try:
        provider = provider_of(invitation.practice_id, day)
    except Refused as refusal:
        return str(refusal)
    if provider.pk != invitation.provider_id:
        return "Another provider now runs the service for this practice."
    return why_data_too_old(invitation, day)


def why_data_too_old(invitation: Invitation, day: date) -> str:
    """Why the records an invitation rests on are too old to write from, or ""."""
    limit = settings_of(invitation.provider_id).oldest_data_days
    newest = newest_data(invitation)
    if newest is None or newest + timedelta(days=limit) >= day:
        return ""
    return (
        f"The newest records of the practice are of {content.in_words(newest)}, more than {limit} "
        "days ago: someone may have died or moved since. Add a new extract, then prepare it again."
    )


def newest_data(invitation: Invitation) -> date | None:
    """The day of the newest records an invitation rests on; None where no extract was used."""
    if invitation.candidate_uuid is None:
        return invitation.data_as_at
    newest = newest_extract_day(invitation.practice)
    return max(filter(None, (newest, invitation.data_as_at)), default=None)


def _held(membership: Membership, day: date) -> bool:
    return membership.starts <= day and (membership.ends is None or membership.ends > day)


def destination(patient: Patient, channel: str) -> str:
    """The address a message of this channel goes to."""
    if channel == Step.Channel.EMAIL:
        return patient.email
    if channel == Step.Channel.SMS:
        return patient.phone
    return "\n".join(content.address_lines(patient))


def check_letterhead(practice: Organisation, provider: Organisation, channel: str) -> None:
    """What every invitation needs: how to reply, and the practice's own address on letters."""
    if not provider.phone:
        raise Refused("Invitations say which number to ring: add the service's telephone first.")
    if channel == Step.Channel.LETTER and not practice.address:
        raise Refused("Letters go on the practice's letterhead: add the practice's address first.")


def approved_wording(
    provider_id: int, practice_id: int, kind: str, language: str = "en-GB"
) -> Wording:
    """The newest wording a GP of the practice has approved. Raises Refused when none is."""
    approvals = WordingApproval.objects.filter(
        practice_id=practice_id, wording__provider_id=provider_id, wording__kind=kind,
        wording__language__in={language, "en-GB"},
    )  # fmt: skip
    rows = [each.wording for each in approvals.select_related("wording")]
    rows.sort(key=lambda each: (each.language == language, each.number))
    if not rows:
        name = Wording.Kind(kind).label.lower()
        raise Refused(
            f"No GP of this practice has approved the {name} yet. Ask a GP to read it and "
            "approve it under Wording."
        )
    return rows[-1]


def reminder_due(invitation: Invitation, last_sent: datetime | None, reminders: int) -> date | None:
    """The day from which the next reminder may be prepared; None when none is to come."""
    settings = settings_of(invitation.provider_id)
    if last_sent is None or reminders >= settings.reminders:
        return None
    wait = settings.days_before_reminder_1 if not reminders else settings.days_before_reminder_2
    return timezone.localdate(last_sent) + timedelta(days=wait)
