"""An example of every thing that stands in an address of `planning` (see access/examples.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from tests.service.access.story import Example, Factory, Story, of_patient
from tests.service.conftest import actor_for

from unhurried.service.planning import operations, queries
from unhurried.service.planning.models import Agreement, Item, Result, Topic
from unhurried.service.planning.rules import ItemGiven

PEEL = ItemGiven(strategy="pacing", words="Peel potatoes sitting down", where="community")


def _once(story: Story, name: str, make: Callable[[], Any]) -> Any:
    """What `make` gives, once for each story."""
    if name not in story.__dict__:
        story.__dict__[name] = make()
    return story.__dict__[name]


def answered(story: Story) -> Result:
    """Answers to the PHQ-9 that have to be talked about today."""
    found: Result = _once(story, "planning_result", lambda: Result.objects.create(
        patient=story.patient, episode=story.patient.episodes.get(), measure="PHQ9",
        measure_version="1", answers={str(n): 1 for n in range(1, 10)}, by=story.worker,
        by_person=False, at=timezone.now(),
    ))  # fmt: skip
    return found


def planned(story: Story) -> Item:
    """One thing of the plan."""
    found: Item = _once(story, "planning_item", lambda: operations.add_item(
        by=actor_for(story.worker), patient=story.patient, given=PEEL
    ))  # fmt: skip
    return found


def agreed(story: Story) -> Agreement:
    """The plan, agreed to."""
    planned(story)
    found: Agreement = _once(story, "planning_agreed", lambda: operations.agree(
        by=actor_for(story.worker), patient=story.patient, how="said", gp_may_see=True,
        seen=queries.plan_mark(story.patient),
    ))  # fmt: skip
    return found


def wanted(story: Story) -> Topic:
    """Something the person would like to come to."""
    found: Topic = _once(story, "planning_topic", lambda: operations.want_topic(
        by=actor_for(story.worker), patient=story.patient, code="hobbies", when="soon"
    ))  # fmt: skip
    return found


def _with(**things: Callable[[Story], Any]) -> Factory:
    """A page of the patient's record with more things in its address."""

    def make(story: Story) -> Example:
        found = of_patient("worker")(story)
        more = {name: thing(story) for name, thing in things.items()}
        return Example({**found.kwargs, **more}, found.may, patient=found.patient)

    return make


PLAIN = (
    "assessment", "benefit", "baseline", "share_summary", "share_own", "stop_summary", "measures",
    "plan", "plan_words", "add_item", "topics", "agree",
)  # fmt: skip

EXAMPLES: dict[str, Factory] = {
    **{f"planning:{name}": of_patient("worker") for name in PLAIN},
    "planning:part": _with(code=lambda _: "sleep"),
    "planning:measure": _with(code=lambda _: "PHQ9"),
    "planning:result": _with(result=lambda s: answered(s).uuid),
    "planning:today": _with(result=lambda s: answered(s).uuid),
    "planning:put_aside": _with(result=lambda s: answered(s).uuid),
    "planning:item": _with(item=lambda s: planned(s).uuid),
    "planning:topic_reached": _with(topic=lambda s: wanted(s).uuid),
    "planning:agreed": _with(number=lambda s: agreed(s).number),
    "planning:print_plan": lambda s: (planned(s), of_patient("worker")(s))[1],
}
