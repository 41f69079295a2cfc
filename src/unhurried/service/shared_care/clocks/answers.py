"""The clock of an answer: until somebody of the side that asked has seen it (COM-2, H24)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

from django.db.models import QuerySet

from unhurried.service.audit.actor import Actor
from unhurried.service.patients.queries import those_with_a_service
from unhurried.service.shared_care.clocks.tasks import told_team
from unhurried.service.shared_care.models.answers import Answer
from unhurried.service.shared_care.models.messages import Side
from unhurried.service.shared_care.models.waiting import Waiting
from unhurried.service.shared_care.queries.answers import page_of, unseen_known
from unhurried.service.shared_care.task_kinds import side_of
from unhurried.service.shared_care.waits import Keeper, Told, Waits, keeps, phone_of

WHAT = "Answer nobody has seen"


def unseen_answers() -> QuerySet[Waiting]:
    """Answers nobody of the side that asked has seen."""
    return cast("QuerySet[Waiting]", Answer.objects.filter(closed_at=None))


def _seen_by(actor: Actor) -> Iterator[Waits]:
    reads = bool(side_of(actor.role))
    found = list(unseen_known(actor))
    here = those_with_a_service(each.patient_id for each in found)
    for row in found:
        ours = row.side == Side.PRACTICE or row.patient_id not in here or row.provider is None
        keeper = row.patient.practice if ours else row.provider
        owner = keeper.name if keeper else ""
        yield Waits(
            kind="answer", uuid=row.uuid, what=WHAT, person=str(row.patient), owner=owner,
            next_step="Read it, and say that you have seen it"
            if reads
            else f"Ask {owner} who can look at it",
            since=row.opened_at, late_from=row.late_from, passed_on_from=row.passed_on_from,
            href=page_of(row) if reads else "", patient_id=row.patient_id,
            phone=phone_of(actor, keeper),
        )  # fmt: skip


def _tells(thing: Waiting, stage: str) -> Iterable[Told]:
    row = Answer.objects.select_related("patient__practice").get(pk=thing.pk)
    return told_team(row.patient, row.side, stage)


keeps(Keeper("answer", WHAT, unseen_answers, _seen_by, _tells))
