"""What waits today of talks about people, and of getting to see the GP."""

from __future__ import annotations

from dataclasses import dataclass

from unhurried.service.audit.actor import Actor
from unhurried.service.shared_care.queries.access_problems import open_problems
from unhurried.service.shared_care.queries.discussions import to_tell as rows_to_tell


@dataclass(frozen=True, slots=True)
class Talks:
    """Counts for the page of today."""

    to_tell: int
    access_problems: int


def to_do(actor: Actor) -> Talks:
    """Talks to tell people of, and problems with seeing the GP that are not put right."""
    return Talks(rows_to_tell(actor).count(), open_problems(actor).count())
