"""Handing in records, confirming their columns, and what became of every row (ID-4)."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import TooManyFilesSent
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
)
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import once_key, page, refused
from unhurried.service.audit import clock
from unhurried.service.audit.refused import Refused
from unhurried.service.identification import columns as mapping
from unhurried.service.identification import operations, queries, rules, storing
from unhurried.service.identification.forms import ConfirmForm
from unhurried.service.identification.models import Extract
from unhurried.service.jobs import queries as jobs
from unhurried.service.patients.conflict import ChangedMeanwhile

ROOM_FOR_THE_FORM = 1_000_000  # bytes of a request that are not files


@require_safe
@guarded("extract", "r")
def extracts(request: Request) -> HttpResponse:
    """What was handed in, and the form to hand in more."""
    return _extracts(request)


def _extracts(
    request: HttpRequest, sentence: str = "", status: int = 200, number: str | int = 1
) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    practice = queries.practice_of(actor)
    context = {
        "pages": queries.extracts(actor, request.GET.get("page", number)),
        "folders": storing.server_folders(practice.ods_code),
        "sentences": [sentence] if sentence else [],
        "practice": practice,
        "most": f"{storing.most_bytes() // 1_000_000:,} MB",
        "days": storing.days_kept(),
    }
    return page(request, "identification/extracts.html", context, status)


@csrf_exempt  # checked below, once the size is known: the check itself reads the whole request
@require_http_methods(["POST"])
@guarded("extract", "c")
def hand_in(request: Request) -> HttpResponseBase:
    """Take in the files; too much is refused before it is read."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    if length > storing.most_bytes() + ROOM_FOR_THE_FORM:
        return _too_much(request)
    try:
        request.POST  # noqa: B018 - reads the request
    except TooManyFilesSent:
        sentence = "That is too many files at once: pack them as ZIP and hand that in."
        return _refusal(request, sentence)
    return _hand_in(request)


def _too_much(request: HttpRequest) -> HttpResponse:
    request.__dict__["_post"] = request.GET.__class__()  # leave what was sent unread
    request.__dict__["_files"] = {}
    return _refusal(request, storing.too_large(), 413)


def _refusal(request: HttpRequest, sentence: str, status: int = 200) -> HttpResponse:
    return _extracts(request, sentence, status)


@csrf_protect
def _hand_in(request: HttpRequest) -> HttpResponseBase:
    actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    try:
        done = operations.hand_in(
            by=actor, handed=request.FILES.getlist("files"), key=once_key(request)
        )
    except Refused as refusal:
        return _refusal(request, str(refusal))
    return _after(done)


@require_http_methods(["POST"])
@guarded("extract", "c")
def folder(request: Request) -> HttpResponseBase:
    """Take in what lies ready on the server for this practice."""
    try:
        done = operations.hand_in_folder(
            by=request.actor, name=request.POST.get("folder", ""), key=once_key(request)
        )
    except Refused as refusal:
        return _extracts(request, str(refusal))
    return _after(done)


def _after(done: operations.HandedIn) -> HttpResponseBase:
    extract = done.extract
    if not done.again and extract.state == Extract.State.TO_CONFIRM:
        return redirect("identification:columns", extract.uuid)
    again = "?again=1" if done.again else ""
    response = redirect("identification:extract", extract.uuid)
    response["Location"] += again
    return response


@require_safe
@guarded("extract", "r")
def extract(request: Request, uuid: UUID) -> HttpResponse:
    """How far the screening is, or what came of it."""
    found = queries.extract(request.actor, uuid)
    context = {
        "extract": found,
        "job": jobs.job(found.job) if found.job else None,
        "again": "again" in request.GET,
        "stale": jobs.staleness(clock.now()),
        "to_confirm": found.state == Extract.State.TO_CONFIRM,
        "under_way": found.state in (Extract.State.WAITING, Extract.State.RUNNING),
        "put_aside": found.state == Extract.State.PUT_ASIDE,
        "kept_until": queries.files_kept_until(found),
        "days": storing.days_kept(),
    }
    return page(request, "identification/extract.html", context)


@require_safe
@guarded("extract", "r")
def progress(request: Request, uuid: UUID) -> JsonResponse:
    """The same for a script that looks again by itself."""
    found = queries.extract(request.actor, uuid, shown=False)
    job = jobs.job(found.job) if found.job else None
    return JsonResponse(
        {
            "over": found.state not in (Extract.State.WAITING, Extract.State.RUNNING)
            or (job is not None and job.state == "parked"),
            "message": job.message if job else "",
            "done": job.done_steps if job else 0,
            "all": job.all_steps if job else 0,
        }
    )


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("extract", "c")
def columns(request: Request, uuid: UUID) -> HttpResponseBase:
    """Look at the columns, correct them, and start the screening."""
    found = queries.extract(request.actor, uuid)
    if not storing.records_of(found.uuid).is_dir():
        back = reverse("identification:extract", args=[found.uuid])
        return refused(request, rules.FILES_GONE, back=back)
    if request.method == "POST":
        return _confirm(request, found)
    form = ConfirmForm(initial={"version": found.version, "looks_from": found.looks_from})
    return _columns(request, found, form)


def _columns(
    request: Request, found: Extract, form: ConfirmForm, sentences: tuple[str, ...] = (),
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    typed = request.POST.dict() if request.method == "POST" else {}
    known = found.column_map or queries.saved_columns(found.practice)
    seen = mapping.look(found.uuid, known, typed) if found.format == "csv" else None
    context = {"extract": found, "form": form, "look": seen, "sentences": sentences}
    return page(request, "identification/columns.html", context, status)


def _confirm(request: Request, found: Extract) -> HttpResponseBase:
    form = ConfirmForm(request.POST)
    if not form.is_valid() or "look" in request.POST:
        return _columns(request, found, form)
    known = found.column_map or queries.saved_columns(found.practice)
    try:
        chosen = ""
        if found.format == "csv":
            chosen = mapping.confirmed(found.uuid, known, request.POST.dict())
        operations.confirm(
            by=request.actor, extract=found, column_map=chosen,
            looks_from=form.cleaned_data["looks_from"], version=form.cleaned_data["version"],
            key=once_key(request),
        )  # fmt: skip
    except ChangedMeanwhile:
        sentence = "Somebody else confirmed these columns meanwhile: look at the result first."
        return _columns(request, found, form, (sentence,), 409)
    except Refused as refusal:
        return _columns(request, found, form, (str(refusal),))
    return redirect("identification:extract", found.uuid)


@require_http_methods(["POST"])
@guarded("extract", "c")
def put_aside(request: Request, uuid: UUID) -> HttpResponseBase:
    """Records that are not to be screened after all."""
    found = queries.extract(request.actor, uuid)
    back = reverse("identification:extract", args=[found.uuid])
    text = request.POST.get("version", "")
    version = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    try:
        operations.put_aside(
            by=request.actor, extract=found, version=version, key=once_key(request)
        )
    except ChangedMeanwhile:
        return refused(request, "Somebody changed this meanwhile: look at it again.", back=back)
    except Refused as refusal:
        return refused(request, str(refusal), back=back)
    return redirect("identification:extract", found.uuid)


@require_safe
@guarded("extract", "r")
def rejects(request: Request, uuid: UUID) -> HttpResponseBase:
    """The rows that could not be used, as a CSV file that no spreadsheet takes for formulas."""
    found = queries.extract(request.actor, uuid)
    path = storing.folder_of(found.uuid) / "rejects.csv"
    if found.state != Extract.State.DONE or not path.is_file():
        sentence = "The list of rows is not kept here any more: hand the records in again."
        back = reverse("identification:extract", args=[found.uuid])
        return refused(request, sentence, back=back)
    return FileResponse(
        path.open("rb"), as_attachment=True, filename="rows-not-used.csv",
        content_type="text/csv; charset=utf-8",
    )  # fmt: skip
