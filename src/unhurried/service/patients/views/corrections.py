"""Correcting a note: another note, with the same readers, shown beside it (CON-6; H18)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import once_key, page
from unhurried.service.patients import operations, queries
from unhurried.service.patients.access import open_record
from unhurried.service.patients.tables import safety_kinds
from unhurried.service.patients.views.common import attempt
from unhurried.service.patients.wish_forms import CorrectionForm


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("note", "c")
def correct(request: Request, uuid: UUID, note: UUID) -> HttpResponseBase:
    """Write what is right, beside the note, which stays as it is."""
    patient = open_record(request.actor, uuid, "note", "c")
    found = queries.note_to_correct(request.actor, patient, note)
    if found is None:
        raise Http404
    form = CorrectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        done = attempt(
            form,
            lambda: operations.write_note(
                by=request.actor, patient=patient, text=given["text"],
                visibility=found.visibility, risks=given["risks"], alert=given["alert"],
                corrects=found, key=once_key(request),
            ),
        )  # fmt: skip
        if done is not None:
            messages.success(request, "The correction is saved, and is shown beside the note.")
            return redirect("patients:notes", uuid)
    [written] = queries.beside_corrections(request.actor, patient, [found])
    context = {
        "form": form, "written": written, "kinds": safety_kinds().values(), "patient": patient,
        "banner": queries.banner(patient, request.actor),
    }  # fmt: skip
    return page(request, "patients/correct_note.html", context)
