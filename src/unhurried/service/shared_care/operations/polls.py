"""Writing when people can meet: propose times, answer them, choose one (MDT-2)."""

from __future__ import annotations

from collections.abc import Sequence

from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.audit.refused import Refused
from unhurried.service.shared_care import meeting_mail
from unhurried.service.shared_care.models.meetings import (
    MeetingInvite,
    ProposedTime,
    ReviewMeeting,
    TimeAnswer,
)
from unhurried.service.shared_care.operations.meetings import (
    check_version,
    invites_of,
    locked,
    plan,
    set_clock,
)
from unhurried.service.shared_care.rules import meetings as rules
from unhurried.service.shared_care.rules.meetings import Slot

State = ReviewMeeting.State


def propose_times(
    *, by: Actor, meeting: ReviewMeeting, slots: Sequence[Slot], minutes: int, where: str,
    version: int, anyway: bool = False, key: str = "",
) -> ReviewMeeting:  # fmt: skip
    """The meeting with these times to answer, beside those proposed before that lie ahead."""
    body = (meeting.pk, list(slots), minutes, where, version, anyway)
    with write("shared_care.meeting_times_proposed", by=by, key=key, body=body) as doing:
        current = locked(meeting)
        if doing.replay_of:
            return current
        check_version(current, version)
        rules.check_may_arrange(by)
        rules.check_open(current)
        if current.state not in {State.TO_PLAN, State.FINDING}:
            raise Refused("This meeting has its time: move it instead of asking again.")
        rules.check_where(where)
        now = clock.now()
        rules.check_slots(slots, minutes, now, anyway=anyway)
        current.times.filter(taken_back_at=None, starts_at__lte=now).update(taken_back_at=now)
        there = set(current.times.filter(taken_back_at=None).values_list("starts_at", flat=True))
        new = [each for each in map(rules.moment_of, slots) if each not in there]
        rules.check_count(len(there), len(new))
        ProposedTime.objects.bulk_create(
            ProposedTime(
                meeting=current, starts_at=each, proposed_by_id=by.membership_id or 0,
                proposed_at=now,
            )
            for each in new
        )  # fmt: skip
        if new:
            current.invites.filter(ended_at=None).update(answered_at=None)
        current.state, current.minutes, current.where = State.FINDING, minutes, where.strip()
        current.version += 1
        current.changed_at = now
        set_clock(current)
        current.save()
        if new:
            meeting_mail.send(current, meeting_mail.ASKED, invites_of(current))
        doing.about(current, note=f"{len(new)} proposed")
    return current


def answer_times(
    *, by: Actor, meeting: ReviewMeeting, answers: dict[int, str], key: str = ""
) -> MeetingInvite:
    """What suits somebody invited: by proposed time, a TimeAnswer.Suits; said again, amended."""
    body = (meeting.pk, answers)
    with write("shared_care.meeting_answered", by=by, key=key, body=body) as doing:
        current = locked(meeting)
        invite = MeetingInvite.objects.filter(
            meeting=current, member_id=by.membership_id or 0, ended_at=None
        ).first()
        if invite is None:
            raise Refused("You are not invited to this meeting.")
        if doing.replay_of:
            return invite
        if current.state != State.FINDING:
            raise Refused("No time is looked for any more: look at the meeting.")
        open_times = set(current.times.filter(taken_back_at=None).values_list("pk", flat=True))
        rules.check_answers(answers, open_times)
        for time_pk, suits in answers.items():
            TimeAnswer.objects.update_or_create(
                time_id=time_pk, invite=invite, defaults={"suits": suits}
            )
        invite.answered_at = clock.now()
        invite.save(update_fields=["answered_at"])
        doing.about(invite)
    return invite


def choose_time(
    *, by: Actor, meeting: ReviewMeeting, time: int, version: int, key: str = ""
) -> ReviewMeeting:
    """The meeting, planned at one of the times proposed; everybody gets its calendar file."""
    body = (meeting.pk, time, version)
    with write("shared_care.meeting_time_chosen", by=by, key=key, body=body) as doing:
        current = locked(meeting)
        if doing.replay_of:
            return current
        check_version(current, version)
        rules.check_may_arrange(by)
        rules.check_open(current)
        found = current.times.filter(pk=time, taken_back_at=None).first()
        if found is None or current.state != State.FINDING:
            raise Refused("Choose one of the times that were proposed.")
        if found.starts_at <= clock.now():
            raise Refused("That time has passed: choose another one.")
        current.starts_at = found.starts_at
        plan(current, current.where)
        doing.about(current)
    return current
