"""What is said of the person in every discussion of them: there, wished, told (COM-4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from unhurried.service.audit.refused import Refused
from unhurried.service.patients.words import check_text
from unhurried.service.shared_care.models.presence import Presence

TOLD, NOT_YET, RATHER_NOT = "told", "not_yet", "rather_not"
LONGEST_TOLD = 2_000


@dataclass(frozen=True, slots=True)
class Said:
    """The three answers. `told_on`, `told_by` (a membership) and `told_what` go with TOLD.

    None for `told_by`: whoever writes it told them.
    """

    present: bool
    wished: str  # a Presence.Wished
    told: str  # TOLD, NOT_YET or RATHER_NOT
    told_on: date | None = None
    told_by: int | None = None
    told_what: str = ""


def check_presence(said: Said, on: date, today: date) -> None:
    """May these answers stand for a discussion on that day? Raises Refused.

    Who was there has heard it: the day and the words may be left out then.
    """
    if said.wished not in Presence.Wished.values:
        raise Refused("Say whether they wanted to be there.")
    if said.told not in {TOLD, NOT_YET, RATHER_NOT}:
        raise Refused("Say whether they have been told.")
    if said.told != TOLD:
        if said.told_on or said.told_by or said.told_what.strip():
            raise Refused("You wrote when or what they were told: then choose that they know.")
        if said.present:
            raise Refused("They were there, so they have heard it: choose that they know.")
        return
    if not said.present and (said.told_on is None or not said.told_what.strip()):
        raise Refused("Write the day they were told and what was said, in plain words.")
    if said.told_on is not None:
        check_told_on(said.told_on, on, today)
    check_told_what(said.told_what)


def check_told_on(told_on: date, on: date, today: date) -> None:
    """May they have been told on that day? Raises Refused."""
    if told_on > today:
        raise Refused("The day they were told cannot lie ahead.")
    if told_on < on:
        raise Refused("The day they were told cannot be before the talk.")


def check_told_what(text: str, *, needed: bool = False) -> None:
    """May these be the words they were told in? Raises Refused."""
    if needed and not text.strip():
        raise Refused("Write what they were told, in plain words.")
    check_text("What they were told", text, LONGEST_TOLD, lines=True)
