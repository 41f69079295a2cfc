"""Who may not see a person's record, on their own wish (reliability 1.8)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.models import User
from unhurried.service.accounts.pages import once_key, page
from unhurried.service.patients import operations, queries
from unhurried.service.patients.access import open_record
from unhurried.service.patients.models import Patient, Restriction
from unhurried.service.patients.views.common import attempt
from unhurried.service.patients.wish_forms import RestrictForm

SHUT_OUT = "From now on they cannot open the record."


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("restriction", "c")
def may_not_see(request: Request, uuid: UUID) -> HttpResponseBase:
    """Who may not see the record, and one more who may not."""
    patient = open_record(request.actor, uuid, "restriction", "c")
    staff = queries.staff_around(patient)
    own = request.actor.role == "patient"
    form = RestrictForm(
        request.POST if request.method == "POST" else None, own=own,
        staff=[(each.user_id, each.words) for each in _offered(request, patient, staff)],
        named=any(each.named_worker for each in staff),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        user = User.objects.get(pk=form.cleaned_data["who"])
        done = attempt(
            form,
            lambda: operations.restrict(
                by=request.actor, patient=patient, user=user,
                another_worker=form.cleaned_data.get("another_worker", False),
                key=once_key(request),
            ),
        )  # fmt: skip
        if done is not None:
            return _after(request, done)
    return _show(request, patient, form, own=own)


def _offered(
    request: Request, patient: Patient, staff: list[queries.StaffMember]
) -> list[queries.StaffMember]:
    """Those who can be chosen; a form sent again may name somebody it has shut out already."""
    if request.method != "POST":
        return staff
    shut_out = [
        queries.StaffMember(each.user_id, each.user.full_name, "", named_worker=False)
        for each in queries.restrictions_of(patient)
    ]
    return [*staff, *shut_out]


def _after(request: Request, done: Restriction) -> HttpResponseBase:
    """Back to the page; whoever shut themself out finds nothing there any more."""
    messages.success(request, SHUT_OUT)
    if done.user_id == request.actor.user_id:
        return redirect("patients:people")
    return redirect("patients:may_not_see", done.patient.uuid)


def _show(request: Request, patient: Patient, form: RestrictForm, *, own: bool) -> HttpResponse:
    context = {
        "form": form, "restrictions": list(queries.restrictions_of(patient)), "own": own,
        "needs_worker": queries.worker_is_shut_out(patient), "patient": patient,
        "banner": queries.banner(patient, request.actor),
    }  # fmt: skip
    return page(request, "patients/may_not_see.html", context)


@require_POST
@guarded("restriction", "u")
def may_see_again(request: Request, uuid: UUID, restriction: int) -> HttpResponseBase:
    """End it: the member of staff sees what their role lets them see."""
    patient = open_record(request.actor, uuid, "restriction", "u")
    found = Restriction.objects.filter(pk=restriction, patient=patient).first()
    if found is None:
        raise Http404
    operations.lift_restriction(by=request.actor, restriction=found, key=once_key(request))
    messages.success(request, "They see again what their role lets them see.")
    return redirect("patients:may_not_see", uuid)
