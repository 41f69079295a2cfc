"""Examples for the addresses of tasks and messages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.service.access.story import Example, Factory, Story, of_patient
from tests.service.conftest import actor_for
from tests.service.sessions.examples import kept

from unhurried.service.shared_care.models import Task, ThreadMessage
from unhurried.service.shared_care.operations import messages, tasks


def _task(story: Story) -> Task:
    return tasks.ask(
        by=actor_for(story.worker), patient=story.patient, to="practice", kind="ring",
        sentence="Please ring about the dry mouth", person_knows="agrees",
    )  # fmt: skip


def _message(story: Story) -> ThreadMessage:
    return messages.open_thread(
        by=actor_for(story.worker), patient=story.patient, subject="Sleep", text="Sleeps better."
    )


task = kept("a_task", _task)
message = kept("a_thread_message", _message)


def _of(
    name: str, thing: Callable[[Story], Any], role: str, *, shared: bool = False
) -> Factory:  # fmt: skip
    def make(story: Story) -> Example:
        kwargs = {"uuid": story.patient.uuid, name: thing(story).uuid}
        return Example(kwargs, getattr(story, role), patient=story.patient, shared=shared)

    return make


def _thread(story: Story) -> Any:
    return message(story).thread


EXAMPLES: dict[str, Factory] = {
    "shared_care:pass_on": lambda s: Example(
        {"task": task(s).uuid}, s.staff, patient=s.patient, shared=True
    ),
    **{
        f"shared_care:{name}": of_patient("worker") for name in ("asked", "ask", "threads", "write")
    },
    **{
        f"shared_care:{name}": _of("task", task, "gp", shared=True)
        for name in ("task", "answer", "write_back")
    },
    "shared_care:plan_task": _of("task", task, "worker"),
    "shared_care:thread": _of("thread", _thread, "worker"),
    "shared_care:reply": _of("thread", _thread, "gp", shared=True),
}
