"""A person's worksheets: list, start, one with what is written, its days (SAW-1)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import once_key, page
from unhurried.service.audit import clock
from unhurried.service.audit.operations import saw, saw_many
from unhurried.service.patients.access import open_record
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.models import Patient
from unhurried.service.patients.views.common import (
    attempt,
    both_versions,
    page_number,
    posted_version,
)
from unhurried.service.worksheets import operations, queries, words
from unhurried.service.worksheets.forms import DaysForm, StartForm
from unhurried.service.worksheets.models import Worksheet
from unhurried.service.worksheets.views.common import about, opened

PAGE = 25


@require_safe
@guarded("worksheet", "r")
def worksheets(request: Request) -> HttpResponse:
    """One's own worksheets; for a worker or carer, those being kept by the people around them."""
    if request.actor.role == "patient":
        own = queries.own_record(request.actor)
        if own is None:
            return page(request, "worksheets/of_person.html", {"own": True, "sheets": []})
        saw("worksheet", by=request.actor, object_id=own.uuid, patient_id=own.pk)
        return page(request, "worksheets/of_person.html", _of(request, own))
    found = Paginator(queries.being_kept(request.actor), PAGE).get_page(page_number(request))
    saw_many("worksheet", by=request.actor, patient_ids=[each.patient_id for each in found])
    return page(request, "worksheets/worksheets.html", {"pages": found, "today": clock.today()})


@require_safe
@guarded("worksheet", "r")
def of_person(request: Request, uuid: UUID) -> HttpResponse:
    """Somebody's worksheets, the newest first."""
    patient = open_record(request.actor, uuid, "worksheet")
    return page(request, "worksheets/of_person.html", _of(request, patient))


def _of(request: Request, patient: Patient) -> dict[str, object]:
    sheets = list(queries.sheets_of(patient)[:PAGE])
    return {**about(request, patient), "sheets": sheets, "now": queries.now_kept(patient)}


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("worksheet", "c")
def start(request: Request, uuid: UUID) -> HttpResponseBase:
    """Start a worksheet: a week from today, unless something else suits better."""
    patient = open_record(request.actor, uuid, "worksheet", "c")
    if request.method == "POST":
        form = StartForm(request.POST)
    else:
        form = StartForm(initial={"starts": clock.today(), "days": 7, "kept": "telephone"})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = attempt(
            form,
            lambda: operations.start_worksheet(
                by=request.actor, patient=patient, starts=given["starts"], days=given["days"],
                kept=given["kept"], key=once_key(request),
            ),
        )  # fmt: skip
        if made is not None:
            messages.success(request, "The worksheet is ready.")
            return redirect("worksheets:one", uuid, made.uuid)
    return page(request, "worksheets/start.html", {**about(request, patient), "form": form})


@require_safe
@guarded("worksheet", "r")
def one(request: Request, uuid: UUID, sheet: UUID) -> HttpResponse:
    """One worksheet: what is written so far, and what can be done with it."""
    patient, found = opened(request, uuid, sheet)
    context = about(request, patient, found)
    own = context["own"]
    context["back_to"] = about(request, patient)["back_to"]
    context["days"] = queries.written_days([found]).get(found.pk, ())
    context["begun"] = found.starts <= clock.today()
    context["in_words"] = words.in_words
    context["heading"] = "My worksheet" if own else "Worksheet"
    return page(request, "worksheets/one.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("worksheet", "u")
def days(request: Request, uuid: UUID, sheet: UUID) -> HttpResponseBase:
    """More days, fewer days, or another way to keep it."""
    patient, found = opened(request, uuid, sheet, "u")
    if request.method != "POST":
        form = DaysForm(initial={"days": found.days, "kept": found.kept})
        return _days(request, patient, found, form, found.version)
    form, version = DaysForm(request.POST), posted_version(request)
    if not form.is_valid():
        return _days(request, patient, found, form, version)
    try:
        done = attempt(
            form,
            lambda: operations.change_days(
                by=request.actor, worksheet=found, days=form.cleaned_data["days"],
                kept=form.cleaned_data["kept"], version=version, key=once_key(request),
            ),
        )  # fmt: skip
    except ChangedMeanwhile as conflict:
        differing = both_versions(form, conflict.current, ("days", "kept"))
        more: dict[str, object] = {"differing": differing, "sentence": str(conflict)}
        return _days(request, patient, found, form, found.version, more, 409)
    if done is None:
        return _days(request, patient, found, form, version)
    messages.success(request, "The days are changed.")
    return redirect("worksheets:one", uuid, sheet)


def _days(
    request: Request, patient: Patient, sheet: Worksheet, form: DaysForm, version: int,
    more: dict[str, object] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = {**about(request, patient, sheet), "form": form, "version_now": version}
    return page(request, "worksheets/days.html", {**context, **(more or {})}, status)
