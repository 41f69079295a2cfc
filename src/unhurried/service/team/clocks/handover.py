"""The clock of handover: somebody asked to take a person on who has not answered (reliability 1.8);
and, as the app starts, what a handover makes known elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import Q, QuerySet
from django.urls import reverse

from unhurried.service.accounts.queries import in_role
from unhurried.service.audit.actor import Actor, system_actor
from unhurried.service.jobs.registry import every
from unhurried.service.patients.models import Episode, Restriction
from unhurried.service.shared_care.models.waiting import Waiting
from unhurried.service.shared_care.times import (
    LATE,
)
from unhurried.service.shared_care.waits import (
    Keeper,
    Told,
    Waits,
    keeps,
)
from unhurried.service.team import (
    freezing,  # noqa: F401 - who is given nobody new, what follows
    item_sources,  # noqa: F401 - the open things there are
)
from unhurried.service.team.models import HandedPerson, Handover
from unhurried.service.team.operations.withdrawal import carry_out_due
from unhurried.service.team.queries.handover import visible
from unhurried.service.team.rules.handover import receives_for

WHAT = "Somebody to take on in a handover"


def asked() -> QuerySet[Waiting]:
    """People somebody was asked to take on, or whom the next provider has to name somebody for."""
    unnamed = Q(state=HandedPerson.State.NEEDS, handover__kind=Handover.Kind.PROVIDER)
    rows = HandedPerson.objects.filter(
        Q(state=HandedPerson.State.ASKED) | unnamed, closed_at=None,
        handover__state=Handover.State.RUNNING,
    ).exclude(episode__state=Episode.State.ENDED)  # fmt: skip
    return rows.select_related("handover", "patient__practice", "receiver__user")


def _seen_by(actor: Actor) -> Iterator[Waits]:
    if actor.role not in {"project_worker", "service_manager"}:
        return
    rows = HandedPerson.objects.filter(pk__in=asked().values("pk"), handover__in=visible(actor))
    if actor.role == "project_worker":
        rows = rows.filter(receiver=actor.membership_id)
    shut = Restriction.objects.filter(user=actor.user_id or 0, ended_at=None)
    rows = rows.exclude(patient__in=shut.values("patient_id"))
    for each in rows.select_related("handover__to_provider", "patient", "receiver__user"):
        own = actor.role == "project_worker"
        to = each.handover.to_provider
        known = each.handover.provider_id == actor.organisation_id or each.told_at is not None
        yield Waits(
            kind="handover", uuid=each.uuid, what=WHAT, person=str(each.patient) if known else "",
            owner=each.receiver.user.full_name if each.receiver else str(to or ""),
            next_step=_next_step(each, own=own),
            since=each.opened_at, late_from=each.late_from, passed_on_from=each.passed_on_from,
            href=reverse("team:handover", args=[each.handover.uuid]),
            patient_id=each.patient_id if known else None,
        )  # fmt: skip


def _next_step(row: HandedPerson, *, own: bool) -> str:
    if own:
        return "Say whether you take them on"
    if row.handover.to_provider_id and row.told_at is None:
        return "Tell the person; then somebody is named"
    return "Ask, or name somebody else"


def _tells(thing: Waiting, stage: str) -> Iterable[Told]:
    if not isinstance(thing, HandedPerson):
        return []
    provider = receives_for(thing.handover)
    if stage == LATE and thing.receiver is not None:
        return [Told(thing.receiver.user.email, provider_id=provider)]
    managers = in_role(provider, "service_manager")
    return [Told(each.user.email, provider_id=provider) for each in managers]


keeps(Keeper("handover", WHAT, asked, _seen_by, _tells))


@every(60, "team.providers_that_leave")
def carry_out() -> None:
    """On the day a provider leaves, move everybody as soon as each has somebody."""
    carry_out_due(by=system_actor("handover"))
