"""Examples for the addresses of answers."""

from __future__ import annotations

from tests.service.access.story import Example, Factory, Story
from tests.service.conftest import actor_for
from tests.service.sessions.examples import kept
from tests.service.shared_care.examples_tasks import task

from unhurried.service.shared_care.models import Answer
from unhurried.service.shared_care.operations.tasks import finish


def _answer(story: Story) -> Answer:
    asked = task(story)
    finish(by=actor_for(story.gp), task=asked, version=asked.version, outcome="Rang them.")
    return Answer.objects.get(task=asked)


answer = kept("an_answer", _answer)

EXAMPLES: dict[str, Factory] = {
    "shared_care:answer_seen": lambda s: Example(
        {"answer": answer(s).uuid}, s.worker, patient=s.patient
    ),
}
