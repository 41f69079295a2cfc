"""Access problems: report one, look at it, put it right; the card for reception (COM-4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import once_key, page, refused
from unhurried.service.audit import clock
from unhurried.service.audit.operations import saw_many
from unhurried.service.paper import CannotRender
from unhurried.service.patients.access import open_record, things_open_to
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.models import Patient
from unhurried.service.patients.queries import banner
from unhurried.service.patients.tables import standing_statement
from unhurried.service.patients.views.common import attempt, page_number, posted_version
from unhurried.service.shared_care.access_words import card_pdf, kind_name, reception_card
from unhurried.service.shared_care.forms.access_problems import (
    LookForm,
    PutRightForm,
    ReopenForm,
    ReportForm,
)
from unhurried.service.shared_care.models import AccessProblem
from unhurried.service.shared_care.operations import access_problems as operations
from unhurried.service.shared_care.queries import access_problems as queries

PAGE = 25


def _about(request: Request, patient: Patient, **more: object) -> dict[str, object]:
    services = queries.services_for(request.actor)
    return {
        "patient": patient, "banner": banner(patient, request.actor),
        "frame": "patients/about_person.html", "own": request.actor.role == "patient",
        "statement": standing_statement(" and ".join(services) or "the service")[1],
        "kind_name": kind_name, "now": clock.now(), **more,
    }  # fmt: skip


@require_safe
@guarded("access_problem", "r")
def access_problems(request: Request, uuid: UUID) -> HttpResponse:
    """What was reported of this person, and where to report more."""
    patient = open_record(request.actor, uuid, "access_problem")
    rows = queries.problems_of(request.actor, patient)
    context = _about(
        request, patient, pages=Paginator(rows, PAGE).get_page(page_number(request)),
        may="access_problem" in things_open_to(request.actor, patient, "c"),
    )  # fmt: skip
    return page(request, "shared_care/access_problems.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("access_problem", "c")
def report_access_problem(request: Request, uuid: UUID) -> HttpResponseBase:
    """Say that somebody could not get to their GP: the person themself, or staff for them."""
    patient = open_record(request.actor, uuid, "access_problem", "c")
    sent = request.POST if request.method == "POST" else None
    own = request.actor.role == "patient"
    form = ReportForm(sent, own=own, initial={"on": clock.today()})
    if sent is not None and form.is_valid():
        done = attempt(
            form,
            lambda: operations.report_problem(
                by=request.actor, patient=patient, report=form.report, key=once_key(request)
            ),
        )
        if done is not None:
            messages.success(request, "Thank you for saying so. The practice has to answer now.")
            return redirect("shared_care:access_problem", uuid, done.uuid)
    context = _about(request, patient, form=form)
    return page(request, "shared_care/access_problem_report.html", context)


@require_safe
@guarded("access_problem", "r")
def access_problem(request: Request, uuid: UUID, problem: UUID) -> HttpResponse:
    """One problem: what happened, what was done, and what comes next."""
    patient, found = _opened(request, uuid, problem, "r")
    return _problem(request, patient, found)


@require_POST
@guarded("access_problem", "u")
def look_at_access_problem(request: Request, uuid: UUID, problem: UUID) -> HttpResponseBase:
    """Say that one looks at it."""
    patient, found = _opened(request, uuid, problem, "u")
    form = LookForm(request.POST)
    return _act(
        request, patient, found, form, "look", "Noted: you look at it.",
        lambda: operations.look_at(
            by=request.actor, problem=found, version=posted_version(request),
            key=once_key(request),
        ),
    )  # fmt: skip


@require_POST
@guarded("access_problem", "u")
def put_right_access_problem(request: Request, uuid: UUID, problem: UUID) -> HttpResponseBase:
    """Say what was done, and how the person was told."""
    patient, found = _opened(request, uuid, problem, "u")
    form = PutRightForm(request.POST)
    return _act(
        request, patient, found, form, "put_right", "Noted. Thank you for putting it right.",
        lambda: operations.put_right(
            by=request.actor, problem=found, done=form.cleaned_data["done"],
            told_how=form.cleaned_data["told_how"], version=posted_version(request),
            key=once_key(request),
        ),
    )  # fmt: skip


@require_POST
@guarded("access_problem", "c")
def reopen_access_problem(request: Request, uuid: UUID, problem: UUID) -> HttpResponseBase:
    """Say that it was not put right."""
    patient, found = _opened(request, uuid, problem, "c")
    form = ReopenForm(request.POST)
    return _act(
        request, patient, found, form, "reopen", "Thank you. It is open again.",
        lambda: operations.reopen(
            by=request.actor, problem=found, text=form.cleaned_data["text"],
            version=posted_version(request), key=once_key(request),
        ),
    )  # fmt: skip


def _act(
    request: Request, patient: Patient, found: AccessProblem, form: forms.Form, name: str,
    said: str, operation: Callable[[], AccessProblem],
) -> HttpResponseBase:  # fmt: skip
    """One step; the page again, with what was typed, when a rule or somebody else came between."""
    try:
        if form.is_valid() and attempt(form, operation) is not None:
            messages.success(request, said)
            return redirect("shared_care:access_problem", patient.uuid, found.uuid)
    except ChangedMeanwhile:
        form.add_error(
            None, "Somebody changed this meanwhile. Below is how it is now, and what you typed: "
            "look at both, then save what is right.",
        )  # fmt: skip
        now = queries.problem_of(request.actor, patient, found.uuid) or found
        return _problem(request, patient, now, 409, {name: form})
    return _problem(request, patient, found, 200, {name: form})


def _opened(
    request: Request, uuid: UUID, problem: UUID, action: str
) -> tuple[Patient, AccessProblem]:
    patient = open_record(request.actor, uuid, "access_problem", action)
    found = queries.problem_of(request.actor, patient, problem)
    if found is None:
        raise Http404
    return patient, found


def _problem(
    request: Request, patient: Patient, found: AccessProblem, status: int = 200,
    came_back: Mapping[str, forms.Form] | None = None,
) -> HttpResponse:  # fmt: skip
    """The page of one problem, with what this reader may do now; a form that came back stays."""
    over = found.state == AccessProblem.State.PUT_RIGHT
    may_act = not over and "access_problem" in things_open_to(request.actor, patient, "u")
    may_reopen = over and "access_problem" in things_open_to(request.actor, patient, "c")
    mine = found.looking_id is not None and found.looking_id == request.actor.membership_id
    back = dict(came_back or {})
    context = _about(
        request, patient, problem=found, steps=sorted(found.steps.all(), key=lambda each: each.pk),
        came_back=next(iter(back.values()), None), look=may_act and not mine,
        put_right=back.get("put_right") or (PutRightForm() if may_act else None),
        reopen=back.get("reopen") or (ReopenForm() if may_reopen else None),
    )  # fmt: skip
    return page(request, "shared_care/access_problem.html", context, status)


@require_safe
@guarded("access_problem", "r")
def all_access_problems(request: Request) -> HttpResponseBase:
    """Every problem the reader may know of, open ones first; for the manager also the counts."""
    if request.actor.role == "patient":
        return redirect("web:home")
    rows = queries.problems_seen(request.actor)
    pages = Paginator(rows, PAGE).get_page(page_number(request))
    people = [row.patient_id for row in pages.object_list]
    saw_many("access_problem", by=request.actor, patient_ids=people, note="list")
    manager = request.actor.role == "service_manager"
    counts = queries.counts_of_a_year(request.actor.organisation_id or 0) if manager else []
    context = {
        "pages": pages, "counts": counts, "manager": manager, "kinds": queries.kind_names(),
        "kind_name": kind_name, "now": clock.now(),
    }  # fmt: skip
    return page(request, "shared_care/access_problems_all.html", context)


@require_safe
@guarded("access_problem", "r")
def reception_card_pdf(request: Request) -> HttpResponse:
    """The card for reception, to print."""
    try:
        made = card_pdf(reception_card(queries.services_for(request.actor)))
    except CannotRender as problem:
        return refused(request, problem)
    headers = {"Content-Disposition": 'inline; filename="card-for-reception.pdf"'}
    return HttpResponse(made, content_type="application/pdf", headers=headers)
