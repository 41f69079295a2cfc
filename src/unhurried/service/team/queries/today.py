"""What the first page can say of supervision, time and learning."""

from __future__ import annotations

from dataclasses import dataclass

from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.team.models import SupervisionClock
from unhurried.service.team.queries import learning, ledger, supervision


@dataclass(frozen=True, slots=True)
class ToDo:
    """Counts for the first page; nought for whoever they do not concern."""

    supervision_late: int = 0
    support_asked: int = 0
    claims_to_decide: int = 0
    claims_sent_back: int = 0
    learning_planned: int = 0
    learning_late: int = 0


def to_do(actor: Actor) -> ToDo:
    """Everything the team's rooms count for `actor`."""
    late = SupervisionClock.objects.filter(
        closed_at=None, late_from__lte=clock.now(),
        worker__in=supervision.workers_seen(actor).values("pk"),
    )  # fmt: skip
    asked = supervision.support_seen(actor).filter(closed_at=None)
    to_decide, sent_back = ledger.counts_of_claims(actor)
    planned, overdue = learning.counts(actor)
    return ToDo(
        supervision_late=late.count(),
        support_asked=0 if actor.role == "project_worker" else asked.count(),
        claims_to_decide=to_decide,
        claims_sent_back=sent_back,
        learning_planned=planned,
        learning_late=overdue,
    )
