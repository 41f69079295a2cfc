"""The plan as it stands: read, its own words, topics, agreement, paper (PLN-1 to 5)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import once_key, refused
from unhurried.service.paper import CannotRender
from unhurried.service.patients.access import open_record, things_open_to
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.models import Patient
from unhurried.service.patients.views.common import attempt, both_versions, posted_version
from unhurried.service.planning import operations, queries
from unhurried.service.planning.plan_forms import AgreeForm, PlanWordsForm, TopicForm
from unhurried.service.planning.printing import plan_pdf
from unhurried.service.planning.queries.seeing import PRACTICE
from unhurried.service.planning.views.common import about


@require_safe
@guarded("plan", "r")
def overview(request: Request, uuid: UUID) -> HttpResponse:
    """The plan, and for those who make it what may come next; nothing is late."""
    patient = open_record(request.actor, uuid, "plan")
    plan, agreement = queries.plan_for(request.actor, patient)
    makes = "plan" in things_open_to(request.actor, patient, "u")
    context = {
        "plan": plan, "agreement": agreement, "makes": makes,
        "changed": makes and queries.changed_since_agreed(patient),
        "topics": queries.open_topics(patient) if makes else [],
        "suggestions": queries.suggestions(request.actor, patient) if makes else [],
        "versions": queries.agreements(patient) if makes else [],
    }  # fmt: skip
    return about(request, patient, "plan", context)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("plan", "u")
def own_words(request: Request, uuid: UUID) -> HttpResponseBase:
    """What matters, what already helps, how fast."""
    patient = open_record(request.actor, uuid, "plan", "u")
    plan = queries.plan_of(patient)
    kept = {name: getattr(plan, name) for name in PlanWordsForm.base_fields} if plan else {}
    sent = request.POST if request.method == "POST" else None
    form = PlanWordsForm(sent, initial=kept)
    context: dict[str, Any] = {"form": form, "version_now": plan.version if plan else 0}
    if sent is None:
        return about(request, patient, "plan_words", context)
    context["version_now"] = posted_version(request)
    if not form.is_valid():
        return about(request, patient, "plan_words", context)
    try:
        done = attempt(
            form,
            lambda: operations.change_plan_words(
                by=request.actor, patient=patient, version=posted_version(request),
                given=form.given, key=once_key(request),
            ),
        )  # fmt: skip
    except ChangedMeanwhile as conflict:
        context |= {
            "differing": both_versions(form, conflict.current, tuple(form.fields)),
            "sentence": str(conflict), "version_now": getattr(conflict.current, "version", 0),
        }  # fmt: skip
        return about(request, patient, "plan_words", context, 409)
    if done is None:
        return about(request, patient, "plan_words", context)
    messages.success(request, "Saved in the plan.")
    return redirect("planning:plan", uuid)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("plan", "u")
def topics(request: Request, uuid: UUID) -> HttpResponseBase:
    """What the person would like to come to, and when."""
    patient = open_record(request.actor, uuid, "plan", "u")
    sent = request.POST if request.method == "POST" else None
    form = TopicForm(sent)
    if sent is not None and form.is_valid():
        given = form.cleaned_data
        if attempt(
            form,
            lambda: operations.want_topic(
                by=request.actor, patient=patient, key=once_key(request), **given
            ),
        ):
            messages.success(request, "Noted. We will come to it when you like.")
            return redirect("planning:plan", uuid)
    context = {"form": form, "topics": queries.open_topics(patient)}
    return about(request, patient, "topics", context)


@require_POST
@guarded("plan", "u")
def reached(request: Request, uuid: UUID, topic: UUID) -> HttpResponseBase:
    """A topic was talked about."""
    patient = open_record(request.actor, uuid, "plan", "u")
    found = queries.topic_of(patient, topic)
    if found is None:
        raise Http404
    operations.reach_topic(by=request.actor, topic=found, key=once_key(request))
    messages.success(request, "Good: that was talked about.")
    return redirect("planning:topics", uuid)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("plan", "u")
def agree(request: Request, uuid: UUID) -> HttpResponseBase:
    """The person says "this is my plan"; it can change the next day."""
    patient = open_record(request.actor, uuid, "plan", "u")
    own = request.actor.role == "patient"
    mark = queries.plan_mark(patient)
    versions = queries.agreements(patient)
    sent = request.POST if request.method == "POST" else None
    first = {"gp_may_see": versions[0].gp_may_see if versions else False, "seen": mark}
    form = AgreeForm(sent, own=own, initial=first)
    if sent is not None and form.is_valid():
        given = {"how": "online", **form.cleaned_data}
        if attempt(
            form,
            lambda: operations.agree(
                by=request.actor, patient=patient, key=once_key(request), **given
            ),
        ):
            messages.success(request, "This is the plan now. It can change at any time.")
            return redirect("planning:plan", uuid)
    context = {"form": form, "mark": mark, "plan": queries.current_plan(patient)}
    return about(request, patient, "agree", context)


@require_safe
@guarded("plan", "r")
def agreed(request: Request, uuid: UUID, number: int) -> HttpResponse:
    """One version as the person agreed to it, for those who made it."""
    patient = open_record(request.actor, uuid, "plan")
    versions = [] if request.actor.role in PRACTICE else queries.agreements(patient)
    found = next((each for each in versions if each.number == number), None)
    if found is None or "plan" not in things_open_to(request.actor, patient, "u"):
        raise Http404
    context = {"plan": queries.shown_plan(found.content), "agreement": found, "makes": False}
    return about(request, patient, "agreed", context)


@require_safe
@guarded("plan", "r")
def printed(request: Request, uuid: UUID) -> HttpResponseBase:
    """The plan on paper; `?size=large` in large print."""
    patient = open_record(request.actor, uuid, "plan")
    plan, agreement = queries.plan_for(request.actor, patient)
    if plan is None or plan.empty:
        raise Http404
    large = request.GET.get("size") == "large"
    try:
        made = plan_pdf(patient, plan, _agreed_as_printed(request, patient, agreement), large=large)
    except CannotRender as problem:
        return refused(request, problem)
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="my-plan.pdf"'
    return answer


def _agreed_as_printed(request: Request, patient: Patient, agreement: Any) -> Any:
    """The agreement, unless the plan has changed since: then the paper has room to sign."""
    if request.actor.role in PRACTICE:
        return agreement
    return None if queries.changed_since_agreed(patient) else agreement
