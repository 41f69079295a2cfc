"""Counts in and counts out: what a handover took over, and that nothing was left behind (1.8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from unhurried.service.audit import clock
from unhurried.service.patients.models import Episode
from unhurried.service.team.models import HandedPerson, Handover
from unhurried.service.team.open_items import Item, open_items

State = HandedPerson.State


def keys_of(items: Iterable[Item]) -> list[list[str]]:
    """What is kept of open things: their kind and key, never words."""
    return [[each.kind, each.key] for each in items]


def people_of(handover: Handover) -> QuerySet[HandedPerson]:
    """Everybody of it, by name."""
    rows = HandedPerson.objects.filter(handover=handover).select_related(
        "patient__practice", "episode__project_worker__user", "from_worker__user",
        "receiver__user", "note", "handover",
    )  # fmt: skip
    return rows.order_by("patient__search_name", "pk")


def left_with(handover: Handover, row: HandedPerson) -> bool:
    """Is this person still where they were when it began?"""
    episode = row.episode
    if episode.state == Episode.State.ENDED:
        return False
    if handover.kind == Handover.Kind.PROVIDER:
        return episode.provider_id == handover.provider_id
    return episode.project_worker_id == row.from_worker_id


def certificate(handover: Handover) -> dict[str, Any]:
    """The counts as they are now: people by who has them, open things by kind before and after.

    What was open when it began is either still open, with somebody, or has been seen to since.
    """
    rows = list(people_of(handover))
    now = open_items([each.patient_id for each in rows])
    still = {each.key: each for each in now}
    before = [(kind, key) for kind, key in handover.before]
    began = {key for _kind, key in before}
    old = {each.from_worker_id for each in rows} - {None}
    left = {each.patient_id for each in rows if left_with(handover, each)}
    behind = [each for each in now if each.membership_id in old or each.patient_id in left]
    kinds = sorted({kind for kind, _key in before} | {each.kind for each in now})
    open_before, open_now = Counter(kind for kind, _ in before), Counter(e.kind for e in now)
    carried = Counter(kind for kind, key in before if key in still)
    fresh = Counter(each.kind for each in now if each.key not in began)
    ended = sum(each.episode.state == Episode.State.ENDED for each in rows)
    return {
        "on": timezone.localtime(clock.now()).isoformat(timespec="minutes"),
        "people": len(rows),
        "taken_on": len(rows) - ended - len(left),
        "ended": ended,
        "left": len(left),
        "by_worker": _by_worker(rows, left),
        "kinds": [
            {
                "kind": kind, "before": open_before[kind], "carried": carried[kind],
                "seen_to": open_before[kind] - carried[kind], "new": fresh[kind],
                "now": open_now[kind],
            }
            for kind in kinds
        ],
        "items": {
            "before": len(before), "carried": sum(carried.values()),
            "seen_to": len(before) - sum(carried.values()), "new": sum(fresh.values()),
            "now": len(now), "left": len(behind),
        },
    }  # fmt: skip


def _by_worker(rows: list[HandedPerson], left: set[int]) -> list[list[Any]]:
    found = Counter(
        each.episode.project_worker.user.full_name if each.episode.project_worker else "Not joined"
        for each in rows
        if each.episode.state != Episode.State.ENDED and each.patient_id not in left
    )
    return [[name, count] for name, count in sorted(found.items())]


def adds_up(made: dict[str, Any]) -> bool:
    """Counts in are counts out: of people, of open things, and of each kind of them."""
    people = made["people"] == made["taken_on"] + made["ended"] + made["left"]
    named = sum(count for _name, count in made["by_worker"]) == made["taken_on"]
    items = made["items"]
    whole = items["before"] == items["carried"] + items["seen_to"]
    whole &= items["now"] == items["carried"] + items["new"]
    each = all(
        kind["before"] == kind["carried"] + kind["seen_to"]
        and kind["now"] == kind["carried"] + kind["new"]
        for kind in made["kinds"]
    )
    return people and named and whole and each
