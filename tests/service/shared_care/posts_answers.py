"""A valid sending of every form of answers."""

from __future__ import annotations

from collections.abc import Callable

from tests.service.access.story import Story
from tests.service.everywhere.filling import Post
from tests.service.shared_care.examples_answers import EXAMPLES


def _seen(story: Story) -> Post:
    example = EXAMPLES["shared_care:answer_seen"](story)
    return Post(example.may, {}, dict(example.kwargs))


POSTS: dict[str, Callable[[Story], Post]] = {"shared_care:answer_seen": _seen}
