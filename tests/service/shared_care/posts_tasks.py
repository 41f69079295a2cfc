"""A valid sending of every form of tasks and messages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils import timezone
from tests.service.access.story import Story
from tests.service.everywhere.filling import WORDS, Post
from tests.service.shared_care.examples_tasks import EXAMPLES

from unhurried.service.audit.working_days import working_days_after


def working_day(days: int = 4) -> date:
    """A working day to come."""
    return working_days_after(timezone.localdate(), days)


def _of(address: str, /, **sent: Any) -> Callable[[Story], Post]:
    def make(story: Story) -> Post:
        example = EXAMPLES[address](story)
        return Post(example.may, dict(sent), dict(example.kwargs))

    return make


def _pass_on(story: Story) -> Post:
    example = EXAMPLES["shared_care:pass_on"](story)
    sent = {"meant_for": story.gp.pk, "version": "1"}
    return Post(example.may, sent, dict(example.kwargs))


POSTS: dict[str, Callable[[Story], Post]] = {
    "shared_care:pass_on": _pass_on,
    "shared_care:ask": _of(
        "shared_care:ask", sentence="Please look at the last blood result", kind="result",
        to="practice", person_knows="not_yet", due=working_day().strftime("%d/%m/%Y"), words=WORDS,
        meant_for="",
    ),
    "shared_care:answer": _of(
        "shared_care:answer", answer="declined", outcome=WORDS, version="1"
    ),
    "shared_care:plan_task": _of(
        "shared_care:plan_task", due=working_day(6).strftime("%d/%m/%Y"), reason=WORDS,
        meant_for="", version="1",
    ),
    "shared_care:write_back": _of("shared_care:write_back", text=WORDS),
    "shared_care:write": _of("shared_care:write", subject="Sleep", text=WORDS),
    "shared_care:reply": _of("shared_care:reply", text=WORDS),
}  # fmt: skip
