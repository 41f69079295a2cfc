"""How much each project worker carries: people as they weigh, beside what was agreed (CON-2).

The number agreed and the hours are those of `sessions.queries.capacity`; the weights are rows of
`data/weights.csv`, and the page shows how each sum comes about. For managers and
supervisors: counts, never a name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet

from unhurried.service.accounts.models import Membership
from unhurried.service.accounts.policy import grant_for
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.patients.handing_on import given_nobody_new
from unhurried.service.patients.models import Episode, SafetyAlert
from unhurried.service.sessions import queries as sessions
from unhurried.service.sessions.models import Appointment
from unhurried.service.sessions.rules import TAKES_TIME
from unhurried.service.team.handover_tables import Weight, weights

JOINED = (Episode.State.ENROLLED, Episode.State.PAUSED)


@dataclass(frozen=True, slots=True)
class Part:
    """One line of the sum: so many people of whom this is true, and what they add."""

    weight: Weight
    people: int

    @property
    def adds(self) -> Decimal:
        """People times weight."""
        return self.weight.weight * self.people

    @property
    def words(self) -> str:
        """`4 x 0.5 = 2`."""
        return f"{self.people} x {plain(self.weight.weight)} = {plain(self.adds)}"


@dataclass(frozen=True, slots=True)
class Caseload:
    """One worker's people: the sum, how it comes about, and the week beside what was agreed."""

    load: sessions.Load
    parts: tuple[Part, ...]
    frozen: bool  # they hand their people over and are given nobody new

    @property
    def worker(self) -> Membership:
        """Whose it is."""
        return self.load.worker

    @property
    def total(self) -> str:
        """What everybody weighs together."""
        return plain(sum((each.adds for each in self.parts), Decimal(0)))

    @property
    def over(self) -> bool:
        """More people than agreed? What is agreed is a number of people, here as on every page."""
        most = self.worker.capacity
        return most is not None and self.load.people > most

    @property
    def heavy(self) -> bool:
        """As many people as agreed or fewer, who weigh more than that number?"""
        most = self.worker.capacity
        total = sum((each.adds for each in self.parts), Decimal(0))
        return most is not None and not self.over and total > most


def plain(number: Decimal) -> str:
    """The number without needless noughts."""
    return f"{number.normalize():f}" if number else "0"


def caseloads(actor: Actor) -> list[Caseload]:
    """What the workers the actor may know of carry; as many queries for one as for a hundred."""
    workers = _workers(actor)
    loads = sessions.workload(actor, sessions.this_monday(), workers)
    counted = _counted([each.pk for each in workers])
    frozen = set(
        given_nobody_new().filter(pk__in=[each.pk for each in workers]).values_list("pk", flat=True)
    )
    nothing = dict.fromkeys(weights(), 0)
    return [
        Caseload(
            load=load,
            parts=tuple(
                Part(weight, counted.get(load.worker.pk, nothing)[code])
                for code, weight in weights().items()
            ),
            frozen=load.worker.pk in frozen,
        )
        for load in loads
    ]


def _workers(actor: Actor) -> list[Membership]:
    """A worker's own row; everybody's of the provider for who answers for the team."""
    grant = grant_for(actor.role, "caseload", "r")
    rows = Membership.objects.on(clock.today()).filter(
        organisation_id=actor.organisation_id or 0, role="project_worker"
    )
    if grant is None:
        return []
    if grant.scope == "own":
        rows = rows.filter(pk=actor.membership_id or 0)
    return list(rows.select_related("user").order_by("user__full_name", "pk"))


def _counted(workers: list[int]) -> dict[int, dict[str, int]]:
    known = weights()
    now = clock.now()
    met = Appointment.objects.filter(
        state__in=TAKES_TIME,
        starts_at__gt=now - timedelta(days=known["weekly"].days),
        starts_at__lte=now,
    )
    weekly = met.values("patient").annotate(n=Count("pk")).filter(n__gte=known["weekly"].at_least)
    alerts = SafetyAlert.objects.filter(closed_at=None)
    true = {
        "joined": Q(),
        "paused": Q(state=Episode.State.PAUSED),
        "new": Q(enrolled_at__gt=now - timedelta(days=known["new"].days)),
        "weekly": Q(patient__in=weekly.values("patient")),
        "alert": Q(patient__in=alerts.values("patient")),
    }
    rows = (
        Episode.objects.filter(project_worker__in=workers, state__in=JOINED)
        .values("project_worker")
        .annotate(**{f"n_{code}": Count("pk", filter=true[code]) for code in known})
        .values_list("project_worker", *(f"n_{code}" for code in known))
    )
    return {row[0]: dict(zip(known, row[1:], strict=True)) for row in rows}


@dataclass(frozen=True, slots=True)
class AboveAgreed:
    """Somebody who came to a worker that had the agreed number: the reason, never the name."""

    worker: str
    reason: str


def above_agreed(actor: Actor, most: int = 50) -> list[AboveAgreed]:
    """For the manager: why people came to workers who still have more than was agreed."""
    rows = _above(actor).select_related("project_worker__user").order_by("-pk")[:most]
    return [
        AboveAgreed(each.project_worker.user.full_name, each.over_reason)
        for each in rows
        if each.project_worker is not None
    ]


def _above(actor: Actor) -> QuerySet[Episode]:
    held = (
        Membership.objects.filter(
            organisation_id=actor.organisation_id or 0, capacity__isnull=False
        )
        .annotate(people=Count("episodes", filter=Q(episodes__state__in=JOINED)))
        .filter(people__gt=F("capacity"))
    )
    if actor.role != "service_manager":
        return Episode.objects.none()
    rows = Episode.objects.filter(state__in=JOINED, project_worker__in=held.values("pk"))
    return rows.exclude(over_reason="")
