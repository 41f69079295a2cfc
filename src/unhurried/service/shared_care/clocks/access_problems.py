"""The clock of an access problem: the practice answers for it the same or the next day (COM-4)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from django.db.models import QuerySet
from django.urls import reverse

from unhurried.service.audit.actor import Actor
from unhurried.service.patients.queries import open_episode_of
from unhurried.service.shared_care import telling
from unhurried.service.shared_care.access_words import kind_name
from unhurried.service.shared_care.models import AccessProblem
from unhurried.service.shared_care.models.waiting import Waiting
from unhurried.service.shared_care.queries.access_problems import open_problems
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

KIND = "access_problem"
NEXT = {
    "service_manager": "Ring the practice and ask what is done.",
    "project_worker": "Ask the practice what is done, and let the person know.",
}


def _open_problems() -> QuerySet[Waiting]:
    rows = AccessProblem.objects.filter(closed_at=None, patient__date_of_death=None)
    return cast("QuerySet[Waiting]", rows)


def _problems_seen_by(actor: Actor) -> Iterable[Waits]:
    if actor.role == "patient":
        return
    for row in open_problems(actor):
        owner = row.looking.user.full_name if row.looking else row.practice.name
        step = NEXT.get(actor.role, "Put it right, and tell the person.")
        if row.patient.practice_id != row.practice_id:
            step = f"The person moved to another practice: ring {row.practice.name}, and tell them."
        href = reverse("shared_care:access_problem", args=[row.patient.uuid, row.uuid])
        yield Waits(
            KIND, row.uuid, kind_name(row.kind), str(row.patient), owner, step, row.opened_at,
            row.late_from, row.passed_on_from, href, row.patient_id,
            phone_of(actor, row.practice),
        )  # fmt: skip


def _tells_of_problem(thing: Waiting, stage: str) -> Iterable[Told]:
    """The practice; then the service's managers, too: at once when the person moved elsewhere,
    since whoever they left sees nothing of them any more."""
    found = cast("AccessProblem", thing)
    moved = found.patient.practice_id != found.practice_id
    if not moved:
        yield from telling.practice_of(found.patient)
    episode = open_episode_of(found.patient)
    if episode is not None and (stage == PASSED_ON or moved):
        yield from telling.managers_of(episode.provider_id)


keeps(Keeper(KIND, "Getting to see the GP", _open_problems, _problems_seen_by, _tells_of_problem))
