"""An example of every thing that stands in an address of time and claims."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from tests.service.access.story import Example, Factory, Story
from tests.service.sessions.examples import kept

from unhurried.service.team.models import Claim, TimeEntry


def entry(story: Story, **more: Any) -> TimeEntry:
    """Half an hour of the GP today."""
    world, gp = story.world, story.gp
    values: dict[str, Any] = {
        "who": gp, "organisation": world.practice, "provider": world.provider, "role": gp.role,
        "activity": "prescription", "minutes": 30, "day": timezone.localdate(),
        "logged_at": timezone.now(), "patient": story.patient,
    }  # fmt: skip
    return TimeEntry.objects.create(**values | more)


def claim(story: Story, **more: Any) -> Claim:
    """A claim of the practice."""
    world, today = story.world, timezone.localdate()
    values: dict[str, Any] = {
        "provider": world.provider, "organisation": world.practice, "since": today,
        "until": today, "made_by": story.gp, "made_at": timezone.now(),
    }  # fmt: skip
    made = Claim.objects.create(**values | more)
    made.lines.create(role="gp", activity="prescription", minutes=30)
    return made


an_entry = kept("an_entry", entry)
a_claim = kept("a_claim", claim)

EXAMPLES: dict[str, Factory] = {
    "team:time_correct": lambda s: Example({"uuid": an_entry(s).uuid}, s.gp),
    **{
        f"team:{name}": lambda s: Example({"uuid": a_claim(s).uuid}, s.gp, shared=True)
        for name in ("claim", "claim_paper", "claim_answer")
    },
    "team:claim_decide": lambda s: Example({"uuid": a_claim(s).uuid}, s.manager, shared=True),
}
