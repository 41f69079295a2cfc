"""What happened with a person, as the case page's timeline shows it: one shape for every step.

Each step of the service offers `queries.happenings(actor, patient)`, holding only what `actor` may
see; the case page puts them in order. Pain and stress come as points, doses as steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Happening:
    """One event: its day, its kind (a code, for the marker), a few plain words, and where it is."""

    on: date
    kind: str  # joined, session, missed, plan, measure, worksheet, resource, pause, alert, ended
    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """A number from 0 to 10 the person gave for a day."""

    on: date
    of: str  # pain, stress
    value: float
