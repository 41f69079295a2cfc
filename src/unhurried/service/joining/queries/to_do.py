"""What waits in joining for somebody, as counts."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.joining.candidates import waiting_for_invitation
from unhurried.service.joining.models import (
    Batch,
    Invitation,
    Referral,
)
from unhurried.service.joining.queries.invitations import batches, reminders_due
from unhurried.service.joining.queries.shared import may_invite
from unhurried.service.joining.queries.wording import complaints, wording_to_approve


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDo:
    """What waits in joining for this actor, as counts."""

    referrals_waiting: int = 0
    referrals_late: int = 0
    mine_to_ring: int = 0
    replies_to_ring: int = 0
    to_invite: int = 0
    reminders_due: int = 0
    batches: int = 0
    drafts: int = 0
    to_approve: int = 0
    complaints: int = 0


def to_do(actor: Actor) -> ToDo:
    """What is to be done next; a handful of counts whatever the number of people."""
    referrals = Referral.objects.visible_to(actor)
    today = clock.today()
    invitations = Invitation.objects.visible_to(actor)
    return ToDo(
        referrals_waiting=referrals.unallocated().count(),
        referrals_late=referrals.filter(
            state__in=["sent", "taken"], rang_at__isnull=True, ring_by__lt=today
        ).count(),
        mine_to_ring=referrals.filter(
            state="taken", rang_at__isnull=True, project_worker_id=actor.membership_id or 0
        ).count(),
        replies_to_ring=invitations.to_ring_back().count(),
        to_invite=waiting_for_invitation(actor).count() if may_invite(actor) else 0,
        reminders_due=reminders_due(actor).count(),
        batches=batches(actor).filter(state=Batch.State.PREPARED).count(),
        drafts=referrals.filter(state="draft").count(),
        to_approve=len(wording_to_approve(actor)) if actor.role == "gp" else 0,
        complaints=complaints(actor).filter(done_at=None).count(),
    )


def not_rung_yet(actor: Actor) -> QuerySet[Referral]:
    """Referrals the actor sees whose person nobody has rung yet, the earliest due first."""
    rows = Referral.objects.visible_to(actor).filter(
        state__in=["sent", "taken"], rang_at__isnull=True
    )
    return rows.select_related("patient", "project_worker__user", "provider").order_by(
        "ring_by", "pk"
    )
