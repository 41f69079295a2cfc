"""Review meetings: the list, beginning one, who is invited, holding it or not (MDT-1, MDT-2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import once_key, page
from unhurried.service.accounts.policy import grant_for
from unhurried.service.audit import clock
from unhurried.service.audit.working_days import working_days_after
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.views.common import attempt, page_number, posted_version
from unhurried.service.shared_care.forms.meetings import (
    BeginForm,
    HeldForm,
    NotHeldForm,
    PeopleForm,
    WritingForm,
)
from unhurried.service.shared_care.meeting_mail import calendar_file, when_words
from unhurried.service.shared_care.meeting_tables import number, reason_hints, reasons
from unhurried.service.shared_care.models.meetings import ReviewMeeting
from unhurried.service.shared_care.operations import meetings as operations
from unhurried.service.shared_care.queries import agenda as agendas
from unhurried.service.shared_care.queries import meeting_figures as figures
from unhurried.service.shared_care.queries import meetings as queries
from unhurried.service.shared_care.queries.invited import may_be_invited

State = ReviewMeeting.State
YEAR = timedelta(days=365)


def opened(request: Request, uuid: UUID) -> ReviewMeeting:
    """The meeting, for somebody who may see it. Raises Http404."""
    found = queries.meeting_of(request.actor, uuid)
    if found is None:
        raise Http404
    return found


def arranged(request: Request, uuid: UUID) -> ReviewMeeting:
    """The meeting, for somebody who arranges it. Raises Http404."""
    if not queries.may_arrange(request.actor):
        raise Http404
    return opened(request, uuid)


def attempt_fresh(
    form: forms.Form, found: ReviewMeeting, operation: Callable[[], object]
) -> tuple[bool, int]:
    """Was it done, and with which status the form is shown again if not."""
    try:
        return attempt(form, operation) is not None, 200
    except ChangedMeanwhile:
        found.refresh_from_db()
        form.add_error(
            None,
            "Somebody changed this meeting while you were typing. It is now "
            f"“{found.get_state_display().lower()}”"
            + (f", {when_words(found)}" if found.starts_at else "")
            + ". What you typed is kept: look, then send again.",
        )
        return False, 409


@require_safe
@guarded("review_meeting", "r")
def meetings(request: Request) -> HttpResponse:
    """Meetings to come and those over, and planned against held."""
    actor = request.actor
    listed = queries.listing(actor, page_number(request))
    begins = grant_for(actor.role, "review_meeting", "c") is not None
    counted = None
    if actor.role == "service_manager" and actor.organisation_id is not None:
        counted = figures.meeting_figures(actor.organisation_id, clock.today() - YEAR)
    context = {
        "listed": listed, "begins": begins, "figures": counted, "when": when_words,
        "to_tell": agendas.listed_to_tell(actor),
    }  # fmt: skip
    return page(request, "shared_care/meetings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("review_meeting", "c")
def new_meeting(request: Request) -> HttpResponseBase:
    """Begin a meeting: of which practices."""
    circles = queries.circles(request.actor)
    sent = request.POST if request.method == "POST" else None
    form = BeginForm(sent, circles=circles) if circles else None
    if form is not None and sent is not None and form.is_valid():
        provider, practices = form.chosen
        made = attempt(
            form,
            lambda: operations.begin_meeting(
                by=request.actor, provider=provider, practices=practices, key=once_key(request)
            ),
        )
        if made is not None:
            messages.success(request, "The meeting is there. Choose who is invited.")
            return redirect("shared_care:meeting_people", made.uuid)
    return page(request, "shared_care/meeting_new.html", {"form": form})


@require_safe
@guarded("review_meeting", "r")
def meeting(request: Request, meeting: UUID) -> HttpResponse:
    """One meeting: when, who, what suits whom, and whom it is about."""
    found, actor = opened(request, meeting), request.actor
    people = queries.invited_to(found)
    agenda = agendas.agenda_of(actor, found)
    context: dict[str, Any] = {
        "meeting": found, "when": when_words, "people": people,
        "practices": queries.practice_names(found), "agenda": agenda,
        "poll": queries.poll(found, people) if found.state == State.FINDING else [],
        "arranges": queries.may_arrange(actor) and found.closed_at is None,
        "invited": any(each.invite.member_id == actor.membership_id for each in people),
        "adds": grant_for(actor.role, "meeting_item", "u") is not None and not found.closed_at,
        "begun": found.starts_at is not None and found.starts_at <= clock.now(),
        "reason": reasons().get(found.reason, ""), "hint": reason_hints().get(found.reason, ""),
        "late": found.closed_at is None and found.late_from and found.late_from <= clock.now(),
    }  # fmt: skip
    return page(request, "shared_care/meeting.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("review_meeting", "u")
def meeting_people(request: Request, meeting: UUID) -> HttpResponseBase:
    """Who is invited."""
    found = arranged(request, meeting)
    there = [each.invite.member for each in queries.invited_to(found)]
    may_be = {each.pk: each for each in [*there, *may_be_invited(found)]}
    choices = queries.as_choices(may_be.values())
    sent = request.POST if request.method == "POST" else None
    form = PeopleForm(sent, people=choices, initial={"members": [str(each.pk) for each in there]})
    status = 200
    if sent is not None and form.is_valid():
        members = [may_be[int(each)] for each in form.cleaned_data["members"]]
        done, status = attempt_fresh(
            form, found,
            lambda: operations.invite(
                by=request.actor, meeting=found, members=members,
                version=posted_version(request), key=once_key(request),
            ),
        )  # fmt: skip
        if done:
            messages.success(request, "Those ticked are invited.")
            return redirect("shared_care:meeting", meeting)
    context = {"form": form, "meeting": found}
    return page(request, "shared_care/meeting_people.html", context, status)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("review_meeting", "u")
def meeting_writing(request: Request, meeting: UUID) -> HttpResponseBase:
    """Write instead of meeting, until a day."""
    found = arranged(request, meeting)
    sent = request.POST if request.method == "POST" else None
    usual = working_days_after(clock.today(), number("writing"))
    form = WritingForm(sent, initial={"until": found.write_until or usual})
    status = 200
    if sent is not None and form.is_valid():
        done, status = attempt_fresh(
            form, found,
            lambda: operations.write_instead(
                by=request.actor, meeting=found, until=form.cleaned_data["until"],
                version=posted_version(request), key=once_key(request),
            ),
        )  # fmt: skip
        if done:
            messages.success(request, "The meeting is held in writing. Everybody is asked.")
            return redirect("shared_care:meeting", meeting)
    context = {"form": form, "meeting": found}
    return page(request, "shared_care/meeting_writing.html", context, status)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("review_meeting", "u")
def meeting_held(request: Request, meeting: UUID) -> HttpResponseBase:
    """It took place: who took part; whoever was not reached goes on the next agenda."""
    found = arranged(request, meeting)
    people = queries.invited_to(found)
    choices = [(str(each.pk), f"{each.name}, {each.role}") for each in people]
    wrote = [str(each.pk) for each in people if each.wrote]
    sent = request.POST if request.method == "POST" else None
    form = HeldForm(sent, people=choices, initial={"took_part": wrote})
    status = 200
    if sent is not None and form.is_valid():
        done, status = attempt_fresh(
            form, found,
            lambda: operations.hold(
                by=request.actor, meeting=found,
                took_part=[int(each) for each in form.cleaned_data["took_part"]],
                also_there=form.cleaned_data["also_there"],
                version=posted_version(request), key=once_key(request),
            ),
        )  # fmt: skip
        if done:
            messages.success(request, "Noted. The next meeting is there to be planned.")
            return redirect("shared_care:meeting", meeting)
    left = agendas.agenda_of(request.actor, found).undecided
    context = {"form": form, "meeting": found, "left": left}
    return page(request, "shared_care/meeting_held.html", context, status)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("review_meeting", "u")
def meeting_not_held(request: Request, meeting: UUID) -> HttpResponseBase:
    """It does not take place: what kept it from it, without blame."""
    found = arranged(request, meeting)
    sent = request.POST if request.method == "POST" else None
    form = NotHeldForm(sent)
    status = 200
    if sent is not None and form.is_valid():
        given = form.cleaned_data
        done, status = attempt_fresh(
            form, found,
            lambda: operations.not_held(
                by=request.actor, meeting=found, reason=given["reason"],
                because=given["because"], version=posted_version(request),
                key=once_key(request),
            ),
        )  # fmt: skip
        if done:
            messages.success(request, "Noted. The next meeting is there to be planned.")
            return redirect("shared_care:meeting", meeting)
    context = {"form": form, "meeting": found}
    return page(request, "shared_care/meeting_not_held.html", context, status)


@require_safe
@guarded("review_meeting", "r")
def meeting_file(request: Request, meeting: UUID) -> HttpResponse:
    """The meeting for a calendar; it names nobody."""
    found = opened(request, meeting)
    if found.starts_at is None:
        raise Http404
    cancelled = found.state == State.NOT_HELD
    made = calendar_file(found, cancelled=cancelled)
    answer = HttpResponse(made, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="meeting.ics"'
    answer["Cache-Control"] = "no-store"
    return answer
