"""The agenda of a review meeting: who could be on it, a person, what was decided, telling them."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import once_key, page
from unhurried.service.accounts.policy import grant_for
from unhurried.service.patients.access import open_record, things_open_to
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.models import Patient
from unhurried.service.patients.queries import banner, consent_in_force
from unhurried.service.patients.views.common import (
    attempt,
    both_versions,
    page_number,
    posted_version,
)
from unhurried.service.shared_care.forms.agenda import (
    CommentForm,
    DecideForm,
    ItemForm,
    TakeOffForm,
)
from unhurried.service.shared_care.forms.presence import TellingForm
from unhurried.service.shared_care.meeting_mail import when_words
from unhurried.service.shared_care.models.agenda import MeetingItem
from unhurried.service.shared_care.models.meetings import ReviewMeeting
from unhurried.service.shared_care.models.messages import Side
from unhurried.service.shared_care.operations import agenda as operations
from unhurried.service.shared_care.queries import agenda as queries
from unhurried.service.shared_care.queries.meetings import may_arrange
from unhurried.service.shared_care.queries.tasks import members_for
from unhurried.service.shared_care.views.meetings import opened as meeting_opened

FIELDS = ("why", "question", "wished", "they_know")


def _about(request: Request, patient: Patient, **more: object) -> dict[str, object]:
    return {
        "patient": patient, "banner": banner(patient, request.actor), "when": when_words,
        "frame": "patients/about_person.html", "own": request.actor.role == "patient", **more,
    }  # fmt: skip


def _opened(
    request: Request, uuid: UUID, item: UUID, action: str, *, taken_off: bool = False
) -> tuple[Patient, MeetingItem]:
    """The person and their item, for `action`. Raises Http404."""
    patient = open_record(request.actor, uuid, "meeting_item", action)
    found = queries.item_of(request.actor, patient, item, action, taken_off=taken_off)
    if found is None:
        raise Http404
    return patient, found


def _is_worker(request: Request) -> bool:
    return request.actor.role == "project_worker"


@require_safe
@guarded("review_meeting", "r")
def meeting_agenda(request: Request, meeting: UUID) -> HttpResponse:
    """Who is on it, and who could be, those flagged first with the reasons."""
    found = meeting_opened(request, meeting)
    adds = grant_for(request.actor.role, "meeting_item", "u") is not None
    pages = None
    if adds and found.closed_at is None:
        pages = queries.flagged_page(request.actor, found, page_number(request))
    context = {
        "meeting": found, "when": when_words, "pages": pages,
        "agenda": queries.agenda_of(request.actor, found),
    }  # fmt: skip
    return page(request, "shared_care/meeting_agenda.html", context)


@require_safe
@guarded("meeting_item", "r")
def meeting_items(request: Request, uuid: UUID) -> HttpResponse:
    """What review meetings said of one person; to themself, once they were told."""
    patient = open_record(request.actor, uuid, "meeting_item")
    own = request.actor.role == "patient"
    may = "meeting_item" in things_open_to(request.actor, patient, "u")
    context = _about(
        request, patient, items=queries.items_of_person(request.actor, patient), may=may,
        beforehand=queries.told_beforehand(request.actor, patient) if own else [],
        reasons=queries.reasons_for(request.actor, patient) if may else [],
    )  # fmt: skip
    return page(request, "shared_care/meeting_items.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("meeting_item", "u")
def meeting_add(request: Request, uuid: UUID) -> HttpResponseBase:
    """Put the person on the agenda of a meeting, with why and the question."""
    patient = open_record(request.actor, uuid, "meeting_item", "u")
    sent = request.POST if request.method == "POST" else None
    listed = queries.open_meetings(patient, on_too=sent is not None)
    meetings = {str(each.uuid): each for each in listed}
    why = queries.to_begin_with(request.actor, patient)
    form = ItemForm(
        sent, meetings=[(key, _named(each)) for key, each in meetings.items()],
        worker=_is_worker(request),
        initial={"meeting": request.GET.get("meeting", ""), "why": why},
    )  # fmt: skip
    if sent is not None and meetings and form.is_valid():
        given = form.cleaned_data
        made = attempt(
            form,
            lambda: operations.add_item(
                by=request.actor, patient=patient, meeting=meetings[given["meeting"]],
                why=given["why"], question=given["question"], wished=given["wished"],
                they_know=given.get("they_know", False), key=once_key(request),
            ),
        )  # fmt: skip
        if made is not None:
            messages.success(request, "They are on the agenda.")
            return redirect("shared_care:meeting_item", uuid, made.uuid)
    shares = consent_in_force(patient, "sharing", "specialist")
    context = _about(request, patient, form=form, shares=shares, meetings=meetings)
    return page(request, "shared_care/meeting_add.html", context)


def _named(meeting: ReviewMeeting) -> str:
    when = when_words(meeting) or f"{meeting.get_state_display().lower()}"
    return f"Review meeting, {when}"


@require_safe
@guarded("meeting_item", "r")
def meeting_item(request: Request, uuid: UUID, item: UUID) -> HttpResponse:
    """One person at one meeting: the question, what each thinks, what was decided."""
    patient, found = _opened(request, uuid, item, "r")
    return _item(request, patient, found)


def _item(
    request: Request, patient: Patient, found: MeetingItem, status: int = 200,
    **shown: forms.Form,
) -> HttpResponse:  # fmt: skip
    actor = request.actor
    may = "meeting_item" in things_open_to(actor, patient, "u")
    writes = queries.item_of(actor, patient, found.uuid, "c") is not None
    closed = found.meeting.closed_at is not None
    context = _about(
        request, patient, item=found, meeting=found.meeting, may=may,
        comments=[] if actor.role == "patient" else queries.comments_on(found),
        actions=queries.actions_of(found),
        comment=shown.get("comment", CommentForm()) if writes and (may or not closed) else None,
        telling=shown.get("telling", TellingForm()) if may and _to_tell(found) else None,
        off=shown.get("off", TakeOffForm()) if may and _still_open(found) else None,
        still_open=_still_open(found), arranges=may_arrange(actor),
        shares=consent_in_force(patient, "sharing", "specialist") if may else True,
    )  # fmt: skip
    return page(request, "shared_care/meeting_item.html", context, status)


def _still_open(item: MeetingItem) -> bool:
    over = item.decided_at or item.put_off_at or item.taken_off_at or item.meeting.closed_at
    return over is None


def _to_tell(item: MeetingItem) -> bool:
    return item.decided_at is not None and item.told_at is None and not item.rather_not_know


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("meeting_item", "u")
def meeting_amend(request: Request, uuid: UUID, item: UUID) -> HttpResponseBase:
    """Other words for the question, or what the person said of being there."""
    patient, found = _opened(request, uuid, item, "u")
    worker = _is_worker(request)
    if request.method != "POST":
        form = ItemForm(worker=worker, initial={each: getattr(found, each) for each in FIELDS})
        return _amend(request, patient, found, form, found.version)
    form, version = ItemForm(request.POST, worker=worker), posted_version(request)
    if not form.is_valid():
        return _amend(request, patient, found, form, version)
    given = form.cleaned_data
    try:
        done = attempt(
            form,
            lambda: operations.amend_item(
                by=request.actor, item=found, why=given["why"], question=given["question"],
                wished=given["wished"], they_know=given.get("they_know", found.they_know),
                version=version, key=once_key(request),
            ),
        )  # fmt: skip
    except ChangedMeanwhile as conflict:
        found.refresh_from_db()
        return _amend(request, patient, found, form, found.version, str(conflict))
    if done is None:
        return _amend(request, patient, found, form, version)
    messages.success(request, "Saved.")
    return redirect("shared_care:meeting_item", uuid, item)


def _amend(
    request: Request, patient: Patient, found: MeetingItem, form: ItemForm, version: int,
    sentence: str = "",
) -> HttpResponse:  # fmt: skip
    differing = both_versions(form, found, FIELDS) if sentence else []
    context = _about(
        request, patient, item=found, form=form, version_now=version, sentence=sentence,
        differing=differing,
    )  # fmt: skip
    return page(request, "shared_care/meeting_amend.html", context, 409 if sentence else 200)


@require_POST
@guarded("meeting_item", "u")
def meeting_take_off(request: Request, uuid: UUID, item: UUID) -> HttpResponseBase:
    """The person no longer stands on the agenda."""
    patient, found = _opened(request, uuid, item, "u", taken_off=True)
    form = TakeOffForm(request.POST)
    if form.is_valid():
        try:
            done = attempt(
                form,
                lambda: operations.take_off(
                    by=request.actor,
                    item=found,
                    because=form.cleaned_data["because"],
                    version=posted_version(request),
                    key=once_key(request),
                ),
            )
        except ChangedMeanwhile as conflict:
            form.add_error(None, str(conflict))
            found.refresh_from_db()
            return _item(request, patient, found, 409, off=form)
        if done is not None:
            messages.success(request, "They are no longer on the agenda.")
            return redirect("shared_care:meeting_items", uuid)
    return _item(request, patient, found, off=form)


@require_POST
@guarded("meeting_item", "c")
def meeting_comment(request: Request, uuid: UUID, item: UUID) -> HttpResponseBase:
    """Write what one thinks."""
    patient, found = _opened(request, uuid, item, "c")
    form = CommentForm(request.POST)
    if form.is_valid():
        done = attempt(
            form,
            lambda: operations.comment(
                by=request.actor, item=found, text=form.cleaned_data["text"],
                key=once_key(request),
            ),
        )  # fmt: skip
        if done is not None:
            messages.success(request, "Thank you. It is written down.")
            return redirect("shared_care:meeting_item", uuid, item)
    return _item(request, patient, found, comment=form)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("meeting_item", "u")
def meeting_decide(request: Request, uuid: UUID, item: UUID) -> HttpResponseBase:
    """What was decided, who does what, and the three answers about the person."""
    patient, found = _opened(request, uuid, item, "u")
    sent = request.POST if request.method == "POST" else None
    form = DecideForm(sent, teams=_teams(patient))
    status = 200
    if sent is not None and form.is_valid():
        given = form.cleaned_data
        try:
            done = attempt(
                form,
                lambda: operations.decide(
                    by=request.actor, item=found, said=given["talked"],
                    decision=given["decision"], presence=form.said, actions=form.actions,
                    version=posted_version(request), key=once_key(request),
                ),
            )  # fmt: skip
        except ChangedMeanwhile as conflict:
            form.add_error(None, str(conflict))
            found.refresh_from_db()
            done, status = None, 409
        if done is not None:
            messages.success(request, "The decision is written down, and what is to be done asked.")
            return redirect("shared_care:meeting_item", uuid, item)
    context = _about(
        request, patient, item=found, meeting=found.meeting, form=form,
        comments=queries.comments_on(found),
    )  # fmt: skip
    return page(request, "shared_care/meeting_decide.html", context, status)


def _teams(patient: Patient) -> list[tuple[str, str]]:
    """Who may be asked to do something: a team, or somebody of it."""
    found = []
    for side, words in ((Side.PRACTICE, "The practice"), (Side.PROVIDER, "The pain service")):
        found.append((str(side.value), f"{words}, whoever is there"))
        found += [
            (f"{side.value}:{each.pk}", each.user.full_name) for each in members_for(patient, side)
        ]
    return found


@require_POST
@guarded("meeting_item", "u")
def meeting_told(request: Request, uuid: UUID, item: UUID) -> HttpResponseBase:
    """The person has been told, or would rather not know."""
    patient, found = _opened(request, uuid, item, "u")
    form = TellingForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        done = attempt(
            form,
            lambda: operations.tell(
                by=request.actor, item=found, told=given["told"], on=given["told_on"],
                what=given["told_what"], key=once_key(request),
            ),
        )  # fmt: skip
        if done is not None:
            messages.success(request, "Noted. They can read it on their own place.")
            return redirect("shared_care:meeting_item", uuid, item)
    return _item(request, patient, found, telling=form)
