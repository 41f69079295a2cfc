"""What review meetings send: a question of times, a calendar file, a last day for writing.

No message names anybody the meeting talks about, or says what is asked. Each is asked about again
before it leaves: is the person still invited, and is this still how the meeting stands?
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, Event, vCalAddress
from icalendar.enums import STATUS

from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.audit.refused import Refused
from unhurried.service.outbox.models import Message
from unhurried.service.outbox.operations import post
from unhurried.service.outbox.registry import check_before_sending
from unhurried.service.patients.words import day as day_words
from unhurried.service.shared_care.models.meetings import (
    MeetingInvite,
    ProposedTime,
    ReviewMeeting,
)

PURPOSE = "shared_care.meeting"
ASKED, SET, ENDED, WRITE = "asked", "set", "ended", "write"
NOBODY = "This message names nobody, and nobody reads replies to it."
SUBJECTS = {
    ASKED: "Review meeting: which time suits you?",
    SET: "Review meeting: {when}",
    ENDED: "Review meeting: it does not take place as planned",
    WRITE: "Review meeting in writing, until {until}",
}
BODIES = {
    ASKED: "Some times were proposed for a review meeting. Please sign in and say which of them "
    "suit you: it takes a minute.",
    SET: "A review meeting is set for {when}, for {minutes} minutes. The file with this message "
    "puts it into a calendar, and replaces an earlier one; the same file is on the page of the "
    "meeting. Please sign in to see what it is about.",
    ENDED: "A review meeting does not take place as planned{when_was}. The file with this message "
    "takes it out of a calendar. Please sign in to see what happens instead.",
    WRITE: "The review meeting is held in writing. Please sign in and write what you think until "
    "{until}. A line is enough; nobody need meet.",
}


def when_words(thing: ReviewMeeting | ProposedTime) -> str:
    """`Tuesday 1 December 2026 at 10:00`, on the clock here; "" without a time."""
    if thing.starts_at is None:
        return ""
    local = timezone.localtime(thing.starts_at)
    return f"{local:%A} {day_words(local.date())} at {local:%H:%M}"


def calendar_file(meeting: ReviewMeeting, *, cancelled: bool = False) -> bytes:
    """The meeting for a calendar (RFC 5545): one UID for its life, a SEQUENCE that grows."""
    stamp = meeting.changed_at.replace(microsecond=0)
    starts, ends = meeting.starts_at or stamp, meeting.ends_at or stamp
    event = Event.new(
        uid=f"{meeting.uuid}@meetings.invalid", sequence=meeting.sequence, stamp=stamp,
        start=starts.replace(microsecond=0), end=ends.replace(microsecond=0),
        summary="Review meeting", location=meeting.where or None,
        organizer=vCalAddress.new("nobody@meetings.invalid", cn="Review meeting"),
        status=STATUS.CANCELLED if cancelled else STATUS.CONFIRMED,
    )  # fmt: skip
    calendar = Calendar.new(
        uid=str(meeting.uuid), prodid="-//Review meetings//EN",
        method="CANCEL" if cancelled else "PUBLISH", subcomponents=[event],
    )  # fmt: skip
    made: bytes = calendar.to_ical()
    return made


def send(meeting: ReviewMeeting, kind: str, invites: Iterable[MeetingInvite]) -> int:
    """Leave the message of this kind for each of them; inside the caller's write. How many."""
    words = {
        "when": when_words(meeting), "minutes": meeting.minutes,
        "when_was": f" on {when_words(meeting)}" if meeting.starts_at else "",
        "until": day_words(meeting.write_until) if meeting.write_until else "",
    }  # fmt: skip
    document = _document(meeting, cancelled=kind == ENDED) if kind in {SET, ENDED} else ""
    return sum(_post(meeting, kind, each, words, document) for each in invites)


def _post(
    meeting: ReviewMeeting, kind: str, invite: MeetingInvite, words: dict[str, object],
    document: str,
) -> int:  # fmt: skip
    page = f"{settings.PUBLIC_URL}/meetings/{meeting.uuid}/" if settings.PUBLIC_URL else ""
    body = "\n\n".join(filter(None, (BODIES[kind].format(**words), page, NOBODY)))
    try:
        post(
            purpose=PURPOSE, about=f"{meeting.uuid}:{kind}:{meeting.version}:{invite.pk}",
            channel="email", to=invite.member.user.email,
            subject=SUBJECTS[kind].format(**words), body=body, document=document,
            provider_id=meeting.provider_id,
        )  # fmt: skip
    except Refused:
        return 0  # an address nobody can write to: they see it on their first page
    return 1


def _document(meeting: ReviewMeeting, *, cancelled: bool) -> str:
    """Where the calendar file lies under `settings.FILES`, written whole."""
    kind = "ended" if cancelled else "set"
    document = f"meetings/{meeting.uuid}-{meeting.sequence}-{kind}.ics"
    path = Path(settings.FILES) / document
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    beside.write_bytes(calendar_file(meeting, cancelled=cancelled))
    beside.chmod(0o600)
    beside.replace(path)
    return document


@check_before_sending(PURPOSE, "About a review meeting")
def check_still_so(message: Message) -> str:
    """Does this still hold, for somebody who still has their role?"""
    uuid, kind, _version, invite_pk = message.about.split(":")
    meeting = ReviewMeeting.objects.filter(uuid=uuid).first()
    invite = MeetingInvite.objects.filter(pk=int(invite_pk)).select_related("member__user").first()
    if meeting is None or invite is None:
        return "The meeting is no longer there."
    held = Membership.objects.on(clock.today()).filter(pk=invite.member_id, user__is_active=True)
    if not held.exists() or message.to != invite.member.user.email:
        return "They do not work there now, or have another address."
    return "" if kind == ENDED else _why_over(meeting, invite, kind, message)


def _why_over(meeting: ReviewMeeting, invite: MeetingInvite, kind: str, message: Message) -> str:
    if invite.ended_at is not None:
        return "They are no longer invited to this meeting."
    wanted = {ASKED: "finding", SET: "planned", WRITE: "writing"}[kind]
    if meeting.state != wanted:
        return f"The meeting is marked “{meeting.get_state_display().lower()}” by now."
    if kind == SET and _sent_since(meeting, invite, message):
        return "The meeting has another time by now, with a message of its own."
    return ""


def _sent_since(meeting: ReviewMeeting, invite: MeetingInvite, message: Message) -> bool:
    """Was a newer calendar file left for the same person?"""
    newer = Message.objects.filter(
        purpose=PURPOSE, pk__gt=message.pk, about__startswith=f"{meeting.uuid}:{SET}:",
        about__endswith=f":{invite.pk}",
    )  # fmt: skip
    return newer.exists()
