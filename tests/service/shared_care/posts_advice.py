"""A valid sending of every form of advice (see everywhere/posts.py)."""

from __future__ import annotations

from collections.abc import Callable

from tests.service.access.story import Story
from tests.service.conftest import actor_for
from tests.service.everywhere.filling import WORDS, Post
from tests.service.shared_care.examples_advice import EXAMPLES, asked, shares

from unhurried.service.shared_care.operations import advice as operations


def _whom(story: Story, role: str = "pain_consultant") -> str:
    member = story.consultant if role == "pain_consultant" else story.psychiatrist
    return f"{story.world.hospital.pk}:{role}:{member.pk}"


def _of(address: str, /, **sent: str) -> Callable[[Story], Post]:
    def make(story: Story) -> Post:
        example = EXAMPLES[address](story)
        return Post(example.may, dict(sent), dict(example.kwargs))

    return make


def _ask(story: Story) -> Post:
    shares(story)
    return Post(
        story.worker,
        {
            "question": WORDS, "whom": _whom(story), "wants": "next", "soon": "sooner",
            "soon_because": WORDS, "matters": WORDS, "tried": WORDS,
            "share": ["medicines", "timeline"],
        },
        {"uuid": story.patient.uuid},
    )  # fmt: skip


def _pass_on(story: Story) -> Post:
    post = _of("shared_care:pass_on_advice", words=WORDS, version="1")(story)
    post.sent["to"] = str(story.psychiatrist.pk)
    return post


def _another(story: Story) -> Post:
    post = _of("shared_care:advice_another", version="1")(story)
    post.sent["whom"] = _whom(story, "addiction_psychiatrist")
    return post


def _reply(story: Story) -> Post:
    found = asked(story)
    if found.version == 1:
        operations.ask_back(
            by=actor_for(story.consultant), request=found, text="How is sleep?", version=1
        )
    return _of("shared_care:reply_advice", reply=WORDS, version="2")(story)


POSTS: dict[str, Callable[[Story], Post]] = {
    "shared_care:ask_advice": _ask,
    "shared_care:answer_advice": _of(
        "shared_care:answer_advice", answer=WORDS, if_then=WORDS, may_read="yes", version="1"
    ),
    "shared_care:ask_back_advice": _of("shared_care:ask_back_advice", back=WORDS, version="1"),
    "shared_care:pass_on_advice": _pass_on,
    "shared_care:advice_not_for_me": _of(
        "shared_care:advice_not_for_me", because=WORDS, version="1"
    ),
    "shared_care:reply_advice": _reply,
    "shared_care:advice_another": _another,
    "shared_care:withdraw_advice": _of("shared_care:withdraw_advice", because=WORDS, version="1"),
    "shared_care:advice_read": _of("shared_care:advice_read"),
    "shared_care:release_advice": _of("shared_care:release_advice"),
}
