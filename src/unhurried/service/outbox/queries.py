"""What pages ask about the outbox: does everything posted add up, and is anything getting old?

Carries H15: what was posted is waiting, being sent, sent, stopped or failed, and nothing else;
what has no end after three working days raises an alarm.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from unhurried.service.audit.actor import Actor
from unhurried.service.audit.working_days import working_days_before
from unhurried.service.outbox.models import Message
from unhurried.service.outbox.registry import words_for

State = Message.State
WORKING_DAYS = 3
OPEN = (State.WAITING, State.SENDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """How many messages there are in each state."""

    posted: int
    waiting: int
    sending: int
    sent: int
    stopped: int
    failed: int

    @property
    def adds_up(self) -> bool:
        """Is every message posted in one of the states, and in one only?"""
        known = self.waiting + self.sending + self.sent + self.stopped + self.failed
        return self.posted == known


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A message as lists show it: nothing of the person it is for."""

    uuid: str
    what: str
    channel: str
    state: str
    state_words: str
    due_at: datetime
    sent_at: datetime | None
    explanation: str
    late: bool
    may_retry: bool


def visible_to(actor: Actor) -> QuerySet[Message]:
    """The messages of the actor's own organisation; the system's keeper counts all."""
    if actor.role == "system_administrator":
        return Message.objects.all()
    own = actor.organisation_id
    if own is None:
        return Message.objects.none()
    return Message.objects.filter(Q(practice_id=own) | Q(provider_id=own))


def account(messages: QuerySet[Message] | None = None) -> Account:
    """The reconciliation of these messages (default: all): each state counted by itself."""
    rows = Message.objects.all() if messages is None else messages
    states = {state.value: Count("pk", filter=Q(state=state)) for state in State}
    return Account(**rows.aggregate(posted=Count("pk"), **states))


def ageing(now: datetime, messages: QuerySet[Message] | None = None) -> QuerySet[Message]:
    """Messages that were due more than three working days ago and have not come to an end."""
    rows = Message.objects.all() if messages is None else messages
    before = working_days_before(now, WORKING_DAYS)
    return rows.filter(state__in=OPEN, due_at__lt=before).order_by("due_at")


def alarm(now: datetime, messages: QuerySet[Message] | None = None) -> str:
    """A sentence when something waits for a person, or nothing."""
    late = ageing(now, messages).count()
    failed = account(messages).failed
    sentences = []
    if late:
        sentences.append(
            f"{_messages(late)} not sent {WORKING_DAYS} working days after it was due."
        )
    if failed:
        sentences.append(f"{_messages(failed)} could not be sent.")
    return " ".join(sentences)


def lines(messages: Iterable[Message], now: datetime) -> list[Line]:
    """These messages as lists show them."""
    before = working_days_before(now, WORKING_DAYS)
    return [
        Line(
            uuid=str(each.uuid),
            what=words_for(each.purpose),
            channel=each.get_channel_display(),
            state=each.state,
            state_words=each.get_state_display(),
            due_at=each.due_at,
            sent_at=each.sent_at,
            explanation=each.explanation,
            late=each.state in OPEN and each.due_at < before,
            may_retry=each.state == State.FAILED,
        )
        for each in messages
    ]


def in_state(messages: QuerySet[Message], state: str) -> QuerySet[Message]:
    """Those in one state (any, when it is no state's name), the ones needing someone first."""
    found = messages.filter(state=state) if state in State.values else messages
    return found.order_by("-due_at", "-pk")


def _messages(count: int) -> str:
    return f"{count:,} message{'' if count == 1 else 's'}"
