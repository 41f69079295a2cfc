"""May this happen now, in supervision? And from when on a worker has waited too long (SUP-1)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from unhurried.service.accounts.models import Membership
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.words import check_text
from unhurried.service.shared_care.times import (
    at_hour,
)
from unhurried.service.team.models import Supervises, SupervisionMeeting, SupportRequest
from unhurried.service.team.tables import names, supervision_times

State = SupervisionMeeting.State
FURTHEST = timedelta(days=366)
NOTED_LATER = timedelta(days=92)  # a supervision held and not planned can be written down so long
LONGEST_TEXT = 8_000


def late_from(since: date, weeks: int | None, *, planned: bool) -> datetime:
    """The moment from which supervision is late: the interval is over, or no day was agreed."""
    usual = supervision_times()
    days = 7 * (weeks or usual["interval_weeks"])
    if not planned:
        days = min(days, usual["plan_within_days"])
    return at_hour(since + timedelta(days=days + 1), time())


def check_assign(
    by: Actor, worker: Membership, supervisor: Membership | None, starts: date, today: date,
    weeks: int | None,
) -> None:  # fmt: skip
    """Refuse anybody but a worker and a supervisor of the manager's own service."""
    ours = by.organisation_id
    if by.role != "service_manager" or worker.organisation_id != ours:
        raise Refused("The manager of the service says who supervises whom.")
    _check_held(worker, "project_worker", starts, "project worker")
    if supervisor is not None:
        if supervisor.organisation_id != ours or supervisor.user_id == worker.user_id:
            raise Refused("Choose a clinical supervisor of your own service, somebody else.")
        _check_held(supervisor, "clinical_supervisor", starts, "clinical supervisor")
    if not today <= starts <= today + FURTHEST:
        raise Refused("Choose a day from today on, within the next year.")
    if weeks is not None and not 1 <= weeks <= 26:
        raise Refused("Agree on something from 1 to 26 weeks.")


def _check_held(membership: Membership, role: str, on: date, words: str) -> None:
    held = membership.starts <= on and (membership.ends is None or membership.ends > on)
    if membership.role != role or not held:
        raise Refused(f"Choose a {words} who works here on that day.")


def check_may_plan(by: Actor, worker: Membership, supervises: Supervises | None) -> Supervises:
    """Who supervises the worker that day. Refused for nobody, or when it is not theirs to plan."""
    if supervises is None:
        raise Refused(
            "Nobody supervises this project worker on that day. The manager chooses somebody first."
        )
    two = {supervises.worker_id, supervises.supervisor_id}
    manages = by.role == "service_manager" and by.organisation_id == worker.organisation_id
    if by.membership_id not in two and not manages:
        raise Refused("Supervision is planned by the two of them, or by the manager.")
    return supervises


def check_time(
    starts_at: datetime, minutes: int, now: datetime, others: list[SupervisionMeeting]
) -> None:
    """Refuse days nobody can mean, and two supervisions at once."""
    if not now - NOTED_LATER <= starts_at <= now + FURTHEST:
        raise Refused("Choose a day within the next year, or one of the last three months.")
    if not 5 <= minutes <= 480:
        raise Refused("Supervision takes from 5 minutes to 8 hours.")
    ends_at = starts_at + timedelta(minutes=minutes)
    if any(each.starts_at < ends_at and starts_at < each.ends_at for each in others):
        raise Refused("There is another supervision of one of you at that time.")


def check_theirs(by: Actor, meeting: SupervisionMeeting) -> None:
    """Refuse anybody but the two whose supervision it is."""
    if by.membership_id not in {meeting.worker_id, meeting.supervisor_id}:
        raise Refused("Only the two whose supervision it is can change it.")


def check_may_move(
    by: Actor, meeting: SupervisionMeeting, asked_by: str, supervises: Supervises | None
) -> None:
    """Refuse to move what is over, or to a day on which somebody else supervises the worker."""
    check_theirs(by, meeting)
    if meeting.state != State.PLANNED:
        raise Refused("This supervision is over: plan another.")
    if supervises is None or supervises.supervisor_id != meeting.supervisor_id:
        raise Refused("The two of you have no supervision on that day: choose an earlier one.")
    if asked_by not in names("asked_by"):
        raise Refused("Say who asked for another time.")


def check_may_be_not_held(by: Actor, meeting: SupervisionMeeting, because: str) -> None:
    """Refuse what was held; the reason is a fact and nobody's fault."""
    check_theirs(by, meeting)
    if meeting.state == State.HELD:
        raise Refused("It is written down that this supervision was held.")
    if because not in names("not_held_reasons"):
        raise Refused("Choose what came in between.")


def check_may_record(
    by: Actor, meeting: SupervisionMeeting, minutes: int, texts: tuple[str, str, str], now: datetime
) -> None:
    """Refuse before its time, once it is signed, and text that cannot be kept."""
    check_theirs(by, meeting)
    if meeting.signed_at is not None:
        raise Refused("The supervisor signed this record, so it stays as it is.")
    if meeting.state == State.NOT_HELD:
        raise Refused("It is noted that this did not take place: plan the day you met instead.")
    if meeting.starts_at > now:
        raise Refused("It has not begun yet. Move it if you met on another day.")
    if not 5 <= minutes <= 480:
        raise Refused("Supervision takes from 5 minutes to 8 hours.")
    for what, text in zip(("What you talked about", "How you are", "What was agreed"), texts,
                          strict=True):  # fmt: skip
        check_text(what, text, LONGEST_TEXT, lines=True)


def check_may_sign(by: Actor, meeting: SupervisionMeeting) -> None:
    """Refuse anybody but the supervisor, and what was not held."""
    if by.membership_id != meeting.supervisor_id:
        raise Refused("The supervisor signs.")
    if meeting.state != State.HELD or meeting.signed_at is not None:
        raise Refused("There is nothing to sign here now.")


def check_may_ask(by: Actor, words: str) -> None:
    """Refuse anybody but a project worker asking for themselves."""
    if by.role != "project_worker" or by.membership_id is None:
        raise Refused("A project worker asks for themselves.")
    check_text("What it is about", words, 2_000, lines=True)


def check_may_answer(
    by: Actor, request: SupportRequest, answer: str, supervises: Supervises | None
) -> None:
    """Refuse a stranger, and what somebody answered meanwhile."""
    supervisors = {request.supervisor_id, supervises.supervisor_id if supervises else None}
    theirs = by.membership_id in {request.worker_id, *supervisors} - {None}
    manages = by.role == "service_manager" and by.organisation_id == request.worker.organisation_id
    if not theirs and not manages:
        raise Refused("The supervisor or the manager answers this.")
    if request.closed_at is not None:
        raise Refused("Somebody answered this already.")
    if not answer.strip():
        raise Refused("Say what happens next, in a few words.")
    check_text("What happens next", answer, 2_000, lines=True)
