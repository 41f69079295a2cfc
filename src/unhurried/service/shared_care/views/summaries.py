"""Record summaries: write one, see it as the GP will, send it, put it on the record (COM-1)."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import once_key, page
from unhurried.service.audit import clock
from unhurried.service.audit.operations import saw_many
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.access import open_record, things_open_to
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.models import Patient
from unhurried.service.patients.queries import banner
from unhurried.service.patients.views.common import (
    attempt,
    both_versions,
    page_number,
    posted_version,
)
from unhurried.service.shared_care.forms.summaries import BecauseForm, SummaryForm
from unhurried.service.shared_care.models import RecordSummary
from unhurried.service.shared_care.operations import summaries as operations
from unhurried.service.shared_care.queries import summaries as queries
from unhurried.service.shared_care.queries import summary_lines
from unhurried.service.shared_care.queries.summaries import Shown
from unhurried.service.shared_care.rules import summaries as rules
from unhurried.service.shared_care.summary_sources import Handed
from unhurried.service.shared_care.summary_tables import fields, limit

PAGE = 25
State = RecordSummary.State


def _about(request: Request, patient: Patient, **more: object) -> dict[str, object]:
    return {
        "patient": patient, "banner": banner(patient, request.actor),
        "frame": "patients/about_person.html", "own": request.actor.role == "patient",
        "role": request.actor.role, **more,
    }  # fmt: skip


@require_safe
@guarded("record_summary", "r")
def summaries_waiting(request: Request) -> HttpResponse:
    """What waits for the practice, what came back, what is to be written."""
    actor = request.actor
    pages = Paginator(queries.waiting_seen(actor), PAGE).get_page(page_number(request))
    saw_many("record_summary", by=actor, patient_ids=[each.patient_id for each in pages])
    opens = actor.role in {"gp", "project_worker", "clinical_supervisor"}
    context = {
        "pages": pages, "role": actor.role, "opens": opens, "now": clock.now(),
        "to_write": queries.to_write(actor),
    }  # fmt: skip
    return page(request, "shared_care/summaries_waiting.html", context)


@require_safe
@guarded("record_summary", "r")
def summaries(request: Request, uuid: UUID) -> HttpResponse:
    """The person's summaries, the newest first."""
    patient = open_record(request.actor, uuid, "record_summary")
    rows = queries.summaries_of(request.actor, patient)
    pages = Paginator(rows, PAGE).get_page(page_number(request))
    shown = queries.shown(request.actor, patient, list(pages.object_list))
    context = _about(request, patient, pages=pages, shown=shown)
    return page(request, "shared_care/summaries.html", context)


@require_safe
@guarded("record_summary", "r")
def summary(request: Request, uuid: UUID, summary: UUID) -> HttpResponse:
    """One summary; for who writes it, as the GP will see it before it goes."""
    patient, found = _opened(request, uuid, summary, "r")
    return _summary(request, patient, found)


def _opened(request: Request, uuid: UUID, summary: UUID, action: str) -> tuple[Patient, Shown]:
    patient = open_record(request.actor, uuid, "record_summary", action)
    found = queries.summary_of(request.actor, patient, summary)
    if found is None:
        raise Http404
    return patient, found


def _summary(
    request: Request, patient: Patient, found: Shown, *, sentence: str = "",
    form: BecauseForm | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    """The page, with what this reader may do on it."""
    draft = found.row.state == State.DRAFT
    preview = queries.preview(request.actor, patient, found.row) if draft else None
    may = "record_summary" in things_open_to(request.actor, patient, "u")
    context = _about(
        request, patient, found=found, row=found.row, draft=draft, preview=preview,
        form=form or BecauseForm(), sentence=sentence, most=limit("characters"),
        answers=may and request.actor.role == "gp" and rules.waits_for_practice(found.row),
        writes=may and request.actor.role in queries.WRITERS,
    )  # fmt: skip
    return page(request, "shared_care/summary.html", context, status)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("record_summary", "c")
def write_summary(request: Request, uuid: UUID, kind: str, source: UUID) -> HttpResponseBase:
    """Fill in the lines; nothing goes before it was looked at on the next page."""
    patient = open_record(request.actor, uuid, "record_summary", "c")
    handed = queries.handed_in(request.actor, patient, kind, source)
    if handed is None:
        raise Http404
    draft = queries.draft_of(kind, source)
    sent = request.POST if request.method == "POST" else None
    form = SummaryForm(sent, kind=kind, initial=_start(patient, handed, draft))
    if sent is None or not form.is_valid():
        version = posted_version(request) if sent is not None else draft.version if draft else 0
        return _write(request, patient, handed, form, version)
    version = posted_version(request)
    try:
        done = attempt(form, lambda: _save(request, patient, handed, form, version))
    except ChangedMeanwhile as conflict:
        return _both(request, patient, handed, form, conflict)
    if done is None:
        return _write(request, patient, handed, form, version)
    messages.success(request, "Saved. Look at it as the GP will see it, then send it.")
    return redirect("shared_care:summary", uuid, done.uuid)


def _save(
    request: Request, patient: Patient, handed: Handed, form: SummaryForm, version: int
) -> RecordSummary:
    given = form.cleaned_data
    return operations.save_summary(
        by=request.actor, patient=patient, handed=handed, lines=form.lines,
        codes=given.get("codes", ()), heard=given["heard"], version=version,
        key=once_key(request),
    )  # fmt: skip


def _start(patient: Patient, handed: Handed, draft: RecordSummary | None) -> dict[str, Any]:
    if draft is not None:
        kept = summary_lines.kept_lines(draft)
        return SummaryForm.filled(kept, draft.codes, heard=draft.heard)
    first = summary_lines.first_lines(patient, handed)
    return SummaryForm.filled(first, [], heard=False)


def _both(
    request: Request, patient: Patient, handed: Handed, form: SummaryForm,
    conflict: ChangedMeanwhile,
) -> HttpResponse:  # fmt: skip
    current = conflict.current
    assert isinstance(current, RecordSummary)  # noqa: S101 - the operation's own
    kept = summary_lines.kept_lines(current)
    saved = SimpleNamespace(**SummaryForm.filled(kept, current.codes, heard=current.heard))
    names = tuple(each for each in form.fields if each != "codes")
    differing = both_versions(form, saved, names)
    more = {"differing": differing, "sentence": str(conflict)}
    return _write(request, patient, handed, form, current.version, 409, **more)


def _write(
    request: Request, patient: Patient, handed: Handed, form: SummaryForm, version: int,
    status: int = 200, **more: object,
) -> HttpResponse:  # fmt: skip
    known = summary_lines.taken(patient, handed)
    rows = [
        (
            field,
            form[f"text_{code}"] if field.typed else None,
            form[f"goes_{code}"],
            known.get(code),
        )
        for code, field in fields().items()
    ]
    context = _about(
        request, patient, form=form, handed=handed, rows=rows, version_now=version,
        shares=summary_lines.shares_with_gp(patient), **more,
    )  # fmt: skip
    return page(request, "shared_care/summary_write.html", context, status)


@require_POST
@guarded("record_summary", "u")
def send_summary(request: Request, uuid: UUID, summary: UUID) -> HttpResponseBase:
    """Send it to the practice."""
    return _done(
        request, uuid, summary, {"project_worker"}, "The summary is on its way to the practice.",
        lambda row: operations.send_summary(
            by=request.actor, summary=row, version=posted_version(request), key=once_key(request)
        ),
    )  # fmt: skip


@require_POST
@guarded("record_summary", "u")
def file_summary(request: Request, uuid: UUID, summary: UUID) -> HttpResponseBase:
    """The practice says that it is on the record."""
    return _done(
        request, uuid, summary, {"gp"}, "Thank you: it is noted as on the record.",
        lambda row: operations.file_summary(by=request.actor, summary=row, key=once_key(request)),
    )  # fmt: skip


@require_POST
@guarded("record_summary", "u")
def return_summary(request: Request, uuid: UUID, summary: UUID) -> HttpResponseBase:
    """The practice sends it back, and why."""
    form = BecauseForm(request.POST)
    return _done(
        request, uuid, summary, {"gp"}, "It went back to the project worker with your words.",
        lambda row: operations.return_summary(
            by=request.actor, summary=row, because=form.cleaned_data["because"],
            key=once_key(request),
        ),
        form,
    )  # fmt: skip


@require_POST
@guarded("record_summary", "u")
def leave_summary(request: Request, uuid: UUID, summary: UUID) -> HttpResponseBase:
    """The worker leaves one that came back as it is."""
    form = BecauseForm(request.POST)
    return _done(
        request, uuid, summary, {"project_worker"}, "It is left as it is. Nothing waits now.",
        lambda row: operations.leave_summary(
            by=request.actor, summary=row, because=form.cleaned_data["because"],
            key=once_key(request),
        ),
        form,
    )  # fmt: skip


def _done(
    request: Request, uuid: UUID, summary: UUID, roles: set[str], said: str,
    operation: Callable[[RecordSummary], RecordSummary], form: BecauseForm | None = None,
) -> HttpResponseBase:  # fmt: skip
    """Carry it out and go back to the summary; with a rule's sentence when it said no."""
    patient, found = _opened(request, uuid, summary, "u")
    if request.actor.role not in roles:
        raise Http404
    if form is not None and not form.is_valid():
        return _summary(request, patient, found, form=form)
    try:
        operation(found.row)
    except ChangedMeanwhile as conflict:
        return _summary(request, patient, found, sentence=str(conflict), status=409)
    except Refused as refusal:
        return _summary(request, patient, found, sentence=str(refusal), form=form)
    messages.success(request, said)
    return redirect("shared_care:summary", uuid, summary)
