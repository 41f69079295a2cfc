"""Somebody is written to when a thing is late, and somebody else when it is passed on; once each.

The message names nobody and says nothing of what is asked; the page does. What was answered before
the message left is not sent.
"""

from __future__ import annotations

from datetime import UTC

from django.db import transaction

from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import lock_chain, write
from unhurried.service.audit.refused import Refused
from unhurried.service.outbox.models import Message
from unhurried.service.outbox.operations import post
from unhurried.service.outbox.registry import check_before_sending
from unhurried.service.shared_care.models.waiting import Waiting
from unhurried.service.shared_care.times import (
    LATE,
    PASSED_ON,
)
from unhurried.service.shared_care.waits import (
    SINCE,
    Keeper,
    Told,
    keepers,
    reached,
)

PURPOSE = "shared_care.waits"
SUBJECT = {
    LATE: "Something waits for you longer than agreed",
    PASSED_ON: "Something nobody has answered is shown to you",
}
BODY = {
    LATE: (
        "Something has waited for you, or for your team, longer than was agreed. Please sign in "
        "and look at what waits: it says what is asked and for whom. This message names nobody, "
        "and nobody reads replies to it."
    ),
    PASSED_ON: (
        "Something in the service has had no answer for some time. Please sign in and look at what "
        "waits: it says who was asked and what can be done next. This message names nobody, and "
        "nobody reads replies to it."
    ),
}


def remind_of_waiting(*, by: Actor) -> int:
    """How many things went a stage further: whoever must know is written to once a stage."""
    return sum(
        _remind_all(by, keeper, stage) for keeper in keepers() for stage in (PASSED_ON, LATE)
    )


def _remind_all(by: Actor, keeper: Keeper, stage: str) -> int:
    already = (PASSED_ON,) if stage == PASSED_ON else (PASSED_ON, LATE)
    waiting = keeper.open_rows().filter(reached(stage, clock.now())).exclude(reminded__in=already)
    found = list(waiting.values_list("pk", flat=True))
    return sum(_remind(by, keeper, pk, stage, already) for pk in found)


def _remind(by: Actor, keeper: Keeper, pk: int, stage: str, already: tuple[str, ...]) -> bool:
    with transaction.atomic():
        lock_chain()
        rows = keeper.open_rows().select_for_update(of=("self",))
        thing = rows.filter(reached(stage, clock.now()), pk=pk).first()
        if thing is None or thing.reminded in already:
            return False  # answered just now, or another worker was here first
        with write("shared_care.reminded", by=by) as doing:
            thing.reminded = stage
            thing.save(update_fields=["reminded"])
            for number, told in enumerate(keeper.tells(thing, stage)):
                _post(keeper, thing, stage, number, told)
            doing.about(thing, patient_id=getattr(thing, "patient_id", None), note=stage)
    return True


def _post(keeper: Keeper, thing: Waiting, stage: str, number: int, told: Told) -> None:
    if not told.email:
        return
    since = getattr(thing, SINCE[stage]).astimezone(UTC)  # another day is another reminder
    about = f"{keeper.kind}:{thing.uuid}:{stage}:{number}:{since:%Y%m%dT%H%M}"
    try:
        post(
            purpose=PURPOSE, about=about, channel="email",
            to=told.email, subject=SUBJECT[stage], body=BODY[stage],
            patient_id=getattr(thing, "patient_id", None), practice_id=told.practice_id,
            provider_id=told.provider_id,
        )  # fmt: skip
    except Refused:
        return  # an address nobody can write to: the page of what waits shows it all the same


@check_before_sending(PURPOSE, "Something waits longer than agreed")
def check_still_waits(message: Message) -> str:
    """Does it still wait, and as long as the message says?"""
    kind, uuid, stage = message.about.split(":")[:3]
    known = next((each for each in keepers() if each.kind == kind), None)
    if known is None or not known.open_rows().filter(uuid=uuid, closed_at=None).exists():
        return "It was answered before this was sent."
    if not known.open_rows().filter(reached(stage, clock.now()), uuid=uuid).exists():
        return "It has more time now, or waits for somebody else."
    return ""
