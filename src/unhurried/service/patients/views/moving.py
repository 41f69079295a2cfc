"""A person moved to another practice: what happens is said before it is recorded."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.models import Organisation
from unhurried.service.accounts.pages import once_key, page
from unhurried.service.audit import clock
from unhurried.service.patients import operations, queries
from unhurried.service.patients.access import PRACTICE_ROLES, open_record
from unhurried.service.patients.models import Patient
from unhurried.service.patients.views.common import attempt
from unhurried.service.patients.wish_forms import MoveForm


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("practice_move", "c")
def move(request: Request, uuid: UUID) -> HttpResponseBase:
    """Choose the practice, read what happens, confirm."""
    patient = open_record(request.actor, uuid, "practice_move", "c")
    practices = queries.practices_to_move_to(patient)
    if request.method != "POST":
        asked = request.GET if "to" in request.GET else None
        form = MoveForm(asked, practices=practices, initial={"on": clock.today()})
        chosen = form.cleaned_data["to"] if asked is not None and form.is_valid() else None
        return _show(request, patient, form, chosen)
    form = MoveForm(request.POST, practices=Organisation.objects.filter(kind="practice"))
    if not form.is_valid():
        return _show(request, patient, form, None)
    given = form.cleaned_data
    done = attempt(
        form,
        lambda: operations.move_practice(
            by=request.actor, patient=patient, to=given["to"], on=given["on"],
            key=once_key(request),
        ),
    )  # fmt: skip
    if done is None:
        return _show(request, patient, form, None)
    messages.success(request, f"The move to {given['to'].name} is recorded.")
    if request.actor.role in PRACTICE_ROLES:
        return redirect("patients:people")
    return redirect("patients:person", uuid)


def _show(
    request: Request, patient: Patient, form: MoveForm, chosen: Organisation | None
) -> HttpResponse:
    context = {
        "form": form, "follows": queries.consequences_of_move(patient, chosen) if chosen else None,
        "patient": patient, "banner": queries.banner(patient, request.actor),
        "of_practice": request.actor.role in PRACTICE_ROLES,
    }  # fmt: skip
    return page(request, "patients/move.html", context)
