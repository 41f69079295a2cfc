"""What is open about people, wherever it is kept: nothing is forgotten when they change hands.

A step makes its open things known with `source`; each is asked once for everybody, however many.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Item:
    """One open thing about one person, without its words."""

    kind: str  # the source's name for it: `Safety alert`
    key: str  # the same as long as the thing is the same
    patient_id: int
    owner: str  # who answers for it now
    since: datetime | date | None = None
    membership_id: int | None = None  # who holds it themself, when somebody does


Source = Callable[[Collection[int]], Iterable[Item]]
_sources: dict[str, Source] = {}


def source(name: str, function: Source) -> None:
    """Make open things known under a name. Raises ValueError when another source has it."""
    known = _sources.get(name)
    if known is not None and known.__qualname__ != function.__qualname__:
        raise ValueError(f"{name} is a source already")
    _sources[name] = function


def open_items(patient_ids: Collection[int]) -> list[Item]:
    """Everything open about these people, as many queries as there are sources."""
    if not patient_ids:
        return []
    found = [each for function in _sources.values() for each in function(patient_ids)]
    return sorted(found, key=lambda each: (each.patient_id, each.kind, each.key))


def sources() -> tuple[str, ...]:
    """The names of what is asked."""
    return tuple(_sources)
