"""Examples of talks about a person (see access/examples.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from tests.service.access.story import Example, Factory, Story, of_patient

from unhurried.service.shared_care.models import Discussion, TookPart


def discussion(story: Story, **more: Any) -> Discussion:
    """A talk the person has not been told of; one for each story."""
    name = f"a_discussion{sorted(more.items())}"
    if name not in story.__dict__:
        now = timezone.now()
        made = Discussion.objects.create(
            patient=story.patient, practice=story.world.practice, provider=story.world.provider,
            on=timezone.localdate(), how="corridor", decided="Nothing changes", present=False,
            wished="not_asked", written_by=story.worker, written_at=now, opened_at=now, **more,
        )  # fmt: skip
        TookPart.objects.create(discussion=made, member=story.worker, name="Wren Warbler")
        story.__dict__[name] = made
    found: Discussion = story.__dict__[name]
    return found


def _of(make: Callable[[Story], Discussion]) -> Factory:
    return lambda story: Example(
        {"uuid": story.patient.uuid, "discussion": make(story).uuid}, story.worker,
        patient=story.patient,
    )  # fmt: skip


EXAMPLES: dict[str, Factory] = {
    "shared_care:discussions": of_patient("worker"),
    "shared_care:note_discussion": of_patient("worker"),
    "shared_care:discussion": _of(discussion),
    "shared_care:tell_person": _of(discussion),
    "shared_care:add_line": _of(discussion),
}
