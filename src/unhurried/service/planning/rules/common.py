"""What everything written in planning needs: somebody in a role, a person with the service."""

from __future__ import annotations

from unhurried.service.audit.actor import Actor
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.models import Episode, Patient

WITH_US = (Episode.State.ENROLLED, Episode.State.PAUSED)


def check_writer(by: Actor) -> int:
    """The membership that writes; Refused for anybody without a role."""
    if by.membership_id is None:
        raise Refused("This is written by a person in a role.")
    return by.membership_id


def check_open_episode(patient: Patient) -> Episode:
    """The episode this belongs to; Refused when the person is not with the service now."""
    found = Episode.objects.filter(patient=patient, state__in=WITH_US).first()
    if found is None:
        raise Refused(
            "This person is not with the service now. What was written before can be read; to "
            "write more they join again."
        )
    return found


def check_one_of(what: str, value: str, known: object) -> None:
    """Refuse a value that is on no list; an empty one is fine."""
    if value and value not in known:  # type: ignore[operator]  # a mapping or a set of codes
        raise Refused(f"{what}: choose from the list.")


def check_to_ten(what: str, value: int | None) -> None:
    """Refuse a number that is not from 0 to 10; none is fine."""
    if value is not None and not 0 <= value <= 10:
        raise Refused(f"{what}: give a whole number from 0 to 10, or leave it empty.")
