"""Who must know at once that nothing more may go to a person (hazard H11)."""

from __future__ import annotations

from collections.abc import Callable

from unhurried.service.audit.actor import Actor
from unhurried.service.patients.models import Patient

Stop = Callable[[Patient, str, Actor], None]
_stops: dict[str, Stop] = {}


def when_contact_ends(stop: Stop) -> Stop:
    """Mark a function called, within the same write, when someone has died or left the practice.

    It is given the person, why in a sentence, and who wrote it.
    """
    _stops[f"{stop.__module__}.{stop.__qualname__}"] = stop
    return stop


def contact_ended(patient: Patient, why: str, by: Actor) -> None:
    """Tell everyone who asked to be told."""
    for stop in _stops.values():
        stop(patient, why, by)
