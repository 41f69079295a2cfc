"""A note and what corrects it, shown together: nobody reads a corrected note alone (CON-6; H18)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from unhurried.service.audit.actor import Actor
from unhurried.service.patients.models import Note, Patient
from unhurried.service.patients.queries.notes import visible_notes


@dataclass(frozen=True, slots=True)
class Written:
    """A note as pages show it, with its corrections, the oldest first."""

    note: Note
    corrections: list[Note]


def notes_with_corrections(actor: Actor, patient: Patient) -> QuerySet[Note]:
    """The notes this reader may see that correct no other one they see, newest first."""
    seen = visible_notes(actor, patient)
    beside = seen.filter(corrects__in=seen.order_by().values("pk"))
    return seen.exclude(pk__in=beside.order_by().values("pk"))


def beside_corrections(actor: Actor, patient: Patient, notes: Iterable[Note]) -> list[Written]:
    """These notes, each with the corrections the reader may see: one query for all."""
    rows = list(notes)
    here = [each.pk for each in rows]
    found: dict[int, list[Note]] = {}
    corrections = visible_notes(actor, patient).filter(
        Q(corrects__in=here) | Q(corrects__corrects__in=here)
    )
    for each in corrections.select_related("corrects").order_by("at", "pk"):
        corrected = each.corrects
        if corrected is not None:
            first = corrected.pk if corrected.pk in here else corrected.corrects_id
            found.setdefault(first or 0, []).append(each)
    return [Written(each, found.get(each.pk, [])) for each in rows]


def note_to_correct(actor: Actor, patient: Patient, note: UUID) -> Note | None:
    """The note a correction of this one belongs to: the first one, if the reader may see it."""
    seen = visible_notes(actor, patient).select_related("corrects")
    found = seen.filter(uuid=note).first()
    if found is None or found.corrects_id is None:
        return found
    return seen.filter(pk=found.corrects_id).first()
