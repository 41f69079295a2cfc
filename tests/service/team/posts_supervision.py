"""A valid sending of every form of supervision."""

from __future__ import annotations

from collections.abc import Callable

from tests.service.access.story import Story
from tests.service.everywhere.filling import WORDS, Post
from tests.service.sessions.posts import on
from tests.service.team.examples_supervision import EXAMPLES, supervision, supervisor

WHEN = {"day": on(5), "at": "10:00", "minutes": "60"}


def _of(address: str, /, **sent: str) -> Callable[[Story], Post]:
    def make(story: Story) -> Post:
        example = EXAMPLES[address](story)
        return Post(example.may, dict(sent), dict(example.kwargs))

    return make


def _plan(story: Story) -> Post:
    return Post(supervisor(story), {"worker": str(story.worker.pk), **WHEN})


def _record(story: Story) -> Post:
    kwargs = {"uuid": supervision(story).uuid}
    patient = story.patient
    sent = {
        "minutes": "50", "discussed": WORDS, "worker_is": WORDS, "agreed": WORDS, "version": "1",
        "people": [str(patient.uuid)],
    }  # fmt: skip
    return Post(story.worker, sent, kwargs)


def _sign(story: Story) -> Post:
    kwargs = {"uuid": supervision(story, state="held").uuid}
    return Post(supervisor(story), {"version": "1"}, kwargs)


def _assign(story: Story) -> Post:
    chosen = story.world.member("clinical_supervisor")
    sent = {"supervisor": str(chosen.pk), "starts": on(0), "weeks": "3", "version": "0"}
    return Post(story.manager, sent, {"worker": story.worker.pk})


POSTS: dict[str, Callable[[Story], Post]] = {
    "team:supervision_plan": _plan,
    "team:supervision_move": _of("team:supervision_move", **WHEN, asked_by="both", version="1"),
    "team:supervision_not_held": _of("team:supervision_not_held", because="no_room", version="1"),
    "team:supervision_record": _record,
    "team:supervision_sign": _sign,
    "team:supervisor": _assign,
    "team:support": lambda story: Post(story.worker, {"words": WORDS}),
    "team:support_answer": _of("team:support_answer", answer=WORDS),
}
