"""Joining: the worker meets the person; consents, a project worker, a welcome (CON-2, EVA-4)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import once_key, page
from unhurried.service.audit.refused import Refused
from unhurried.service.joining import content, operations, queries
from unhurried.service.joining.forms import ASKED, EnrolForm, WorkerForm, versions_now
from unhurried.service.joining.operations.enrolment import Answer
from unhurried.service.joining.views.shared import add_refusal, to
from unhurried.service.patients.access import open_record
from unhurried.service.patients.models import Consent, Patient
from unhurried.service.patients.queries import banner
from unhurried.service.patients.tables import standing_statement, wording_now


@guarded("episode", "c")
@require_http_methods(["GET", "POST"])
def join(request: Request, uuid: UUID) -> HttpResponse:
    """Let a person join: read the statement, ask the consents, choose a project worker."""
    patient = open_record(request.actor, uuid, "episode", "u")
    provider = queries.provider_for(request.actor)
    rooms = queries.workers(provider)
    choices = [(str(each.membership.pk), each.words) for each in rooms]
    if request.method == "GET":
        mine = {"worker": str(request.actor.membership_id or "")}
        return _join_page(request, patient, EnrolForm(workers=choices, initial=mine), rooms)
    form = EnrolForm(request.POST, workers=choices)
    if not form.is_valid():
        return _join_page(request, patient, form, rooms)
    values = form.cleaned_data
    answers = [
        Answer(
            kind,
            values[kind] == "yes",
            values["how"],
            "gp" if kind == "sharing" else "",
            wording_now(kind).key,  # the one shown: the form has seen to it
        )
        for kind in map(str, ASKED)
        if values[kind] in {"yes", "no"}
    ]
    try:
        operations.enrol(
            by=request.actor, patient=patient, answers=answers,
            project_worker=queries.worker(provider, int(values["worker"])),
            statement_given=values["statement"], over_reason=values["over_reason"],
            key=once_key(request),
        )  # fmt: skip
    except Refused as refusal:
        return _join_page(request, patient, form, rooms, status=add_refusal(form, refusal))
    messages.success(request, "Welcome. They have joined, and the GP has been told.")
    return to("welcome", patient.uuid)


def _join_page(
    request: Request, patient: Patient, form: EnrolForm, rooms: list[queries.Room],
    *, status: int = 200,
) -> HttpResponse:  # fmt: skip
    provider = queries.provider_for(request.actor)
    return page(
        request, "joining/join.html",
        {
            "form": form, "shown": versions_now(),
            "patient": patient, "banner": banner(patient, request.actor),
            "rooms": rooms, "wordings": {str(kind): wording_now(kind) for kind in ASKED},
            "names": {str(kind): str(Consent.Kind(kind).label) for kind in ASKED},
            "statement": standing_statement(content.service_name(provider))[1],
            "full": all(each.room is not None and each.room <= 0 for each in rooms),
        },
        status=status,
    )  # fmt: skip


@guarded("episode", "r")
@require_GET
def welcome(request: Request, uuid: UUID) -> HttpResponse:
    """What a person who has joined is told: who, how to reach them, what stays as it is."""
    patient = open_record(request.actor, uuid, "episode", "r")
    found = queries.enrolment_of(patient)
    if found is None:
        raise Http404
    statement = standing_statement(content.service_name(found.episode.provider))[1]
    return page(
        request, "joining/welcome.html",
        {
            "enrolment": found, "patient": patient, "statement": statement,
            "service": content.service_name(found.episode.provider),
            "banner": banner(patient, request.actor), "role": request.actor.role,
        },
    )  # fmt: skip


@guarded("referral", "u")
@require_GET
def workers(request: Request) -> HttpResponse:
    """How many people each project worker has room for."""
    provider = queries.provider_for(request.actor)
    return page(
        request, "joining/workers.html",
        {"rooms": queries.everybody(provider), "role": request.actor.role,
         "own": request.actor.membership_id},
    )  # fmt: skip


@guarded("referral", "u")
@require_http_methods(["GET", "POST"])
def worker(request: Request, pk: int) -> HttpResponse:
    """What people choosing a project worker may read about one."""
    provider = queries.provider_for(request.actor)
    found = next((each for each in queries.everybody(provider) if each.membership.pk == pk), None)
    if found is None:
        raise Http404
    initial = {"languages": found.languages, "about": found.about}
    form = WorkerForm(request.POST or None, initial=initial)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            operations.describe_worker(
                by=request.actor, worker=found.membership, key=once_key(request),
                languages=form.cleaned_data["languages"], about=form.cleaned_data["about"],
            )  # fmt: skip
            return to("workers")
        except Refused as refusal:
            status = add_refusal(form, refusal)
    return page(request, "joining/worker.html", {"form": form, "room": found}, status=status)
