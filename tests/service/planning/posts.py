"""A valid sending of every form of `planning` (see everywhere/posts.py)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.service.access.story import Story
from tests.service.conftest import actor_for
from tests.service.everywhere.filling import WORDS, Post
from tests.service.planning.examples import answered, planned, wanted

from unhurried.service.planning import operations, queries


def _of(story: Story, sent: Mapping[str, object], **more: object) -> Post:
    return Post(story.worker, dict(sent), {"uuid": story.patient.uuid, **more})


def _spoken(story: Story) -> None:
    operations.write_part(
        by=actor_for(story.worker), patient=story.patient, code="pain", after=0, words=WORDS
    )


def _share_own(story: Story) -> Post:
    _spoken(story)
    return _of(story, {})


def _stop(story: Story) -> Post:
    operations.share_summary(
        by=actor_for(story.worker), patient=story.patient, after=0, text=WORDS, agreed=True
    )
    return _of(story, {})


def _agree(story: Story) -> Post:
    planned(story)
    sent = {"how": "said", "gp_may_see": "on", "seen": queries.plan_mark(story.patient)}
    return _of(story, sent)


ITEM = {
    "words": WORDS, "strategy": "goals", "where": "session", "where_words": "", "who": "me",
    "who_words": "", "readiness": "3", "review_on": "",
}  # fmt: skip

POSTS: dict[str, Callable[[Story], Post]] = {
    "planning:part": lambda s: _of(
        s, {"do": "said", "version": "0", "words": WORDS, "wants_help": "on"}, code="sleep"
    ),
    "planning:benefit": lambda s: _of(
        s,
        {"version": "0", "pain_with": "4", "pain_without": "8", "doing_with": "6",
         "doing_without": "", "wants": WORDS, "helps": "some", "words": ""},
    ),
    "planning:baseline": lambda s: _of(
        s,
        {"version": "0", "employment": "working", "living": "yes", "mental_health": "yes",
         "mental_health_kinds": ["depression"], "pain_clinic": "no", "pain": ["arthritis"],
         "opioids": ["codeine"], "other_medicines": ["ssri"]},
    ),
    "planning:share_summary": lambda s: _of(s, {"version": "0", "text": WORDS, "agreed": "on"}),
    "planning:share_own": _share_own,
    "planning:stop_summary": _stop,
    "planning:measure": lambda s: _of(
        s, {"do": "answers", **{f"q-{n}": "1" for n in range(1, 9)}, "q-9": "0"}, code="PHQ9"
    ),
    "planning:put_aside": lambda s: _of(s, {"because": WORDS}, result=answered(s).uuid),
    "planning:plan_words": lambda s: _of(
        s,
        {"version": "0", "matters": WORDS, "helps": "", "pace": "slow", "pace_words": "",
         "review_on": ""},
    ),
    "planning:add_item": lambda s: _of(s, {**ITEM, "status": "not_yet"}),
    "planning:item": lambda s: _of(
        s, {"do": "went", "version": "1", "status": "doing_well", "comment": WORDS},
        item=planned(s).uuid,
    ),
    "planning:topics": lambda s: _of(s, {"code": "hobbies", "words": WORDS, "when": "soon"}),
    "planning:topic_reached": lambda s: _of(s, {}, topic=wanted(s).uuid),
    "planning:agree": _agree,
}  # fmt: skip
