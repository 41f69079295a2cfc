"""Open invitations stop as soon as it is known that someone has died or left (hazard H11)."""

from __future__ import annotations

from django.db.models import F, QuerySet

from unhurried.service.accounts.models import Membership, Organisation
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.joining.models import Invitation, Referral
from unhurried.service.patients.ending import when_contact_ends
from unhurried.service.patients.handing_on import when_worker_changes
from unhurried.service.patients.models import Episode, Patient


@when_contact_ends
def stop_open_invitations(patient: Patient, why: str, by: Actor) -> None:
    """Stop the person's open invitations: no reminder, and nobody waits for a reply."""
    stop_invitations(by, Invitation.objects.filter(patient=patient), why)


def stop_invitations(by: Actor, rows: QuerySet[Invitation], why: str) -> int:
    """Stop those of these invitations that are open, each with why; how many."""
    open_ones = list(rows.filter(state=Invitation.State.OPEN))
    for found in open_ones:
        with write("joining.invitation_stopped", by=by) as doing:
            current = Invitation.objects.select_for_update(of=("self",)).get(pk=found.pk)
            current.state, current.stopped_because = Invitation.State.STOPPED, why[:300]
            current.closed_at = clock.now()
            current.version += 1
            current.save()
            doing.about(current, patient_id=current.patient_id, note="no more is sent")
    return len(open_ones)


@when_worker_changes
def referral_follows(
    episode: Episode, before: Membership | None, now: Membership, _by: Actor
) -> None:
    """A referral under way is rung by the person's worker now; part of the audited change."""
    running = Referral.objects.filter(patient=episode.patient_id, state__in=["sent", "taken"])
    if before is not None:
        running.filter(project_worker=before).update(project_worker=now, version=F("version") + 1)


def hand_referrals_on(by: Actor, provider: Organisation, to: Organisation) -> int:
    """Referrals under way to a provider that leaves, with the next one; how many."""
    rows = Referral.objects.filter(provider=provider, state__in=["draft", "sent", "taken"])
    found = list(rows.select_for_update(of=("self",)))
    for each in found:
        with write("joining.referral_handed_on", by=by) as doing:
            each.provider, each.project_worker = to, None
            if each.state == Referral.State.TAKEN:
                each.state = Referral.State.SENT
            each.version += 1
            each.save()
            doing.about(each, patient_id=each.patient_id)
    return len(found)
