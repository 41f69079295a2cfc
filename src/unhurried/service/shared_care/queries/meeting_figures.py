"""Planned against held, and who took part by role: numbers for charts (MDT-1, MDT-2)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Q
from django.utils import timezone

from unhurried.service.accounts.policy import roles
from unhurried.service.audit import clock
from unhurried.service.shared_care.meeting_tables import number, reasons
from unhurried.service.shared_care.models.agenda import MeetingItem
from unhurried.service.shared_care.models.meetings import MeetingInvite, ReviewMeeting

State = ReviewMeeting.State


@dataclass(frozen=True, slots=True)
class Participation:
    """One role: how often somebody in it was invited to a meeting held, and took part."""

    role: str
    name: str
    invited: int
    took_part: int


@dataclass(frozen=True, slots=True)
class MeetingFigures:
    """What became of the meetings of a provider since a day."""

    since: date
    usual: int  # how many the usual interval makes in that time
    planned: int  # had a time, or a last day for writing, that has come
    held: int
    in_writing: int  # of those held
    not_held: int
    never_planned: int  # of those not held, without a time or a last day
    to_record: int  # planned and come, and nobody has said yet whether it took place
    reasons: tuple[tuple[str, int], ...]  # in words, why not
    people: int  # talked about, with a decision
    told: int  # of them, who know what was decided
    participation: tuple[Participation, ...]


def meeting_figures(provider_id: int, since: date) -> MeetingFigures:
    """Planned against held since a day, and participation by role; a few queries."""
    began = timezone.make_aware(datetime.combine(since, time()))
    ours = ReviewMeeting.objects.filter(provider_id=provider_id)
    over = list(
        ours.filter(closed_at__gte=began).values_list(
            "state", "in_writing", "was_planned", "reason"
        )
    )
    due = ours.filter(closed_at=None).filter(
        Q(state=State.PLANNED, starts_at__lt=clock.now())
        | Q(state=State.WRITING, write_until__lt=clock.today())
    )
    why = Counter(reason for state, _, _, reason in over if state == State.NOT_HELD)
    held = [row for row in over if row[0] == State.HELD]
    planned, to_record = sum(row[2] for row in over), due.count()
    decided = MeetingItem.objects.filter(
        meeting__provider_id=provider_id, decided_at__gte=began, taken_off_at=None
    )
    counted = decided.values_list("told_at", "rather_not_know")
    told = [at is not None or rather for at, rather in counted]
    return MeetingFigures(
        since=since,
        usual=max((clock.today() - since).days, 0) // number("interval"),
        planned=planned + to_record,
        held=len(held),
        in_writing=sum(row[1] for row in held),
        not_held=len(over) - len(held),
        never_planned=len(over) - planned,
        to_record=to_record,
        reasons=tuple((reasons().get(code, code), n) for code, n in why.most_common()),
        people=len(told),
        told=sum(told),
        participation=_participation(provider_id, since),
    )


def _participation(provider_id: int, since: date) -> tuple[Participation, ...]:
    rows = MeetingInvite.objects.filter(
        meeting__provider_id=provider_id, meeting__state=State.HELD,
        meeting__closed_at__date__gte=since, ended_at=None,
    ).values_list("member__role", "took_part")  # fmt: skip
    invited: Counter[str] = Counter()
    there: Counter[str] = Counter()
    for role, took_part in rows:
        invited[role] += 1
        there[role] += bool(took_part)
    return tuple(
        Participation(role, roles()[role].name if role in roles() else role, n, there[role])
        for role, n in sorted(invited.items())
    )
