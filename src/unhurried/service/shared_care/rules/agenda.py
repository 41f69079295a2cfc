"""Rules on the agenda: whom a meeting can talk about, and what is said when it is decided."""

from __future__ import annotations

from datetime import datetime

from unhurried.service.accounts.models import Membership
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.models import Episode, Patient
from unhurried.service.patients.words import check_text
from unhurried.service.shared_care.models.agenda import MeetingItem
from unhurried.service.shared_care.models.meetings import MeetingInvite, ReviewMeeting
from unhurried.service.shared_care.models.presence import Presence

State = ReviewMeeting.State
WRITES = frozenset({"project_worker", "gp"})
LONGEST_SAID = 2_000
LONGEST_DECISION = 600


def check_question(why: str, question: str, wished: str) -> None:
    """Refuse an item that says not why, or asks nothing."""
    if not why.strip():
        raise Refused("Say in a few words why you put them on the agenda.")
    if not question.strip():
        raise Refused("Say in one sentence what you would like the meeting to answer.")
    if wished not in Presence.Wished.values:
        raise Refused("Say whether they want to be there; “They were not asked” is fine.")
    check_text("Why", why, 300)
    check_text("The question", question, 300)


def check_may_add(by: Actor, patient: Patient, meeting: ReviewMeeting) -> None:
    """Refuse a person the meeting is not about, or who stands on the agenda already."""
    if by.membership_id is None or by.role not in WRITES:
        raise Refused("A project worker or a GP puts somebody on the agenda.")
    if meeting.closed_at is not None:
        raise Refused("This meeting is over: choose the next one.")
    if not Patient.objects.filter(pk=patient.pk, date_of_death=None).exists():
        raise Refused("The record says that this person has died.")
    with_us = Episode.objects.filter(patient_id=patient.pk, provider_id=meeting.provider_id)
    if not with_us.exclude(state=Episode.State.ENDED).exists():
        raise Refused("This person is not with the service now.")
    if not meeting.practices.filter(pk=patient.practice_id).exists():
        raise Refused("Their practice does not take part in this meeting: choose another one.")
    if meeting.items.filter(patient_id=patient.pk, taken_off_at=None).exists():
        raise Refused("They stand on this agenda already.")


def check_they_know(by: Actor, *, before: bool, now: bool) -> None:
    """Only their worker tells a person beforehand that they are on an agenda."""
    if before != now and by.role != "project_worker":
        raise Refused("Their project worker tells them, and ticks that they know.")


def check_not_decided(item: MeetingItem) -> None:
    """Refuse to change what is decided or no longer stands there."""
    if item.taken_off_at is not None or item.put_off_at is not None:
        raise Refused("They no longer stand on this agenda.")
    if item.decided_at is not None:
        raise Refused("This is decided. Add a line under it to put something right.")


def check_may_comment(by: Actor, item: MeetingItem, text: str) -> None:
    """Refuse an empty line, and a specialist's after the meeting."""
    if by.membership_id is None:
        raise Refused("A person in a role writes here.")
    if not text.strip():
        raise Refused("Write a line first.")
    check_text("What you wrote", text, LONGEST_SAID, lines=True)
    if item.taken_off_at is not None:
        raise Refused("They no longer stand on this agenda.")
    if by.role not in WRITES:
        if item.meeting.closed_at is not None:
            raise Refused("This meeting is over.")
        invited = MeetingInvite.objects.filter(
            meeting_id=item.meeting_id, member_id=by.membership_id, ended_at=None
        )
        if not invited.exists():
            raise Refused("You are not invited to this meeting.")


def check_may_decide(by: Actor, item: MeetingItem, now: datetime) -> None:
    """Refuse a decision before the meeting, or by somebody who does not write in the record."""
    check_not_decided(item)
    if by.membership_id is None or by.role not in WRITES:
        raise Refused("A project worker or a GP writes down what was decided.")
    meeting = item.meeting
    if meeting.closed_at is not None:
        raise Refused("This meeting is over: they stand on the next agenda.")
    began = meeting.starts_at is not None and meeting.starts_at <= now
    if meeting.state != State.WRITING and not (meeting.state == State.PLANNED and began):
        raise Refused("The meeting has not begun yet.")


def check_decision(said: str, decision: str) -> None:
    """Refuse no decision; “go on as now” is one."""
    if not decision.strip():
        raise Refused("Write what was decided; “Go on as now” is a decision.")
    check_text("What was said", said, LONGEST_SAID, lines=True)
    check_text("What was decided", decision, LONGEST_DECISION, lines=True)


def check_may_tell(by: Actor, item: MeetingItem) -> None:
    """Refuse telling of what is not decided, or is told already."""
    if by.membership_id is None or by.role not in WRITES:
        raise Refused("A project worker or a GP tells them.")
    if item.decided_at is None or item.taken_off_at is not None:
        raise Refused("Nothing was decided yet.")
    if item.told_at is not None or item.rather_not_know:
        raise Refused("It is noted already how they were told.")


def check_because(because: str) -> None:
    """Refuse what cannot be kept or shown."""
    check_text("Why", because, 200)


def check_found(member: Membership | None) -> None:
    """Refuse somebody who is not there."""
    if member is None:
        raise Refused("Choose somebody of the team, or leave it to the team.")
