"""Examples of review meetings and of people on their agendas (see access/examples.py)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone
from tests.service.access.story import Example, Factory, Story, of_patient

from unhurried.service.accounts.models import Membership
from unhurried.service.shared_care.models import (
    MeetingInvite,
    MeetingItem,
    ProposedTime,
    ReviewMeeting,
)


def kept(name: str, make: Callable[[Story], Any]) -> Callable[[Story], Any]:
    """The story's thing of this name, made once for this story."""

    def get(story: Story) -> Any:
        if name not in story.__dict__:
            story.__dict__[name] = make(story)
        return story.__dict__[name]

    return get


def invite(meeting: ReviewMeeting, *members: Membership) -> list[MeetingInvite]:
    """Invite them."""
    return [
        MeetingInvite.objects.create(meeting=meeting, member=each, invited_at=timezone.now())
        for each in members
    ]


def new_meeting(story: Story, **more: Any) -> ReviewMeeting:
    """A meeting of the story's practice and provider that its worker organises."""
    now = timezone.now()
    values: dict[str, Any] = {
        "provider": story.world.provider, "organiser": story.worker, "opened_at": now,
        "changed_at": now, "should_by": timezone.localdate() + timedelta(days=28), "minutes": 60,
        "late_from": now + timedelta(days=28), **more,
    }  # fmt: skip
    made = ReviewMeeting.objects.create(**values)
    made.practices.set([story.world.practice])
    invite(made, story.worker, story.gp, story.consultant)
    return made


def _planned(story: Story) -> ReviewMeeting:
    """A meeting that began an hour ago."""
    began = timezone.now() - timedelta(hours=1)
    return new_meeting(story, state="planned", was_planned=True, starts_at=began)


def _finding(story: Story) -> ReviewMeeting:
    """A meeting with two times to answer."""
    made, now = new_meeting(story, state="finding"), timezone.now()
    for days in (3, 4):
        ProposedTime.objects.create(
            meeting=made, starts_at=now + timedelta(days=days), proposed_by=story.worker,
            proposed_at=now,
        )  # fmt: skip
    return made


def new_item(story: Story, meeting: ReviewMeeting, **more: Any) -> MeetingItem:
    """The story's patient on the agenda."""
    values: dict[str, Any] = {
        "meeting": meeting, "patient": story.patient, "added_by": story.worker,
        "why": "Two years come round", "question": "What comes after the service?",
        "present": False, "wished": "not_asked", "opened_at": timezone.now(), **more,
    }  # fmt: skip
    return MeetingItem.objects.create(**values)


planned = kept("meeting_planned", _planned)
finding = kept("meeting_finding", _finding)
item = kept("meeting_item", lambda story: new_item(story, planned(story)))
decided = kept(
    "meeting_item_decided",
    lambda story: new_item(
        story, new_meeting(story, state="held", closed_at=timezone.now()), decision="Go on as now",
        decided_at=timezone.now(), decided_by=story.worker,
    ),
)  # fmt: skip

# Decided, and the person knows: they open it, too.
told = kept(
    "meeting_item_told",
    lambda story: new_item(
        story, new_meeting(story, state="held", closed_at=timezone.now()), decision="Go on as now",
        decided_at=timezone.now(), decided_by=story.worker, told_at=timezone.now(),
        told_by=story.worker, told_what="We go on", closed_at=timezone.now(),
    ),
)  # fmt: skip


def _meeting(thing: Callable[[Story], ReviewMeeting], *, shared: bool = True) -> Factory:
    return lambda s: Example({"meeting": thing(s).uuid}, s.worker, shared=shared)


def _item(thing: Callable[[Story], MeetingItem]) -> Factory:
    def make(story: Story) -> Example:
        kwargs = {"uuid": story.patient.uuid, "item": thing(story).uuid}
        return Example(kwargs, story.worker, patient=story.patient)

    return make


EXAMPLES: dict[str, Factory] = {
    **{
        f"shared_care:{name}": _meeting(planned)
        for name in (
            "meeting", "meeting_people", "meeting_time", "meeting_writing", "meeting_held",
            "meeting_not_held", "meeting_agenda", "meeting_file",
        )
    },
    **{f"shared_care:{name}": _meeting(finding) for name in ("meeting_times", "meeting_choose")},
    "shared_care:meeting_answer": _meeting(finding, shared=False),
    **{
        f"shared_care:{name}": of_patient("worker") for name in ("meeting_items", "meeting_add")
    },
    **{
        f"shared_care:{name}": _item(item)
        for name in (
            "meeting_amend", "meeting_take_off", "meeting_comment",
            "meeting_decide",
        )
    },
    "shared_care:meeting_item": _item(told),
    "shared_care:meeting_told": _item(decided),
}  # fmt: skip
