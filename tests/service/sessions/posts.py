"""A valid sending of every form of `sessions` (see everywhere/posts.py)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone
from tests.service.access.story import Story
from tests.service.everywhere.filling import WORDS, Post
from tests.service.sessions.examples import EXAMPLES, past

NOBODY = {
    f"{part}_{n}": "not_asked" if part == "hears" else ""
    for n in (1, 2)
    for part in ("who", "name", "relationship", "hears", "limits")
}


def on(days: int) -> str:
    """A day from today, as it is typed."""
    return (timezone.localdate() + timedelta(days=days)).strftime("%d/%m/%Y")


WHEN = {"day": on(5), "at": "10:00", "minutes": "60", "place": "home", "where": WORDS}


def _of(address: str, /, **sent: Any) -> Callable[[Story], Post]:
    def make(story: Story) -> Post:
        example = EXAMPLES[address](story)
        return Post(example.may, dict(sent), dict(example.kwargs))

    return make


def _missed(story: Story) -> Post:
    meeting = past(story)
    kwargs = {"uuid": story.patient.uuid, "appointment": meeting.uuid}
    return Post(story.worker, {"reason": "unwell", "found_out": WORDS, "version": "1"}, kwargs)


def _record(story: Story) -> Post:
    return Post(
        story.worker,
        {
            "day": on(0), "at": "00:00", "minutes": "50", "place": "phone",
            "components": ["pacing", "sleep_hygiene"], "note": WORDS, "note_for": "ordinary",
            "leaving": "settled", "believed": "yes", "next_steps": WORDS, "recap": WORDS,
            "recap_for_carers": "on", "resources": ["your-pain-is-real"], "next_when": "2",
            "next_day": "", "next_at": "10:00", "next_place": "", "over_reason": "",
            "appointment": "", **NOBODY,
        },
        {"uuid": story.patient.uuid},
    )  # fmt: skip


POSTS: dict[str, Callable[[Story], Post]] = {
    "sessions:book": _of(
        "sessions:book", **WHEN, frequency="two_weeks", times="4", over_reason="", **NOBODY
    ),
    "sessions:change": _of(
        "sessions:change", **WHEN, version="1", over_reason="", **{**NOBODY, "name_1": WORDS}
    ),
    "sessions:cancel": _of("sessions:cancel", by_whom="person", because=WORDS, version="1"),
    "sessions:missed": _missed,
    "sessions:record": _record,
    "sessions:correct": _of("sessions:correct", text=WORDS, components=["pacing"]),
    "sessions:give": _of("sessions:give", code="your-pain-is-real"),
    "sessions:said": _of("sessions:said", opinion="liked", version="1"),
    "sessions:limits": _of(
        "sessions:limits", weekly_hours="20", longest_day_hours="4.5", least_minutes="45",
        gap_minutes="15", people="12", version="0",
    ),
    "sessions:add_component": lambda s: Post(
        s.manager, {"name": "Breathing", "hint": WORDS, "offered": "on"}
    ),
    "sessions:component": _of(
        "sessions:component", name="Pacing, gently", hint=WORDS, offered="on", version="1"
    ),
}  # fmt: skip
