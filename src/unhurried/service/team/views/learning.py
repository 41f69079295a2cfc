"""Pages of learning: short things to read, what is planned, what was done (TRN-1)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import once_key, page
from unhurried.service.accounts.queries import practices_of
from unhurried.service.audit import clock
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.views.common import attempt, page_number, posted_version
from unhurried.service.sessions.library_blocks import blocks
from unhurried.service.team.forms.learning import (
    ChangePlanForm,
    LogLearningForm,
    PlanLearningForm,
)
from unhurried.service.team.learning_pages import learning_page, learning_pages
from unhurried.service.team.models import LearningPlan
from unhurried.service.team.operations import learning as operations
from unhurried.service.team.queries import learning as queries
from unhurried.service.team.rules.learning import AT_PRACTICE

STEPS = ["GET", "HEAD", "POST"]


@require_safe
@guarded("learning", "r")
def learning(request: Request) -> HttpResponse:
    """The pages, what is planned, what was done."""
    actor = request.actor
    found, rows = queries.plans(actor, page_number(request))
    manages = actor.role == "service_manager"
    context = {
        "library": learning_pages(), "pages": found, "plans": rows, "manages": manages,
        "done": queries.done_lately(actor), "logs": actor.role in AT_PRACTICE,
        "figures": queries.learning_figures(actor.organisation_id or 0) if manages else [],
    }  # fmt: skip
    return page(request, "team/learning.html", context)


@require_safe
@guarded("learning", "r")
def read(request: Request, code: str) -> HttpResponse:
    """One page; 404 for a code there is not."""
    found = learning_page(code)
    if found is None:
        raise Http404
    context = {
        "resource": found, "blocks": blocks(found), "logs": request.actor.role in AT_PRACTICE,
    }  # fmt: skip
    return page(request, "team/learning_page.html", context)


@require_http_methods(STEPS)
@guarded("learning", "u")
def plan(request: Request) -> HttpResponseBase:
    """A page or an event for a practice, by a day."""
    practices = list(practices_of(request.actor.organisation_id or 0))
    sent = request.POST if request.method == "POST" else None
    offered = [(str(each.uuid), each.name) for each in practices]
    form = PlanLearningForm(sent, practices=offered)
    if sent is not None and form.is_valid():
        given = form.cleaned_data
        chosen = next(each for each in practices if str(each.uuid) == given["practice"])
        if attempt(
            form,
            lambda: operations.plan_learning(
                by=request.actor, practice=chosen, by_day=given["by_day"], code=given["code"],
                title=given["title"], key=once_key(request),
            ),
        ):  # fmt: skip
            messages.success(request, "Planned. The practice sees it on its first page.")
            return redirect("team:learning")
    return page(request, "team/learning_plan.html", {"form": form})


@require_http_methods(STEPS)
@guarded("learning", "u")
def change(request: Request, uuid: UUID) -> HttpResponseBase:
    """Another day for what is planned, or called off."""
    found = queries.plan_seen(request.actor, uuid)
    if found is None:
        raise Http404
    sent = request.POST if request.method == "POST" else None
    form = ChangePlanForm(sent, initial={"by_day": found.by_day})
    if sent is not None and form.is_valid() and _changed(request, form, found):
        messages.success(request, "Saved.")
        return redirect("team:learning")
    return page(request, "team/learning_change.html", {"form": form, "plan": found})


def _changed(request: Request, form: ChangePlanForm, found: LearningPlan) -> bool:
    given = form.cleaned_data
    try:
        done = attempt(
            form,
            lambda: operations.change_plan(
                by=request.actor, plan=found, version=posted_version(request),
                by_day=given["by_day"] if given["what"] == "day" else None, key=once_key(request),
            ),
        )  # fmt: skip
    except ChangedMeanwhile:
        form.add_error(None, "Somebody changed this meanwhile: look at it, then do this again.")
        return False
    return done is not None


@require_http_methods(STEPS)
@guarded("learning", "c")
def log(request: Request) -> HttpResponseBase:
    """Something one read or took part in."""
    if request.actor.role not in AT_PRACTICE:
        raise Http404
    if request.method != "POST":
        planned = queries.plan_meant(request.actor, request.GET.get("plan", ""))
        known = learning_page(planned.code if planned else request.GET.get("page_read", ""))
        start = {
            "day": clock.today(), "minutes": known.minutes if known else None,
            "code": known.code if known else "", "plan": str(planned.uuid) if planned else "",
        }  # fmt: skip
        return _log(request, LogLearningForm(initial=start), planned)
    form = LogLearningForm(request.POST)
    planned = queries.plan_meant(request.actor, request.POST.get("plan", ""))
    if form.is_valid():
        given = form.cleaned_data
        if given["plan"] and planned is None:
            form.add_error(None, "That plan is not there any more: log it by itself.")
        elif attempt(
            form,
            lambda: operations.log_learning(
                by=request.actor, plan=planned, code=given["code"], title=given["title"],
                minutes=given["minutes"], day=given["day"], will_change=given["will_change"],
                key=once_key(request),
            ),
        ):  # fmt: skip
            messages.success(request, "Logged. Thank you for taking the time.")
            return redirect("team:learning")
    return _log(request, form, planned)


def _log(request: Request, form: LogLearningForm, planned: LearningPlan | None) -> HttpResponse:
    return page(request, "team/learning_log.html", {"form": form, "plan": planned})
