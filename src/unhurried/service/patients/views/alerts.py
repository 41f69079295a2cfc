"""Safety alerts: those that wait, raising one, saying what was done (H07, H18, H23)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import once_key, page
from unhurried.service.audit.operations import saw_many
from unhurried.service.patients import operations, queries
from unhurried.service.patients.access import open_record
from unhurried.service.patients.forms import ActionForm, AlertForm
from unhurried.service.patients.tables import safety_kinds
from unhurried.service.patients.views.common import attempt, page_number

PAGE = 25


@require_safe
@guarded("safety_alert", "r")
def alerts(request: Request) -> HttpResponse:
    """Open alerts, the oldest first, each with who answers for it."""
    pages = Paginator(queries.waiting(request.actor), PAGE).get_page(page_number(request))
    rows = [queries.as_seen_by(request.actor, row) for row in pages.object_list]
    people = [each.person.pk for each in rows if each.person is not None]
    saw_many("safety_alert", by=request.actor, patient_ids=people, note="list")
    return page(request, "patients/alerts.html", {"pages": pages, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("safety_alert", "c")
def raise_alert(request: Request, uuid: UUID) -> HttpResponseBase:
    """Tell the practice and the project worker of a risk."""
    patient = open_record(request.actor, uuid, "safety_alert", "c")
    sent = request.POST if request.method == "POST" else None
    form = AlertForm(sent)
    if sent is not None and form.is_valid():
        kind = form.cleaned_data["kind"]
        done = attempt(
            form,
            lambda: operations.raise_alert(
                by=request.actor, patient=patient, kind=kind, key=once_key(request)
            ),
        )
        if done is not None:
            messages.success(request, "The alert is raised: the practice and the worker see it.")
            return redirect("patients:alert", uuid, done.uuid)
    context = {
        "form": form, "kinds": safety_kinds().values(), "patient": patient,
        "banner": queries.banner(patient, request.actor),
    }  # fmt: skip
    return page(request, "patients/raise_alert.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("safety_alert", "x")
def alert(request: Request, uuid: UUID, alert: UUID) -> HttpResponseBase:
    """One alert: what to do, and saying what was done."""
    patient = open_record(request.actor, uuid, "safety_alert", "x")
    found = queries.alert_of(request.actor, patient, alert)
    if found is None:
        raise Http404
    sent = request.POST if request.method == "POST" else None
    form = ActionForm(sent, initial={"action_taken": found.action_taken})
    if sent is not None and form.is_valid():
        given = form.cleaned_data
        if attempt(
            form,
            lambda: operations.acknowledge_alert(
                by=request.actor, alert=found, action_taken=given["action_taken"],
                close=given["close"], key=once_key(request),
            ),
        ):  # fmt: skip
            messages.success(request, "What you did is recorded.")
            return redirect("patients:person", uuid)
    context = {
        "form": form if found.closed_at is None else None, "alert": found,
        "kind": queries.kind_of(found), "late": queries.is_late(request.actor, found),
        "patient": patient, "contact": queries.contact_of(patient),
        "banner": queries.banner(patient, request.actor),
    }  # fmt: skip
    return page(request, "patients/alert.html", context)
