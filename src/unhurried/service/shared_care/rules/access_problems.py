"""Rules on access problems: what can be reported, looked at, put right, opened again (COM-4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from unhurried.service.audit.actor import Actor
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.models import Episode, Patient
from unhurried.service.patients.words import check_text
from unhurried.service.shared_care.access_words import problem_kinds
from unhurried.service.shared_care.models import AccessProblem

LONGEST_WORDS = 4_000
LONGEST_TOLD = 300
State = AccessProblem.State


@dataclass(frozen=True, slots=True)
class Report:
    """What happened: its kind, the day, and the person's own words if they wish."""

    kind: str
    on: date
    words: str = ""


def episode_of(patient: Patient) -> Episode:
    """The person's time with the service, the newest. Raises Refused when there was none."""
    rows = Episode.objects.filter(patient_id=patient.pk).order_by("-opened_at", "-pk")
    found = rows.select_related("provider").first()
    if found is None:
        raise Refused("This person has not been with the service: please ring the practice.")
    return found


def check_report(by: Actor, patient: Patient, report: Report, today: date) -> None:
    """Refuse a report of nobody, of no kind, or of a day to come. Words may be left out."""
    if by.user_id is None:
        raise Refused("Please sign in to report this.")
    if report.kind not in problem_kinds():
        raise Refused("Choose what happened.")
    if report.on > today:
        raise Refused("This day has not come yet: check the day.")
    if report.on < patient.date_of_birth:
        raise Refused("This day is too long ago: check the day.")
    check_text("What happened", report.words, LONGEST_WORDS, lines=True)


def check_may_look(by: Actor, problem: AccessProblem) -> None:
    """Refuse to look at what is put right, or what one looks at already."""
    if by.membership_id is None:
        raise Refused("Somebody in a role looks at it.")
    if problem.state == State.PUT_RIGHT:
        raise Refused("This is put right already.")
    if problem.looking_id == by.membership_id:
        raise Refused("You look at it already.")


def check_put_right(by: Actor, problem: AccessProblem, done: str, told_how: str) -> None:
    """Refuse to close it without what was done, and how the person was told."""
    if by.membership_id is None:
        raise Refused("Somebody in a role puts it right.")
    if problem.state == State.PUT_RIGHT:
        raise Refused("This is put right already.")
    if not done.strip():
        raise Refused("Write what was done.")
    if not told_how.strip():
        raise Refused("Write how the person was told: it is put right only when they know.")
    check_text("What was done", done, LONGEST_WORDS, lines=True)
    check_text("How the person was told", told_how, LONGEST_TOLD)


def check_may_reopen(problem: AccessProblem, text: str) -> None:
    """Refuse to open what is open; nobody need say why it was not put right."""
    if problem.state != State.PUT_RIGHT:
        raise Refused("This is open: the practice has to answer.")
    check_text("What is still wrong", text, LONGEST_WORDS, lines=True)
