"""A valid sending of every form of review meetings (see everywhere/posts.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from tests.service.access.story import Story
from tests.service.everywhere.filling import WORDS, Post
from tests.service.shared_care.examples_meetings import EXAMPLES, finding, new_meeting, planned

from unhurried.service.audit.working_days import working_days_after
from unhurried.service.shared_care.models import ReviewMeeting


def working_day(days: int) -> str:
    """A working day to come, as it is typed."""
    return working_days_after(timezone.localdate(), days).strftime("%d/%m/%Y")


def _of(address: str, /, **sent: Any) -> Callable[[Story], Post]:
    def make(story: Story) -> Post:
        example = EXAMPLES[address](story)
        return Post(example.may, dict(sent), dict(example.kwargs))

    return make


def _answer(story: Story) -> Post:
    times = finding(story).times.order_by("pk")
    sent = {f"time_{each.pk}": ("yes", "if_need_be")[n] for n, each in enumerate(times)}
    return Post(story.worker, sent, {"meeting": finding(story).uuid})


def _choose(story: Story) -> Post:
    meeting: ReviewMeeting = finding(story)
    time = meeting.times.order_by("pk").first()
    assert time is not None
    sent = {"time": str(time.pk), "version": "1"}
    return Post(story.worker, sent, {"meeting": meeting.uuid})


def _people(story: Story) -> Post:
    sent = {"members": [str(story.worker.pk), str(story.psychiatrist.pk)], "version": "1"}
    return Post(story.worker, sent, {"meeting": planned(story).uuid})


def _held(story: Story) -> Post:
    meeting: ReviewMeeting = planned(story)
    there = [str(each.pk) for each in meeting.invites.order_by("pk")[:2]]
    sent = {"took_part": there, "also_there": WORDS, "version": "1"}
    return Post(story.worker, sent, {"meeting": meeting.uuid})


def _add(story: Story) -> Post:
    meeting = new_meeting(story)
    return Post(
        story.worker,
        {"meeting": str(meeting.uuid), "why": WORDS, "question": WORDS, "wished": "yes",
         "they_know": "on"},
        {"uuid": story.patient.uuid},
    )  # fmt: skip


NO_ACTION = {
    f"{part}_{n}": "other" if part == "kind" else ""
    for n in (2, 3)
    for part in ("what", "who", "kind", "due")
}
POSTS: dict[str, Callable[[Story], Post]] = {
    "shared_care:new_meeting": lambda s: Post(
        s.worker, {"practices": [str(s.world.practice.uuid)]}
    ),
    "shared_care:meeting_people": _people,
    "shared_care:meeting_times": _of(
        "shared_care:meeting_times", minutes="45", where=WORDS, version="1",
        day_1=working_day(5), at_1="10:00", day_2=working_day(6), at_2="2.30pm", day_3="", at_3="",
        day_4="", at_4="",
    ),
    "shared_care:meeting_answer": _answer,
    "shared_care:meeting_choose": _choose,
    "shared_care:meeting_time": _of(
        "shared_care:meeting_time", day=working_day(5), at="10:00", minutes="45", where=WORDS,
        version="1",
    ),
    "shared_care:meeting_writing": _of(
        "shared_care:meeting_writing", until=working_day(5), version="1"
    ),
    "shared_care:meeting_held": _held,
    "shared_care:meeting_not_held": _of(
        "shared_care:meeting_not_held", reason="no_time", because=WORDS, version="1"
    ),
    "shared_care:meeting_add": _add,
    "shared_care:meeting_amend": _of(
        "shared_care:meeting_amend", why=WORDS, question=WORDS, wished="no", they_know="on",
        version="1",
    ),
    "shared_care:meeting_take_off": _of("shared_care:meeting_take_off", because=WORDS, version="1"),
    "shared_care:meeting_comment": _of("shared_care:meeting_comment", text=WORDS),
    "shared_care:meeting_decide": _of(
        "shared_care:meeting_decide", decision=WORDS, talked=WORDS, present="no", wished="no",
        told="told", told_on=timezone.localdate().strftime("%d/%m/%Y"), told_what=WORDS,
        what_1=WORDS, who_1="practice", kind_1="review", due_1="", version="1", **NO_ACTION,
    ),
    "shared_care:meeting_told": _of(
        "shared_care:meeting_told", told="told", told_what=WORDS,
        told_on=timezone.localdate().strftime("%d/%m/%Y"),
    ),
}  # fmt: skip
