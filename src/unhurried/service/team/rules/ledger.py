"""May this time be logged, taken back, claimed, accepted? (FUN-1)"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from decimal import Decimal

from unhurried.service.accounts.policy import roles
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.words import check_text
from unhurried.service.team.models import Claim, TimeEntry
from unhurried.service.team.tables import names

State = Claim.State
LOGGED_LATER = timedelta(days=366)
SPECIALISTS = frozenset({"pain_consultant", "addiction_psychiatrist"})
AT_PRACTICE = frozenset({"gp", "practice_staff"})
OF_PROVIDER = frozenset({"project_worker", "clinical_supervisor"})
LOGS = SPECIALISTS | AT_PRACTICE | OF_PROVIDER
PAID_BY_CLAIM = SPECIALISTS | AT_PRACTICE


def check_may_log(
    by: Actor, activity: str, minutes: int, day: date, note: str, today: date
) -> None:
    """Refuse a role that logs no time, and times nobody can mean."""
    if by.role not in LOGS or by.membership_id is None or by.organisation_id is None:
        raise Refused("Your role logs no time.")
    if activity not in names("activities"):
        raise Refused("Choose what the time was for.")
    if not 1 <= minutes <= 720:
        raise Refused("Give from 1 minute to 12 hours.")
    if not today - LOGGED_LATER <= day <= today:
        raise Refused("Choose a day of the last year, today at the latest.")
    check_text("The note", note, 300)


def check_provider(provider_id: int | None, offered: Collection[int]) -> int:
    """For whom the time was. Refused when it is no service the actor works with."""
    if provider_id is None and len(offered) == 1:
        return next(iter(offered))
    if provider_id is None or provider_id not in offered:
        raise Refused("Choose the service the time was for.")
    return provider_id


def check_may_take_back(by: Actor, entry: TimeEntry) -> None:
    """Refuse somebody else's line, and one taken back already."""
    if entry.who_id != by.membership_id:
        raise Refused("Everybody corrects their own lines.")
    if entry.cancels_id is not None or TimeEntry.objects.filter(cancels=entry).exists():
        raise Refused("This line was taken back already.")


def check_rate(
    by: Actor, role: str, pounds: Decimal, source: str, starts: date, today: date
) -> None:
    """Refuse a rate without where it comes from."""
    if by.role != "service_manager" or by.organisation_id is None:
        raise Refused("The manager of the service sets what an hour is paid with.")
    if role not in LOGS or role not in roles():
        raise Refused("Choose whose hours these are.")
    if not Decimal("0.01") <= pounds <= Decimal("9999.99"):
        raise Refused("Give pounds for an hour, up to 9,999.99.")
    if not source.strip():
        raise Refused("Say where the rate comes from: a contract, a letter, a table.")
    check_text("Where it comes from", source, 300)
    if not today - LOGGED_LATER <= starts <= today + LOGGED_LATER:
        raise Refused("Choose a day within a year of today.")


def check_may_claim(by: Actor, since: date, until: date, note: str, today: date) -> None:
    """Refuse roles that are not paid by claim, and a time that is none."""
    if by.role not in PAID_BY_CLAIM:
        raise Refused("Practices and specialists claim.")
    if since > until or until > today or since < today - 3 * LOGGED_LATER:
        raise Refused("Choose a first day and a last day, in this order, today at the latest.")
    check_text("The note", note, 500)


def check_adds_up(minutes: int) -> None:
    """Refuse a claim of nothing."""
    if minutes <= 0:
        raise Refused("Nothing of these days is left to claim.")


def check_may_decide(by: Actor, claim: Claim, decision: str, question: str) -> None:
    """Refuse whoever is not the service's manager, and steps out of order."""
    if by.role != "service_manager" or by.organisation_id != claim.provider_id:
        raise Refused("The manager of the service decides on claims.")
    waits = {"accepted": State.SENT, "asked_back": State.SENT, "paid": State.ACCEPTED}
    if decision not in waits:
        raise Refused("Choose what to do with the claim.")
    if claim.state != waits[decision]:
        raise Refused(f"This claim is marked “{claim.get_state_display().lower()}” now.")
    if decision == State.ASKED_BACK and not question.strip():
        raise Refused("Say what you ask back.")
    check_text("The question", question, 500)


def check_may_answer_claim(by: Actor, claim: Claim, decision: str, note: str) -> None:
    """Refuse whoever did not claim, and claims that wait for nothing of theirs."""
    ours = claim.claimant_id == by.membership_id if by.role in SPECIALISTS else (
        claim.claimant_id is None and by.role in AT_PRACTICE
        and claim.organisation_id == by.organisation_id
    )  # fmt: skip
    if not ours:
        raise Refused("Whoever claims answers.")
    if decision not in {State.SENT, State.WITHDRAWN}:
        raise Refused("Choose whether to send it again or to take it back.")
    waits = (State.ASKED_BACK,) if decision == State.SENT else (State.ASKED_BACK, State.SENT)
    if claim.state not in waits:
        raise Refused(f"This claim is marked “{claim.get_state_display().lower()}” now.")
    check_text("The note", note, 500)
