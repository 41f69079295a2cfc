"""The manager's page of everything that waits."""

from __future__ import annotations

from datetime import timedelta

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import page
from unhurried.service.audit import clock
from unhurried.service.audit.operations import saw_many
from unhurried.service.patients.views.common import page_number
from unhurried.web.waits.figures import PERIODS, charts
from unhurried.web.waits.gathering import STAGES, by_kind, days_late, everything

A_PAGE = 25


@require_safe
@guarded("waits", "r")
def waits(request: Request) -> HttpResponse:
    """Every clock of the service, the longest late first, with what to do next."""
    found = everything(request.actor)
    kinds = by_kind(found)
    kind = request.GET.get("kind", "")
    stage = request.GET.get("stage", "all")
    chosen = [
        each for each in found
        if (not kind or each.kind == kind) and (stage not in STAGES or each.stage == stage)
    ]  # fmt: skip
    pages = Paginator(chosen, A_PAGE).get_page(page_number(request))
    saw_many(
        "waits", by=request.actor, note="list",
        patient_ids=[each.patient_id for each in pages if each.patient_id],
    )  # fmt: skip
    context = {
        "lines": [(each, days_late(each), STAGES[each.stage]) for each in pages],
        "pages": pages,
        "kinds": kinds,
        "late": sum(each.late + each.passed_on for each in kinds),
        "passed_on": sum(each.passed_on for each in kinds),
        "all": len(found),
        "kind": kind if kind in {each.kind for each in kinds} else "",
        "stage": stage if stage in STAGES else "all",
        "request": request,
    }
    return page(request, "waits/waits.html", context)


@require_safe
@guarded("figures", "r")
def figures(request: Request) -> HttpResponse:
    """How the service goes, in simple charts."""
    chosen = request.GET.get("since", "")
    period = chosen if chosen in PERIODS else "quarter"
    since = clock.today() - timedelta(days=PERIODS[period][1])
    context = {
        "charts": charts(request.actor.organisation_id or 0, since),
        "periods": [(code, words) for code, (words, _) in PERIODS.items()],
        "period": period, "since": since,
    }  # fmt: skip
    return page(request, "waits/figures.html", context)
