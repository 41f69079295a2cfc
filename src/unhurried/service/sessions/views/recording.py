"""Sessions: record one in under three minutes, read it, correct it, what was shared (SES-1)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import once_key, page
from unhurried.service.audit import clock
from unhurried.service.audit.operations import SentTwiceDifferently
from unhurried.service.patients.access import open_record, things_open_to
from unhurried.service.patients.models import Patient, SafetyAlert
from unhurried.service.patients.queries import carers_of
from unhurried.service.patients.views.common import attempt, page_number
from unhurried.service.sessions import library, operations, queries
from unhurried.service.sessions.forms import CorrectionForm, GuestsForm, SessionForm
from unhurried.service.sessions.models import Appointment, Session
from unhurried.service.sessions.rules import why_not_recorded
from unhurried.service.sessions.tables import advice, names
from unhurried.service.sessions.views.shared import about, attempt_over, opened_session
from unhurried.service.shared_care.queries.summaries import about_source

PAGE = 20
OWN = frozenset({"patient", "carer"})


@require_safe
@guarded("session", "r")
def sessions(request: Request, uuid: UUID) -> HttpResponseBase:
    """What is booked, what was done, and with whom; a GP reads days, kinds and summaries."""
    if request.actor.role in OWN:
        return redirect("sessions:recaps", uuid)
    patient = open_record(request.actor, uuid, "session")
    pages = Paginator(queries.sessions_of(patient), PAGE).get_page(page_number(request))
    whole = queries.reads_all(request.actor)
    coming = list(queries.coming(patient)[:30])
    context = about(
        request, patient, pages=pages, whole=whole, coming=coming,
        ready={each.pk for each in coming if not why_not_recorded(each, clock.now())},
        rows=queries.as_seen(request.actor, patient, pages.object_list),
        not_said=list(queries.not_said(patient)[:30]) if whole else [],
        not_held=list(queries.not_held(patient)[:PAGE]) if whole else [],
        continuity=queries.continuity(patient) if whole else None,
        given=list(queries.resources_given(patient)[:PAGE]) if whole else [],
        may="session" in things_open_to(request.actor, patient, "c"),
        wanted=queries.to_bring_up(request.actor, patient),
        reasons=names("missed_reasons"), cancelled=names("cancelled_by"),
    )  # fmt: skip
    return page(request, "sessions/sessions.html", context)


@require_safe
@guarded("session", "r")
def session(request: Request, uuid: UUID, session: UUID) -> HttpResponse:
    """One session as the reader may see it."""
    if request.actor.role in OWN:
        raise Http404
    patient, found = opened_session(request, uuid, session, "r")
    seen = queries.as_seen(request.actor, patient, [found])[0]
    readable = "record_summary" in things_open_to(request.actor, patient)
    context = about(
        request, patient, seen=seen, hears=names("hears"),
        may="session" in things_open_to(request.actor, patient, "u"),
        writes_summary="record_summary" in things_open_to(request.actor, patient, "c"),
        summary=about_source(request.actor, patient, "session", found.uuid) if readable else None,
    )  # fmt: skip
    return page(request, "sessions/session.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("session", "c")
def record(request: Request, uuid: UUID) -> HttpResponseBase:
    """Record a session, from an appointment or on its own."""
    patient = open_record(request.actor, uuid, "session", "c")
    meeting = _meeting(request, patient)
    if meeting and request.method != "POST" and why_not_recorded(meeting, clock.now()):
        return redirect("sessions:appointment", uuid, meeting.uuid)  # which says why
    form = _form(request, patient, meeting)
    if request.method == "POST" and form.is_valid():
        done = _record(request, patient, meeting, form)
        if done is not None:
            return _recorded(request, patient, done)
    context = about(
        request, patient, form=form, meeting=meeting, leaving_advice=advice("leaving"),
        believed_advice=advice("believed"), wanted=queries.to_bring_up(request.actor, patient),
        alerts=_keep_safe(request, patient),
    )  # fmt: skip
    return page(request, "sessions/record.html", context)


def _record(
    request: Request, patient: Patient, meeting: Appointment | None, form: SessionForm
) -> Session | None:
    """The session; None when a rule said no. A form sent before says what it says now, too."""
    try:
        return attempt_over(
            form,
            lambda: operations.record_session(
                by=request.actor, patient=patient, held=form.held, appointment=meeting,
                key=once_key(request),
            ),
        )  # fmt: skip
    except SentTwiceDifferently as sent:
        if not _keep_safe(request, patient):
            raise
        form.add_error(None, str(sent))
        return None


def _keep_safe(request: Request, patient: Patient) -> list[SafetyAlert]:
    """The alert of somebody who left not safe, raised though the form could not be saved."""
    return operations.keep_safe(
        by=request.actor, patient=patient, leaving=request.POST.getlist("leaving"),
        key=once_key(request),
    )  # fmt: skip


def _recorded(request: Request, patient: Patient, done: Session) -> HttpResponseBase:
    """On to the session; to what must be done today when the person left not safe."""
    alert = queries.alert_from(done)
    if alert is not None:
        messages.warning(request, "The session is saved and the alert is raised.")
        return redirect("patients:alert", patient.uuid, alert.uuid)
    messages.success(request, "The session is saved.")
    return redirect("sessions:session", patient.uuid, done.uuid)


def _meeting(request: Request, patient: Patient) -> Appointment | None:
    """The appointment the session is of, as the address or the form says; None for a walk-in."""
    text = (request.POST if request.method == "POST" else request.GET).get("appointment", "")
    if not text:
        return None
    try:
        found = queries.appointment_of(patient, UUID(text))
    except ValueError as error:
        raise Http404 from error
    if found is None:
        raise Http404
    return found


def _form(request: Request, patient: Patient, meeting: Appointment | None) -> SessionForm:
    kinds = [
        (each.code, each.name)
        for each in queries.catalogue(request.actor.organisation_id)
        if each.offered
    ]
    restricted = "restricted_note" in things_open_to(request.actor, patient, "c")
    return SessionForm(
        request.POST if request.method == "POST" else None, kinds=kinds,
        library=library.resources(), carers=carers_of(patient), restricted=restricted,
        initial=_start(meeting),
    )  # fmt: skip


def _start(meeting: Appointment | None) -> dict[str, Any]:
    """When and where, filled in: the appointment's, or now."""
    if meeting is None:
        now = timezone.localtime(clock.now())
        return {"day": now.date(), "at": now.time().replace(second=0), "place": "practice"}
    local = timezone.localtime(meeting.starts_at)
    return {
        "day": local.date(), "at": local.time(), "minutes": meeting.minutes,
        "place": meeting.place, **GuestsForm.guests_from(queries.attendees_of(meeting)),
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("session", "u")
def correct(request: Request, uuid: UUID, session: UUID) -> HttpResponseBase:
    """Add a correction; the record stays as it was."""
    patient, found = opened_session(request, uuid, session, "u")
    seen = queries.as_seen(request.actor, patient, [found])[0]
    now = queries.component_codes(found)
    kinds = [
        (each.code, each.name)
        for each in queries.catalogue(found.episode.provider_id)
        if each.offered or each.code in now
    ]
    sent = request.POST if request.method == "POST" else None
    form = CorrectionForm(
        sent, kinds=kinds, with_note=seen.note is not None, initial={"components": now}
    )
    if sent is not None and form.is_valid():
        given = form.cleaned_data
        if attempt(
            form,
            lambda: operations.correct_session(
                by=request.actor, session=found, text=given["text"],
                components=given["components"], note=given.get("note", ""),
                key=once_key(request),
            ),
        ):  # fmt: skip
            messages.success(request, "The correction is added.")
            return redirect("sessions:session", uuid, session)
    return page(request, "sessions/correct.html", about(request, patient, form=form, seen=seen))


@require_safe
@guarded("session", "r")
def recaps(request: Request, uuid: UUID) -> HttpResponse:
    """What the person takes home from each session, and what is booked: only what was shared."""
    patient = open_record(request.actor, uuid, "session")
    if request.actor.role == "gp":
        raise Http404
    seen = things_open_to(request.actor, patient)
    pages = Paginator(queries.recaps(request.actor, patient), PAGE).get_page(page_number(request))
    is_carer = request.actor.role == "carer"
    context = about(
        request, patient, pages=pages, own=request.actor.role == "patient",
        coming=list(queries.coming(patient)[:30]) if "appointment" in seen else [],
        readable={each.code for each in library.resources()},
        given=[] if is_carer else list(queries.resources_given(patient)[:PAGE]),
    )  # fmt: skip
    return page(request, "sessions/recaps.html", context)
