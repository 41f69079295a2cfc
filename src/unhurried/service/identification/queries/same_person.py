"""Who somebody on the list may be: people registered here with the same name and birthday (H09)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Model

from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import saw
from unhurried.service.patients.access import visible_patients
from unhurried.service.patients.models import Patient


@dataclass(frozen=True, slots=True, kw_only=True)
class Perhaps:
    """Those this GP may open; `hidden` is how many asked that this GP does not."""

    people: tuple[Patient, ...]
    hidden: int


def perhaps_the_same(actor: Actor, found: Mapping[int, Sequence[Model]]) -> Perhaps:
    """Who they may be, as far as the actor may see them; each look is audited."""
    keys = {each.pk for people in found.values() for each in people}
    shown = tuple(visible_patients(actor, "identity").filter(pk__in=keys).order_by("pk"))
    for each in shown:
        saw("identity", by=actor, object_id=each.uuid, patient_id=each.pk)
    return Perhaps(people=shown, hidden=len(keys) - len(shown))
