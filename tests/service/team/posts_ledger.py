"""A valid sending of every form of time and claims."""

from __future__ import annotations

from collections.abc import Callable

from tests.service.access.story import Story
from tests.service.everywhere.filling import WORDS, Post
from tests.service.sessions.posts import on
from tests.service.team.examples_ledger import claim, entry


def _add(story: Story) -> Post:
    sent = {
        "activity": "prescription", "minutes": "15", "other_minutes": "", "day": on(0),
        "note": WORDS, "person": str(story.patient.uuid),
    }  # fmt: skip
    return Post(story.gp, sent)


def _correct(story: Story) -> Post:
    sent = {"what": "instead", "activity": "meeting", "minutes": "20", "day": on(0), "note": WORDS}
    return Post(story.gp, sent, {"uuid": entry(story).uuid})


def _rate(story: Story) -> Post:
    sent = {"role": "gp", "pounds": "80.50", "source": WORDS, "starts": on(0)}
    return Post(story.manager, sent)


def _make(story: Story) -> Post:
    entry(story)
    return Post(story.gp, {"since": on(-5), "until": on(0), "note": WORDS})


def _decide(story: Story) -> Post:
    sent = {"decision": "asked_back", "question": WORDS, "version": "1"}
    return Post(story.manager, sent, {"uuid": claim(story).uuid})


def _answer(story: Story) -> Post:
    sent = {"decision": "sent", "note": WORDS, "version": "1"}
    return Post(story.gp, sent, {"uuid": claim(story, state="asked_back").uuid})


POSTS: dict[str, Callable[[Story], Post]] = {
    "team:time_add": _add,
    "team:time_correct": _correct,
    "team:time_rates": _rate,
    "team:claim_make": _make,
    "team:claim_decide": _decide,
    "team:claim_answer": _answer,
}
