"""Review meetings for tests: begun, planned, with somebody on the agenda, and their mails."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from icalendar import Calendar
from tests.service.access.story import Story
from tests.service.conftest import actor_for

from unhurried.service.accounts.models import Membership
from unhurried.service.audit.actor import Actor
from unhurried.service.outbox.models import Message
from unhurried.service.outbox.operations import document_path
from unhurried.service.shared_care.models import MeetingItem, ReviewMeeting
from unhurried.service.shared_care.operations import agenda
from unhurried.service.shared_care.operations import meetings as operations
from unhurried.service.shared_care.rules.meetings import Slot
from unhurried.service.shared_care.rules.presence import Said

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)  # a Monday
HELD_AT = datetime(2026, 11, 10, 10, 30, tzinfo=UTC)
TUESDAY = Slot(date(2026, 11, 10), time(10))
THURSDAY = Slot(date(2026, 11, 12), time(14, 30))
WAS_THERE = Said(present=True, wished="yes", told="told")
NOT_TOLD = Said(present=False, wished="not_asked", told="not_yet")


def begun(story: Story, *members: Membership) -> ReviewMeeting:
    """A meeting of the worker's, with these people invited, too."""
    by = actor_for(story.worker)
    made = operations.begin_meeting(
        by=by, provider=story.world.provider, practices=[story.world.practice]
    )
    people = [story.worker, *members]
    return operations.invite(by=by, meeting=made, members=people, version=made.version)


def set_at(story: Story, meeting: ReviewMeeting, slot: Slot = TUESDAY) -> ReviewMeeting:
    """The meeting, planned."""
    return operations.set_time(
        by=actor_for(story.worker), meeting=meeting, slot=slot, minutes=60, where="Room 2",
        version=meeting.version,
    )  # fmt: skip


def by(member: Membership) -> Actor:
    """Somebody acting."""
    return actor_for(member)


def event_of(message: Message) -> dict[str, object]:
    """What the calendar file of a message says."""
    calendar: Any = Calendar.from_ical(document_path(message.document).read_bytes())
    event = calendar.walk("VEVENT")[0]
    return {
        "method": str(calendar["METHOD"]), "uid": str(event["UID"]),
        "sequence": int(event["SEQUENCE"]), "starts": event["DTSTART"].dt,
        "status": str(event["STATUS"]), "text": event.to_ical().decode(),
    }  # fmt: skip


def mails(member: Membership) -> list[Message]:
    """What somebody was sent about meetings, in order."""
    rows = Message.objects.filter(purpose="shared_care.meeting", to=member.user.email)
    return list(rows.order_by("pk"))


def planned(story: Story, *members: Membership) -> ReviewMeeting:
    """A meeting on Tuesday the 10th at ten, with the worker and these people."""
    by = actor_for(story.worker)
    made = operations.begin_meeting(
        by=by, provider=story.world.provider, practices=[story.world.practice]
    )
    people = [story.worker, *members]
    made = operations.invite(by=by, meeting=made, members=people, version=made.version)
    return operations.set_time(
        by=by, meeting=made, slot=Slot(date(2026, 11, 10), time(10)), minutes=60, where="",
        version=made.version,
    )  # fmt: skip


def added(
    story: Story, meeting: ReviewMeeting, by: Membership | None = None, **more: Any
) -> MeetingItem:
    """The story's person, on the agenda."""
    values: dict[str, Any] = {"why": "Two years", "question": "What comes after?", **more}
    patient = values.pop("patient", story.patient)
    return agenda.add_item(
        by=actor_for(by or story.worker), patient=patient, meeting=meeting, **values
    )


def decided(story: Story, item: MeetingItem, presence: Said = NOT_TOLD, **more: Any) -> MeetingItem:
    """The item, decided by the worker."""
    return agenda.decide(
        by=actor_for(story.worker), item=item, said="We talked", decision="Go on as now",
        presence=presence, version=item.version, **more,
    )  # fmt: skip


def hold(story: Story, meeting: ReviewMeeting) -> ReviewMeeting:
    """The meeting, over; everybody was there."""
    meeting.refresh_from_db()
    return operations.hold(
        by=actor_for(story.worker), meeting=meeting, took_part=[], also_there="All of us",
        version=meeting.version,
    )  # fmt: skip
