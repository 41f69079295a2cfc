"""Who has looked at a record: for the person it is about, and for a privacy officer."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponseBase
from django.views.decorators.http import require_safe

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import page
from unhurried.service.audit.operations import saw
from unhurried.service.audit.queries import looks, who_looked
from unhurried.service.patients.models import Patient
from unhurried.web.audit.queries import own_record, own_trail, reasons_given, record_overseen

A_PAGE = 25


@require_safe
@guarded("who_looked", "r")
def mine(request: Request) -> HttpResponseBase:
    """The person's own page; an account with no record behind it meets "not found"."""
    patient = own_record(request.actor)
    if patient is None:
        raise Http404
    return _show(request, patient, "who_looked", own=True)


@require_safe
@guarded("audit", "r")
def of_someone(request: Request, patient: UUID) -> HttpResponseBase:
    """The same page of someone the officer's organisation keeps or works with."""
    found = record_overseen(request.actor, patient)
    if found is None:
        raise Http404
    return _show(request, found, "audit", own=False)


def _show(request: Request, patient: Patient, thing: str, *, own: bool) -> HttpResponseBase:
    saw(thing, by=request.actor, object_id=patient.uuid, patient_id=patient.pk)
    rows = own_trail(patient) if own else who_looked(patient.pk)
    pages = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    shown = looks(pages, own_user_id=patient.user_id, reasons=reasons_given(patient))
    context = {
        "looks": shown, "pages": pages, "own": own,
        "name": f"{patient.given_name} {patient.family_name}", "request": request,
    }  # fmt: skip
    return page(request, "audit/who_looked.html", context)
