"""Measures: what may be asked, filling one in, its result, and what has to be said today."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from unhurried.clinical import measures as clinical
from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import once_key
from unhurried.service.audit.operations import SentTwiceDifferently
from unhurried.service.patients.access import open_record, things_open_to
from unhurried.service.patients.models import Patient
from unhurried.service.patients.tables import safety_kinds
from unhurried.service.patients.views.common import attempt
from unhurried.service.planning import operations, queries, rules
from unhurried.service.planning.measure_forms import MeasureForm, NotAskedForm, PutAsideForm
from unhurried.service.planning.models import Result
from unhurried.service.planning.tables import alert_kind, help_now
from unhurried.service.planning.views.common import about


@require_safe
@guarded("measure", "r")
def overview(request: Request, uuid: UUID) -> HttpResponse:
    """What may be asked, and what was: numbers with their range and what a change means."""
    patient = open_record(request.actor, uuid, "measure")
    kept = queries.kept_from(request.actor, patient)
    own = request.actor.role == "patient"
    cards = [] if kept else queries.cards(patient, own=own)
    writes = "measure" in things_open_to(request.actor, patient, "c")
    context: dict[str, Any] = {
        "writes": writes, "minutes": queries.minutes_for(
            each.measure.code for each in cards
            if each.offered and each.offered.at_start and not each.latest
        ),
        "answered": [each for each in cards if each.latest],
        "start": [each for each in cards if each.offered and each.offered.at_start],
        "wanted": [each for each in cards if each.offered and not each.offered.at_start],
        "entered": [
            each for each in cards if not each.offered and not each.measure.questions_shipped
        ],
    }  # fmt: skip
    return about(request, patient, "measures", context)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("measure", "c")
def fill_in(request: Request, uuid: UUID, code: str) -> HttpResponseBase:
    """One measure: its questions, each may be left out, or why it is left for now."""
    patient = open_record(request.actor, uuid, "measure", "c")
    measure = clinical.measures().get(code)
    if measure is None or (request.actor.role == "patient" and not measure.questions_shipped):
        raise Http404
    sent = request.POST if request.method == "POST" else None
    leaving = request.POST.get("do") == "leave"
    form = MeasureForm(None if leaving else sent, measure=measure)
    leave = NotAskedForm(sent if leaving else None)
    context: dict[str, Any] = {"measure": measure, "form": form, "leave": leave}
    if sent is None:
        return about(request, patient, "measure", context)
    if leaving:
        return _leave(request, patient, leave, context)
    done = _saved(request, patient, form) if form.is_valid() else None
    if done is None:
        return _not_saved(request, patient, form, context)
    if rules.concerns(code, form.answers):
        return redirect("planning:today", uuid, done.uuid)
    messages.success(request, "Thank you. The answers are saved.")
    return redirect("planning:result", uuid, done.uuid)


def _saved(request: Request, patient: Patient, form: MeasureForm) -> Result | None:
    """The result; None when a rule said no. Answers changed after going back are heard, too."""
    try:
        return attempt(
            form,
            lambda: operations.save_answers(
                by=request.actor, patient=patient, code=form.measure.code, answers=form.answers,
                named=form.named, key=once_key(request),
            ),
        )  # fmt: skip
    except SentTwiceDifferently as sent:
        if not rules.concerns(form.measure.code, form.raw(request.POST)):
            raise
        form.add_error(None, str(sent))
        return None


def _not_saved(
    request: Request, patient: Patient, form: MeasureForm, context: dict[str, Any]
) -> HttpResponse:
    """The form again; an answer that opens a conversation today raises its alert all the same."""
    found = rules.concerns(form.measure.code, form.raw(request.POST))
    if found:
        operations.raise_concerns(
            by=request.actor, patient=patient, concerns=found, key=once_key(request)
        )
    more = {"concerns": found, "kinds": _kinds(found), "help": _help(found), "wrong": form}
    return about(request, patient, "measure", {**context, **more})


def _leave(
    request: Request, patient: Patient, form: NotAskedForm, context: dict[str, Any]
) -> HttpResponseBase:
    code = context["measure"].code
    done = None
    if form.is_valid():
        done = attempt(
            form,
            lambda: operations.note_not_asked(
                by=request.actor, patient=patient, code=code, key=once_key(request),
                **form.cleaned_data,
            ),
        )  # fmt: skip
    if done is not None:
        messages.success(request, "That is fine. It is left for now.")
        return redirect("planning:measures", patient.uuid)
    return about(request, patient, "measure", {**context, "wrong": form})


def _opened(request: Request, uuid: UUID, result: UUID) -> tuple[Patient, Result]:
    """The person and one of their results; 404 where the viewer may not see it."""
    patient = open_record(request.actor, uuid, "measure")
    found = queries.result_of(patient, result)
    if found is None or queries.kept_from(request.actor, patient):
        raise Http404
    return patient, found


@require_safe
@guarded("measure", "r")
def result(request: Request, uuid: UUID, result: UUID) -> HttpResponse:
    """One result: numbers, what they mean, what changed; answers for who gave or took them."""
    patient, found = _opened(request, uuid, result)
    earlier = queries.history(patient, found)
    shown = queries.shown(found, earlier)
    writes = "measure" in things_open_to(request.actor, patient, "c")
    context: dict[str, Any] = {
        "shown": shown, "writes": writes, "earlier": [queries.shown(e) for e in earlier[-12:]],
        "answers": queries.answers_in_words(found) if writes else [],
        "clinician": request.actor.role != "patient", "form": PutAsideForm(),
        "may_put_aside": writes and (found.by_person or request.actor.role != "patient"),
    }  # fmt: skip
    return about(request, patient, "result", context)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("measure", "c")
def put_aside(request: Request, uuid: UUID, result: UUID) -> HttpResponseBase:
    """Answers entered by mistake no longer count."""
    patient = open_record(request.actor, uuid, "measure", "c")
    found = queries.result_of(patient, result)
    if found is None:
        raise Http404
    sent = request.POST if request.method == "POST" else None
    form = PutAsideForm(sent)
    if sent is not None and form.is_valid():
        because = form.cleaned_data["because"]
        if attempt(
            form,
            lambda: operations.put_aside_result(
                by=request.actor, result=found, because=because, key=once_key(request)
            ),
        ):  # fmt: skip
            messages.success(request, "These answers are put aside and no longer count.")
            return redirect("planning:measures", uuid)
    context = {"form": form, "shown": queries.shown(found)}
    return about(request, patient, "put_aside", context)


@require_safe
@guarded("measure", "r")
def today(request: Request, uuid: UUID, result: UUID) -> HttpResponse:
    """What to do now, after an answer that has to be talked about today."""
    patient, found = _opened(request, uuid, result)
    worries = queries.shown(found).today
    if not worries or "measure" not in things_open_to(request.actor, patient, "c"):
        raise Http404
    context: dict[str, Any] = {
        "concerns": worries, "kinds": _kinds(worries), "help": _help(worries),
        "onward": reverse("planning:result", args=[uuid, found.uuid]),
        "alerts": "safety_alert" in things_open_to(request.actor, patient, "x"),
    }  # fmt: skip
    return about(request, patient, "today", context)


def _kinds(found: tuple[clinical.Concern, ...]) -> list[object]:
    codes = dict.fromkeys(alert_kind(each.code, each.item) for each in found)
    return [safety_kinds()[code] for code in codes if code in safety_kinds()]


def _help(found: tuple[clinical.Concern, ...]) -> list[object]:
    return list(help_now(alert_kind(found[0].code, found[0].item))) if found else []
