"""Pages of supervision: how it stands, planning, what was said, asking for support (SUP-1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import once_key, page, refused
from unhurried.service.audit import clock
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.views.common import (
    attempt,
    both_versions,
    page_number,
    posted_version,
)
from unhurried.service.shared_care.times import PASSED_ON, due
from unhurried.service.team.forms.supervision import (
    MoveSupervisionForm,
    NotHeldForm,
    PlanSupervisionForm,
    RecordSupervisionForm,
    SupervisorForm,
    SupportAnswerForm,
    SupportForm,
)
from unhurried.service.team.models import SupervisionMeeting
from unhurried.service.team.operations import supervision as operations
from unhurried.service.team.operations import support as asking
from unhurried.service.team.queries import supervision as queries
from unhurried.service.team.queries.supervises import people_of
from unhurried.service.team.tables import supervision_times

T = TypeVar("T")
STEPS = ["GET", "HEAD", "POST"]
CHANGED = "Somebody changed this meanwhile: look at it, then do this again."


@require_safe
@guarded("supervision", "r")
def supervision(request: Request) -> HttpResponse:
    """How supervision stands: one's own, of those one supervises, or of the service by its days."""
    actor = request.actor
    found = queries.meeting_days(actor, page_number(request))
    context = {
        "standings": queries.standings(actor), "pages": found,
        "days": queries.as_days(actor, found), "support": queries.support(actor),
        "answered": queries.support(actor, waiting=False)[:3], "role": actor.role,
    }  # fmt: skip
    return page(request, "team/supervision.html", context)


@require_http_methods(STEPS)
@guarded("supervision", "c")
def plan(request: Request) -> HttpResponseBase:
    """A time for supervision."""
    workers = list(queries.workers_seen(request.actor))
    sent = request.POST if request.method == "POST" else None
    start = {"minutes": supervision_times()["usual_minutes"],
             "worker": request.GET.get("worker", "")}  # fmt: skip
    form = PlanSupervisionForm(
        sent, initial=start, workers=[(str(each.pk), each.user.full_name) for each in workers]
    )
    if sent is not None and form.is_valid():
        chosen = next(each for each in workers if str(each.pk) == form.cleaned_data["worker"])
        if attempt(
            form,
            lambda: operations.plan_supervision(
                by=request.actor, worker=chosen, starts_at=form.starts_at(),
                minutes=form.cleaned_data["minutes"], key=once_key(request),
            ),
        ):  # fmt: skip
            messages.success(request, "The supervision is planned.")
            return redirect("team:supervision")
    return page(request, "team/supervision_plan.html", {"form": form, "workers": workers})


@require_safe
@guarded("supervision", "r")
def meeting(request: Request, uuid: UUID) -> HttpResponse:
    """One supervision, for the two of them."""
    seen = queries.meeting_seen(request.actor, uuid)
    if seen is None:
        raise Http404
    signs = seen.meeting.supervisor_id == request.actor.membership_id
    return page(
        request,
        "team/supervision_meeting.html",
        {"seen": seen, "signs": signs, "today": clock.today()},
    )


def _own(request: Request, uuid: UUID) -> SupervisionMeeting:
    found = queries.own_meeting(request.actor, uuid)
    if found is None:
        raise Http404
    return found


def _attempt_changed(form: forms.Form, operation: Callable[[], T]) -> T | None:
    try:
        return attempt(form, operation)
    except ChangedMeanwhile:
        form.add_error(None, CHANGED)
        return None


@require_http_methods(STEPS)
@guarded("supervision", "u")
def move(request: Request, uuid: UUID) -> HttpResponseBase:
    """Another time."""
    found = _own(request, uuid)
    local = timezone.localtime(found.starts_at)
    start = {"day": local.date(), "at": local.time(), "minutes": found.minutes}
    sent = request.POST if request.method == "POST" else None
    form = MoveSupervisionForm(sent, initial=start)
    if sent is not None and form.is_valid():
        given = form.cleaned_data
        if _attempt_changed(
            form,
            lambda: operations.move_supervision(
                by=request.actor, meeting=found, starts_at=form.starts_at(),
                minutes=given["minutes"], asked_by=given["asked_by"],
                version=posted_version(request), key=once_key(request),
            ),
        ):  # fmt: skip
            messages.success(request, "The supervision is moved.")
            return redirect("team:supervision_meeting", uuid)
    return page(request, "team/supervision_move.html", {"form": form, "meeting": found})


@require_http_methods(STEPS)
@guarded("supervision", "u")
def not_held(request: Request, uuid: UUID) -> HttpResponseBase:
    """It does not, or did not, take place."""
    found = _own(request, uuid)
    sent = request.POST if request.method == "POST" else None
    form = NotHeldForm(sent)
    if sent is not None and form.is_valid():
        done = _attempt_changed(
            form,
            lambda: operations.mark_not_held(
                by=request.actor, meeting=found, because=form.cleaned_data["because"],
                version=posted_version(request), key=once_key(request),
            ),
        )  # fmt: skip
        if done:
            messages.success(request, "Noted. Plan another day when it suits you both.")
            return redirect("team:supervision")
    return page(request, "team/supervision_not_held.html", {"form": form, "meeting": found})


@require_http_methods(STEPS)
@guarded("supervision", "u")
def record(request: Request, uuid: UUID) -> HttpResponseBase:
    """What was talked about and agreed; the worker adds how they are."""
    found = _own(request, uuid)
    worker = found.worker_id == request.actor.membership_id
    people = list(people_of(request.actor, found.worker)[:200])
    offered = [(str(each.uuid), str(each)) for each in people]
    if request.method != "POST":
        form = RecordSupervisionForm(initial=_said(request, found), people=offered, worker=worker)
        return _record(request, found, form, found.version)
    form = RecordSupervisionForm(request.POST, people=offered, worker=worker)
    version = posted_version(request)
    if not form.is_valid():
        return _record(request, found, form, version)
    given = form.cleaned_data
    try:
        done = attempt(
            form,
            lambda: operations.record_supervision(
                by=request.actor, meeting=found, minutes=given["minutes"],
                discussed=given["discussed"], agreed=given["agreed"], version=version,
                worker_is=given.get("worker_is"), key=once_key(request),
                people=[each for each in people if str(each.uuid) in given["people"]],
            ),
        )  # fmt: skip
    except ChangedMeanwhile as conflict:
        differing = both_versions(
            form, conflict.current, ("minutes", "discussed", "worker_is", "agreed")
        )
        return _record(request, found, form, found.version, 409, differing, str(conflict))
    if done is None:
        return _record(request, found, form, version)
    messages.success(request, "Saved. Only the two of you can read it.")
    return redirect("team:supervision_meeting", uuid)


def _said(request: Request, found: SupervisionMeeting) -> dict[str, Any]:
    seen = queries.meeting_seen(request.actor, found.uuid)
    people = [str(each.uuid) for each in seen.people] if seen else []
    return {
        "minutes": found.minutes, "discussed": found.discussed, "worker_is": found.worker_is,
        "agreed": found.agreed, "people": people,
    }  # fmt: skip


def _record(
    request: Request, found: SupervisionMeeting, form: RecordSupervisionForm, version: int,
    status: int = 200, differing: list[tuple[str, object, object]] | None = None,
    sentence: str = "",
) -> HttpResponse:  # fmt: skip
    context = {
        "form": form, "meeting": found, "version_now": version, "differing": differing,
        "sentence": sentence,
    }  # fmt: skip
    return page(request, "team/supervision_record.html", context, status)


@require_POST
@guarded("supervision", "s")
def sign(request: Request, uuid: UUID) -> HttpResponseBase:
    """The supervisor signs the record."""
    found = _own(request, uuid)
    try:
        operations.sign_supervision(
            by=request.actor, meeting=found, version=posted_version(request), key=once_key(request)
        )
    except Refused as refusal:
        return refused(request, refusal)
    messages.success(request, "Signed. The record stays as it is from now on.")
    return redirect("team:supervision_meeting", uuid)


@require_http_methods(STEPS)
@guarded("supervisor", "u")
def supervisor(request: Request, worker: int) -> HttpResponseBase:
    """Who supervises a worker, from when, and how often."""
    standing = queries.standing_of(request.actor, worker)
    if standing is None:
        raise Http404
    who = queries.supervisors(request.actor)
    now = standing.supervisor
    start = {
        "supervisor": str(now.pk) if now else "", "starts": clock.today(),
        "weeks": standing.kept.interval_weeks if standing.kept else None,
    }  # fmt: skip
    sent = request.POST if request.method == "POST" else None
    offered = [(str(each.pk), each.user.full_name) for each in who]
    form = SupervisorForm(sent, initial=start, supervisors=offered)
    status = 200
    if sent is not None and form.is_valid():
        given = form.cleaned_data
        chosen = next((each for each in who if str(each.pk) == given["supervisor"]), None)
        try:
            if attempt(
                form,
                lambda: operations.assign_supervisor(
                    by=request.actor, worker=standing.worker, supervisor=chosen,
                    starts=given["starts"], weeks=given["weeks"], version=posted_version(request),
                    key=once_key(request),
                ),
            ):  # fmt: skip
                messages.success(request, "Saved.")
                return redirect("team:supervision")
        except ChangedMeanwhile as conflict:
            form.add_error(None, str(conflict))
            status = 409
    context = {
        "form": form, "standing": standing, "coming": queries.coming(standing),
        "usual": supervision_times()["interval_weeks"],
    }  # fmt: skip
    return page(request, "team/supervisor.html", context, status)


@require_http_methods(STEPS)
@guarded("support_request", "c")
def support(request: Request) -> HttpResponseBase:
    """I need support now."""
    sent = request.POST if request.method == "POST" else None
    form = SupportForm(sent)
    standing = next(iter(queries.standings(request.actor)), None)
    if sent is not None and form.is_valid():
        words = form.cleaned_data["words"]
        if attempt(
            form,
            lambda: asking.ask_for_support(by=request.actor, words=words, key=once_key(request)),
        ):
            asked = "supervisor has" if standing and standing.supervisor else "manager has"
            messages.success(request, f"Your {asked} been asked to ring you today.")
            return redirect("team:supervision")
    by_then = due("support", clock.now(), PASSED_ON)
    context = {"form": form, "standing": standing, "by_then": by_then}
    return page(request, "team/support.html", context)


@require_http_methods(STEPS)
@guarded("support_request", "u")
def support_answer(request: Request, uuid: UUID) -> HttpResponseBase:
    """One request for support, and what happens next."""
    found = queries.support_of(request.actor, uuid)
    if found is None:
        raise Http404
    asked, seen = found
    sent = request.POST if request.method == "POST" else None
    form = SupportAnswerForm(sent)
    if sent is not None and form.is_valid():
        done = attempt(
            form,
            lambda: asking.answer_support(
                by=request.actor, request=asked, answer=form.cleaned_data["answer"],
                key=once_key(request),
            ),
        )  # fmt: skip
        if done:
            messages.success(request, "Noted. Nothing waits any more.")
            return redirect("team:supervision")
    return page(request, "team/support_answer.html", {"form": form, "seen": seen})
