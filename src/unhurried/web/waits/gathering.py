"""What waits anywhere in the service, in one shape, the longest late first.

Shared care and the team keep their own clocks (`shared_care.clocks`); the steps that have a promise
of their own (an alert answered, a person rung, somebody to work with) are brought into the same
shape here. As many queries as there are kinds, however many things wait.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone

from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.joining import queries as joining
from unhurried.service.patients import queries as patients
from unhurried.service.patients.models import SafetyAlert
from unhurried.service.shared_care.times import (
    LATE,
    PASSED_ON,
)
from unhurried.service.shared_care.waits import (
    Waits,
    in_order,
    keepers,
    phone_of,
    waiting_for,
)
from unhurried.web.around import address

# What the list by kind calls those that have no keeper of their own.
NAMES = {
    "alert": "Safety alert nobody has answered", "referral": "Person referred, to be rung",
    "no_worker": "Person nobody works with",
}  # fmt: skip
STAGES = {"": "In time", LATE: "Late", PASSED_ON: "Passed on"}


def _alerts(actor: Actor) -> Iterator[Waits]:
    """Alerts nobody has acknowledged: that there is one and how old it is, never what it is of."""
    rows: Iterable[SafetyAlert] = patients.waiting(actor).filter(acknowledged_at=None)
    for row in rows:
        seen = patients.as_seen_by(actor, row)
        yield Waits(
            kind="alert", uuid=row.uuid, what=seen.name, owner=seen.owner,
            person=str(seen.person) if seen.person else "",
            next_step="Ring the practice and ask who acts", since=row.raised_at,
            late_from=row.late_from, passed_on_from=row.passed_on_from,
            href=address("patients:alerts"), patient_id=row.patient_id if seen.person else None,
            phone=phone_of(actor, row.responsible),
        )  # fmt: skip


def _referrals(actor: Actor) -> Iterator[Waits]:
    """People referred whom nobody has rung."""
    for row in joining.not_rung_yet(actor):
        late = _end_of(row.ring_by) if row.ring_by else None
        taken = row.project_worker is not None
        yield Waits(
            kind="referral", uuid=row.uuid, what="A person referred, to be rung",
            person=str(row.patient),
            owner=row.project_worker.user.full_name if row.project_worker else row.provider.name,
            next_step="Ask their worker when they can ring" if taken else "Find a worker with room",
            since=row.sent_at or row.made_at, late_from=late, passed_on_from=None,
            href=address(f"joining:referral {row.uuid}"), patient_id=row.patient_id,
            phone=phone_of(actor, row.provider),
        )  # fmt: skip


def _without_worker(actor: Actor) -> Iterator[Waits]:
    """People nobody works with now: late from the first moment on."""
    if actor.role != "service_manager" or actor.organisation_id is None:
        return
    for row in patients.active_without_worker(actor.organisation_id):
        ends = row.project_worker.ends if row.project_worker else None
        since = _start_of(ends) if ends else row.opened_at
        yield Waits(
            kind="no_worker", uuid=row.uuid, what="A person nobody works with now",
            person=str(row.patient), owner=actor.name, next_step="Choose another project worker",
            since=since, late_from=since, passed_on_from=None,
            href=address(f"patients:person {row.patient.uuid}"), patient_id=row.patient_id,
        )  # fmt: skip


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(18, 0)))


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(0, 0)))


SOURCES: tuple[Callable[[Actor], Iterable[Waits]], ...] = (
    waiting_for, _alerts, _referrals, _without_worker,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class KindOf:
    """One kind of waiting thing: how many, by stage."""

    kind: str
    name: str
    in_time: int
    late: int
    passed_on: int

    @property
    def all(self) -> int:
        """How many in all."""
        return self.in_time + self.late + self.passed_on


def everything(actor: Actor) -> list[Waits]:
    """All that waits and that the actor may know of: what is late the longest comes first."""
    return in_order(each for source in SOURCES for each in source(actor))


def by_kind(found: Iterable[Waits]) -> list[KindOf]:
    """How many of each kind, in time, late and passed on; the most late first."""
    kinds: dict[str, list[Waits]] = {}
    for each in found:
        kinds.setdefault(each.kind, []).append(each)
    names = {each.kind: each.name for each in keepers()} | NAMES
    counted = []
    for kind, rows in kinds.items():
        stages = [row.stage for row in rows]
        counted.append(
            KindOf(kind, names.get(kind, rows[0].what), stages.count(""), stages.count(LATE),
                   stages.count(PASSED_ON))
        )  # fmt: skip
    return sorted(counted, key=lambda each: (-each.late - each.passed_on, -each.all, each.name))


def days_late(each: Waits) -> int:
    """Days of the calendar since the day it was due; 0 on that day, and while it is in time."""
    if each.late_from is None or each.late_from > clock.now():
        return 0
    return (clock.today() - timezone.localdate(each.late_from)).days
