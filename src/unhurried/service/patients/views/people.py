"""Finding a person, their page, who they are and how to reach them (SHC-1, CON-6; H09, H21)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import once_key, page, refused
from unhurried.service.accounts.policy import grant_for
from unhurried.service.audit.refused import Refused
from unhurried.service.patients import operations, queries
from unhurried.service.patients.access import open_record
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.forms import ContactForm, IdentityForm
from unhurried.service.patients.models import Patient
from unhurried.service.patients.operations.people import CONTACT
from unhurried.service.patients.views.common import (
    attempt,
    both_versions,
    page_number,
    posted_version,
)


@require_safe
@guarded("identity", "r")
def people(request: Request) -> HttpResponse:
    """The people who fit what was typed in the one box."""
    text = request.GET.get("q", "")
    found = queries.search(request.actor, text, page_number(request))
    return page(
        request, "patients/people.html",
        {"found": found, "search_text": text, "registers": "practice" in request.actor.role},
    )  # fmt: skip


@require_safe
@guarded("identity", "r")
def person(request: Request, uuid: UUID) -> HttpResponse:
    """Everything about one person that the viewer's role may see."""
    patient = open_record(request.actor, uuid, "identity")
    shown = queries.person_page(request.actor, patient)
    context = {"person": shown, "banner": shown.banner, "who_looked": _who_looked(request, uuid)}
    return page(request, "patients/person.html", context)


def _who_looked(request: Request, uuid: UUID) -> str:
    if grant_for(request.actor.role, "who_looked", "r") is None:
        return ""
    try:
        return reverse("audit:who_looked", args=[uuid])
    except NoReverseMatch:
        return ""


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("identity", "u")
def edit(request: Request, uuid: UUID) -> HttpResponseBase:
    """Change who the person is; the second of two people sees both versions."""
    patient = open_record(request.actor, uuid, "identity", "u")
    if request.method != "POST":
        kept = {name: getattr(patient, name) for name in IdentityForm.base_fields}
        return _edit(request, patient, IdentityForm(initial=kept), patient.version)
    form = IdentityForm(request.POST)
    version = posted_version(request)
    if not form.is_valid():
        return _edit(request, patient, form, version)
    try:
        done = attempt(
            form,
            lambda: operations.amend_identity(
                by=request.actor, patient=patient, version=version, changes=form.cleaned_data,
                key=once_key(request),
            ),
        )  # fmt: skip
    except ChangedMeanwhile as conflict:
        differing = both_versions(form, conflict.current, tuple(form.fields))
        return _edit(request, patient, form, patient.version, 409, differing, str(conflict))
    if done is None:
        return _edit(request, patient, form, version)
    messages.success(request, "The changes are saved.")
    return redirect("patients:person", uuid)


def _edit(
    request: Request, patient: Patient, form: IdentityForm, version: int, status: int = 200,
    differing: list[tuple[str, object, object]] | None = None, sentence: str = "",
) -> HttpResponse:  # fmt: skip
    context = {
        "form": form, "version_now": version, "differing": differing, "sentence": sentence,
        "patient": patient, "banner": queries.banner(patient, request.actor),
    }  # fmt: skip
    return page(request, "patients/edit.html", context, status)


@require_POST
@guarded("identity", "u")
def registered(request: Request, uuid: UUID) -> HttpResponseBase:
    """The practice answers whether someone its records say has left is still registered."""
    patient = open_record(request.actor, uuid, "identity", "u")
    back = reverse("patients:person", args=[uuid])
    try:
        left = date.fromisoformat(request.POST.get("left", ""))
    except ValueError:
        return refused(request, "Choose an answer on the person's page.", back=back)
    answer = request.POST.get("answer", "")
    if answer not in {"registered", "left"}:
        return refused(request, "Choose one of the two answers.", back=back)
    try:
        operations.answer_leaving(
            by=request.actor, patient=patient, left=left, registered=answer == "registered",
            key=once_key(request),
        )  # fmt: skip
    except Refused as refusal:
        return refused(request, str(refusal), back=back)
    messages.success(request, "Your answer is saved, and holds from now on.")
    return redirect("patients:person", uuid)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("safe_contact", "u")
def contact(request: Request, uuid: UUID) -> HttpResponseBase:
    """Change how the person wants to be reached."""
    patient = open_record(request.actor, uuid, "safe_contact", "u")
    saved = queries.contact_of(patient)
    with_reason = queries.sees_reason(request.actor)
    if request.method != "POST":
        kept: dict[str, Any] = {name: getattr(saved, name) for name in CONTACT}
        form = ContactForm(initial=kept, with_reason=with_reason)
        return _contact(request, patient, form, saved.version)
    form = ContactForm(request.POST, with_reason=with_reason)
    version = posted_version(request)
    if not form.is_valid():
        return _contact(request, patient, form, version)
    try:
        done = attempt(
            form,
            lambda: operations.set_contact_preferences(
                by=request.actor, patient=patient, version=version, changes=form.cleaned_data,
                key=once_key(request),
            ),
        )  # fmt: skip
    except ChangedMeanwhile as conflict:
        differing = both_versions(form, conflict.current, tuple(form.fields))
        return _contact(request, patient, form, saved.version, 409, differing, str(conflict))
    if done is None:
        return _contact(request, patient, form, version)
    messages.success(request, "How to reach the person is saved, and holds from now on.")
    return redirect("patients:person", uuid)


def _contact(
    request: Request, patient: Patient, form: ContactForm, version: int, status: int = 200,
    differing: list[tuple[str, object, object]] | None = None, sentence: str = "",
) -> HttpResponse:  # fmt: skip
    context = {
        "form": form, "version_now": version, "differing": differing, "sentence": sentence,
        "patient": patient, "banner": queries.banner(patient, request.actor),
    }  # fmt: skip
    return page(request, "patients/contact.html", context, status)
