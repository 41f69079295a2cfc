"""Access problems as each reader may see them, and how many there were (COM-4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Case, Count, IntegerField, QuerySet, Value, When

from unhurried.service.accounts.models import Organisation
from unhurried.service.accounts.queries import providers_of
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.patients.access import PRACTICE_ROLES, visible_patients
from unhurried.service.patients.models import Episode, Patient
from unhurried.service.shared_care.access_words import kind_name, problem_kinds
from unhurried.service.shared_care.models import AccessProblem

A_YEAR = timedelta(days=365)
PUT_RIGHT = AccessProblem.State.PUT_RIGHT


@dataclass(frozen=True, slots=True)
class Counted:
    """One practice: how many problems of each kind, in the order of the table, and in all."""

    practice: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """All kinds together."""
        return sum(self.counts)


def problems_of(actor: Actor, patient: Patient) -> QuerySet[AccessProblem]:
    """What was reported of this person, open ones first, the newest first."""
    seen = visible_patients(actor, "access_problem").filter(pk=patient.pk)
    return _ready(AccessProblem.objects.filter(patient__in=seen.values("pk")))


def _ready(rows: QuerySet[AccessProblem]) -> QuerySet[AccessProblem]:
    over = Case(When(state=PUT_RIGHT, then=Value(1)), default=Value(0), output_field=IntegerField())
    rows = rows.select_related("patient", "practice", "reported_by", "looking__user")
    return rows.order_by(over, "-reported_at", "-pk")


def problem_of(actor: Actor, patient: Patient, uuid: UUID) -> AccessProblem | None:
    """This one, when it is of this person and the reader may see it."""
    return problems_of(actor, patient).prefetch_related("steps__by").filter(uuid=uuid).first()


def problems_seen(actor: Actor) -> QuerySet[AccessProblem]:
    """Every problem of people the actor may see this of, open ones first."""
    people = visible_patients(actor, "access_problem")
    return _ready(AccessProblem.objects.filter(patient__in=people.values("pk")))


def open_problems(actor: Actor) -> QuerySet[AccessProblem]:
    """Those the actor may act on that are not put right."""
    people = visible_patients(actor, "access_problem", "u")
    rows = AccessProblem.objects.filter(closed_at=None, patient__in=people.values("pk"))
    rows = rows.filter(patient__date_of_death=None)  # nobody can be told any more
    if actor.role in PRACTICE_ROLES:  # what another practice answers for is not for this one to do
        rows = rows.filter(practice_id=actor.organisation_id or 0)
    return rows.select_related("patient", "practice", "looking__user").order_by("late_from", "pk")


def counts_of_a_year(provider_id: int) -> list[Counted]:
    """Reported to this provider in the last 12 months, by practice and kind; small numbers stay.

    These are for putting things right at a practice, not for publishing.
    """
    since = clock.now() - A_YEAR
    rows = AccessProblem.objects.filter(provider_id=provider_id, reported_at__gte=since)
    found: dict[str, dict[str, int]] = {}
    grouped = rows.values("practice__name", "kind").annotate(number=Count("pk"))
    for row in grouped.order_by("practice__name", "kind"):
        found.setdefault(row["practice__name"], {})[row["kind"]] = row["number"]
    kinds = list(problem_kinds())
    return [
        Counted(name, tuple(each.get(kind, 0) for kind in kinds)) for name, each in found.items()
    ]


def kind_names() -> list[str]:
    """What the columns of the counts are called."""
    return [kind_name(code) for code in problem_kinds()]


def services_for(actor: Actor) -> list[str]:
    """The services whose card this reader prints: of their practice, their own, or theirs."""
    if actor.role in PRACTICE_ROLES:
        found = list(providers_of(actor.organisation_id or 0))
    elif actor.role == "patient":
        mine = Episode.objects.filter(patient__user_id=actor.user_id or 0)
        newest = mine.order_by("-opened_at", "-pk").select_related("provider").first()
        found = [newest.provider] if newest else []
    else:
        found = list(Organisation.objects.filter(pk=actor.organisation_id or 0))
    return [each.service_name or each.name for each in found]
