"""The diary by day and week: a worker's with names, a manager's times only (CON-2, CON-3)."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.models import Membership
from unhurried.service.accounts.pages import page
from unhurried.service.audit import clock
from unhurried.service.audit.operations import saw_many
from unhurried.service.sessions import queries, times
from unhurried.service.sessions.views.shared import day_from

VIEWS = ("week", "day")


@require_safe
@guarded("diary", "r")
def diary(request: Request) -> HttpResponse:
    """One day or one week of whoever's diaries the reader may see; to print, too."""
    today = clock.today()
    asked = day_from(request.GET.get("day", ""), today)
    view = request.GET.get("view", "")
    view = view if view in VIEWS else "week"
    first = asked if view == "day" else times.week_of(asked)
    workers = queries.workers_seen(request.actor)
    chosen = _chosen(workers, request.GET.get("worker", ""))
    shown = [chosen] if chosen else workers
    days, people = queries.diary(request.actor, shown, first, 1 if view == "day" else 7)
    saw_many("diary", by=request.actor, patient_ids=people, note=f"{view} of {first}")
    step = timedelta(days=1 if view == "day" else 7)
    context = {
        "days": [each for each in days if each.lines or _shown_empty(each.day, view)],
        "view": view, "first": first, "before": first - step, "after": first + step,
        "today": today, "workers": workers, "chosen": chosen,
        "several": len(shown) > 1, "is_manager": request.actor.role == "service_manager",
        "loads": _loads(request, first, shown), "length": times.length,
    }  # fmt: skip
    return page(request, "sessions/diary.html", context)


def _chosen(workers: list[Membership], text: str) -> Membership | None:
    return next((each for each in workers if str(each.pk) == text), None)


def _shown_empty(day: date, view: str) -> bool:
    """Weekends stand in the week only when something is on."""
    return view == "day" or day.weekday() < 5


def _loads(request: Request, first: date, shown: list[Membership]) -> list[queries.Load]:
    found = queries.workload(request.actor, times.week_of(first))
    wanted = {each.pk for each in shown}
    return [each for each in found if each.worker.pk in wanted]
