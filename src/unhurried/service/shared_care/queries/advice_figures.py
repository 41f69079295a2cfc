"""How long advice takes and how far specialists take part: numbers only (MDT-2, MDT-3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from django.utils import timezone

from unhurried.service.accounts.policy import roles
from unhurried.service.audit import clock
from unhurried.service.audit.working_days import is_working_day
from unhurried.service.shared_care.models.advice import AdviceRequest, AdviceStep
from unhurried.service.shared_care.specialists import SPECIALISTS

State, Kind = AdviceRequest.State, AdviceStep.Kind
WROTE = [Kind.ANSWERED, Kind.ASKED_BACK, Kind.PASSED_ON, Kind.NOT_FOR_ME]


@dataclass(frozen=True, slots=True)
class AdviceTimes:
    """The figures of one role, or of all. `middle_days` are working days from question to answer,
    None before the first answer."""

    role: str
    name: str
    asked: int
    answered: int
    waiting: int
    late: int  # that wait now, or whose clock ran out before a specialist did something
    took_part: int  # questions of which a specialist wrote something
    specialists: int  # how many different ones
    middle_days: float | None


def advice_times(provider_id: int, since: date | None = None) -> list[AdviceTimes]:
    """For all together and for each role: asked (since a day), answered, late, and how long."""
    rows = AdviceRequest.objects.filter(provider_id=provider_id)
    if since is not None:
        rows = rows.filter(asked_at__date__gte=since)
    asked = list(rows.only("role", "state", "asked_at", "answered_at", "late_from"))
    kept = AdviceStep.objects.filter(request__in=rows.values("pk"))
    was_late = set(kept.filter(was_late=True).values_list("request_id", flat=True))
    wrote: dict[int, set[int]] = {}
    for request, by in kept.filter(kind__in=WROTE).values_list("request_id", "by_id"):
        wrote.setdefault(request, set()).add(by)
    every = [("", "All specialists"), *((role, roles()[role].name) for role in SPECIALISTS)]
    return [
        _figures(role, name, [r for r in asked if role in {"", r.role}], was_late, wrote)
        for role, name in every
    ]


def _figures(
    role: str, name: str, asked: list[AdviceRequest], was_late: set[int],
    wrote: dict[int, set[int]],
) -> AdviceTimes:  # fmt: skip
    now = clock.now()
    waiting = [each for each in asked if each.state == State.WITH_SPECIALIST]
    late = {each.pk for each in waiting if each.late_from and each.late_from <= now}
    took = [wrote[each.pk] for each in asked if each.pk in wrote]
    days = [
        working_days_between(each.asked_at, each.answered_at) for each in asked if each.answered_at
    ]
    return AdviceTimes(
        role=role, name=name, asked=len(asked), answered=len(days), waiting=len(waiting),
        late=len(late | {each.pk for each in asked if each.pk in was_late}),
        took_part=len(took), specialists=len(_all(took)),
        middle_days=float(median(days)) if days else None,
    )  # fmt: skip


def _all(sets: Iterable[set[int]]) -> set[int]:
    found: set[int] = set()
    return found.union(*sets)


def working_days_between(start: datetime, end: datetime) -> int:
    """How many working days after the day of `start` until the day of `end`, that day counted."""
    day, last = timezone.localdate(start), timezone.localdate(end)
    count = 0
    while day < last:
        day += timedelta(days=1)
        count += is_working_day(day)
    return count
