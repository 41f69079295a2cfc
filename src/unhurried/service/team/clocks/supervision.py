"""The clocks of supervision: nothing held for too long, no day agreed, support asked for today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

from django.db.models import Prefetch, QuerySet
from django.urls import reverse

from unhurried.service.accounts.models import Membership
from unhurried.service.accounts.queries import in_role
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.patients.access import opens_records
from unhurried.service.shared_care.models.waiting import Waiting
from unhurried.service.shared_care.times import (
    LATE,
)
from unhurried.service.shared_care.waits import (
    Keeper,
    Told,
    Waits,
    keeps,
)
from unhurried.service.team.models import Supervises, SupervisionClock, SupportRequest
from unhurried.service.team.queries.supervises import supervises_on
from unhurried.service.team.queries.supervision import (
    people_of_supervised,
    support_seen,
    workers_seen,
)

CONCERNED = frozenset({"project_worker", "clinical_supervisor", "service_manager"})


def _open_clocks() -> QuerySet[Waiting]:
    return cast("QuerySet[Waiting]", SupervisionClock.objects.filter(closed_at=None))


def _clocks_seen(actor: Actor) -> Iterator[Waits]:
    if actor.role not in CONCERNED:
        return
    now = Supervises.objects.on(clock.today()).select_related("supervisor__user")
    late = SupervisionClock.objects.filter(
        closed_at=None, late_from__lte=clock.now(), worker__in=workers_seen(actor).values("pk")
    )
    for each in late.select_related("worker__user").prefetch_related(
        Prefetch("worker__supervised_by", queryset=now, to_attr="supervised_now")
    ):
        found: list[Supervises] = getattr(each.worker, "supervised_now")  # noqa: B009
        owner = found[0].supervisor.user.full_name if found else "Nobody yet"
        manages = actor.role == "service_manager"
        choose = manages and not found
        yield Waits(
            kind="supervision", uuid=each.uuid, person="", owner=owner, since=each.opened_at,
            what=f"Supervision of {each.worker.user.full_name}", late_from=each.late_from,
            passed_on_from=each.passed_on_from,
            next_step="Choose who supervises" if choose else "Plan the next supervision",
            href=reverse("team:supervisor", args=[each.worker_id]) if choose
            else reverse("team:supervision"),
        )  # fmt: skip


def _tells_of_clock(thing: Waiting, stage: str) -> Iterable[Told]:
    kept = cast("SupervisionClock", thing)
    worker = kept.worker
    if stage != LATE:
        return _managers(worker)
    now = Supervises.objects.on(clock.today()).filter(worker=worker)
    found = now.select_related("supervisor__user").first()
    two = [worker, *([found.supervisor] if found else [])]
    told = [Told(each.user.email, provider_id=worker.organisation_id) for each in two]
    return told if found else [*told, *_managers(worker)]


def _managers(worker: Membership) -> list[Told]:
    managers = in_role(worker.organisation_id, "service_manager")
    return [Told(each.user.email, provider_id=worker.organisation_id) for each in managers]


def _open_requests() -> QuerySet[Waiting]:
    here = Membership.objects.on(clock.today()).filter(user__is_active=True)
    rows = SupportRequest.objects.filter(closed_at=None, worker__in=here)
    return cast("QuerySet[Waiting]", rows)


def _requests_seen(actor: Actor) -> Iterator[Waits]:
    for each in support_seen(actor).filter(closed_at=None):
        own = each.worker_id == actor.membership_id
        yield Waits(
            kind="support", uuid=each.uuid, person="", since=each.opened_at,
            what=f"{each.worker.user.full_name} asks for support today",
            owner=each.supervisor.user.full_name if each.supervisor else "The manager",
            next_step="Your supervisor answers" if own else "Ring them today, then say so",
            late_from=each.late_from, passed_on_from=each.passed_on_from,
            href=reverse("team:support_answer", args=[each.uuid]),
        )  # fmt: skip


def _tells_of_request(thing: Waiting, stage: str) -> Iterable[Told]:
    worker = cast("SupportRequest", thing).worker
    now = supervises_on(worker, clock.today())
    if stage != LATE or now is None:
        return _managers(worker)
    return [Told(now.supervisor.user.email, provider_id=worker.organisation_id)]


keeps(Keeper("supervision", "Supervision", _open_clocks, _clocks_seen, _tells_of_clock))
keeps(Keeper("support", "Support asked for", _open_requests, _requests_seen, _tells_of_request))
opens_records("clinical_supervisor", people_of_supervised)
