"""The clock of a talk: until the person has been told of it (COM-4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

from django.db.models import Q, QuerySet
from django.urls import reverse

from unhurried.service.accounts.models import Membership
from unhurried.service.accounts.queries import in_role
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.patients.access import people_around
from unhurried.service.patients.models import Cover, Episode
from unhurried.service.patients.queries import those_with_a_service
from unhurried.service.shared_care.models import Discussion
from unhurried.service.shared_care.models.waiting import Waiting
from unhurried.service.shared_care.queries.discussions import (
    left_to_practice,
    to_tell,
    untold,
)
from unhurried.service.shared_care.times import (
    LATE,
)
from unhurried.service.shared_care.times import (
    PASSED_ON as PASSED,
)
from unhurried.service.shared_care.waits import (
    Keeper,
    Told,
    Waits,
    keeps,
    reached,
)

KIND = "telling"
WHAT = "A talk the person has not been told of"


def _open() -> QuerySet[Waiting]:
    return cast("QuerySet[Waiting]", untold())


def _seen_by(actor: Actor) -> Iterable[Waits]:
    if actor.role in {"gp", "project_worker"}:
        found = list(to_tell(actor))
        now = _workers_of(each.patient_id for each in found)
        here = those_with_a_service(each.patient_id for each in found)
        for row in found:
            href = reverse("shared_care:discussion", args=[row.patient.uuid, row.uuid])
            step = "Tell the person what was said, or ask whether they would rather not know."
            yield _waits(row, str(row.patient), step, href, _owner(row, now, here))
    elif actor.role == "service_manager":
        yield from _for_manager(actor)


def _for_manager(actor: Actor) -> Iterator[Waits]:
    """What was passed on: that it waits, for whom and who answers for it; never what was said."""
    rows = untold().filter(reached(PASSED, clock.now()), provider_id=actor.organisation_id)
    rows = rows.exclude(pk__in=left_to_practice(rows).values("pk"))
    found = list(rows.select_related("patient__practice", "provider", "written_by__user"))
    now = _workers_of(each.patient_id for each in found)
    here = those_with_a_service(each.patient_id for each in found)
    people = people_around(actor).filter(pk__in=[each.patient_id for each in found])
    known = set(people.values_list("pk", flat=True))
    for row in found:
        name = str(row.patient) if row.patient_id in known else ""
        owner = _owner(row, now, here)
        step = f"Ask {owner} to tell the person."
        yield _waits(row, name, step, "", owner)


def _owner(row: Discussion, now: dict[int, Membership], here: frozenset[int]) -> str:
    """Who tells the person: the GP who wrote it, their worker of today; else their practice once
    they are with no service, or the service, which chooses another worker."""
    if _tells_them(row):
        return row.written_by.user.full_name
    worker = now.get(row.patient_id)
    if worker is not None:
        return worker.user.full_name
    return row.provider.name if row.patient_id in here else row.patient.practice.name


def _tells_them(row: Discussion) -> bool:
    """Does the GP who wrote it still work at the person's practice? Else their worker tells."""
    wrote = row.written_by
    today = clock.today()
    held = wrote.starts <= today and (wrote.ends is None or wrote.ends > today)
    there = wrote.role == "gp" and wrote.organisation_id == row.patient.practice_id
    return there and held and wrote.user.is_active


def _workers_of(people: Iterable[int]) -> dict[int, Membership]:
    rows = Episode.objects.filter(patient__in=list(people)).exclude(state=Episode.State.ENDED)
    held = Membership.objects.on(clock.today()).filter(user__is_active=True)
    named = rows.filter(project_worker__in=held).select_related("project_worker__user")
    return {each.patient_id: each.project_worker for each in named if each.project_worker}


def _waits(row: Discussion, name: str, step: str, href: str, owner: str) -> Waits:
    return Waits(
        KIND, row.uuid, WHAT, name, owner, step, row.opened_at,
        row.late_from, row.passed_on_from, href, row.patient_id if name else None,
    )  # fmt: skip


def _tells(thing: Waiting, stage: str) -> Iterable[Told]:
    """Late: the GP who wrote it, or the person's worker of today and who covers. Then managers."""
    found = cast("Discussion", thing)
    if stage == LATE or left_to_practice(Discussion.objects.filter(pk=found.pk)).exists():
        answering = list(_answering(found))
        for each in answering:
            yield Told(each.user.email, found.practice_id, found.provider_id)
        if answering:
            return
    for each in in_role(found.provider_id, "service_manager"):
        yield Told(each.user.email, found.practice_id, found.provider_id)


def _answering(found: Discussion) -> Iterable[Membership]:
    if _tells_them(found):
        return [found.written_by]
    running = Episode.objects.filter(patient_id=found.patient_id).exclude(state=Episode.State.ENDED)
    if not running.exists():
        return in_role(found.patient.practice_id, "gp").filter(user__is_active=True)
    today, named = clock.today(), running.values("project_worker_id")
    away = Cover.objects.filter(worker__in=named, starts__lte=today, ends__gt=today)
    held = Membership.objects.on(today).filter(user__is_active=True)
    people = held.filter(Q(pk__in=named) | Q(pk__in=away.values("covering_id")))
    return people.select_related("user").order_by("pk")


keeps(Keeper(KIND, WHAT, _open, _seen_by, _tells))
