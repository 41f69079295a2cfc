"""When people can meet: propose times, answer, choose, set or move (MDT-2)."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import once_key, page, refused
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.views.common import attempt, posted_version
from unhurried.service.shared_care.forms.meetings import SuitsForm, TimeForm, TimesForm
from unhurried.service.shared_care.meeting_mail import when_words
from unhurried.service.shared_care.models.meetings import ReviewMeeting
from unhurried.service.shared_care.operations import meetings as operations
from unhurried.service.shared_care.operations import polls
from unhurried.service.shared_care.queries import meetings as queries
from unhurried.service.shared_care.rules.meetings import Unusual
from unhurried.service.shared_care.views.meetings import arranged, attempt_fresh


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("review_meeting", "u")
def meeting_times(request: Request, meeting: UUID) -> HttpResponseBase:
    """Propose some times for everybody to answer."""
    found = arranged(request, meeting)
    sent = request.POST if request.method == "POST" else None
    form = TimesForm(sent, initial={"minutes": found.minutes, "where": found.where})
    status = 200
    if sent is not None and form.is_valid():
        given = form.cleaned_data
        done, status = attempt_fresh(
            form, found,
            lambda: _warning(
                form,
                lambda: polls.propose_times(
                    by=request.actor, meeting=found, slots=given["slots"],
                    minutes=given["minutes"], where=given["where"],
                    version=posted_version(request), anyway=given["anyway"],
                    key=once_key(request),
                ),
            ),
        )  # fmt: skip
        if done:
            messages.success(request, "The times are proposed. Everybody invited is asked.")
            return redirect("shared_care:meeting", meeting)
    context = {
        "form": form, "meeting": found, "times": queries.open_times(found),
        "unusual": _is_unusual(form), "when": when_words,
    }  # fmt: skip
    return page(request, "shared_care/meeting_times.html", context, status)


def _warning(form: forms.Form, operation: object) -> object:
    """As the operation; an unusual time is pointed at, to be ticked."""
    assert callable(operation)  # noqa: S101 - for the type
    try:
        return operation()
    except Unusual:
        form.add_error("anyway", "Tick this if it is right all the same.")
        raise


def _is_unusual(form: forms.Form) -> bool:
    """Does the form show the box to tick?"""
    return bool(form["anyway"].errors or (form.is_bound and form["anyway"].value()))


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("review_meeting", "u")
def meeting_time(request: Request, meeting: UUID) -> HttpResponseBase:
    """Set the time, or move it."""
    found = arranged(request, meeting)
    if request.method != "POST":
        return _time(request, found, TimeForm(initial=_as_it_is(found)), found.version)
    form, version = TimeForm(request.POST), posted_version(request)
    if not form.is_valid():
        return _time(request, found, form, version)
    given = form.cleaned_data
    try:
        done = attempt(
            form,
            lambda: _warning(
                form,
                lambda: operations.set_time(
                    by=request.actor, meeting=found, slot=form.slot, minutes=given["minutes"],
                    where=given["where"], version=version, anyway=given["anyway"],
                    key=once_key(request),
                ),
            ),
        )  # fmt: skip
    except ChangedMeanwhile as conflict:
        found.refresh_from_db()
        return _time(request, found, form, found.version, str(conflict))
    if done is None:
        return _time(request, found, form, version)
    messages.success(request, "The time is set. Everybody invited gets it for their calendar.")
    return redirect("shared_care:meeting", meeting)


def _as_it_is(found: ReviewMeeting) -> dict[str, object]:
    values: dict[str, object] = {"minutes": found.minutes, "where": found.where}
    if found.starts_at is not None:
        local = timezone.localtime(found.starts_at)
        values |= {"day": local.date(), "at": local.time()}
    return values


def _time(
    request: Request, found: ReviewMeeting, form: TimeForm, version: int, sentence: str = ""
) -> HttpResponse:
    saved, differing = _as_it_is(found), []
    if sentence:
        for name in ("day", "at", "minutes", "where"):
            now, typed = saved.get(name), form.cleaned_data.get(name)
            if (now or "") != (typed or ""):
                differing.append((str(form[name].label), now, typed))
    context = {
        "form": form, "meeting": found, "version_now": version, "sentence": sentence,
        "differing": differing, "unusual": _is_unusual(form),
    }  # fmt: skip
    return page(request, "shared_care/meeting_time.html", context, 409 if sentence else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("meeting_answer", "u")
def meeting_answer(request: Request, meeting: UUID) -> HttpResponseBase:
    """Which of the times suit me."""
    found = queries.asked_meeting(request.actor, meeting)
    if found is None:
        raise Http404
    times = queries.open_times(found)
    said = {f"time_{pk}": suits for pk, suits in queries.my_answers(request.actor, found).items()}
    sent = request.POST if request.method == "POST" else None
    form = SuitsForm(sent, times=times, initial=said)
    if sent is not None and form.is_valid():
        done = attempt(
            form,
            lambda: polls.answer_times(
                by=request.actor, meeting=found, answers=form.answers, key=once_key(request)
            ),
        )
        if done is not None:
            messages.success(request, "Thank you. You can change your answers until it is set.")
            return redirect("shared_care:meeting", meeting)
    context = {"form": form, "meeting": found, "when": when_words}
    return page(request, "shared_care/meeting_answer.html", context)


@require_POST
@guarded("review_meeting", "u")
def meeting_choose(request: Request, meeting: UUID) -> HttpResponseBase:
    """Take one of the times proposed."""
    found = arranged(request, meeting)
    text = request.POST.get("time", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    back = redirect("shared_care:meeting", meeting)
    try:
        polls.choose_time(
            by=request.actor, meeting=found, time=number, version=posted_version(request),
            key=once_key(request),
        )  # fmt: skip
    except Refused as refusal:
        return refused(request, refusal, back=back.url)
    messages.success(request, "The time is set. Everybody invited gets it for their calendar.")
    return back
