"""A valid sending of every form of talks about a person (see everywhere/posts.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from tests.service.access.story import Story
from tests.service.everywhere.filling import WORDS, Post
from tests.service.shared_care.examples_discussions import EXAMPLES


def today() -> str:
    """Today, as it is typed."""
    return timezone.localdate().strftime("%d/%m/%Y")


def _note(story: Story) -> Post:
    sent = {
        "on": today(), "how": "corridor", "members": [str(story.worker.pk)], "decided": WORDS,
        "present": "no", "wished": "not_asked", "told": "told", "told_on": today(),
        "told_by": "", "told_what": WORDS, "about": WORDS, "at": "00:00", "minutes": "5",
        "name_1": "Dr Wren", "role_1": "District nurse", "name_2": "", "role_2": "",
    }  # fmt: skip
    return Post(story.worker, sent, {"uuid": story.patient.uuid})


def _of(address: str, /, **sent: Any) -> Callable[[Story], Post]:
    def make(story: Story) -> Post:
        example = EXAMPLES[address](story)
        return Post(example.may, dict(sent), dict(example.kwargs))

    return make


def _tell(story: Story) -> Post:
    sent = {"told": "told", "told_on": today(), "told_what": WORDS}
    return _of("shared_care:tell_person", **sent)(story)


POSTS: dict[str, Callable[[Story], Post]] = {
    "shared_care:note_discussion": _note,
    "shared_care:tell_person": _tell,
    "shared_care:add_line": _of("shared_care:add_line", text=WORDS),
}
