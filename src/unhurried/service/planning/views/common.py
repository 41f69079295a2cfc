"""What the pages of planning share: the frame about a person, and who is looking."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from unhurried.service.accounts.guard import Request
from unhurried.service.accounts.pages import page
from unhurried.service.audit import clock
from unhurried.service.patients import queries as patients
from unhurried.service.patients.access import things_open_to
from unhurried.service.patients.models import Patient


def about(
    request: Request, patient: Patient, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page about this person, in their frame."""
    seen = things_open_to(request.actor, patient)
    frame = {
        "patient": patient, "banner": patients.banner(patient, request.actor, seen=seen),
        "own": request.actor.role == "patient", "role": request.actor.role,
        "today": clock.today(),
    }  # fmt: skip
    return page(request, f"planning/{template}.html", {**frame, **context}, status)
