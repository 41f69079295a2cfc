"""The plan as plain values: what an agreement keeps, a GP reads and the printer prints."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any

from unhurried.service.planning.models import Item, Plan, Topic

OWN = ("matters", "helps", "pace", "pace_words")
OF_ITEM = ("strategy", "words", "where", "where_words", "who", "who_words", "status", "readiness")
Content = dict[str, Any]


def content_of(plan: Plan | None) -> Content:
    """Everything the plan says now, with codes as in the tables and days as text."""
    if plan is None:
        return {**dict.fromkeys(OWN, ""), "review_on": "", "items": [], "topics": []}
    items = Item.objects.filter(plan=plan).order_by("added_at", "pk")
    topics = Topic.objects.filter(plan=plan, reached_at=None).order_by("asked_at", "pk")
    return {
        **{name: getattr(plan, name) for name in OWN},
        "review_on": _day(plan.review_on),
        "items": [
            {"uuid": str(each.uuid), "review_on": _day(each.review_on),
             **{name: getattr(each, name) for name in OF_ITEM}}
            for each in items
        ],
        "topics": [{"code": each.code, "words": each.words, "when": each.when} for each in topics],
    }  # fmt: skip


def fingerprint(content: Content) -> str:
    """A short mark that is another one as soon as anything in the plan is."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""
