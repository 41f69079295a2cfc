"""Talks about a person: write one down, read it, tell the person, put it right (COM-3, COM-4)."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import once_key, page
from unhurried.service.accounts.policy import roles
from unhurried.service.audit import clock
from unhurried.service.audit.operations import saw_many
from unhurried.service.patients.access import open_record, things_open_to
from unhurried.service.patients.models import Patient
from unhurried.service.patients.queries import banner
from unhurried.service.patients.views.common import attempt, page_number
from unhurried.service.shared_care.forms.discussions import DiscussionForm, LineForm
from unhurried.service.shared_care.forms.presence import TellingForm
from unhurried.service.shared_care.models import Discussion
from unhurried.service.shared_care.operations import discussions as operations
from unhurried.service.shared_care.queries import discussions as queries
from unhurried.service.shared_care.queries.taking_part import may_take_part

PAGE = 25


def _about(request: Request, patient: Patient, **more: object) -> dict[str, object]:
    return {
        "patient": patient, "banner": banner(patient, request.actor),
        "frame": "patients/about_person.html", "own": request.actor.role == "patient", **more,
    }  # fmt: skip


@require_safe
@guarded("discussion", "r")
def discussions(request: Request, uuid: UUID) -> HttpResponse:
    """Every talk about the person, the newest first; to the person, what they were told."""
    patient = open_record(request.actor, uuid, "discussion")
    rows = queries.discussions_of(request.actor, patient)
    pages = Paginator(rows, PAGE).get_page(page_number(request))
    context = _about(
        request, patient, pages=pages,
        shown=[queries.as_shown(request.actor, row) for row in pages.object_list],
        may="discussion" in things_open_to(request.actor, patient, "c"),
    )  # fmt: skip
    return page(request, "shared_care/discussions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("discussion", "c")
def note_discussion(request: Request, uuid: UUID) -> HttpResponseBase:
    """Write a talk down, in under a minute."""
    patient = open_record(request.actor, uuid, "discussion", "c")
    sent = request.POST if request.method == "POST" else None
    people = [
        (str(each.pk), f"{each.user.full_name}, {roles()[each.role].name}")
        for each in may_take_part(patient)
    ]
    start = {"on": clock.today(), "how": "corridor", "members": [str(request.actor.membership_id)]}
    me = str(request.actor.membership_id)
    tellers = [each for each in people if each[0] != me]
    form = DiscussionForm(sent, members=people, tellers=tellers, initial=start)
    if sent is not None and form.is_valid():
        done = attempt(
            form,
            lambda: operations.note_discussion(
                by=request.actor, patient=patient, talk=form.talk, said=form.said,
                key=once_key(request),
            ),
        )  # fmt: skip
        if done is not None:
            messages.success(request, "The talk is written down.")
            return redirect("shared_care:discussion", uuid, done.uuid)
    return page(request, "shared_care/discussion_note.html", _about(request, patient, form=form))


@require_safe
@guarded("discussion", "r")
def discussion(request: Request, uuid: UUID, discussion: UUID) -> HttpResponse:
    """One talk, as the reader may see it."""
    patient, found = _opened(request, uuid, discussion, "r")
    return _discussion(request, patient, found)


@require_http_methods(["POST"])
@guarded("discussion", "c")
def tell_person(request: Request, uuid: UUID, discussion: UUID) -> HttpResponseBase:
    """Note that the person has been told, or would rather not know."""
    patient, found = _opened(request, uuid, discussion, "c")
    form = TellingForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        if attempt(
            form,
            lambda: operations.tell_person(
                by=request.actor, discussion=found, told=given["told"], told_on=given["told_on"],
                told_what=given["told_what"], key=once_key(request),
            ),
        ):  # fmt: skip
            messages.success(request, "Noted.")
            return redirect("shared_care:discussion", uuid, discussion)
    return _discussion(request, patient, found, telling=form)


@require_http_methods(["POST"])
@guarded("discussion", "c")
def add_line(request: Request, uuid: UUID, discussion: UUID) -> HttpResponseBase:
    """Add a line that puts something right; what was written stays."""
    patient, found = _opened(request, uuid, discussion, "c")
    form = LineForm(request.POST)
    if form.is_valid():
        text = form.cleaned_data["text"]
        if attempt(
            form,
            lambda: operations.add_line(
                by=request.actor, discussion=found, text=text, key=once_key(request)
            ),
        ):
            messages.success(request, "The line is added.")
            return redirect("shared_care:discussion", uuid, discussion)
    return _discussion(request, patient, found, line=form)


def _opened(
    request: Request, uuid: UUID, discussion: UUID, action: str
) -> tuple[Patient, Discussion]:
    patient = open_record(request.actor, uuid, "discussion", action)
    found = queries.discussion_of(request.actor, patient, discussion)
    if found is None:
        raise Http404
    return patient, found


def _discussion(
    request: Request, patient: Patient, found: Discussion, *,
    telling: forms.Form | None = None, line: forms.Form | None = None,
) -> HttpResponse:  # fmt: skip
    """The page of a talk, with the forms of whoever may write on it."""
    may = "discussion" in things_open_to(request.actor, patient, "c")
    untold = found.told_at is None
    context = _about(
        request, patient, shown=queries.as_shown(request.actor, found),
        telling=(telling or TellingForm())
        if may and untold else None,
        line=(line or LineForm()) if may else None,
    )  # fmt: skip
    return page(request, "shared_care/discussion.html", context)


@require_safe
@guarded("discussion", "r")
def to_tell(request: Request) -> HttpResponseBase:
    """Talks people have not been told of yet, the oldest first; for those who tell them."""
    if request.actor.role == "patient":
        return redirect("web:home")
    rows = queries.to_tell(request.actor)
    pages = Paginator(rows, PAGE).get_page(page_number(request))
    people = [row.patient_id for row in pages.object_list]
    saw_many("discussion", by=request.actor, patient_ids=people, note="list")
    now = clock.now()
    late = {row.pk for row in pages.object_list if row.late_from and row.late_from <= now}
    return page(request, "shared_care/discussions_to_tell.html", {"pages": pages, "late": late})
