"""Writing what a service's manager keeps: the catalogue of components, workers' hours (CON-2)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.names import composed
from unhurried.service.sessions import rules
from unhurried.service.sessions.models import Component, Limits
from unhurried.service.sessions.tables import first_components, usual_limits


def ensure_catalogue(provider_id: int) -> list[str]:
    """The codes of the service's catalogue, begun from components.csv when there is none.

    Inside the caller's write: two at once would begin it twice.
    """
    rows = Component.objects.filter(provider_id=provider_id)
    codes = list(rows.values_list("code", flat=True))
    if codes:
        return codes
    Component.objects.bulk_create(
        Component(
            provider_id=provider_id, code=each.code, name=each.name, hint=each.hint, place=place
        )
        for place, each in enumerate(first_components())
    )  # fmt: skip
    return [each.code for each in first_components()]


def save_component(
    *, by: Actor, code: str, name: str, hint: str = "", offered: bool = True, version: int = 0,
    key: str = "",
) -> Component:  # fmt: skip
    """A line of the catalogue, changed, or added when `code` is "".

    Codes never change: what was recorded under one keeps its place in every count.
    """
    name, hint = composed(name), composed(hint)
    body = (by.organisation_id, code, name, hint, offered, version)
    with write("sessions.component_saved", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return Component.objects.get(pk=doing.replay_of)
        rules.check_component(name, hint)
        provider = by.organisation_id or 0
        ensure_catalogue(provider)
        rows = Component.objects.select_for_update().filter(provider_id=provider)
        if rows.filter(name__iexact=name).exclude(code=code).exists():
            raise Refused("There is one of this name already.")
        found = rows.filter(code=code).first() if code else None
        if code and found is None:
            raise Refused("That line is not in your catalogue.")
        if found is not None and found.version != version:
            raise ChangedMeanwhile(found)
        made = found or Component(
            provider_id=provider, place=rows.count(), version=0,
            code=_new_code(name, set(rows.values_list("code", flat=True))),
        )  # fmt: skip
        made.name, made.hint, made.offered = name, hint, offered
        made.version += 1
        made.save()
        doing.about(made, note="offered" if offered else "not offered")
    return made


def _new_code(name: str, taken: set[str]) -> str:
    """A code for a new line: its name in small letters, with a number when that is taken."""
    begun = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:34] or "component"
    numbered = (f"{begun}_{number}" for number in range(2, len(taken) + 3))
    return begun if begun not in taken else next(each for each in numbered if each not in taken)


def set_limits(
    *, by: Actor, worker: Membership, minutes: Mapping[str, int], people: int | None, version: int,
    key: str = "",
) -> Limits:  # fmt: skip
    """What is agreed with a project worker: `minutes` by the names of limits.csv, and how many
    people at a time (None: no number agreed).

    `version` is 0 while nothing was set. Appointments already booked stay as they are.
    """
    values = {name: minutes[name] for name in usual_limits()}
    body = (worker.pk, values, people, version)
    with write("sessions.limits_set", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return Limits.objects.get(pk=doing.replay_of)
        if worker.organisation_id != by.organisation_id or worker.role != "project_worker":
            raise Refused("Choose a project worker of your own service.")
        rules.check_limits(values, people)
        found = Limits.objects.select_for_update().filter(worker=worker).first()
        if (found.version if found else 0) != version:
            raise ChangedMeanwhile(found or Limits(worker=worker, **usual_limits()))
        made = found or Limits(worker=worker, version=0)
        for name, value in values.items():
            setattr(made, name, value)
        made.set_by_id, made.set_at = by.user_id, clock.now()
        made.version += 1
        made.save()
        Membership.objects.filter(pk=worker.pk).update(capacity=people)
        doing.about(made, note=f"{people} people" if people else "no number of people")
    return made
