"""Who is involved, for the person to see, and when their GP last had to do with it (COM-5).

"A sense of safety and reassurance that GP involvement provided." A room that knows of contact with
the GP adds a source with `contacts_from`; only what the person may know of belongs there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from unhurried.service.patients.models import Patient
from unhurried.service.shared_care.models import AdviceRequest, Discussion, Task
from unhurried.service.shared_care.models.messages import Side
from unhurried.service.shared_care.queries.advice import asked_whom


@dataclass(frozen=True, slots=True)
class Contact:
    """A day on which the GP practice had to do with the person's care here, in words."""

    on: date
    words: str  # goes on after "3 November 2026: "


@dataclass(frozen=True, slots=True)
class Involvement:
    """Specialists who were asked, and the last contact with the GP that the person may know."""

    specialists: tuple[str, ...]
    contact: Contact | None


Source = Callable[[Patient], Contact | None]
_sources: dict[str, Source] = {}


def contacts_from(name: str, source: Source) -> None:
    """Let a room say when the GP last had to do with somebody. Raises ValueError for two alike."""
    known = _sources.get(name)
    if known is not None and known.__qualname__ != source.__qualname__:
        raise ValueError(f"{name} is a source already")
    _sources[name] = source


def involvement(patient: Patient) -> Involvement:
    """Who is involved beside the worker and the practice, and the newest contact with the GP."""
    found = [each for source in _sources.values() if (each := source(patient)) is not None]
    newest = max(found, key=lambda each: each.on, default=None)
    return Involvement(tuple(dict.fromkeys(_specialists(patient))), newest)


def _specialists(patient: Patient) -> Iterator[str]:
    rows = AdviceRequest.objects.filter(patient_id=patient.pk)
    rows = rows.exclude(state=AdviceRequest.State.WITHDRAWN)
    for each in rows.select_related("specialist__user", "hospital").order_by("-asked_at", "-pk"):
        yield asked_whom(each)


def _of_talks(patient: Patient) -> Contact | None:
    """The newest talk with somebody of the practice, once the person was told of it."""
    rows = Discussion.objects.filter(patient_id=patient.pk, told_at__isnull=False)
    rows = rows.filter(took_part__member__role="gp").order_by("-on", "-pk")
    found = rows.first()
    return Contact(found.on, "your GP was in a talk about you") if found else None


def _of_tasks(patient: Patient) -> Contact | None:
    """The newest thing the practice did for the person, of which they know that it was asked."""
    rows = Task.objects.filter(patient_id=patient.pk, to=Side.PRACTICE, state=Task.State.DONE)
    rows = rows.exclude(person_knows=Task.Knows.NOT_YET).order_by("-closed_at", "-pk")
    found = rows.first()
    if found is None or found.closed_at is None:
        return None
    return Contact(
        timezone.localdate(found.closed_at), "your practice did what was asked of them for you"
    )


contacts_from("talks", _of_talks)
contacts_from("tasks", _of_tasks)
