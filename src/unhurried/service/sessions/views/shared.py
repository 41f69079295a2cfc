"""What these pages share: a person around them, a day from an address, warnings on a form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar
from uuid import UUID

from django import forms
from django.http import Http404

from unhurried.service.accounts.guard import Request
from unhurried.service.patients.access import open_record
from unhurried.service.patients.models import Patient
from unhurried.service.patients.queries import banner
from unhurried.service.patients.views.common import attempt
from unhurried.service.sessions import queries
from unhurried.service.sessions.models import Appointment, Session
from unhurried.service.sessions.rules import GoesOver

T = TypeVar("T")


def about(request: Request, patient: Patient, **more: object) -> dict[str, object]:
    """The context of a page about a person."""
    shown = banner(patient, request.actor)
    return {"patient": patient, "banner": shown, "frame": "patients/about_person.html", **more}


def opened(
    request: Request, uuid: UUID, appointment: UUID, action: str
) -> tuple[Patient, Appointment]:
    """The person and their appointment, for `action`. Raises Http404."""
    patient = open_record(request.actor, uuid, "appointment", action)
    found = queries.appointment_of(patient, appointment)
    if found is None:
        raise Http404
    return patient, found


def opened_session(
    request: Request, uuid: UUID, session: UUID, action: str
) -> tuple[Patient, Session]:
    """The person and their session, for `action`. Raises Http404."""
    patient = open_record(request.actor, uuid, "session", action)
    found = queries.session_of(patient, session)
    if found is None:
        raise Http404
    return patient, found


def attempt_over(form: forms.Form, operation: Callable[[], T]) -> T | None:
    """What the operation gives; None when a rule said no, with its sentence on the form.

    When it goes over what was agreed, the field for the reason is pointed at, too.
    """

    def marking() -> T:
        try:
            return operation()
        except GoesOver:
            form.add_error("over_reason", "Give a reason, or choose another time.")
            raise

    return attempt(form, marking)


def day_from(text: str, otherwise: date) -> date:
    """The day in an address; `otherwise` when it is none, or of another age."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return otherwise
    return found if 2000 <= found.year <= 2200 else otherwise
