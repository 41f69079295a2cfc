"""Pages of one person in a handover: taken on or not, told how, what matters to them."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import once_key, page, refused
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.access import visible_patients
from unhurried.service.patients.views.common import attempt
from unhurried.service.team.forms.handover import BecauseForm, HandoverNoteForm, TellForm
from unhurried.service.team.models import Handover
from unhurried.service.team.operations import handover as operations
from unhurried.service.team.queries import handover as queries
from unhurried.service.team.views.handover import found


def _line(request: Request, uuid: UUID, person: UUID) -> tuple[Handover, queries.Line]:
    handover = found(request, uuid)
    line = queries.line_of(request.actor, handover, person)
    if line is None:
        raise Http404
    return handover, line


def _show(
    request: Request, handover: Handover, line: queries.Line, **sent: forms.Form
) -> HttpResponse:
    actor, row = request.actor, line.row
    opens = visible_patients(actor, "identity").filter(pk=row.patient_id).exists()
    told = {"how": row.told_how, "wishes": row.wishes}
    kept = {None: "", True: "yes", False: "no"}[row.keeps_back]
    context = {
        "handover": handover, "line": line, "row": row, "opens": opens,
        "note": queries.note_read(actor, row), "wrong": next(iter(sent.values()), None),
        "leaving": handover.kind == Handover.Kind.PROVIDER,
        "cannot": sent.get("cannot") or (BecauseForm() if line.answers else None),
        "noting": sent.get("noting") or (HandoverNoteForm() if line.may_note else None),
        "telling": sent.get("telling")
        or (TellForm(initial={**told, "keeps_back": kept}) if line.may_tell else None),
    }  # fmt: skip
    return page(request, "team/handed_person.html", context)


@require_safe
@guarded("handover", "r")
def person(request: Request, uuid: UUID, person: UUID) -> HttpResponse:
    """One person of a handover, with what can be done next."""
    return _show(request, *_line(request, uuid, person))


@require_POST
@guarded("handover", "u")
def accept(request: Request, uuid: UUID, person: UUID) -> HttpResponseBase:
    """Take the person on."""
    handover, line = _line(request, uuid, person)
    try:
        operations.accept(by=request.actor, row=line.row, key=once_key(request))
    except Refused as refusal:
        back = reverse("team:handed_person", args=[handover.uuid, line.row.uuid])
        return refused(request, refusal, back=back)
    messages.success(request, "You are their project worker now. Say hello in your own way.")
    return redirect("team:handed_person", uuid, person)


@require_POST
@guarded("handover", "u")
def cannot_take(request: Request, uuid: UUID, person: UUID) -> HttpResponseBase:
    """Say why it is not possible to take the person on."""
    handover, line = _line(request, uuid, person)
    form = BecauseForm(request.POST)
    if form.is_valid():
        done = attempt(
            form,
            lambda: operations.cannot_take(
                by=request.actor, row=line.row, because=form.cleaned_data["because"],
                key=once_key(request),
            ),
        )  # fmt: skip
        if done is not None:
            messages.success(request, "The manager asks somebody else.")
            return redirect("team:handovers")
    return _show(request, handover, line, cannot=form)


@require_POST
@guarded("handover", "u")
def tell(request: Request, uuid: UUID, person: UUID) -> HttpResponseBase:
    """Note that the person was told, and what they wish."""
    handover, line = _line(request, uuid, person)
    form = TellForm(request.POST)
    if form.is_valid():
        done = attempt(
            form,
            lambda: operations.tell(
                by=request.actor, row=line.row, how=form.cleaned_data["how"],
                wishes=form.cleaned_data["wishes"], keeps_back=form.choice,
                key=once_key(request),
            ),
        )  # fmt: skip
        if done is not None:
            messages.success(request, "Noted.")
            return redirect("team:handed_person", uuid, person)
    return _show(request, handover, line, telling=form)


@require_POST
@guarded("handover", "u")
def note(request: Request, uuid: UUID, person: UUID) -> HttpResponseBase:
    """Write what matters, in the person's words."""
    handover, line = _line(request, uuid, person)
    form = HandoverNoteForm(request.POST)
    if form.is_valid():
        done = attempt(
            form,
            lambda: operations.write_handover_note(
                by=request.actor, row=line.row, text=form.cleaned_data["text"],
                key=once_key(request),
            ),
        )  # fmt: skip
        if done is not None:
            messages.success(request, "Saved as an ordinary note. It goes along.")
            return redirect("team:handed_person", uuid, person)
    return _show(request, handover, line, noting=form)
