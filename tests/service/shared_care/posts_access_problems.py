"""A valid sending of every form of access problems (see everywhere/posts.py)."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone
from tests.service.access.story import Story
from tests.service.everywhere.filling import WORDS, Post
from tests.service.shared_care.examples_access_problems import ONE


def _of(name: str, /, **sent: str) -> Callable[[Story], Post]:
    def make(story: Story) -> Post:
        example = ONE[name](story)
        return Post(example.may, {**sent, "version": "1"}, dict(example.kwargs))

    return make


def _report(story: Story) -> Post:
    day = timezone.localdate().strftime("%d/%m/%Y")
    sent = {"kind": "appointment", "on": day, "words": WORDS}
    return Post(story.worker, sent, {"uuid": story.patient.uuid})


POSTS: dict[str, Callable[[Story], Post]] = {
    "shared_care:report_access_problem": _report,
    "shared_care:look_at_access_problem": _of("look_at_access_problem"),
    "shared_care:put_right_access_problem": _of(
        "put_right_access_problem", done=WORDS, told_how=WORDS
    ),
    "shared_care:reopen_access_problem": _of("reopen_access_problem", text=WORDS),
}
