"""May this happen to a worksheet now? Each `check_` raises Refused with a sentence (SAW-1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from unhurried.clinical.worksheets import Entry, WorksheetError
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.models import Episode, Patient
from unhurried.service.patients.rules import keeps_notes_from_gp, service_consent_ended
from unhurried.service.patients.words import check_text, day
from unhurried.service.worksheets.models import MOST_DAYS, Code, Line, Worksheet

ATTEMPTS_PER_SENDER = 10
ATTEMPTS_IN_ALL = 300
ATTEMPT_WINDOW = timedelta(hours=1)
# The last night is written down the morning after.
CODE_WORKS_AFTER = timedelta(days=1)
EARLIEST, LATEST = timedelta(days=92), timedelta(days=31)
LONGEST_WORDS = 4_000
LONGEST_PRODUCT, LONGEST_AMOUNT = 300, 100
MOST_LINES = 400  # more than a month of entries every two hours
TODAY = (Episode.State.ENROLLED, Episode.State.PAUSED)


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody wrote for one line. None, "" and () are "not written"."""

    day: date
    time: str = ""
    taken: str = ""
    product: str = ""
    amount: str = ""
    reasons: tuple[str, ...] = ()
    pain: int | None = None
    stress: int | None = None
    sleep: int | None = None
    happening: str = ""

    @property
    def empty(self) -> bool:
        """Is nothing written but when?"""
        return not (
            self.taken or self.product or self.amount or self.reasons or self.happening.strip()
        ) and all(number is None for number in (self.pain, self.stress, self.sleep))

    @property
    def plain(self) -> tuple[object, ...]:
        """What was sent, for telling a second sending from another one."""
        return (self.day, self.time, self.taken, self.product, self.amount, list(self.reasons),
                self.pain, self.stress, self.sleep, self.happening)  # fmt: skip


def given_of(line: Line) -> Given:
    """What a line says."""
    return Given(
        line.day, line.time, line.taken, line.product, line.amount, tuple(line.reasons),
        line.pain, line.stress, line.sleep, line.happening,
    )  # fmt: skip


def check_days(starts: date, days: int, kept: str, today: date) -> None:
    """Refuse days that cannot be a worksheet's, and an unknown way to keep it."""
    if not 1 <= days <= MOST_DAYS:
        raise Refused(f"Choose from 1 to {MOST_DAYS} days. A week shows most.")
    if not today - EARLIEST <= starts <= today + LATEST:
        raise Refused("Choose a first day from three months ago to a month ahead.")
    if kept not in Worksheet.Kept.values:
        raise Refused("Choose how it is kept: on a telephone or computer, or on paper.")


def check_no_overlap(starts: date, days: int, others: Sequence[Worksheet]) -> None:
    """Refuse days that another worksheet of the person has."""
    last = starts + timedelta(days=days - 1)
    for other in others:
        if other.starts <= last and other.last_day >= starts:
            raise Refused(
                f"There is a worksheet from {day(other.starts)} to {day(other.last_day)} already: "
                "go on with that one, or choose other days."
            )


def check_may_start(patient: Patient, episode: Episode | None) -> Episode:
    """The open episode a worksheet belongs to. Refuse when the person is not with the service."""
    if patient.date_of_death is not None:
        raise Refused("The person has died.")
    if episode is None or episode.state not in TODAY:
        raise Refused("A worksheet is for someone who has joined the service.")
    return episode


def check_may_write(worksheet: Worksheet) -> None:
    """Refuse anything more on the worksheet of someone who has died or is with us no longer."""
    if worksheet.patient.date_of_death is not None:
        raise Refused("The person has died.")
    if worksheet.episode.state not in TODAY:
        raise Refused("The time with the service has ended: nothing more is written here.")


def check_line(worksheet: Worksheet, given: Given, today: date) -> None:
    """Refuse a line of another day, without anything on it, or with a value it cannot have."""
    if not worksheet.starts <= given.day <= worksheet.last_day:
        raise Refused(
            f"This worksheet is for {day(worksheet.starts)} to {day(worksheet.last_day)}: choose "
            "one of those days."
        )
    if given.day > today:
        raise Refused("That day is still to come: choose today or an earlier day.")
    if given.empty:
        raise Refused("Nothing is written yet. Any one thing is enough: fill in what you like.")
    if given.time and given.time not in Line.Time.values:
        raise Refused("Choose a time of day, or leave it out.")
    check_text("The medicine", given.product, LONGEST_PRODUCT)
    check_text("How much", given.amount, LONGEST_AMOUNT)
    check_text("What was happening", given.happening, LONGEST_WORDS, lines=True)
    try:
        Entry(
            day=given.day, time=given.time or None, taken=given.taken or None,  # type: ignore[arg-type]  # Entry checks the values
            reasons=given.reasons, pain=given.pain, stress=given.stress, sleep=given.sleep,  # type: ignore[arg-type]
        )  # fmt: skip
    except WorksheetError as problem:
        raise Refused(str(problem)) from problem


def check_room(worksheet: Worksheet, more: int = 1) -> None:
    """Refuse more lines than anybody writes: a code in wrong hands fills no database."""
    if worksheet.lines.count() + more > MOST_LINES:
        raise Refused("This worksheet is full. Ask your project worker for another one.")


def check_may_share(patient: Patient, now: datetime) -> None:
    """Refuse to show a GP the pattern of someone who shares nothing written with their GP."""
    if keeps_notes_from_gp(patient, now):
        raise Refused(
            "What is written is not shared with the GP practice: that was said under Consents. "
            "Change that answer first."
        )


def code_works(code: Code, now: datetime, today: date) -> bool:
    """Does the code open its worksheet now?"""
    sheet = code.worksheet
    return (
        code.stopped_at is None
        and today <= sheet.last_day + CODE_WORKS_AFTER
        and sheet.patient.date_of_death is None
        and sheet.episode.state in TODAY
        and not service_consent_ended(sheet.patient, now)
    )


def check_keeps_lines(worksheet: Worksheet, days: int, newest: date | None) -> None:
    """Refuse fewer days than something is written on."""
    if newest is not None and newest > worksheet.starts + timedelta(days=days - 1):
        raise Refused(f"Something is written on {day(newest)}: keep at least the days up to then.")
