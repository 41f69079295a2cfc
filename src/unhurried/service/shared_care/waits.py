"""Everything that waits, of every kind, in one shape (COM-2, MDT-3, H07, H24).

A room makes its kinds of waiting things known with `keeps` (in `clocks/`): where the rows are, whom
to write to, and how a row is shown to somebody who may know of it. `waiting_for` gives every one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from unhurried.service.accounts.models import Organisation
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.shared_care.models.waiting import Waiting
from unhurried.service.shared_care.times import LATE, PASSED_ON

SINCE = {LATE: "late_from", PASSED_ON: "passed_on_from"}


@dataclass(frozen=True, slots=True)
class Waits:
    """One thing that waits, as its viewer may know it.

    `person` is the person's name where the viewer may know it, else empty; `href` is empty where
    there is no page of theirs to act on.
    """

    kind: str
    uuid: UUID
    what: str  # `Task for the practice`
    person: str
    owner: str  # who answers for it now
    next_step: str  # what to do next, for this viewer
    since: datetime
    late_from: datetime | None
    passed_on_from: datetime | None
    href: str = ""
    patient_id: int | None = None  # whose it is, for the trail of who looked
    phone: str = ""  # of whom to ring about it, where that is another organisation

    @property
    def stage(self) -> str:
        """ "", late or passed_on: as it is now."""
        now = clock.now()
        if self.passed_on_from is not None and self.passed_on_from <= now:
            return PASSED_ON
        return LATE if self.late_from is not None and self.late_from <= now else ""


def phone_of(actor: Actor, organisation: Organisation | None) -> str:
    """The telephone of who answers; nothing for the actor's own organisation, or where none is."""
    if organisation is None or organisation.pk == actor.organisation_id:
        return ""
    return organisation.phone


@dataclass(frozen=True, slots=True)
class Told:
    """Whom to write to that something is late: an e-mail address and whose message it is."""

    email: str
    practice_id: int | None = None
    provider_id: int | None = None


@dataclass(frozen=True, slots=True)
class Keeper:
    """How one kind of waiting thing is found, shown and reminded of."""

    kind: str
    name: str  # what lists call it: `Task`
    open_rows: Callable[[], QuerySet[Waiting]]
    # What `actor` may know of, as Waits; whatever is nobody's business is left out.
    seen_by: Callable[[Actor], Iterable[Waits]]
    # Who is written to at a stage; nobody is a fair answer.
    tells: Callable[[Waiting, str], Iterable[Told]]


_keepers: dict[str, Keeper] = {}


def keeps(keeper: Keeper) -> Keeper:
    """Make a kind of waiting thing known. Raises ValueError when another has its name."""
    known = _keepers.get(keeper.kind)
    if known is not None and known.open_rows.__qualname__ != keeper.open_rows.__qualname__:
        raise ValueError(f"{keeper.kind} is kept already")
    _keepers[keeper.kind] = keeper
    return keeper


def keepers() -> tuple[Keeper, ...]:
    """Every kind there is, in the order they were made known."""
    return tuple(_keepers.values())


def waiting_for(actor: Actor) -> list[Waits]:
    """Everything that waits and that `actor` may know of, the longest late first.

    As many queries as there are kinds, however many things wait.
    """
    return in_order(each for keeper in keepers() for each in keeper.seen_by(actor))


def in_order(found: Iterable[Waits]) -> list[Waits]:
    """What is late the longest first; what has no such moment comes last, the oldest first."""
    far = datetime.max.replace(tzinfo=UTC)
    return sorted(found, key=lambda each: (each.late_from or far, each.since, str(each.uuid)))


def reached(stage: str, now: datetime) -> Q:
    """The condition on open rows that nobody answered by the time of the stage."""
    return Q(**{f"{SINCE[stage]}__lte": now}, closed_at=None)
