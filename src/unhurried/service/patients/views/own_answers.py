"""The person's own answers: read them, stop any in two clicks, say yes again (EVA-4, CON-6).

Each question has its own cell of the matrix; `s` (sign) is the person's alone.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from unhurried.service.accounts.guard import Guarded, Request, guarded
from unhurried.service.accounts.pages import once_key, page, refused
from unhurried.service.audit.refused import Refused
from unhurried.service.patients import operations, queries
from unhurried.service.patients.access import open_record
from unhurried.service.patients.models import Consent, Patient
from unhurried.service.patients.views.common import attempt
from unhurried.service.patients.wish_forms import OwnYesForm

ONLINE = str(Consent.How.ONLINE)


@require_safe
@guarded("consent_service", "s")
def answers(request: Request, uuid: UUID) -> HttpResponse:
    """What I agreed to."""
    patient = open_record(request.actor, uuid, "consent_service", "s")
    return _answers(request, patient)


def _answers(request: Request, patient: Patient) -> HttpResponse:
    context = {"answers": queries.own_answers(patient), **_around(request, patient)}
    return page(request, "patients/own_answers.html", context)


def _around(request: Request, patient: Patient) -> dict[str, object]:
    return {"patient": patient, "banner": queries.banner(patient, request.actor)}


def _asked(request: Request, patient: Patient, kind: str) -> queries.OwnAnswer | None:
    sent = request.POST if request.method == "POST" else request.GET
    return queries.own_answer(patient, kind, sent.get("party", ""))


def stopping(kind: str) -> Guarded[...]:
    """The page that says what follows, with the button that stops one thing."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @guarded(f"consent_{kind}", "s")
    def stop(request: Request, uuid: UUID) -> HttpResponseBase:
        patient = open_record(request.actor, uuid, f"consent_{kind}", "s")
        answer = _asked(request, patient, kind)
        if answer is None:  # no such party or study: all there is to choose from
            return _answers(request, patient)
        if request.method != "POST":
            context = {"answer": answer, **_around(request, patient)}
            return page(request, "patients/own_stop.html", context)
        try:
            operations.withdraw_consent(
                by=request.actor, patient=patient, kind=kind, party=answer.party,
                key=once_key(request),
            )  # fmt: skip
        except Refused as refusal:
            return refused(request, refusal, back=reverse("patients:own_answers", args=[uuid]))
        messages.success(request, "Stopped, from this moment. You can say yes again at any time.")
        return redirect("patients:own_answers", uuid)

    return stop


def agreeing(kind: str) -> Guarded[...]:
    """The page on which the person says yes themself."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @guarded(f"consent_{kind}", "s")
    def agree(request: Request, uuid: UUID) -> HttpResponseBase:
        patient = open_record(request.actor, uuid, f"consent_{kind}", "s")
        answer = _asked(request, patient, kind)
        if answer is None:  # no such party or study: all there is to choose from
            return _answers(request, patient)
        sent = request.POST if request.method == "POST" else None
        words = answer.asked.wording.key
        form = OwnYesForm(sent, needs_end=answer.needs_end, words_now=words)
        if (
            sent is not None
            and form.is_valid()
            and attempt(form, lambda: _save(request, patient, answer, form)) is not None
        ):
            messages.success(request, "Your yes holds from now on, until you stop it.")
            return redirect("patients:own_answers", uuid)
        context = {"answer": answer, "form": form, **_around(request, patient)}
        return page(request, "patients/own_yes.html", context)

    return agree


def _save(
    request: Request, patient: Patient, answer: queries.OwnAnswer, form: OwnYesForm
) -> Consent:
    return operations.record_consent(
        by=request.actor, patient=patient, kind=answer.kind, given=True, how=ONLINE,
        party=answer.party, ends=form.cleaned_data.get("ends"),
        wording=form.cleaned_data["shown"], key=once_key(request),
    )  # fmt: skip
