"""Writing review meetings: begin one, invite, set or move its time, write instead, close (MDT-1).

When one is over the next one is there to be planned, with the same people and whoever was not
reached: that nobody plans it is then seen by the manager like anything else that waits.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from django.db.models import F
from django.utils import timezone

from unhurried.service.accounts.models import Membership, Organisation
from unhurried.service.accounts.queries import practices_of
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.shared_care import meeting_mail
from unhurried.service.shared_care.meeting_tables import end_of, next_by, number
from unhurried.service.shared_care.models.agenda import MeetingItem
from unhurried.service.shared_care.models.meetings import MeetingInvite, ReviewMeeting
from unhurried.service.shared_care.queries.invited import may_be_invited, with_us
from unhurried.service.shared_care.rules import meetings as rules
from unhurried.service.shared_care.rules.meetings import Slot
from unhurried.service.shared_care.times import (
    passed_on_after,
)

State = ReviewMeeting.State
GONE = "They are not with this service, or not at a practice that takes part, any more."


def begin_meeting(
    *, by: Actor, provider: Organisation, practices: Sequence[Organisation], key: str = ""
) -> ReviewMeeting:
    """A review meeting to be planned, of these practices with the provider; `by` organises it."""
    body = (provider.pk, sorted(each.pk for each in practices))
    with write("shared_care.meeting_begun", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return ReviewMeeting.objects.get(pk=doing.replay_of)
        rules.check_may_arrange(by)
        rules.check_practices(by, provider, practices, clock.today())
        _check_none_alike(provider, practices)
        now = clock.now()
        meeting = ReviewMeeting(
            provider=provider, organiser_id=by.membership_id or 0, opened_at=now, changed_at=now,
            should_by=next_by(clock.today()), minutes=number("length"),
        )  # fmt: skip
        set_clock(meeting)
        meeting.save()
        meeting.practices.set(practices)
        MeetingInvite.objects.create(
            meeting=meeting, member_id=by.membership_id or 0, invited_at=now
        )
        doing.about(meeting)
    return meeting


def _check_none_alike(provider: Organisation, practices: Sequence[Organisation]) -> None:
    wanted = {each.pk for each in practices}
    rows = ReviewMeeting.objects.filter(provider=provider, closed_at=None)
    for each in rows.prefetch_related("practices"):
        if {one.pk for one in each.practices.all()} == wanted:
            raise Refused("There is a meeting of these practices to be held already: plan that.")


def invite(
    *, by: Actor, meeting: ReviewMeeting, members: Sequence[Membership], version: int,
    key: str = "",
) -> ReviewMeeting:  # fmt: skip
    """The meeting with exactly these people invited; whoever is new gets what the others have."""
    body = (meeting.pk, sorted(each.pk for each in members), version)
    with write("shared_care.meeting_people", by=by, key=key, body=body) as doing:
        current = locked(meeting)
        if doing.replay_of:
            return current
        check_version(current, version)
        rules.check_may_arrange(by)
        rules.check_open(current)
        there = {each.member_id: each for each in invites_of(current)}
        may_be = set(may_be_invited(current).values_list("pk", flat=True))
        rules.check_people(members, may_be, there)
        wanted = {each.pk for each in members}
        gone = [each for pk, each in there.items() if pk not in wanted]
        for each in gone:
            each.ended_at = clock.now()
            each.save(update_fields=["ended_at"])
        new = [_invited(current, each) for each in members if each.pk not in there]
        current.version += 1
        if current.state == State.PLANNED and (gone or new):
            current.sequence += 1  # whoever is asked again must not be older than their ending
            current.changed_at = clock.now()
        current.save(update_fields=["version", "sequence", "changed_at"])
        if current.state == State.PLANNED:
            meeting_mail.send(current, meeting_mail.ENDED, gone)
        if current.state in KINDS:
            meeting_mail.send(current, KINDS[State(current.state)], new)
        doing.about(current, note=f"{len(wanted)} invited")
    return current


# What people are sent while a meeting stands so.
KINDS = {
    State.FINDING: meeting_mail.ASKED,
    State.PLANNED: meeting_mail.SET,
    State.WRITING: meeting_mail.WRITE,
}


def _invited(meeting: ReviewMeeting, member: Membership) -> MeetingInvite:
    """The invitation of somebody: a new one, or theirs that was taken back, open again."""
    made, new = MeetingInvite.objects.get_or_create(
        meeting=meeting, member=member, defaults={"invited_at": clock.now()}
    )
    if not new:
        made.ended_at, made.answered_at = None, None
        made.save(update_fields=["ended_at", "answered_at"])
    return made


def set_time(
    *, by: Actor, meeting: ReviewMeeting, slot: Slot, minutes: int, where: str, version: int,
    anyway: bool = False, key: str = "",
) -> ReviewMeeting:  # fmt: skip
    """The meeting planned at this time, or moved to it; everybody gets its calendar file.

    Raises ChangedMeanwhile; Unusual for a time outside working hours unless `anyway`.
    """
    body = (meeting.pk, slot, minutes, where, version, anyway)
    with write("shared_care.meeting_planned", by=by, key=key, body=body) as doing:
        current = locked(meeting)
        if doing.replay_of:
            return current
        check_version(current, version)
        rules.check_may_arrange(by)
        rules.check_open(current)
        rules.check_where(where)
        rules.check_slots([slot], minutes, clock.now(), anyway=anyway)
        moved = current.state == State.PLANNED
        current.starts_at, current.minutes = rules.moment_of(slot), minutes
        plan(current, where)
        doing.about(current, note="moved" if moved else "")
    return current


def plan(current: ReviewMeeting, where: str) -> None:
    """Plan the meeting at the time set on it, and tell everybody; inside the caller's write."""
    current.state, current.where, current.was_planned = State.PLANNED, where.strip(), True
    current.in_writing, current.write_until = False, None
    current.sequence += 1
    _changed(current)
    meeting_mail.send(current, meeting_mail.SET, invites_of(current))


def write_instead(
    *, by: Actor, meeting: ReviewMeeting, until: date, version: int, key: str = ""
) -> ReviewMeeting:
    """The meeting, held in writing until the end of that day; a time it had is taken back."""
    body = (meeting.pk, until, version)
    with write("shared_care.meeting_in_writing", by=by, key=key, body=body) as doing:
        current = locked(meeting)
        if doing.replay_of:
            return current
        check_version(current, version)
        rules.check_may_arrange(by)
        rules.check_open(current)
        rules.check_last_day(until, clock.today())
        _take_back_time(current)
        current.state, current.write_until = State.WRITING, until
        current.was_planned = current.in_writing = True
        current.starts_at = None
        _changed(current)
        meeting_mail.send(current, meeting_mail.WRITE, invites_of(current))
        doing.about(current)
    return current


def _take_back_time(current: ReviewMeeting) -> None:
    """Take a time to come out of everybody's calendar."""
    if current.state == State.PLANNED and current.starts_at and current.starts_at > clock.now():
        current.sequence += 1
        current.changed_at = clock.now()
        meeting_mail.send(current, meeting_mail.ENDED, invites_of(current))


def hold(
    *, by: Actor, meeting: ReviewMeeting, took_part: Collection[int], also_there: str,
    version: int, key: str = "",
) -> ReviewMeeting:  # fmt: skip
    """The meeting, held: `took_part` are the invitations of who was there, or who wrote.

    Whoever was not reached stands on the next agenda, which is there to be planned.
    """
    body = (meeting.pk, sorted(took_part), also_there, version)
    with write("shared_care.meeting_held", by=by, key=key, body=body) as doing:
        current = locked(meeting)
        if doing.replay_of:
            return current
        check_version(current, version)
        rules.check_may_arrange(by)
        rules.check_may_hold(current, clock.now())
        there = invites_of(current)
        rules.check_took_part(took_part, [each.pk for each in there], also_there)
        for each in there:
            each.took_part = each.pk in took_part
            each.save(update_fields=["took_part"])
        current.also_there = also_there.strip()
        day = timezone.localdate(current.starts_at) if current.starts_at else clock.today()
        _close(by, current, State.HELD, next_by(day))
        doing.about(current, note=f"{len(took_part)} took part")
    return current


def not_held(
    *, by: Actor, meeting: ReviewMeeting, reason: str, because: str = "", version: int,
    key: str = "",
) -> ReviewMeeting:  # fmt: skip
    """The meeting that did not take place, and why, without blame; the next one is due at once."""
    body = (meeting.pk, reason, because, version)
    with write("shared_care.meeting_not_held", by=by, key=key, body=body) as doing:
        current = locked(meeting)
        if doing.replay_of:
            return current
        check_version(current, version)
        rules.check_may_arrange(by)
        rules.check_open(current)
        rules.check_reason(reason, because)
        _take_back_time(current)
        current.reason, current.because = reason, because.strip()
        _close(by, current, State.NOT_HELD, max(current.should_by, clock.today()))
        doing.about(current, note=reason)
    return current


def _close(by: Actor, current: ReviewMeeting, state: State, should_by: date) -> None:
    """End the meeting, and make the next one with the same people and whoever was not reached.

    With none of its practices served any more there is no next one.
    """
    now = clock.now()
    current.state, current.closed_at = state, now
    current.changed_at = now
    current.version += 1
    current.save()
    served = practices_of(current.provider_id, clock.today()).values_list("pk", flat=True)
    practices = list(current.practices.filter(pk__in=served))
    _take_off_gone(current, practices)
    if not practices:
        return
    following = ReviewMeeting(
        provider_id=current.provider_id, organiser_id=by.membership_id or 0, opened_at=now,
        changed_at=now, should_by=should_by, minutes=current.minutes, where=current.where,
        follows=current,
    )  # fmt: skip
    set_clock(following)
    following.save()
    following.practices.set(practices)
    held = may_be_invited(following).filter(pk__in=[each.member_id for each in invites_of(current)])
    MeetingInvite.objects.bulk_create(
        MeetingInvite(meeting=following, member=each, invited_at=now) for each in held
    )
    _carry_over(current, following)


def _take_off_gone(current: ReviewMeeting, practices: list[Organisation]) -> None:
    """Take whoever no next meeting can be about off the agenda: they died, moved, or left."""
    left = current.items.filter(decided_at=None, taken_off_at=None)
    stay = left.filter(with_us(), patient__practice__in=practices).values_list("pk", flat=True)
    now = clock.now()
    left.exclude(pk__in=list(stay)).update(
        taken_off_at=now, closed_at=now, taken_off_because=GONE, version=F("version") + 1
    )


def _carry_over(current: ReviewMeeting, following: ReviewMeeting) -> None:
    """Put whoever was not reached on the next agenda."""
    now = clock.now()
    left = current.items.filter(decided_at=None, taken_off_at=None).select_related("patient")
    for item in left.select_for_update(of=("self",)):
        item.put_off_at = item.closed_at = now
        item.save(update_fields=["put_off_at", "closed_at"])
        MeetingItem.objects.create(
            meeting=following, patient=item.patient, added_by_id=item.added_by_id, why=item.why,
            question=item.question, they_know=item.they_know, they_know_at=item.they_know_at,
            present=False, wished=item.wished, opened_at=now, carried_from=item,
        )  # fmt: skip


def set_clock(meeting: ReviewMeeting) -> None:
    """From when the meeting is late: to be planned, to be recorded, to be summed up."""
    day = meeting.should_by
    if meeting.state == State.PLANNED and meeting.starts_at is not None:
        day = timezone.localdate(meeting.starts_at)
    elif meeting.state == State.WRITING and meeting.write_until is not None:
        day = meeting.write_until
    late_from = end_of(day)
    if late_from != meeting.late_from:
        meeting.reminded = ""
    meeting.late_from = late_from
    meeting.passed_on_from = passed_on_after("meeting", late_from)


def _changed(current: ReviewMeeting) -> None:
    set_clock(current)
    current.changed_at = clock.now()
    current.version += 1
    current.save()


def invites_of(meeting: ReviewMeeting) -> list[MeetingInvite]:
    """Everybody invited now."""
    rows = MeetingInvite.objects.filter(meeting=meeting, ended_at=None)
    return list(rows.select_related("member__user").order_by("pk"))


def locked(meeting: ReviewMeeting) -> ReviewMeeting:
    """The meeting as saved, locked until the write is done."""
    rows = ReviewMeeting.objects.select_for_update(of=("self",)).select_related("provider")
    return rows.get(pk=meeting.pk)


def check_version(current: ReviewMeeting, version: int) -> None:
    """Raise ChangedMeanwhile when somebody saved another version first."""
    if current.version != version:
        raise ChangedMeanwhile(current)
