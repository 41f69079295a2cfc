"""What a summary can be about: a step above this app makes its own kind known (COM-1).

Sessions hand in what a GP may be told of one of theirs; a step of a reduction plan can do the same
later, with `hands_in`. Nothing here reads the step's tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from unhurried.service.audit.actor import Actor
from unhurried.service.patients.models import Patient


@dataclass(frozen=True, slots=True)
class Handed:
    """One thing as its step hands it in: facts, and first words for the typed fields.

    `words` holds only what was meant for the GP or is about to be looked at by the writer:
    whatever is in it and not ticked at first goes nowhere by itself.
    """

    kind: str
    uuid: UUID
    what: str  # `Session by phone`
    at: datetime
    minutes: int | None
    setting: str  # HL7 v3 ActCode of the encounter: AMB, HH, VR
    seen: str  # `Tuesday 1 December 2026 at 10:00, by phone, with Jo Example, 50 minutes`
    next_meeting: str
    words: dict[str, str] = field(default_factory=dict)  # code of a typed field: its first words


@dataclass(frozen=True, slots=True)
class ToWrite:
    """Something of which no summary was sent yet."""

    patient: Patient
    kind: str
    uuid: UUID
    at: datetime
    begun: bool


@dataclass(frozen=True, slots=True)
class SourceKind:
    """How one kind of thing is found, and what of the person's record is not for the GP."""

    kind: str
    name: str  # `a session`
    find: Callable[[Actor, Patient, UUID], Handed | None]
    to_write: Callable[[Actor], list[ToWrite]]
    # Texts within the actor's own sight that nobody shared with the GP.
    not_shared: Callable[[Actor, Patient], Iterable[str]]
    # Words anybody may use, because they stand in what the service itself gives out.
    ordinary: Callable[[], frozenset[str]]


_kinds: dict[str, SourceKind] = {}


def hands_in(kind: SourceKind) -> SourceKind:
    """Make a kind of source known. Raises ValueError when another has its name."""
    known = _kinds.get(kind.kind)
    if known is not None and known.find.__qualname__ != kind.find.__qualname__:
        raise ValueError(f"{kind.kind} is handed in already")
    _kinds[kind.kind] = kind
    return kind


def source_kinds() -> tuple[SourceKind, ...]:
    """Every kind there is."""
    return tuple(_kinds.values())


def source_kind(kind: str) -> SourceKind | None:
    """The kind of this name, or None."""
    return _kinds.get(kind)
