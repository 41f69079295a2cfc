"""A worker asks for support today; the supervisor answers, or the manager when nobody did."""

from __future__ import annotations

from unhurried.service.accounts.models import Membership
from unhurried.service.accounts.queries import in_role
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.audit.refused import Refused
from unhurried.service.outbox.models import Message
from unhurried.service.outbox.operations import post
from unhurried.service.outbox.registry import check_before_sending
from unhurried.service.shared_care.times import (
    start,
)
from unhurried.service.team.models import SupportRequest
from unhurried.service.team.queries.supervises import supervises_on
from unhurried.service.team.rules import supervision as rules

PURPOSE = "team.support"
SUBJECT = "A colleague asks for support today"
BODY = (
    "A project worker asks for support today. Please sign in and look at Supervision: it says who "
    "asks. This message names nobody, and nobody reads replies to it."
)


def ask_for_support(*, by: Actor, words: str = "", key: str = "") -> SupportRequest:
    """Ask for support today: goes to the supervisor at once, to the manager when nobody is there.

    While one is open, asking again gives that one, so that a second press is no second call.
    """
    with write("team.support_asked", by=by, key=key, body=words) as doing:
        if doing.replay_of:
            return SupportRequest.objects.get(pk=doing.replay_of)
        rules.check_may_ask(by, words)
        worker = Membership.objects.select_related("user").get(pk=by.membership_id or 0)
        if SupportRequest.objects.filter(worker=worker, closed_at=None).exists():
            raise Refused("You have asked already, and it has not been answered yet.")
        supervises = supervises_on(worker, clock.today())
        made = SupportRequest(
            worker=worker, supervisor=supervises.supervisor if supervises else None, words=words
        )
        start(made, "support", clock.now())
        if supervises is None:
            made.passed_on_from = made.opened_at
        made.save()
        told = [supervises.supervisor] if supervises else _managers(worker)
        for number, each in enumerate(told):
            _post(made, number, each)
        doing.about(made, note="to the supervisor" if supervises else "to the manager")
    return made


def _managers(worker: Membership) -> list[Membership]:
    return list(in_role(worker.organisation_id, "service_manager"))


def _post(request: SupportRequest, number: int, to: Membership) -> None:
    try:
        post(
            purpose=PURPOSE, about=f"{request.uuid}:{number}", channel="email", to=to.user.email,
            subject=SUBJECT, body=BODY, provider_id=request.worker.organisation_id,
        )  # fmt: skip
    except Refused:
        return  # an address nobody can write to: the first page shows it all the same


@check_before_sending(PURPOSE, "A project worker asks for support today")
def check_still_asked(message: Message) -> str:
    """Does the worker still wait?"""
    uuid = message.about.partition(":")[0]
    waits = SupportRequest.objects.filter(uuid=uuid, closed_at=None).exists()
    return "" if waits else "It was answered before this was sent."


def answer_support(
    *, by: Actor, request: SupportRequest, answer: str, key: str = ""
) -> SupportRequest:
    """Say what happens next; the worker reads it, and nothing waits any more."""
    with write("team.support_answered", by=by, key=key, body=(request.pk, answer)) as doing:
        if doing.replay_of:
            return SupportRequest.objects.get(pk=doing.replay_of)
        rows = SupportRequest.objects.select_related("worker")
        found = rows.select_for_update(of=("self",)).get(pk=request.pk)
        rules.check_may_answer(by, found, answer, supervises_on(found.worker, clock.today()))
        found.answer, found.answered_by_id = answer, by.membership_id
        found.closed_at = clock.now()
        found.save(update_fields=["answer", "answered_by", "closed_at"])
        doing.about(found, note=by.role)
    return found
