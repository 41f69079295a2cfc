"""Notes about a person: list them, write one, with the safety floor (CON-6; H17, H18)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import once_key, page
from unhurried.service.patients import operations, queries
from unhurried.service.patients.access import open_record, things_open_to
from unhurried.service.patients.forms import NoteForm
from unhurried.service.patients.tables import safety_kinds
from unhurried.service.patients.views.common import attempt, page_number

PAGE = 25


@require_safe
@guarded("note", "r")
def notes(request: Request, uuid: UUID) -> HttpResponse:
    """The notes the viewer may read, newest first."""
    patient = open_record(request.actor, uuid, "note")
    found = Paginator(queries.notes_with_corrections(request.actor, patient), PAGE)
    pages = found.get_page(page_number(request))
    context = {
        "pages": pages,
        "written": queries.beside_corrections(request.actor, patient, pages.object_list),
        "writes": "note" in things_open_to(request.actor, patient, "c"),
        "patient": patient,
        "banner": queries.banner(patient, request.actor),
    }
    return page(request, "patients/notes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("note", "c")
def write_note(request: Request, uuid: UUID) -> HttpResponseBase:
    """Write a note; one that speaks of a risk raises the alert with it."""
    patient = open_record(request.actor, uuid, "note", "c")
    restricted = "restricted_note" in things_open_to(request.actor, patient, "c")
    sent = request.POST if request.method == "POST" else None
    form = NoteForm(sent, restricted=restricted)
    if sent is not None and form.is_valid():
        given = form.cleaned_data
        if attempt(
            form,
            lambda: operations.write_note(
                by=request.actor, patient=patient, text=given["text"],
                visibility=given["visibility"], risks=given["risks"], alert=given["alert"],
                key=once_key(request),
            ),
        ):  # fmt: skip
            messages.success(request, "The note is saved.")
            return redirect("patients:notes", uuid)
    context = {
        "form": form, "kinds": safety_kinds().values(), "patient": patient,
        "banner": queries.banner(patient, request.actor),
    }  # fmt: skip
    return page(request, "patients/write_note.html", context)
