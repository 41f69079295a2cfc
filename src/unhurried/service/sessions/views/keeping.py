"""Resources given to a person; what a manager keeps: hours, limits, the catalogue (CON-2)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import once_key, page, refused
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.access import open_record, things_open_to
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.models import Patient
from unhurried.service.patients.views.common import attempt, posted_version
from unhurried.service.sessions import library, operations, queries
from unhurried.service.sessions.forms import ComponentForm, GiveForm, LimitsForm, OpinionForm
from unhurried.service.sessions.views.shared import about


@require_safe
@guarded("session", "r")
def given(request: Request, uuid: UUID) -> HttpResponse:
    """What the person was given to take home, and what they thought of it."""
    patient = open_record(request.actor, uuid, "session")
    if not queries.reads_all(request.actor):
        raise Http404
    return _given(request, patient, GiveForm(library=library.resources()))


def _given(request: Request, patient: Patient, form: GiveForm) -> HttpResponse:
    may = "session" in things_open_to(request.actor, patient, "c")
    rows = list(queries.resources_given(patient)[:200])
    context = about(request, patient, form=form if may else None, rows=rows)
    return page(request, "sessions/given.html", context)


@require_POST
@guarded("session", "c")
def give(request: Request, uuid: UUID) -> HttpResponseBase:
    """Note that something was given, outside a session."""
    patient = open_record(request.actor, uuid, "session", "c")
    form = GiveForm(request.POST, library=library.resources())
    if form.is_valid():
        done = attempt(
            form,
            lambda: operations.give_resource(
                by=request.actor, patient=patient, code=form.cleaned_data["code"],
                key=once_key(request),
            ),
        )  # fmt: skip
        if done is not None:
            messages.success(request, "Noted.")
            return redirect("sessions:given", uuid)
    return _given(request, patient, form)


@require_POST
@guarded("session", "u")
def said(request: Request, uuid: UUID, given: UUID) -> HttpResponseBase:
    """What the person thought of it; not for me is as good an answer as any."""
    patient = open_record(request.actor, uuid, "session", "u")
    found = queries.resource_given(patient, given)
    if found is None:
        raise Http404
    form = OpinionForm(request.POST)
    back = reverse("sessions:given", args=[uuid])
    if not form.is_valid():
        return refused(request, "Choose what they thought of it.", back=back)
    try:
        operations.say_of_resource(
            by=request.actor, given=found, opinion=form.cleaned_data["opinion"],
            version=posted_version(request), key=once_key(request),
        )  # fmt: skip
    except Refused as refusal:
        return refused(request, refusal, back=back)
    messages.success(request, "Noted.")
    return redirect("sessions:given", uuid)


@require_safe
@guarded("diary", "u")
def workload(request: Request) -> HttpResponse:
    """How much each worker carries beside what was agreed, what goes over, and continuity."""
    provider = request.actor.organisation_id
    people = queries.enrolled_people(provider)
    context = {
        "loads": queries.workload(request.actor, queries.this_monday()),
        "over": queries.over_agreed(request.actor),
        "counts": queries.component_counts(people, provider or 0),
        "enrolled": people.count(),
    }  # fmt: skip
    return page(request, "sessions/workload.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("diary", "u")
def limits(request: Request, worker: int) -> HttpResponseBase:
    """What is agreed with one project worker."""
    loads = queries.workload(request.actor, queries.this_monday())
    load = next((each for each in loads if each.worker.pk == worker), None)
    if load is None:
        raise Http404
    sent = request.POST if request.method == "POST" else None
    version = load.limits.version if load.set_by_manager else 0
    form = LimitsForm(sent, initial=_agreed(load))
    status = 200
    if sent is not None and form.is_valid():
        try:
            if attempt(
                form,
                lambda: operations.set_limits(
                    by=request.actor, worker=load.worker, minutes=form.minutes,
                    people=form.cleaned_data["people"], version=posted_version(request),
                    key=once_key(request),
                ),
            ):  # fmt: skip
                messages.success(request, "Saved. What is booked already stays as it is.")
                return redirect("sessions:workload")
        except ChangedMeanwhile as conflict:
            form.add_error(None, str(conflict))
            status = 409
    context = {"form": form, "load": load, "version_now": version}
    return page(request, "sessions/limits.html", context, status)


def _agreed(load: queries.Load) -> dict[str, Any]:
    agreed = load.limits
    return {
        "weekly_hours": _hours(agreed.weekly_minutes),
        "longest_day_hours": _hours(agreed.longest_day_minutes),
        "least_minutes": agreed.least_minutes, "gap_minutes": agreed.gap_minutes,
        "people": load.worker.capacity,
    }  # fmt: skip


def _hours(minutes: int) -> str:
    return f"{(Decimal(minutes) / 60).quantize(Decimal('0.01')):f}".rstrip("0").rstrip(".")


@require_safe
@guarded("component", "r")
def catalogue(request: Request) -> HttpResponse:
    """What a session can be recorded as, and adding to it."""
    return _catalogue(request, ComponentForm(initial={"offered": True}))


def _catalogue(request: Request, form: ComponentForm) -> HttpResponse:
    manages = request.actor.role == "service_manager"
    context = {
        "rows": queries.catalogue(request.actor.organisation_id),
        "form": form if manages else None,
    }
    return page(request, "sessions/catalogue.html", context)


@require_POST
@guarded("component", "c")
def add_component(request: Request) -> HttpResponseBase:
    """Add a line to the catalogue."""
    form = ComponentForm(request.POST)
    if form.is_valid() and _saved(request, form, ""):
        messages.success(request, "Added. It can be chosen from now on.")
        return redirect("sessions:catalogue")
    return _catalogue(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("component", "u")
def component(request: Request, code: str) -> HttpResponseBase:
    """Rename a line of the catalogue, or stop offering it; what was recorded stays."""
    rows = queries.catalogue(request.actor.organisation_id)
    found = next((each for each in rows if each.code == code), None)
    if found is None:
        raise Http404
    start = {"name": found.name, "hint": found.hint, "offered": found.offered}
    sent = request.POST if request.method == "POST" else None
    form = ComponentForm(sent, initial=start)
    status = 200
    if sent is not None and form.is_valid():
        try:
            if _saved(request, form, code):
                messages.success(request, "Saved.")
                return redirect("sessions:catalogue")
        except ChangedMeanwhile as conflict:
            form.add_error(None, str(conflict))
            status = 409
    # A line of a catalogue not begun yet is saved in its first version.
    context = {"form": form, "line": found, "version_now": found.version or 1}
    return page(request, "sessions/component.html", context, status)


def _saved(request: Request, form: ComponentForm, code: str) -> object:
    values = form.cleaned_data
    return attempt(
        form,
        lambda: operations.save_component(
            by=request.actor, code=code, name=values["name"], hint=values["hint"],
            offered=values["offered"], version=posted_version(request), key=once_key(request),
        ),
    )  # fmt: skip
