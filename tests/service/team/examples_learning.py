"""An example of every thing that stands in an address of learning."""

from __future__ import annotations

from django.utils import timezone
from tests.service.access.story import Example, Factory, Story
from tests.service.sessions.examples import kept

from unhurried.service.team.models import LearningPlan


def _plan(story: Story) -> LearningPlan:
    return LearningPlan.objects.create(
        provider=story.world.provider, practice=story.world.practice, code="in-the-room",
        title="Being in the room", by_day=timezone.localdate(), planned_by=story.manager,
        planned_at=timezone.now(),
    )  # fmt: skip


plan = kept("a_plan_to_learn", _plan)

EXAMPLES: dict[str, Factory] = {
    "team:learning_page": lambda s: Example({"code": "in-the-room"}, s.gp, shared=True),
    "team:learning_change": lambda s: Example({"uuid": plan(s).uuid}, s.manager, shared=True),
}
