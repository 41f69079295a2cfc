"""A valid sending of every form of record summaries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.service.access.story import Story
from tests.service.everywhere.filling import WORDS, Post
from tests.service.shared_care.examples_summaries import EXAMPLES


def _of(address: str, /, **sent: Any) -> Callable[[Story], Post]:
    def make(story: Story) -> Post:
        example = EXAMPLES[address](story)
        return Post(example.may, dict(sent), dict(example.kwargs))

    return make


LINES = {
    "text_worked_on": WORDS, "text_said": "", "text_chose_next": WORDS, "text_asked": WORDS,
    "goes_seen": "on", "goes_worked_on": "on", "goes_said": "", "goes_chose_next": "on",
    "goes_medicines": "on", "goes_asked": "on", "goes_next_meeting": "", "goes_safety": "on",
}  # fmt: skip

POSTS: dict[str, Callable[[Story], Post]] = {
    "shared_care:write_summary": _of(
        "shared_care:write_summary", **LINES, codes=["871731000000106"], heard="on", version="0"
    ),
    "shared_care:send_summary": _of("shared_care:send_summary", version="1"),
    "shared_care:file_summary": _of("shared_care:file_summary"),
    "shared_care:return_summary": _of("shared_care:return_summary", because=WORDS),
    "shared_care:leave_summary": _of("shared_care:leave_summary", because=WORDS),
}
