"""Writing invitations: prepared, looked at, approved, posted, said (INV-1 to INV-3; H11 to H15)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import TypeVar
from uuid import UUID, uuid4

from unhurried.service.accounts.models import Membership, Organisation
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.audit.refused import Refused
from unhurried.service.identification.operations import mark_invited
from unhurried.service.jobs.operations import enqueue
from unhurried.service.joining import content, rules
from unhurried.service.joining.codes import REPLY
from unhurried.service.joining.models import Batch, Invitation, Step, Wording
from unhurried.service.joining.operations.common import changed_meanwhile
from unhurried.service.joining.posting import post_step, unposted
from unhurried.service.joining.tables import languages
from unhurried.service.joining.words import medicines_shown
from unhurried.service.patients.models import ContactPreference, Patient

MOST_AT_ONCE = 500
KINDS = {
    (0, "letter"): Wording.Kind.INVITATION, (1, "letter"): Wording.Kind.REMINDER_1,
    (2, "letter"): Wording.Kind.REMINDER_2,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Someone to invite: who, how, in whose name, and on what the choice rests."""

    patient: Patient
    endorsed_by: Membership
    channel: str = ""  # the person's preference when left out
    candidate_uuid: UUID | None = None
    data_as_at: date | None = None
    again_because: str = ""


OnePerson = TypeVar("OnePerson", Asked, Invitation)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A batch to look at, and who was left out, with a sentence each."""

    batch: Batch
    left_out: list[tuple[Patient, str]]


def prepare_invitations(
    *, by: Actor, practice: Organisation, asked: Sequence[Asked], key: str = ""
) -> Prepared:
    """Invitations to look at before anything leaves; who may not be asked is left out, said why.

    Raises Refused when nobody is left, or a text the messages need is not approved.
    """
    if len(asked) > MOST_AT_ONCE:
        raise Refused(f"Prepare {MOST_AT_ONCE} at most at a time.")
    body = (practice.pk, [(each.patient.pk, each.channel, each.again_because) for each in asked])
    with write("joining.invitations_prepared", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return Prepared(Batch.objects.get(pk=doing.replay_of), [])
        prepared = _fill(_new_batch(by, practice), asked, partial(_invite, by), "invite")
        doing.about(prepared.batch)
    return prepared


def _fill(
    batch: Batch, people: Sequence[OnePerson], add: Callable[[Batch, OnePerson], object], what: str
) -> Prepared:
    """The batch with everybody who may be on it; the others are left out, said why."""
    left_out: list[tuple[Patient, str]] = []
    for each in people:
        try:
            add(batch, each)
        except Refused as refusal:
            left_out.append((each.patient, str(refusal)))
    if not batch.steps.exists():
        raise Refused(left_out[0][1] if left_out else f"Choose at least one person to {what}.")
    return Prepared(batch, left_out)


def _new_batch(by: Actor, practice: Organisation) -> Batch:
    provider = rules.provider_of(practice.pk, clock.today())
    rules.check_invites_for(by, practice.pk, provider.pk, clock.today())
    return Batch.objects.create(
        practice=practice, provider=provider,
        made_by_id=by.membership_id or 0, made_at=clock.now(),
    )  # fmt: skip


def _invite(by: Actor, batch: Batch, asked: Asked) -> None:
    now = clock.now()
    patient = asked.patient
    if patient.practice_id != batch.practice_id:
        raise Refused("They are registered with another practice.")
    rules.check_may_invite(patient, now, again_because=asked.again_because)
    channel = asked.channel or rules.preferred_channel(patient, now)
    if not channel or channel == Step.Channel.VERBAL:
        raise Refused("They would rather not be written to: invite them in conversation.")
    rules.check_channel(patient, channel, now)
    invitation = _new_invitation(batch.practice, batch.provider, asked)
    why = rules.why_data_too_old(invitation, clock.today())
    if why:
        raise Refused(why)
    step = _new_step(batch, invitation, 0, channel)
    invitation.save()
    step.invitation = invitation
    with write("joining.invitation_prepared", by=by) as doing:
        step.save()
        doing.about(invitation, patient_id=patient.pk)


def _new_invitation(practice: Organisation, provider: Organisation, asked: Asked) -> Invitation:
    uuid = uuid4()
    days = rules.settings_of(provider.pk).reply_code_days
    return Invitation(
        uuid=uuid, patient=asked.patient, practice=practice, provider=provider,
        candidate_uuid=asked.candidate_uuid, endorsed_by=asked.endorsed_by,
        data_as_at=asked.data_as_at, opened_at=clock.now(), again_because=asked.again_because[:300],
        reply_hash=REPLY.hash_of(REPLY.code_for(uuid)),
        reply_until=clock.now() + timedelta(days=days),
    )  # fmt: skip


def _new_step(batch: Batch, invitation: Invitation, number: int, channel: str) -> Step:
    patient = invitation.patient
    wishes = ContactPreference.objects.filter(patient=patient).first() or ContactPreference()
    named = {name.casefold(): code for code, name in languages().items()}
    language = named.get(wishes.language.strip().casefold(), "en-GB")
    kind = KINDS.get((number, channel)) or Wording.Kind(channel)
    wording = rules.approved_wording(batch.provider_id, batch.practice_id, kind, language)
    rules.check_letterhead(batch.practice, batch.provider, channel)
    _check_service_name(batch.provider, wording)
    if "reply_link" in wording.body and not content.public_address():
        raise Refused(
            "This message gives the address of the reply page, which is not set up yet "
            "(UNHURRIED_URL)."
        )
    made = content.make(
        patient=patient, practice=batch.practice, provider=batch.provider,
        signed_by=content.endorser_of(invitation), wording=wording, day=clock.today(),
        large_print=wishes.large_print,
    )  # fmt: skip
    if channel != Step.Channel.LETTER:
        made["to"] = rules.destination(patient, channel)
    return Step(
        number=number, batch=batch, channel=channel, wording=wording, content=made,
        large_print=wishes.large_print, prepared_at=clock.now(),
    )  # fmt: skip


def _check_service_name(provider: Organisation, wording: Wording) -> None:
    """Refuse where the service's own name would say a medicine to whoever sees the message."""
    name = content.service_name(provider)
    said = (each.replace("{{ service_name }}", name) for each in (wording.subject, wording.body))
    for each in medicines_shown(wording.kind, *said):
        raise Refused(f"“{each.words}”: {each.why} {each.instead}")


def prepare_reminders(
    *, by: Actor, practice: Organisation, invitations: Sequence[Invitation], key: str = ""
) -> Prepared:
    """Reminders to look at, for those whose time has come; others are left out, said why."""
    body = (practice.pk, [each.pk for each in invitations])
    with write("joining.reminders_prepared", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return Prepared(Batch.objects.get(pk=doing.replay_of), [])
        prepared = _fill(_new_batch(by, practice), invitations, partial(_remind, by), "remind")
        doing.about(prepared.batch)
    return prepared


def _remind(by: Actor, batch: Batch, invitation: Invitation) -> None:
    current = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    steps = list(current.steps.order_by("number"))
    last = steps[-1] if steps else None
    if current.practice_id != batch.practice_id:
        raise Refused("They were invited by another practice.")
    if current.state != Invitation.State.OPEN or current.reply:
        raise Refused("They have replied, or the invitation is closed.")
    if last is None or last.state not in {Step.State.POSTED, Step.State.SAID}:
        raise Refused("What was sent before has not left yet.")
    due = rules.reminder_due(current, last.posted_at, len(steps) - 1)
    if due is None:
        raise Refused("They have had every reminder there is.")
    if due > clock.today():
        raise Refused(f"The next reminder is due on {content.in_words(due)}.")
    channel = rules.preferred_channel(current.patient, clock.now())
    if not channel:
        raise Refused("They would rather not be written to.")
    step = _new_step(batch, current, last.number + 1, channel)
    why = rules.why_data_too_old(current, clock.today())
    if why:
        raise Refused(why)
    step.invitation = current
    with write("joining.reminder_prepared", by=by) as doing:
        step.save()
        doing.about(current, patient_id=current.patient_id)


def approve_batch(*, by: Actor, batch: Batch, key: str = "") -> Batch:
    """The batch, approved: a job hands each message to the outbox."""
    with write("joining.batch_approved", by=by, key=key, body=batch.pk) as doing:
        current = Batch.objects.select_for_update().get(pk=batch.pk)
        if doing.replay_of:
            return current
        rules.check_invites_for(by, current.practice_id, current.provider_id, clock.today())
        if current.state != Batch.State.PREPARED:
            raise Refused("This has been decided already.")
        current.state = Batch.State.APPROVED
        current.decided_by_id, current.decided_at = by.membership_id, clock.now()
        current.job_uuid = enqueue("joining.post_batch", {"batch": current.pk}, by=by).uuid
        current.save()
        prepared = current.steps.filter(state=Step.State.PREPARED)
        prepared.update(state=Step.State.APPROVED, explanation="")
        doing.about(current)
    return current


ROLE_ENDED = (
    "Not sent: whoever approved this no longer holds that role. Somebody else looks at it and "
    "approves it."
)


def hand_back(*, by: Actor, batch: Batch) -> Batch:
    """The batch, waiting for another's approval: the role of who approved it ended meanwhile.

    What was handed over before that stays so; the rest says why it was not sent.
    """
    with write("joining.batch_handed_back", by=by) as doing:
        current = Batch.objects.select_for_update().get(pk=batch.pk)
        waiting = current.steps.filter(state=Step.State.APPROVED)
        waiting.update(state=Step.State.PREPARED, explanation=ROLE_ENDED)
        current.state = Batch.State.PREPARED
        current.decided_by, current.decided_at, current.job_uuid = None, None, None
        current.save()
        doing.about(current, note="role ended")
    return current


def put_batch_aside(*, by: Actor, batch: Batch, key: str = "") -> Batch:
    """The batch, put aside: nothing in it leaves, and the people may be asked another time."""
    with write("joining.batch_put_aside", by=by, key=key, body=batch.pk) as doing:
        current = Batch.objects.select_for_update().get(pk=batch.pk)
        if doing.replay_of:
            return current
        rules.check_invites_for(by, current.practice_id, current.provider_id, clock.today())
        if current.state != Batch.State.PREPARED:
            raise Refused("This has been decided already.")
        current.state = Batch.State.PUT_ASIDE
        current.decided_by_id, current.decided_at = by.membership_id, clock.now()
        current.save()
        _put_invitations_aside(by, current)
        kept = current.steps.exclude(state=Step.State.POSTED)
        kept.filter(number__gt=0).delete()
        kept.update(state=Step.State.STOPPED, explanation="Put aside before it was sent")
        doing.about(current)
    return current


def _put_invitations_aside(by: Actor, batch: Batch) -> None:
    """Stop the invitations of a batch that are still open; a reply that came meanwhile stays."""
    first = batch.steps.filter(number=0).exclude(state=Step.State.POSTED)
    rows = Invitation.objects.select_for_update().filter(
        pk__in=first.values("invitation_id"),
        state=Invitation.State.OPEN,
    )  # fmt: skip
    for invitation in rows:
        with write("joining.invitation_put_aside", by=by) as doing:
            invitation.state = Invitation.State.STOPPED
            invitation.stopped_because = "Put aside before it was sent"
            invitation.closed_at = clock.now()
            invitation.version += 1
            invitation.save()
            doing.about(invitation, patient_id=invitation.patient_id)


def post_steps(*, by: Actor, steps: Sequence[Step]) -> int:
    """Hand some approved steps to the outbox, each once; how many were handed over."""
    count = 0
    for step in steps:
        with write("joining.step_posted", by=by) as doing:
            current = unposted(step)
            if current is not None:
                post_step(by, current)
                count += 1
            doing.about(step, patient_id=step.invitation.patient_id)
    return count


def invite_in_conversation(
    *, by: Actor, patient: Patient, endorsed_by: Membership, candidate_uuid: UUID | None = None,
    again_because: str = "", key: str = "",
) -> Invitation:  # fmt: skip
    """An invitation said aloud in a consultation or on the telephone (INV-3)."""
    body = (patient.pk, endorsed_by.pk, again_because)
    with write("joining.invited_in_conversation", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return Invitation.objects.get(pk=doing.replay_of)
        rules.check_may_invite(patient, clock.now(), again_because=again_because)
        provider = rules.provider_of(patient.practice_id, clock.today())
        rules.check_invites_for(by, patient.practice_id, provider.pk, clock.today())
        asked = Asked(
            patient=patient, endorsed_by=endorsed_by, candidate_uuid=candidate_uuid,
            again_because=again_because,
        )  # fmt: skip
        invitation = _new_invitation(patient.practice, provider, asked)
        invitation.endorsed_how = "verbal"
        invitation.save()
        Step.objects.create(
            invitation=invitation, number=0, channel=Step.Channel.VERBAL, state=Step.State.SAID,
            prepared_at=clock.now(), posted_at=clock.now(),
        )  # fmt: skip
        mark_invited(by=by, patient=patient)
        doing.about(invitation, patient_id=patient.pk)
    return invitation


def stop_invitation(
    *, by: Actor, invitation: Invitation, because: str, version: int, key: str = ""
) -> Invitation:
    """The invitation, stopped: whatever has not left does not leave."""
    body = (invitation.pk, because, version)
    with write("joining.invitation_stopped", by=by, key=key, body=body) as doing:
        current = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
        if doing.replay_of:
            return current
        rules.check_reaches_invitation(by, current, clock.today())
        changed_meanwhile(current, version)
        if current.state != Invitation.State.OPEN:
            raise Refused("This invitation is closed already.")
        if not because.strip():
            raise Refused("Say why in a few words.")
        current.state, current.stopped_because = Invitation.State.STOPPED, because.strip()[:300]
        current.closed_at = clock.now()
        current.version += 1
        current.save()
        doing.about(current, patient_id=current.patient_id)
    return current


def close_finished(*, by: Actor) -> int:
    """Close invitations whose last reminder has long had no reply; how many were closed."""
    count = 0
    for invitation in Invitation.objects.filter(state=Invitation.State.OPEN).prefetch_related(
        "steps"
    ):
        settings = rules.settings_of(invitation.provider_id)
        steps = sorted(invitation.steps.all(), key=lambda each: each.number)
        last = steps[-1].posted_at if steps else None
        wait = timedelta(days=settings.days_before_reminder_2)
        if len(steps) <= settings.reminders or last is None or last + wait > clock.now():
            continue
        with write("joining.invitation_closed", by=by) as doing:
            current = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
            if current.state == Invitation.State.OPEN:
                current.state, current.closed_at = Invitation.State.NO_REPLY, clock.now()
                current.version += 1
                current.save()
                count += 1
            doing.about(current, patient_id=current.patient_id)
    return count
