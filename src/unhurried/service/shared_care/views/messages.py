"""Messages about a person between worker and practice, with who has read them (COM-2)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import once_key, page
from unhurried.service.patients.access import open_record, things_open_to
from unhurried.service.patients.models import Patient
from unhurried.service.patients.views.common import attempt, page_number
from unhurried.service.shared_care.forms.tasks import MessageForm, WriteForm
from unhurried.service.shared_care.models.messages import Thread, ThreadMessage
from unhurried.service.shared_care.operations import messages as operations
from unhurried.service.shared_care.queries import messages as queries
from unhurried.service.shared_care.queries.tasks import task_of, tasks_of_thread
from unhurried.service.shared_care.rules.messages import LONGEST_SUBJECT
from unhurried.service.shared_care.views.tasks import about, show_task

PAGE = 25
SENT = "Sent. You see here when somebody there has read it."


@require_safe
@guarded("gp_message", "r")
def threads(request: Request, uuid: UUID) -> HttpResponse:
    """The conversations about one person, the last written to first."""
    patient = open_record(request.actor, uuid, "gp_message")
    pages = Paginator(queries.threads_about(patient), PAGE).get_page(page_number(request))
    may = "gp_message" in things_open_to(request.actor, patient, "c")
    context = about(request, patient, pages=pages, may=may)
    return page(request, "shared_care/threads.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("gp_message", "c")
def write(request: Request, uuid: UUID) -> HttpResponseBase:
    """Begin a conversation about the person."""
    patient = open_record(request.actor, uuid, "gp_message", "c")
    sent = request.POST if request.method == "POST" else None
    form = WriteForm(sent)
    if sent is not None and form.is_valid():
        done = attempt(
            form,
            lambda: operations.open_thread(
                by=request.actor, patient=patient, subject=form.cleaned_data["subject"],
                text=form.cleaned_data["text"], key=once_key(request),
            ),
        )  # fmt: skip
        if done is not None:
            messages.success(request, SENT)
            return redirect("shared_care:thread", uuid, done.thread.uuid)
    return page(request, "shared_care/thread_new.html", about(request, patient, form=form))


@require_POST
@guarded("gp_message", "c")
def write_back(request: Request, uuid: UUID, task: UUID) -> HttpResponseBase:
    """Write to the other team about what was asked; one conversation a task."""
    patient = open_record(request.actor, uuid, "gp_message", "c")
    found = task_of(patient, task)
    if found is None:
        raise Http404
    form = MessageForm(request.POST)
    if form.is_valid():
        done = attempt(
            form,
            lambda: operations.open_thread(
                by=request.actor, patient=patient, subject=found.sentence[:LONGEST_SUBJECT],
                text=form.cleaned_data["text"], task=found, key=once_key(request),
            ),
        )  # fmt: skip
        if done is not None:
            messages.success(request, SENT)
            return redirect("shared_care:thread", uuid, done.thread.uuid)
    return show_task(request, patient, found, writing=form)


def _found(request: Request, uuid: UUID, thread: UUID, action: str) -> tuple[Patient, Thread]:
    patient = open_record(request.actor, uuid, "gp_message", action)
    found = queries.thread_of(patient, thread)
    if found is None:
        raise Http404
    return patient, found


@require_safe
@guarded("gp_message", "r")
def thread(request: Request, uuid: UUID, thread: UUID) -> HttpResponse:
    """One conversation; what the page shows is noted as read, for the other side to see."""
    patient, found = _found(request, uuid, thread, "r")
    if request.method == "GET":
        operations.note_read(
            by=request.actor, thread=found, shown=_shown(request, found).object_list
        )
    return _thread(request, patient, found, MessageForm())


def _shown(request: Request, found: Thread) -> Page[ThreadMessage]:
    return Paginator(queries.messages_of(found), PAGE).get_page(page_number(request))


def _thread(
    request: Request, patient: Patient, found: Thread, form: MessageForm
) -> HttpResponse:  # fmt: skip
    pages = _shown(request, found)
    context = about(
        request, patient, thread=found, pages=pages, form=form,
        rows=queries.said(request.actor, pages.object_list), tasks=tasks_of_thread(found),
        may="gp_message" in things_open_to(request.actor, patient, "c"),
    )  # fmt: skip
    return page(request, "shared_care/thread.html", context)


@require_POST
@guarded("gp_message", "c")
def reply(request: Request, uuid: UUID, thread: UUID) -> HttpResponseBase:
    """Another message in the conversation."""
    patient, found = _found(request, uuid, thread, "c")
    form = MessageForm(request.POST)
    if form.is_valid():
        done = attempt(
            form,
            lambda: operations.reply(
                by=request.actor, thread=found, text=form.cleaned_data["text"],
                key=once_key(request),
            ),
        )  # fmt: skip
        if done is not None:
            messages.success(request, SENT)
            return redirect("shared_care:thread", uuid, thread)
    return _thread(request, patient, found, form)
