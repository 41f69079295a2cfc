"""What a person agreed to: five questions apart, each asked in its own words (EVA-4, CON-6)."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unhurried.service.accounts.guard import Guarded, Request, guarded
from unhurried.service.accounts.pages import once_key, page, refused
from unhurried.service.audit.refused import Refused
from unhurried.service.patients import operations, queries
from unhurried.service.patients.access import open_record
from unhurried.service.patients.forms import ConsentForm
from unhurried.service.patients.models import Patient
from unhurried.service.patients.tables import wording_now
from unhurried.service.patients.views.common import attempt


@require_safe
@guarded("consent_service", "r")
def consents(request: Request, uuid: UUID) -> HttpResponse:
    """Where each question stands that the viewer may know of."""
    patient = open_record(request.actor, uuid, "consent_service")
    kinds = queries.consent_kinds(request.actor, patient)
    context = {
        "asked": queries.asked_about(patient, kinds),
        "may_record": queries.consent_kinds(request.actor, patient, "c"),
        "may_withdraw": queries.consent_kinds(request.actor, patient, "u"),
        "parties": dict(queries.sharing_parties(patient)),
        "patient": patient,
        "banner": queries.banner(patient, request.actor),
    }
    return page(request, "patients/consents.html", context)


def recording(kind: str) -> Guarded[...]:
    """The page that asks one question of consent; each kind has its own cell in the matrix."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @guarded(f"consent_{kind}", "c")
    def record(request: Request, uuid: UUID) -> HttpResponseBase:
        patient = open_record(request.actor, uuid, f"consent_{kind}", "c")
        sent = request.POST if request.method == "POST" else None
        start = {"party": request.GET.get("party", "")}
        parties = queries.sharing_parties(patient)
        form = ConsentForm(sent, kind=kind, parties=parties, initial=start)
        if (
            sent is not None
            and form.is_valid()
            and attempt(form, _saving(request, patient, form, kind)) is not None
        ):
            messages.success(request, "The answer is recorded and holds from now on.")
            return redirect("patients:consents", uuid)
        context = {
            "form": form, "kind": kind, "wording": wording_now(kind), "patient": patient,
            "banner": queries.banner(patient, request.actor),
        }  # fmt: skip
        return page(request, "patients/consent.html", context)

    return record


def _saving(
    request: Request, patient: Patient, form: ConsentForm, kind: str
) -> Callable[[], object]:
    given = form.cleaned_data
    return lambda: operations.record_consent(
        by=request.actor, patient=patient, kind=kind, given=given["given"] == "yes",
        how=given["how"], party=given.get("party") or given.get("study") or "",
        ends=given.get("ends"), wording=given["shown"], key=once_key(request),
    )  # fmt: skip


def withdrawing(kind: str) -> Guarded[...]:
    """The button that withdraws one consent, at once."""

    @require_POST
    @guarded(f"consent_{kind}", "u")
    def withdraw(request: Request, uuid: UUID) -> HttpResponseBase:
        patient = open_record(request.actor, uuid, f"consent_{kind}", "u")
        try:
            operations.withdraw_consent(
                by=request.actor, patient=patient, kind=kind,
                party=request.POST.get("party", "")[:60], key=once_key(request),
            )  # fmt: skip
        except Refused as refusal:
            return refused(request, refusal)
        messages.success(request, "Withdrawn. It holds from this moment.")
        return redirect("patients:consents", uuid)

    return withdraw
