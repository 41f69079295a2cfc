"""What the person is told of advice: honestly what is awaited, and the advice once it is theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.patients.models import Patient
from unhurried.service.patients.words import day
from unhurried.service.shared_care.models.advice import AdviceRequest, AdviceStep
from unhurried.service.shared_care.queries.advice import (
    asked_whom,
    in_words,
    requests_of,
    still_shared,
)

State, Kind = AdviceRequest.State, AdviceStep.Kind
STOPPED = (
    "You asked us to stop sharing with specialists. They see nothing about you here any more, so "
    "we do not expect an answer."
)


@dataclass(frozen=True, slots=True)
class OwnAdvice:
    """One question to a specialist, as the person is told of it. `question` and `answer` are there
    once the advice is theirs to read."""

    uuid: UUID
    sentences: tuple[str, ...]
    question: str = ""
    answer: str = ""
    if_then: str = ""
    by: str = ""

    @property
    def readable(self) -> bool:
        """Is there advice to read?"""
        return bool(self.answer)


def own_advice(actor: Actor, patient: Patient) -> list[OwnAdvice]:
    """Every question asked about the person, the newest first, as they are told of it."""
    rows = requests_of(actor, patient)
    shared = still_shared(rows)
    steps: dict[int, list[AdviceStep]] = {}
    found = AdviceStep.objects.filter(request__in=[each.pk for each in rows])
    for step in found.select_related("to__user", "to_hospital").order_by("at", "pk"):
        steps.setdefault(step.request_id, []).append(step)
    return [_told(each, steps.get(each.pk, []), each.patient_id in shared) for each in rows]


def _told(request: AdviceRequest, steps: list[AdviceStep], shared: bool) -> OwnAdvice:
    said = [_asked(request, steps)]
    if request.state == State.WITH_SPECIALIST:
        said += _waiting(request, steps) if shared else [STOPPED]
    elif request.state in {State.ASKED_BACK, State.NOT_FOR_ME}:
        said += [_with_us(request)] if shared else [STOPPED]
    elif request.state == State.WITHDRAWN:
        said.append(f"On {_on(request.closed_at)} we stopped asking. Ask your worker why.")
    elif request.released_at is None:
        said.append(
            f"They answered on {_on(request.answered_at)}. Your worker or GP talks it through "
            "with you first. Then you can read it here."
        )
    else:
        said.append(f"They answered on {_on(request.answered_at)}.")
        by = request.answered_by.user.full_name if request.answered_by else ""
        return OwnAdvice(
            request.uuid, tuple(said), request.question, request.answer, request.if_then, by
        )
    return OwnAdvice(request.uuid, tuple(said))


def _asked(request: AdviceRequest, steps: list[AdviceStep]) -> str:
    who = "Your GP" if request.asked_by.role == "gp" else "Your project worker"
    first = next((each for each in steps if each.kind == Kind.ASKED), None)
    whom = in_words(first.to_role, first.to_hospital, first.to) if first else asked_whom(request)
    return f"{who} asked {whom} on {_on(request.asked_at)}."


def _waiting(request: AdviceRequest, steps: list[AdviceStep]) -> list[str]:
    said = []
    others = [each for each in steps if each.kind in {Kind.REASSIGNED, Kind.PASSED_ON}]
    for each in others[-1:]:
        whom = in_words(each.to_role, each.to_hospital, each.to)
        if each.kind == Kind.REASSIGNED:
            said.append(f"On {_on(each.at)} we asked somebody else: {whom}.")
        else:
            said.append(f"On {_on(each.at)} they passed it on to {whom}.")
    replied = [each for each in steps if each.kind == Kind.REPLIED]
    if replied and (not others or replied[-1].at > others[-1].at):
        said.append(f"They asked us something first. We answered on {_on(replied[-1].at)}.")
    return [*said, *_by_when(request)]


def _by_when(request: AdviceRequest) -> list[str]:
    late_from = request.late_from
    if late_from is None:
        return ["We wait for their answer."]
    if late_from > clock.now():
        return [f"We hope for an answer by {_on(late_from)}."]
    days = (clock.today() - timezone.localdate(late_from)).days
    late = "It is late" if days < 1 else f"It is {days} day{'' if days == 1 else 's'} late"
    said = [f"We hoped for an answer by {_on(late_from)}. {late}."]
    return [*said, "We have asked again."] if request.reminded else said


def _with_us(request: AdviceRequest) -> str:
    if request.state == State.NOT_FOR_ME:
        return (
            f"On {_on(request.opened_at)} they wrote that they cannot answer this. Now it is for "
            "us to find somebody else, or to talk with you about what else can be done."
        )
    return f"On {_on(request.opened_at)} they asked us something. Now we are the ones to answer."


def _on(at: datetime | None) -> str:
    return day(timezone.localdate(at)) if at else ""
