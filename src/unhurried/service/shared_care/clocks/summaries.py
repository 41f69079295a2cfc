"""The clock of record summaries: until the practice says they are on the record (COM-1).

One that came back waits for the project worker, with a clock of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

from django.db.models import QuerySet
from django.urls import reverse

from unhurried.service.audit.actor import Actor
from unhurried.service.patients.queries import open_episode_of, those_with_a_service
from unhurried.service.shared_care import telling
from unhurried.service.shared_care.models import RecordSummary
from unhurried.service.shared_care.models.waiting import Waiting
from unhurried.service.shared_care.queries.summaries import waiting_rows, waiting_seen
from unhurried.service.shared_care.times import (
    PASSED_ON,
)
from unhurried.service.shared_care.waits import (
    Keeper,
    Told,
    Waits,
    keeps,
    phone_of,
)

State = RecordSummary.State
OPENS = frozenset({"gp", "project_worker", "clinical_supervisor"})
NEXT_STEP = {
    ("gp", State.SENT): "Read it, and say that it is on the record",
    ("practice_staff", State.SENT): "Tell a GP of the practice that it waits",
    ("project_worker", State.SENT): "Ask the practice whether it has reached them",
    ("gp", State.RETURNED): "The service is over for them: put it on the record as it is",
    ("project_worker", State.RETURNED): "Read why it came back, and write it anew",
}


def open_rows() -> QuerySet[Waiting]:
    """Summaries that wait for somebody."""
    return cast("QuerySet[Waiting]", waiting_rows())


def _seen_by(actor: Actor) -> Iterator[Waits]:
    found = list(waiting_seen(actor))
    here = those_with_a_service(each.patient_id for each in found)
    for row in found:
        state = State(row.state)
        ours = state == State.SENT or row.patient_id not in here
        keeper = row.patient.practice if ours else row.provider
        owner = keeper.name
        yield Waits(
            kind="summary", uuid=row.uuid,
            what="Summary for the GP record"
            if state == State.SENT
            else "Summary the practice sent back",
            person=str(row.patient), owner=owner,
            next_step=NEXT_STEP.get((actor.role, state), f"Ask {owner} what it needs"),
            since=row.opened_at, late_from=row.late_from, passed_on_from=row.passed_on_from,
            href=reverse("shared_care:summary", args=[row.patient.uuid, row.uuid])
            if actor.role in OPENS
            else "",
            patient_id=row.patient_id, phone=phone_of(actor, keeper),
        )  # fmt: skip


def _tells(thing: Waiting, stage: str) -> Iterable[Told]:
    """Late: the practice, or the project worker of one that came back. Passed on: the managers."""
    row = RecordSummary.objects.select_related("patient__practice").get(pk=thing.pk)
    episode = open_episode_of(row.patient)
    if episode is None:  # nobody of a service may open it any more
        return telling.practice_of(row.patient)
    if stage == PASSED_ON:
        return telling.managers_of(episode.provider_id)
    if row.state == State.SENT:
        return telling.practice_of(row.patient)
    return telling.workers_of(row.patient, row.provider_id)


keeps(Keeper("summary", "Summary for the GP record", open_rows, _seen_by, _tells))
