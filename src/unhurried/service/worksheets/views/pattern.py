"""What a worksheet shows, the person's own reading of it, sharing it, and both as PDF (SAW-2)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import once_key, page, refused
from unhurried.service.audit.refused import Refused
from unhurried.service.paper import CannotRender
from unhurried.service.patients.access import open_record
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.models import Patient
from unhurried.service.patients.queries import banner
from unhurried.service.patients.views.common import attempt, posted_version
from unhurried.service.worksheets import operations, queries, rendering
from unhurried.service.worksheets.forms import OwnWordsForm
from unhurried.service.worksheets.models import Worksheet
from unhurried.service.worksheets.views.common import about, opened, pdf


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("worksheet", "r")
def pattern(request: Request, uuid: UUID, sheet: UUID) -> HttpResponseBase:
    """The sentences, the drawing, the table, and a place for the person's own words."""
    if request.method == "POST":
        return _own_words(request, uuid, sheet)
    patient, found = opened(request, uuid, sheet)
    form = OwnWordsForm(initial={"what_i_make": found.what_i_make})
    return _pattern(request, patient, found, form, found.version)


def _own_words(request: Request, uuid: UUID, sheet: UUID) -> HttpResponseBase:
    patient, found = opened(request, uuid, sheet, "u")
    form, version = OwnWordsForm(request.POST), posted_version(request)
    if not form.is_valid():
        return _pattern(request, patient, found, form, version)
    try:
        done = attempt(
            form,
            lambda: operations.say_what_i_make(
                by=request.actor, worksheet=found, words=form.cleaned_data["what_i_make"],
                version=version, key=once_key(request),
            ),
        )  # fmt: skip
    except ChangedMeanwhile as conflict:
        typed = form.cleaned_data["what_i_make"]
        more: dict[str, object] = {
            "sentence": str(conflict),
            "differing": [("What I make of it", found.what_i_make, typed)],
        }
        return _pattern(request, patient, found, form, found.version, more, 409)
    if done is None:
        return _pattern(request, patient, found, form, version)
    messages.success(request, "Your words are saved.")
    return redirect("worksheets:pattern", uuid, sheet)


def _pattern(
    request: Request, patient: Patient, sheet: Worksheet, form: OwnWordsForm, version: int,
    more: dict[str, object] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = {
        **about(request, patient, sheet), "form": form, "version_now": version,
        "shown": queries.shown(sheet),
    }  # fmt: skip
    return page(request, "worksheets/pattern.html", {**context, **(more or {})}, status)


@require_safe
@guarded("worksheet", "r")
def pattern_pdf(request: Request, uuid: UUID, sheet: UUID) -> HttpResponse:
    """The same to print or keep."""
    patient, found = opened(request, uuid, sheet)
    return _made(request, found, rendering.pattern_pdf, patient, "what-the-worksheet-shows.pdf")


@require_safe
@guarded("worksheet", "r")
def sheet_pdf(request: Request, uuid: UUID, sheet: UUID) -> HttpResponse:
    """The worksheet on paper, to fill in by hand."""
    patient, found = opened(request, uuid, sheet)
    return _made(request, found, rendering.sheet_pdf, patient, "worksheet.pdf")


def _made(
    request: Request, sheet: Worksheet, make: rendering.Make, patient: Patient, name: str
) -> HttpResponse:
    large = request.GET.get("print") == "large"
    try:
        return pdf(make(patient, sheet, large=large), name)
    except CannotRender as problem:
        back = reverse("worksheets:one", args=[patient.uuid, sheet.uuid])
        return refused(request, str(problem), back=back)


@require_POST
@guarded("worksheet", "u")
def share(request: Request, uuid: UUID, sheet: UUID) -> HttpResponseBase:
    """Show the sentences to the GP practice, or no longer."""
    _, found = opened(request, uuid, sheet, "u")
    shared = request.POST.get("share") == "yes"
    try:
        operations.share_pattern(
            by=request.actor, worksheet=found, shared=shared, key=once_key(request)
        )
    except Refused as refusal:
        back = reverse("worksheets:pattern", args=[uuid, sheet])
        return refused(request, str(refusal), back=back)
    words = "can read these sentences now" if shared else "can read them no longer"
    messages.success(request, f"The GP practice {words}.")
    return redirect("worksheets:pattern", uuid, sheet)


@require_safe
@guarded("worksheet_pattern", "r")
def shared(request: Request, uuid: UUID) -> HttpResponse:
    """What the person shows their GP: sentences, no entry."""
    patient = open_record(request.actor, uuid, "worksheet_pattern")
    context = {
        "patient": patient, "banner": banner(patient, request.actor),
        "patterns": queries.shared_patterns(patient),
    }  # fmt: skip
    return page(request, "worksheets/shared.html", context)
