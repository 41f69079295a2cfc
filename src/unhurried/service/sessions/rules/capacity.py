"""Does an appointment clash, or go over what was agreed with the worker? Nothing is blocked.

Carries CON-2: project workers warned against many people and short appointments. What is gone over
is said before booking, needs a typed reason, and is shown to the manager before the day comes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from unhurried.service.accounts.models import Membership
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.models import Patient
from unhurried.service.patients.words import check_text
from unhurried.service.sessions import times
from unhurried.service.sessions.models import Appointment, Limits
from unhurried.service.sessions.tables import usual_limits

CLASH, SHORT, LONG_DAY, FULL_WEEK, NO_GAP = "clash", "short", "day", "week", "gap"
OVER = (SHORT, LONG_DAY, FULL_WEEK, NO_GAP)  # of what was agreed: the manager is told
LONGEST_MINUTES = 480
TAKES_TIME = (Appointment.State.BOOKED, Appointment.State.HELD, Appointment.State.MISSED)


@dataclass(frozen=True, slots=True)
class Slot:
    """A time wanted."""

    starts_at: datetime
    minutes: int

    @property
    def ends_at(self) -> datetime:
        """When it would end."""
        return self.starts_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Warned:
    """One thing to know before booking: its code, and a sentence."""

    code: str
    sentence: str


def limits_of(worker: Membership) -> Limits:
    """What was agreed with the worker; the usual while the manager has set nothing."""
    found = Limits.objects.filter(worker_id=worker.pk).first()
    return found or Limits(worker=worker, **usual_limits())


def warnings(
    worker: Membership, patient: Patient, slots: Sequence[Slot], leaving_out: Iterable[int] = ()
) -> list[list[Warned]]:
    """What to know about each slot, beside what is booked already and the other slots.

    `leaving_out` are primary keys of appointments that would move.
    """
    if not slots:
        return []
    limits = limits_of(worker)
    first = min(slots, key=lambda each: each.starts_at).starts_at - timedelta(days=8)
    last = max(slots, key=lambda each: each.ends_at).ends_at + timedelta(days=8)
    rows = Appointment.objects.filter(Q(worker=worker) | Q(patient=patient), state__in=TAKES_TIME)
    rows = rows.filter(starts_at__gte=first, starts_at__lt=last).exclude(pk__in=list(leaving_out))
    there = list(rows.order_by("starts_at"))
    found = []
    for number, slot in enumerate(slots):
        others = [*slots[:number], *slots[number + 1 :]]
        found.append(_about(slot, limits, worker, there, others))
    return found


def _about(
    slot: Slot, limits: Limits, worker: Membership, there: list[Appointment], others: list[Slot]
) -> list[Warned]:
    day, at = times.day_and_time(slot.starts_at)
    when = f"{day} at {at}"
    warned = [*_clashes(slot, when, worker, there)]
    if slot.minutes < limits.least_minutes:
        least = times.length(limits.least_minutes)
        warned.append(Warned(SHORT, f"{when}: shorter than the {least} agreed as the least."))
    mine = [each for each in there if each.worker_id == worker.pk]
    busy = [Slot(each.starts_at, each.minutes) for each in mine] + others
    warned += _too_close(slot, when, limits, busy)
    return warned + _too_much(slot, day, limits, busy)


def _clashes(
    slot: Slot, when: str, worker: Membership, there: list[Appointment]
) -> Iterable[Warned]:
    for each in there:
        if each.starts_at < slot.ends_at and slot.starts_at < each.ends_at:
            whose = (
                f"{worker.user.full_name} has another appointment"
                if each.worker_id == worker.pk
                else "the person has another appointment"
            )
            at = times.day_and_time(each.starts_at)[1]
            until = times.day_and_time(each.ends_at)[1]
            yield Warned(CLASH, f"{when}: {whose}, from {at} to {until}.")


def _too_close(slot: Slot, when: str, limits: Limits, busy: list[Slot]) -> list[Warned]:
    gap = timedelta(minutes=limits.gap_minutes)
    apart = [
        max(each.starts_at - slot.ends_at, slot.starts_at - each.ends_at) for each in busy
    ]  # negative: they overlap, which is said as a clash
    if any(timedelta(0) <= each < gap for each in apart):
        least = times.length(limits.gap_minutes)
        return [Warned(NO_GAP, f"{when}: less than {least} of breathing space between two.")]
    return []


def _too_much(slot: Slot, day: str, limits: Limits, busy: list[Slot]) -> list[Warned]:
    on = timezone.localdate(slot.starts_at)
    days = [(timezone.localdate(each.starts_at), each.minutes) for each in busy]
    in_day = slot.minutes + sum(minutes for other, minutes in days if other == on)
    week = times.week_of(on)
    in_week = slot.minutes + sum(minutes for other, minutes in days if times.week_of(other) == week)
    warned = []
    if in_day > limits.longest_day_minutes:
        agreed = times.length(limits.longest_day_minutes)
        warned.append(
            Warned(LONG_DAY, f"{day}: {times.length(in_day)} of appointments; {agreed} agreed.")
        )
    if in_week > limits.weekly_minutes:
        agreed = times.length(limits.weekly_minutes)
        warned.append(
            Warned(
                FULL_WEEK,
                f"The week of {day}: {times.length(in_week)} of appointments; {agreed} agreed.",
            )
        )
    return warned


class GoesOver(Refused):
    """What was asked may be done, with a reason; `warned` says what to know first."""

    def __init__(self, warned: Sequence[Warned]) -> None:
        self.warned = tuple(dict.fromkeys(warned))
        super().__init__(
            " ".join(each.sentence for each in self.warned)
            + " Choose another time, or say why it is right all the same: the manager sees the "
            "reason, not the name."
        )


def check_over(found: Sequence[Sequence[Warned]], reason: str) -> None:
    """Raise GoesOver when there is something to know and no reason was typed."""
    check_text("The reason", reason, 300)
    every = [each for slot in found for each in slot]
    if every and not reason.strip():
        raise GoesOver(every)


def check_limits(values: dict[str, int], people: int | None) -> None:
    """Refuse limits that make no sense."""
    for name, value in values.items():
        least, most = (0, 240) if name == "gap_minutes" else (10, 6_000)
        if not least <= value <= most:
            raise Refused("Give hours and minutes that can be: a day has 24 hours, a week has 100.")
    if values["least_minutes"] > values["longest_day_minutes"]:
        raise Refused("The shortest appointment does not fit into the longest day.")
    if values["longest_day_minutes"] > values["weekly_minutes"]:
        raise Refused("The longest day does not fit into the week.")
    if people is not None and not 1 <= people <= 500:
        raise Refused("Give the number of people at a time, or leave it empty.")
