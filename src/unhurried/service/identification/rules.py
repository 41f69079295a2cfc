"""May this happen now? Rules of handing in, deciding and undoing; each raises a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from unhurried.service.audit.actor import Actor
from unhurried.service.audit.refused import Refused
from unhurried.service.identification.models import Candidate, Decision, Extract
from unhurried.service.identification.tables import not_suitable
from unhurried.service.identification.with_service import OPEN, with_service

PRACTICE_ROLES = frozenset({"gp", "practice_staff"})
UNDO_WITHIN = timedelta(minutes=30)
FILES_GONE = (
    "The files of these records are no longer kept here: hand them in again to screen them again."
)
LONGEST_NOT_NOW = timedelta(days=730)
LONGEST_TEXT = 2_000
ANOTHER = "another"
WITH_SERVICE = (
    "They are already with the service: their GP referred them directly, so there is nothing to "
    "decide here."
)
CHOICES = (
    Candidate.Choice.INVITE, Candidate.Choice.NOT_NOW, Candidate.Choice.NOT_SUITABLE,
    Candidate.Choice.DISCUSS,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What a GP chose for one person or several."""

    choice: str
    not_before: date | None = None
    reason: str = ""
    text: str = ""
    same_as: str = ""  # ANOTHER, or the uuid of the person registered here who this is


def check_at_practice(by: Actor) -> None:
    """Only a practice hands in its records and works on its list."""
    if by.role not in PRACTICE_ROLES or by.organisation_id is None or by.membership_id is None:
        raise Refused("Only the practice itself can do this.")


def check_may_decide(by: Actor) -> None:
    """A GP decides; everyone else prepares."""
    check_at_practice(by)
    if by.role != "gp":
        raise Refused("A GP decides this. You can prepare it for them.")


def check_chosen(chosen: Chosen, today: date) -> None:
    """A choice with what belongs to it."""
    if chosen.choice not in CHOICES:
        raise Refused("Choose one: invite, not now, not suitable, or let's discuss.")
    if len(chosen.text) > LONGEST_TEXT:
        raise Refused(f"The note is longer than {LONGEST_TEXT:,} characters: shorten it.")
    if chosen.choice == Candidate.Choice.NOT_NOW:
        _check_not_before(chosen.not_before, today)
    if chosen.choice == Candidate.Choice.NOT_SUITABLE:
        reason = not_suitable().get(chosen.reason)
        if reason is None:
            raise Refused("Choose why it is not suitable for them.")
        if reason.needs_text and not chosen.text.strip():
            raise Refused(f"Say a few words about it: you chose “{reason.words}”.")


def _check_not_before(day: date | None, today: date) -> None:
    if day is None:
        raise Refused("Say until when: they come back to the list on that day.")
    if day <= today:
        raise Refused("“Not now” needs a day still to come.")
    if day > today + LONGEST_NOT_NOW:
        raise Refused("“Not now” can last two years at most; choose an earlier day.")


def why_not_decide(candidate: Candidate, chosen: Chosen) -> str:
    """Why this choice cannot be made for this person now; nothing when it can."""
    why = _why_nothing_to_decide(candidate)
    if why or chosen.choice != Candidate.Choice.INVITE:
        return why
    if candidate.standing == Candidate.Standing.GONE:
        return f"The latest records no longer list them. {candidate.change_words}".strip()
    return f"To invite them, first type their {candidate.missing}." if candidate.missing else ""


def _why_nothing_to_decide(candidate: Candidate) -> str:
    if candidate.invited_at is not None:
        return "An invitation has already gone out: what happens next is on their own page."
    if candidate.enrolled_at is not None:
        return "They have already joined the service."
    if candidate.standing == Candidate.Standing.APPROACHING:
        return "They are not on the list, only nearing three months: refer them directly instead."
    there = with_service(candidate)
    return WITH_SERVICE if there == OPEN else f"{there}." if there else ""


def why_not_undo(decision: Decision, latest: Decision | None, now: datetime) -> str:
    """Why this decision cannot be undone now; nothing when it can."""
    if decision.undoes_id is not None:
        return "This already undid a decision: decide again instead."
    if latest is None or latest.pk != decision.pk:
        return "Something else was decided since."
    if now - decision.at > UNDO_WITHIN:
        minutes = int(UNDO_WITHIN.total_seconds() // 60)
        return f"Undoing is possible for {minutes} minutes: decide again instead."
    if decision.candidate.invited_at is not None:
        return "The invitation has already gone out."
    return ""


def check_may_confirm(extract: Extract) -> None:
    """Columns can be confirmed while nothing is under way, and the files are here."""
    if extract.files_gone_at is not None:
        raise Refused(FILES_GONE)
    if extract.state in (Extract.State.WAITING, Extract.State.RUNNING):
        raise Refused("These records are being screened at the moment: wait until that is done.")


def check_may_put_aside(extract: Extract) -> None:
    """What was screened stays; anything else can be put aside."""
    if extract.state == Extract.State.DONE:
        raise Refused("These records were screened already: what came of them stays.")
    if extract.state == Extract.State.PUT_ASIDE:
        raise Refused("These records were put aside already.")


def check_looks_from(day: date | None, today: date) -> None:
    """Screening looks from a day in the past, and not from another age."""
    if day is not None and not date(2000, 1, 1) <= day <= today:
        raise Refused("The day to look from must be a day from the year 2000 up to today.")


def check_per_week(number: int) -> None:
    """A pace someone can keep."""
    if not 1 <= number <= 100:
        raise Refused("Choose a number from 1 to 100 people a week.")
