"""Examples of access problems (see access/examples.py)."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone
from tests.service.access.story import Example, Factory, Story, of_patient

from unhurried.service.shared_care.models import AccessProblem


def problem(story: Story, state: str = "open") -> AccessProblem:
    """Something reported of the story's patient, once for each state."""
    name = f"an_access_problem_{state}"
    if name not in story.__dict__:
        now = timezone.now()
        story.__dict__[name] = AccessProblem.objects.create(
            patient=story.patient, practice=story.world.practice, provider=story.world.provider,
            kind="appointment", on=timezone.localdate(), words="No appointment",
            reported_by=story.worker.user, reported_at=now, opened_at=now, own_report=False,
            state=state, closed_at=now if state == "put_right" else None,
        )  # fmt: skip
    found: AccessProblem = story.__dict__[name]
    return found


def _of(role: str, *, state: str = "open", shared: bool = False) -> Factory:
    def make(story: Story) -> Example:
        kwargs = {"uuid": story.patient.uuid, "problem": problem(story, state).uuid}
        return Example(kwargs, getattr(story, role), patient=story.patient, shared=shared)

    return make


ONE: dict[str, Callable[[Story], Example]] = {
    "access_problem": _of("worker"),
    "look_at_access_problem": _of("staff", shared=True),
    "put_right_access_problem": _of("gp", shared=True),
    "reopen_access_problem": _of("worker", state="put_right"),
}
EXAMPLES: dict[str, Factory] = {
    "shared_care:access_problems": of_patient("worker"),
    "shared_care:report_access_problem": of_patient("worker"),
    **{f"shared_care:{name}": make for name, make in ONE.items()},
}
