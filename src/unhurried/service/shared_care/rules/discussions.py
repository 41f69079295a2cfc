"""Rules on talks about a person: when, who took part, what was decided (COM-3, COM-4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone

from unhurried.service.audit.actor import Actor
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.models import Episode, Patient
from unhurried.service.patients.words import check_text
from unhurried.service.shared_care.models import Discussion
from unhurried.service.shared_care.rules.presence import Said

LONGEST_DECIDED = 600
LONGEST_ABOUT = 200
LONGEST_LINE = 2_000
LONGEST_MINUTES = 480


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody who took part and has no account here."""

    name: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Talk:
    """A talk as it was. `members` are memberships of the practice and the provider."""

    on: date
    how: str  # a Discussion.How
    decided: str
    members: tuple[int, ...] = ()
    others: tuple[Other, ...] = ()
    at: time | None = None
    minutes: int | None = None
    about: str = ""


def episode_of(patient: Patient) -> Episode:
    """The person's time with the service. Raises Refused when there is none now."""
    found = Episode.objects.filter(patient_id=patient.pk).exclude(state=Episode.State.ENDED)
    episode = found.select_related("provider").first()
    if episode is None:
        raise Refused("This person is not with the service now.")
    return episode


def check_talk(
    by: Actor, talk: Talk, episode: Episode, known: Sequence[int], now: datetime
) -> None:
    """Refuse a talk of the future, of nobody, or that says nothing; `known` may take part."""
    if by.membership_id is None:
        raise Refused("A talk is written down by a person in a role.")
    if talk.how not in Discussion.How.values:
        raise Refused("Choose how you talked.")
    _check_when(talk, episode, now)
    if set(talk.members) - set(known):
        raise Refused("Choose who took part from the list, or type their name below.")
    if len(set(talk.members)) + len(talk.others) < 2:
        raise Refused("Say who took part: a talk has at least two people.")
    for each in talk.others:
        if not each.name.strip():
            raise Refused("Give the name of who took part.")
        check_text("A name", each.name, 200)
        check_text("What they are", each.role, 100)
    if talk.minutes is not None and not 1 <= talk.minutes <= LONGEST_MINUTES:
        raise Refused("Give how many minutes it took, at most 8 hours, or leave it empty.")
    if not talk.decided.strip():
        raise Refused("Write in a few words what was decided; “Nothing decided” is fine.")
    check_text("What was decided", talk.decided, LONGEST_DECIDED, lines=True)
    check_text("What it was about", talk.about, LONGEST_ABOUT)


def _check_when(talk: Talk, episode: Episode, now: datetime) -> None:
    today = timezone.localdate(now)
    if talk.on < timezone.localdate(episode.opened_at):
        raise Refused("This is before the person's time with the service began: check the day.")
    local = timezone.localtime(now)
    if talk.on > today or (talk.on == today and talk.at is not None and talk.at > local.time()):
        raise Refused("This time has not come yet. Write it down once you have talked.")


def check_teller(said: Said, known: Sequence[int]) -> None:
    """Refuse that somebody told them who works neither at the practice nor in the service."""
    if said.told_by is not None and said.told_by not in known:
        raise Refused("Choose who told them from the list.")


def check_may_tell(found: Discussion) -> None:
    """Refuse to note a second time that they were told."""
    if found.told_at is not None:
        raise Refused("It is noted already that they were told. Add a line if more was said.")


def check_line(by: Actor, text: str) -> None:
    """Refuse a line without words."""
    if by.membership_id is None:
        raise Refused("A line is added by a person in a role.")
    if not text.strip():
        raise Refused("Say what was wrong, and what is right.")
    check_text("The line", text, LONGEST_LINE, lines=True)
