"""A valid sending of every form of `worksheets` (see everywhere/posts.py)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone
from tests.service.access.story import Story
from tests.service.everywhere.filling import WORDS, Post
from tests.service.worksheets.examples import line_of, sheet_of

LINE = {
    "time": "evening", "taken": "extra", "pain": "6", "stress": "8", "sleep": "",
    "reasons": ["stress"], "happening": WORDS, "medicine": "", "other": "", "amount": "2 tablets",
}  # fmt: skip


def _on_sheet(**sent: Any) -> Callable[[Story], Post]:
    def make(story: Story) -> Post:
        sheet = sheet_of(story)
        return Post(story.worker, dict(sent), {"uuid": story.patient.uuid, "sheet": sheet.uuid})

    return make


def _start(story: Story) -> Post:
    starts = (timezone.localdate() - timedelta(days=30)).isoformat()
    sent = {"starts": starts, "days": "7", "kept": "paper"}
    return Post(story.worker, sent, {"uuid": story.patient.uuid})


def _add(story: Story) -> Post:
    post = _on_sheet(**LINE)(story)
    post.sent["day"] = sheet_of(story).starts.isoformat()
    return post


def _correct(story: Story) -> Post:
    line = line_of(story)
    kwargs = {"uuid": story.patient.uuid, "sheet": line.worksheet.uuid, "line": line.uuid}
    return Post(story.worker, {**LINE, "day": line.day.isoformat(), "do": ""}, kwargs)


def _week(story: Story) -> Post:
    post = _on_sheet(version="1")(story)
    at = f"{sheet_of(story).starts:%Y%m%d}-morning-"
    post.sent |= {f"{at}took": "less", f"{at}why": "1 3", f"{at}pain": "5", f"{at}amount": "1 tab",
                  f"{at}happening": WORDS}  # fmt: skip
    return post


POSTS: dict[str, Callable[[Story], Post]] = {
    "worksheets:start": _start,
    "worksheets:add": _add,
    "worksheets:correct": _correct,
    "worksheets:week": _week,
    "worksheets:days": _on_sheet(version="1", days="14", kept="paper"),
    "worksheets:pattern": _on_sheet(version="1", what_i_make=WORDS),
    "worksheets:share": _on_sheet(share="yes"),
    "worksheets:code": _on_sheet(do="make"),
}
