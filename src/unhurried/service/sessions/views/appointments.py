"""One person's appointments: book, look, change, cancel, say that nobody met (CON-3, CON-5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import once_key, page
from unhurried.service.audit import clock
from unhurried.service.patients.access import open_record, things_open_to
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.models import Patient
from unhurried.service.patients.queries import carers_of
from unhurried.service.patients.views.common import attempt, posted_version
from unhurried.service.sessions import operations, queries
from unhurried.service.sessions.forms import AppointmentForm, CancelForm, GuestsForm, MissedForm
from unhurried.service.sessions.ics import file_of
from unhurried.service.sessions.models import Appointment, Attendee
from unhurried.service.sessions.operations import Guest
from unhurried.service.sessions.rules import why_not_recorded
from unhurried.service.sessions.tables import names, places
from unhurried.service.sessions.views.shared import about, attempt_over, opened


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("appointment", "c")
def book(request: Request, uuid: UUID) -> HttpResponseBase:
    """Book one appointment, or a row of them."""
    patient = open_record(request.actor, uuid, "appointment", "c")
    hosts = queries.hosts(request.actor, patient)
    sent = request.POST if request.method == "POST" else None
    form = AppointmentForm(
        sent, carers=carers_of(patient),
        workers=[(str(each.pk), each.user.full_name) for each in hosts],
    )  # fmt: skip
    if sent is not None and form.is_valid():
        host = next((h for h in hosts if str(h.pk) == form.cleaned_data.get("worker")), None)
        made = attempt_over(
            form,
            lambda: operations.book(
                by=request.actor, patient=patient, wanted=form.wanted, worker=host,
                guests=form.cleaned_data["guests"], over_reason=form.cleaned_data["over_reason"],
                key=once_key(request),
            ),
        )  # fmt: skip
        if made:
            words = "The appointment is" if len(made) == 1 else f"{len(made)} appointments are"
            messages.success(request, f"{words} booked.")
            return redirect("sessions:sessions", uuid)
    return page(request, "sessions/book.html", about(request, patient, form=form))


@require_safe
@guarded("appointment", "r")
def appointment(request: Request, uuid: UUID, appointment: UUID) -> HttpResponse:
    """One appointment; for a GP its day and kind only."""
    patient, found = opened(request, uuid, appointment, "r")
    whole = queries.reads_all(request.actor)
    may = "appointment" in things_open_to(request.actor, patient, "u")
    place = places().get(found.place)
    context = about(
        request, patient, appointment=found, whole=whole, may=may,
        place=place.name if place else found.place,
        attendees=queries.attendees_of(found) if whole else [], hears=names("hears"),
        reminder=queries.reminder_said(found) if whole else "",
        later=queries.later_of_series(found), passed=found.starts_at <= clock.now(),
        why_not=why_not_recorded(found, clock.now()),
        cancelled_by=queries.cancelled_by(found), missed_because=queries.missed_because(found),
        own=request.actor.role == "patient",
    )  # fmt: skip
    return page(request, "sessions/appointment.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("appointment", "c")
def change(request: Request, uuid: UUID, appointment: UUID) -> HttpResponseBase:
    """Another time, place or length, or others who come along."""
    patient, found = opened(request, uuid, appointment, "c")
    carers = carers_of(patient)
    if request.method != "POST":
        form = AppointmentForm(new=False, carers=carers, initial=_as_it_is(found))
        return _change(request, patient, found, form, found.version)
    form = AppointmentForm(request.POST, new=False, carers=carers)
    version = posted_version(request)
    if not form.is_valid():
        return _change(request, patient, found, form, version)
    try:
        done = attempt_over(
            form,
            lambda: operations.move(
                by=request.actor, appointment=found, wanted=form.wanted, version=version,
                guests=form.cleaned_data["guests"], over_reason=form.cleaned_data["over_reason"],
                key=once_key(request),
            ),
        )  # fmt: skip
    except ChangedMeanwhile as conflict:
        saved = _as_it_is(found) | {"guests": queries.attendees_of(found)}
        return _change(
            request, patient, found, form, found.version, 409, _differing(form, saved),
            str(conflict),
        )  # fmt: skip
    if done is None:
        return _change(request, patient, found, form, version)
    messages.success(request, "The appointment is changed.")
    return redirect("sessions:appointment", uuid, appointment)


def _as_it_is(found: Appointment) -> dict[str, Any]:
    local = timezone.localtime(found.starts_at)
    return {
        "day": local.date(), "at": local.time(), "minutes": found.minutes, "place": found.place,
        "where": found.where, "over_reason": found.over_reason,
        **GuestsForm.guests_from(queries.attendees_of(found)),
    }  # fmt: skip


def _differing(form: AppointmentForm, saved: dict[str, Any]) -> list[tuple[str, object, object]]:
    """What is saved now beside what was typed, where they differ."""
    found: list[tuple[str, object, object]] = []
    for name in ("day", "at", "minutes", "place", "where"):
        typed = form.cleaned_data.get(name)
        if (saved[name] or "") != (typed or ""):
            label = str(form[name].label)
            found.append((label, _said(name, saved[name]), _said(name, typed)))
    typed_guests = [
        replace(each, name=form.known[str(each.carer)], relationship="") if each.carer else each
        for each in form.cleaned_data["guests"]
    ]
    there, coming = _coming(saved["guests"]), _coming(typed_guests)
    if there != coming:
        found.append(("Who comes along", there, coming))
    return found


def _coming(guests: Sequence[Guest | Attendee]) -> str:
    """Who comes along and what each may hear."""
    said = []
    for each in guests:
        who = ", ".join(filter(None, (each.name, each.relationship)))
        limits = f"; not spoken of before them: {each.limits}" if each.limits else ""
        said.append(f"{who}: {names('hears')[each.hears].lower()}{limits}")
    return ". ".join(said)


def _said(name: str, value: Any) -> object:
    if name == "at" and value is not None:
        return f"{value:%H:%M}"
    place = places().get(str(value)) if name == "place" else None
    return place.name if place else value


def _change(
    request: Request, patient: Patient, found: Appointment, form: AppointmentForm, version: int,
    status: int = 200, differing: list[tuple[str, object, object]] | None = None,
    sentence: str = "",
) -> HttpResponse:  # fmt: skip
    context = about(
        request, patient, appointment=found, form=form, version_now=version, differing=differing,
        sentence=sentence,
    )  # fmt: skip
    return page(request, "sessions/change.html", context, status)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("appointment", "u")
def cancel(request: Request, uuid: UUID, appointment: UUID) -> HttpResponseBase:
    """Cancel it: the person themself, or the worker who says by whom."""
    patient, found = opened(request, uuid, appointment, "u")
    own = request.actor.role == "patient"
    sent = request.POST if request.method == "POST" else None
    form = CancelForm(sent, later=0 if own else queries.later_of_series(found), ask=not own)
    if sent is not None and form.is_valid():
        given = form.cleaned_data
        if attempt_changed(
            form,
            lambda: operations.cancel(
                by=request.actor, appointment=found, by_whom=given.get("by_whom", "person"),
                because=given["because"], rest_too=given.get("rest_too", False),
                version=posted_version(request), key=once_key(request),
            ),
        ):  # fmt: skip
            messages.success(request, "The appointment is cancelled. Nothing more is sent of it.")
            return redirect("sessions:recaps" if own else "sessions:sessions", uuid)
    context = about(
        request, patient, appointment=found, form=form, later=queries.later_of_series(found),
        own=own,
    )  # fmt: skip
    return page(request, "sessions/cancel.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("appointment", "c")
def missed(request: Request, uuid: UUID, appointment: UUID) -> HttpResponseBase:
    """Nobody met: what was found out, and what would suit better."""
    patient, found = opened(request, uuid, appointment, "c")
    sent = request.POST if request.method == "POST" else None
    start = {"reason": found.missed_because or "not_known", "found_out": found.found_out}
    form = MissedForm(sent, initial=start)
    if sent is not None and form.is_valid():
        given = form.cleaned_data
        if attempt_changed(
            form,
            lambda: operations.mark_missed(
                by=request.actor, appointment=found, reason=given["reason"],
                found_out=given["found_out"], version=posted_version(request),
                key=once_key(request),
            ),
        ):  # fmt: skip
            messages.success(request, "Noted. Book another time when it suits them.")
            return redirect("sessions:sessions", uuid)
    context = about(request, patient, appointment=found, form=form)
    return page(request, "sessions/missed.html", context)


def attempt_changed(form: CancelForm | MissedForm, operation: Any) -> object:
    """As `attempt`; somebody's change meanwhile is said on the form, what was typed is kept."""
    try:
        return attempt(form, operation)
    except ChangedMeanwhile:
        form.add_error(
            None, "Somebody changed this appointment meanwhile: look at it, then do this again."
        )
        return None


@require_safe
@guarded("appointment", "r")
def calendar_file(request: Request, uuid: UUID, appointment: UUID) -> HttpResponse:
    """The appointment for a calendar, in neutral words."""
    _patient, found = opened(request, uuid, appointment, "r")
    answer = HttpResponse(file_of(found), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    answer["Cache-Control"] = "no-store"
    return answer
