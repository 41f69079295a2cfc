"""A valid sending of every form of handover."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from tests.service.access.story import Story
from tests.service.conftest import actor_for
from tests.service.everywhere.filling import WORDS, Post
from tests.service.team.examples_handover import EXAMPLES, asked, leaving, receiver, running

from unhurried.service.accounts.models import Agreement
from unhurried.service.team.models import HandedPerson
from unhurried.service.team.operations.handover import begin_handover


def _of(address: str, /, **sent: Any) -> Callable[[Story], Post]:
    def make(story: Story) -> Post:
        example = EXAMPLES[address](story)
        return Post(example.may, dict(sent), dict(example.kwargs))

    return make


def _begin(story: Story) -> Post:
    return Post(story.manager, {"worker": str(story.worker.pk), "because": WORDS})


def _leave(story: Story) -> Post:
    world, tomorrow = story.world, timezone.localdate() + timedelta(days=1)
    assert story.patient
    for practice in (world.practice, world.other_practice):
        Agreement.objects.create(
            practice=practice, provider=world.other_provider, starts=date(2024, 1, 1)
        )
    return Post(
        story.manager,
        {
            "to": str(world.other_provider.uuid), "end_day": tomorrow.strftime("%d/%m/%Y"),
            "because": WORDS,
        },
    )  # fmt: skip


def _name(story: Story) -> Post:
    row = HandedPerson.objects.get(handover=running(story), patient=story.patient)
    return Post(
        story.manager,
        {
            "people": [str(row.uuid)], "receiver": str(receiver(story).pk),
            "over_reason": "", "version": "1",
        },
        {"uuid": running(story).uuid},
    )  # fmt: skip


def _close(story: Story) -> Post:
    """Of a worker who works with nobody."""
    worker = story.world.member("project_worker")
    made = begin_handover(by=actor_for(story.manager), worker=worker, because="Leaving")
    return Post(story.manager, {}, {"uuid": made.uuid})


def _note(story: Story) -> Post:
    row = asked(story)
    return Post(story.worker, {"text": WORDS}, {"uuid": row.handover.uuid, "person": row.uuid})


POSTS: dict[str, Callable[[Story], Post]] = {
    "team:begin_handover": _begin,
    "team:begin_withdrawal": _leave,
    "team:name_receiver": _name,
    "team:close_handover": _close,
    "team:call_off_handover": _of("team:call_off_handover", because=WORDS),
    "team:carry_out_withdrawal": lambda s: Post(s.manager, {}, {"uuid": leaving(s).uuid}),
    "team:take_on": _of("team:take_on"),
    "team:cannot_take_on": _of("team:cannot_take_on", because=WORDS),
    "team:handed_person_told": _of(
        "team:handed_person_told", how="call", wishes=WORDS, keeps_back=""
    ),
    "team:handover_note": _note,
}
