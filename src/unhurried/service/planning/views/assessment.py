"""The conversation: its parts, days with and without opioids, the baseline (ASM-1 to 3, OPI-3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import models
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import once_key
from unhurried.service.patients.access import open_record, things_open_to
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.models import Patient
from unhurried.service.patients.queries import current_medicines
from unhurried.service.patients.views.common import attempt, both_versions, posted_version
from unhurried.service.planning import operations, queries
from unhurried.service.planning.forms import BaselineForm, BenefitForm, LeaveForm, PartForm
from unhurried.service.planning.tables import parts, words_of
from unhurried.service.planning.views.common import about


@require_safe
@guarded("assessment", "r")
def overview(request: Request, uuid: UUID) -> HttpResponse:
    """The parts as cards for the worker; to the person what was shared; to the GP the summary."""
    patient = open_record(request.actor, uuid, "assessment")
    summary = queries.summary_now(patient)
    if not queries.reads_everything(request.actor):
        own = request.actor.role == "patient"
        shown = queries.shared_conversation(patient) if own else None
        given = {"summary": summary, "talk": shown, "helps": words_of("helps")}
        return about(request, patient, "assessment_shared", given)
    talk = queries.conversation(patient)
    context: dict[str, Any] = {
        "talk": talk, "summary": summary, "helps": words_of("helps"),
        "baseline": queries.baseline_words(talk.baseline),
        "writes": "assessment" in things_open_to(request.actor, patient, "c"),
    }  # fmt: skip
    return about(request, patient, "assessment", context)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("assessment", "c")
def part(request: Request, uuid: UUID, code: str) -> HttpResponseBase:
    """One part: the question, what the person said, or why it is left for now."""
    patient = open_record(request.actor, uuid, "assessment", "c")
    if code not in parts():
        raise Http404
    now = queries.part_now(patient, code)
    leaving = request.POST.get("do") == "leave"
    sent = request.POST if request.method == "POST" else None
    kept = {"words": now.said.words, "wants_help": now.said.wants_help} if now.said else {}
    form = PartForm(None if leaving else sent, initial=kept)
    leave = LeaveForm(sent if leaving else None)
    used: forms.Form = leave if leaving else form
    context: dict[str, Any] = {
        "form": form, "leave": leave, "wrong": used, "now": now, "version_now": now.number,
        "following": _following(patient, code),
    }  # fmt: skip
    if sent is None or not used.is_valid():
        if sent is not None:
            context["version_now"] = posted_version(request)
        return about(request, patient, "part", context)
    given = dict(used.cleaned_data)
    return _save(
        request, patient, used,
        lambda: operations.write_part(
            by=request.actor, patient=patient, code=code, after=posted_version(request),
            key=once_key(request), **given,
        ),
        ("part", context), f"{now.part.title}: saved, as it was said.",
    )  # fmt: skip


def _following(patient: Patient, code: str) -> tuple[str, str] | None:
    """The next part nobody has spoken of yet, after this one: offered, never required."""
    talk = queries.conversation(patient)
    codes = [each.part.code for each in talk.parts]
    turned = [*talk.parts[codes.index(code) + 1 :], *talk.parts[: codes.index(code)]]
    for each in turned:
        if each.said is None:
            return each.part.code, each.part.title
    return None


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("assessment", "c")
def benefit(request: Request, uuid: UUID) -> HttpResponseBase:
    """Days with the opioids and days without, side by side."""
    patient = open_record(request.actor, uuid, "assessment", "c")
    last = queries.conversation(patient).benefit
    sent = request.POST if request.method == "POST" else None
    form = BenefitForm(sent, initial=_initial(BenefitForm, last))
    context: dict[str, Any] = {"form": form, "version_now": last.number if last else 0}
    if sent is None or not form.is_valid():
        if sent is not None:
            context["version_now"] = posted_version(request)
        return about(request, patient, "benefit", context)
    given = form.cleaned_data
    return _save(
        request, patient, form,
        lambda: operations.record_benefit(
            by=request.actor, patient=patient, after=posted_version(request),
            numbers=form.numbers, wants=given["wants"], helps=given["helps"],
            words=given["words"], key=once_key(request),
        ),
        ("benefit", context), "Days with and days without: saved.",
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("assessment", "c")
def baseline(request: Request, uuid: UUID) -> HttpResponseBase:
    """The few facts the evaluation needs; each may be left out."""
    patient = open_record(request.actor, uuid, "assessment", "c")
    last = queries.conversation(patient).baseline
    sent = request.POST if request.method == "POST" else None
    form = BaselineForm(sent, initial=_initial(BaselineForm, last))
    context: dict[str, Any] = {
        "form": form, "version_now": last.number if last else 0,
        "medicines": [each.product for each in current_medicines(patient)],
    }  # fmt: skip
    if sent is None or not form.is_valid():
        if sent is not None:
            context["version_now"] = posted_version(request)
        return about(request, patient, "baseline", context)
    return _save(
        request, patient, form,
        lambda: operations.record_baseline(
            by=request.actor, patient=patient, after=posted_version(request), given=form.given,
            key=once_key(request),
        ),
        ("baseline", context), "The facts at the start are saved.",
    )  # fmt: skip


def _initial(form: type[forms.Form], saved: models.Model | None) -> dict[str, Any]:
    return {name: getattr(saved, name) for name in form.base_fields} if saved else {}


def _save(
    request: Request, patient: Patient, form: forms.Form, operation: Callable[[], object],
    again: tuple[str, dict[str, Any]], said: str,
) -> HttpResponseBase:  # fmt: skip
    """Do it and go back to the cards; a no or another's version shows the form again."""
    template, context = again
    try:
        done = attempt(form, operation)
    except ChangedMeanwhile as conflict:
        differing = both_versions(form, conflict.current, tuple(form.fields))
        more = {"differing": differing, "sentence": str(conflict),
                "version_now": getattr(conflict.current, "number", 0)}  # fmt: skip
        return about(request, patient, template, {**context, **more}, 409)
    if done is None:
        more = {"version_now": posted_version(request)}
        return about(request, patient, template, {**context, **more})
    messages.success(request, said)
    return redirect("planning:assessment", patient.uuid)
