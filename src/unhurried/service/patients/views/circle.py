"""Carers of a person, and cover for a worker who is away (CON-6, H23)."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import once_key, page
from unhurried.service.audit import clock
from unhurried.service.patients import operations, queries
from unhurried.service.patients.access import open_record, things_open_to
from unhurried.service.patients.forms import CarerForm, CoverForm, EndCoverForm
from unhurried.service.patients.models import Carer, Patient
from unhurried.service.patients.rules import may_end_cover
from unhurried.service.patients.views.common import attempt


@require_safe
@guarded("carer", "r")
def carers(request: Request, uuid: UUID) -> HttpResponse:
    """Who supports the person."""
    patient = open_record(request.actor, uuid, "carer")
    return _carers(request, patient, CarerForm())


def _carers(request: Request, patient: Patient, form: CarerForm) -> HttpResponse:
    may = "carer" in things_open_to(request.actor, patient, "u")
    context = {
        "form": form if may else None, "carers": list(queries.carers_of(patient)),
        "accounts": "carer_access" in things_open_to(request.actor, patient),
        "patient": patient, "banner": queries.banner(patient, request.actor),
    }  # fmt: skip
    return page(request, "patients/carers.html", context)


@require_POST
@guarded("carer", "c")
def add_carer(request: Request, uuid: UUID) -> HttpResponseBase:
    """Note another carer."""
    patient = open_record(request.actor, uuid, "carer", "c")
    form = CarerForm(request.POST)
    if form.is_valid() and attempt(form, _adding(request, patient, form)) is not None:
        messages.success(request, "The carer is noted. They see nothing unless the person agrees.")
        return redirect("patients:carers", uuid)
    return _carers(request, patient, form)


def _adding(request: Request, patient: Patient, form: CarerForm) -> Callable[[], Carer]:
    given, key = form.cleaned_data, once_key(request)
    return lambda: operations.add_carer(by=request.actor, patient=patient, key=key, **given)


@require_POST
@guarded("carer", "u")
def end_carer(request: Request, uuid: UUID, carer: int) -> HttpResponseBase:
    """Note that someone is no longer a carer."""
    patient = open_record(request.actor, uuid, "carer", "u")
    found = queries.carers_of(patient).filter(pk=carer).first()
    if found is None:
        raise Http404
    operations.end_carer(by=request.actor, carer=found, key=once_key(request))
    messages.success(request, "They are no longer a carer here, and see nothing from now on.")
    return redirect("patients:carers", uuid)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("episode", "u")
def cover(request: Request) -> HttpResponseBase:
    """Arrange who looks after a worker's people while they are away."""
    offered = {str(each.pk): each for each in queries.colleagues(request.actor)}
    names = [(key, each.user.full_name) for key, each in offered.items()]
    form = CoverForm(request.POST if request.method == "POST" else None, workers=names)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if attempt(
            form,
            lambda: operations.arrange_cover(
                by=request.actor, worker=offered[given["worker"]],
                covering=offered[given["covering"]], starts=given["starts"], ends=given["ends"],
                key=once_key(request),
            ),
        ):  # fmt: skip
            messages.success(request, "The cover is arranged.")
            return redirect("patients:cover")
    covers = list(queries.covers_now(request.actor))
    ours = {each.pk for each in covers if may_end_cover(request.actor, each)}
    return page(request, "patients/cover.html", {"form": form, "covers": covers, "ours": ours})


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("episode", "u")
def end_cover(request: Request, cover: int) -> HttpResponseBase:
    """End cover sooner than planned: whoever was away is back."""
    found = queries.cover_of(request.actor, cover)
    if found is None or not may_end_cover(request.actor, found):
        raise Http404
    sent = request.POST if request.method == "POST" else None
    form = EndCoverForm(sent, initial={"back": clock.today()})
    if sent is not None and form.is_valid():
        done = attempt(
            form,
            lambda: operations.end_cover(
                by=request.actor, cover=found, back=form.cleaned_data["back"],
                key=once_key(request),
            ),
        )  # fmt: skip
        if done is not None:
            messages.success(request, "Noted: the cover ends sooner.")
            return redirect("patients:cover")
    return page(request, "patients/end_cover.html", {"form": form, "cover": found})
