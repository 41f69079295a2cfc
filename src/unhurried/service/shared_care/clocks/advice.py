"""The clock of advice: it runs on the specialist, or on who asked while something is asked back.

Late, whoever is to act is written to; passed on, the side that asked and the manager, who can ask
somebody else. Without the person's consent nobody waits for the specialist.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet
from django.urls import reverse

from unhurried.service.accounts.models import Membership
from unhurried.service.accounts.queries import in_role
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.patients.models import Cover, Episode
from unhurried.service.shared_care import specialists
from unhurried.service.shared_care.advice_mail import specialists_asked
from unhurried.service.shared_care.models.advice import AdviceRequest
from unhurried.service.shared_care.models.waiting import Waiting
from unhurried.service.shared_care.queries import advice as queries
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

KIND = "advice"
State = AdviceRequest.State
WITH_US = "the team that asked"
STOPPED = "The person does not share with specialists any more: withdraw it, or talk with them"


def open_rows() -> QuerySet[Waiting]:
    """Every question that is not closed."""
    return AdviceRequest.objects.filter(closed_at=None).select_related("asked_by__user")


def seen_by(actor: Actor) -> Iterator[Waits]:
    """The open questions the actor may know of: a specialist those that wait for them."""
    manages = actor.role == "service_manager"
    rows = queries.known_to_manager(actor) if manages else queries.seen_by(actor)
    rows = rows.filter(closed_at=None)
    if actor.role in specialists.SPECIALISTS:
        rows = rows.filter(state=State.WITH_SPECIALIST)
    if actor.role == "patient":
        return
    found = list(rows.order_by("asked_at", "pk"))
    shared = queries.still_shared(found)
    for each in found:
        yield _waits(actor, each, shared=each.patient_id in shared)


def _waits(actor: Actor, each: AdviceRequest, *, shared: bool) -> Waits:
    opens = actor.role != "service_manager"
    with_specialist = shared and each.state == State.WITH_SPECIALIST
    return Waits(
        kind=KIND, uuid=each.uuid, what="Advice of a specialist", person=str(each.patient),
        owner=queries.asked_whom(each) if with_specialist else WITH_US,
        next_step=next_step(actor, each, shared=shared), since=each.asked_at,
        late_from=each.late_from, passed_on_from=each.passed_on_from,
        href=reverse("shared_care:advice_request", args=[each.patient.uuid, each.uuid])
        if opens else "",
        patient_id=each.patient_id,
        phone=phone_of(actor, each.hospital) if with_specialist else "",
    )  # fmt: skip


def next_step(actor: Actor, each: AdviceRequest, *, shared: bool) -> str:
    """What to do next, for this viewer."""
    if actor.role in specialists.SPECIALISTS:
        return "Answer, ask something back, or pass it on"
    if shared and each.state == State.WITH_SPECIALIST:
        return _while_they_have_it(actor, each)
    if actor.role == "service_manager":
        return "Ask the team: it waits for them"
    return NEXT.get(each.state, STOPPED) if shared else STOPPED


NEXT = {
    str(State.ASKED_BACK): "Answer what the specialist asked back",
    str(State.NOT_FOR_ME): "Ask somebody else, or withdraw it",
}


def _while_they_have_it(actor: Actor, each: AdviceRequest) -> str:
    if each.late_from is None or each.late_from > clock.now():
        return "Nothing yet: it waits for an answer"
    if actor.role == "service_manager":
        return "Ring the hospital, or ask the team to ask somebody else"
    return "Ring them, or ask another specialist"


def tells(row: Waiting, stage: str) -> Iterator[Told]:
    """Late: whoever is to act. Passed on: the side that asked, and the manager."""
    if not isinstance(row, AdviceRequest):
        return
    shared = bool(queries.still_shared([row]))
    if stage == PASSED_ON:
        people = [*askers(row), *_managers(row)]
    elif row.state == State.WITH_SPECIALIST and shared:
        people = specialists_asked(row) or askers(row)
    else:
        people = askers(row)
    for each in {one.user.email: one for one in people}.values():
        yield Told(each.user.email, practice_id=row.practice_id, provider_id=row.provider_id)


def askers(request: AdviceRequest) -> list[Membership]:
    """Who answers for the question on the side that asked: who asked, or the worker of today and
    who covers; the practice's GPs when who asked there has left."""
    if request.asked_by.role != "project_worker":
        gps = in_role(request.practice_id, "gp")
        return [each for each in gps if each.pk == request.asked_by_id] or list(gps)
    if not _episodes(request).exists():
        return list(in_role(request.practice_id, "gp"))  # it is with their practice again
    named = _episodes(request).values_list("project_worker_id", flat=True).first()
    today = clock.today()
    covering = Cover.objects.filter(worker_id=named or 0, starts__lte=today, ends__gt=today)
    wanted = {named, *covering.values_list("covering_id", flat=True)}
    held = Membership.objects.on(today).filter(pk__in=[each for each in wanted if each])
    return list(held.select_related("user").order_by("pk")) or _managers(request)


def _managers(request: AdviceRequest) -> list[Membership]:
    provider = _episodes(request).values_list("provider_id", flat=True).first()
    return list(in_role(provider or 0, "service_manager"))


def _episodes(request: AdviceRequest) -> QuerySet[Episode]:
    rows = Episode.objects.filter(patient_id=request.patient_id)
    return rows.exclude(state=Episode.State.ENDED)


keeps(Keeper(KIND, "Advice", open_rows, seen_by, tells))
