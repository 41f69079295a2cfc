"""A valid sending of every form of learning."""

from __future__ import annotations

from collections.abc import Callable

from tests.service.access.story import Story
from tests.service.everywhere.filling import WORDS, Post
from tests.service.sessions.posts import on
from tests.service.team.examples_learning import plan


def _plan(story: Story) -> Post:
    sent = {"practice": str(story.world.practice.uuid), "code": "", "title": WORDS, "by_day": on(9)}
    return Post(story.manager, sent)


def _change(story: Story) -> Post:
    sent = {"what": "day", "by_day": on(20), "version": "1"}
    return Post(story.manager, sent, {"uuid": plan(story).uuid})


def _log(story: Story) -> Post:
    sent = {
        "plan": "", "code": "", "title": WORDS, "minutes": "5", "day": on(0), "will_change": WORDS,
    }  # fmt: skip
    return Post(story.gp, sent)


POSTS: dict[str, Callable[[Story], Post]] = {
    "team:learning_plan": _plan,
    "team:learning_change": _change,
    "team:learning_log": _log,
}
