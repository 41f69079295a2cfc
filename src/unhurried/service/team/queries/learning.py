"""Reads of learning: the pages, what is planned for a practice, what was done (TRN-1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from unhurried.service.accounts.queries import practices_of
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.team.models import LearningDone, LearningPlan
from unhurried.service.team.rules.learning import AT_PRACTICE

State = LearningPlan.State
AT_ONCE = 25


def plans_seen(actor: Actor) -> QuerySet[LearningPlan]:
    """What is planned for one's practice, or what the manager's service planned."""
    rows = LearningPlan.objects.select_related("practice", "provider")
    if actor.role == "service_manager":
        return rows.filter(provider_id=actor.organisation_id or 0)
    at = actor.organisation_id or 0 if actor.role in AT_PRACTICE else 0
    return rows.filter(practice_id=at)


def _waiting(rows: QuerySet[LearningPlan]) -> QuerySet[LearningPlan]:
    done = LearningDone.objects.filter(plan=OuterRef("pk"))
    return rows.filter(~Exists(done), state=State.PLANNED)


@dataclass(frozen=True, slots=True)
class PlanSeen:
    """Something planned, and how many did it."""

    plan: LearningPlan
    done_by: int

    @property
    def late(self) -> bool:
        """Has its day passed, and nobody has done it?"""
        waits = self.plan.state == State.PLANNED and not self.done_by
        return waits and self.plan.by_day < clock.today()


def plans(actor: Actor, page: int = 1) -> tuple[Page[LearningPlan], list[PlanSeen]]:
    """A page of the plans, the next first within the newest."""
    rows: QuerySet[LearningPlan] = plans_seen(actor).annotate(times=Count("done"))
    found = Paginator(rows.order_by("-by_day", "-pk"), AT_ONCE).get_page(page)
    return found, [PlanSeen(each, getattr(each, "times", 0)) for each in found]


def plan_seen(actor: Actor, uuid: UUID) -> LearningPlan | None:
    """One plan; None for one that is not theirs to see."""
    return plans_seen(actor).filter(uuid=uuid).first()


def plan_meant(actor: Actor, text: str) -> LearningPlan | None:
    """The plan whose uuid this is, if the actor may see it."""
    try:
        return plan_seen(actor, UUID(text))
    except ValueError:
        return None


def done_lately(actor: Actor, most: int = AT_ONCE) -> list[LearningDone]:
    """What was done last, at one's practice or at those the service works with."""
    rows = LearningDone.objects.select_related("who__user", "practice")
    ours = actor.organisation_id or 0
    if actor.role == "service_manager":
        rows = rows.filter(practice__in=practices_of(ours).order_by().values("pk"))
    else:
        rows = rows.filter(practice_id=ours if actor.role in AT_PRACTICE else 0)
    return list(rows.order_by("-day", "-pk")[:most])


@dataclass(frozen=True, slots=True)
class LearningFigure:
    """One practice: planned against done within a year, for a chart."""

    practice: str
    planned: int
    done: int  # of those planned
    late: int
    times: int  # pages read and events, planned or not
    minutes: int


def learning_figures(provider_id: int, since: date | None = None) -> list[LearningFigure]:
    """Planned and done since a day (a year back) for each practice of a service, by name."""
    today = clock.today()
    since = since or date(today.year - 1, today.month, 1)
    done = LearningDone.objects.filter(plan=OuterRef("pk"))
    counted = LearningPlan.objects.filter(
        provider_id=provider_id, state=State.PLANNED, by_day__gte=since
    ).annotate(was_done=Exists(done))
    planned = {
        row["practice"]: row
        for row in counted.values("practice").annotate(
            planned=Count("pk"), done_of=Count("pk", filter=Q(was_done=True)),
            late=Count("pk", filter=Q(was_done=False, by_day__lt=today)),
        )
    }  # fmt: skip
    practices = list(practices_of(provider_id))
    logged = {
        row["practice"]: row
        for row in LearningDone.objects.filter(practice__in=practices, day__gte=since)
        .values("practice")
        .annotate(times=Count("pk"), all=Sum("minutes"))
    }
    none: dict[str, int] = {}
    return [
        LearningFigure(
            each.name, planned.get(each.pk, none).get("planned", 0),
            planned.get(each.pk, none).get("done_of", 0), planned.get(each.pk, none).get("late", 0),
            logged.get(each.pk, none).get("times", 0), logged.get(each.pk, none).get("all", 0),
        )
        for each in practices
    ]  # fmt: skip


def counts(actor: Actor) -> tuple[int, int]:
    """What waits at one's practice; what is late, for the manager."""
    waiting = _waiting(plans_seen(actor))
    if actor.role == "service_manager":
        return 0, waiting.filter(by_day__lt=clock.today()).count()
    return waiting.count(), 0
