"""What the pages about a worksheet share: whose it is, the way back, a PDF as an answer."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse

from unhurried.service.accounts.guard import Request
from unhurried.service.audit import clock
from unhurried.service.patients.access import open_record, things_open_to
from unhurried.service.patients.models import Patient
from unhurried.service.patients.queries import banner
from unhurried.service.worksheets import queries
from unhurried.service.worksheets.models import Worksheet


def opened(
    request: Request, uuid: UUID, sheet: UUID, action: str = "r"
) -> tuple[Patient, Worksheet]:
    """The person and one of their worksheets, for the one who asks; the look is audited.

    Raises Http404 for both alike.
    """
    patient = open_record(request.actor, uuid, "worksheet", action)
    found = queries.sheet_of(patient, sheet)
    if found is None:
        raise Http404
    return patient, found


def about(request: Request, patient: Patient, sheet: Worksheet | None = None) -> dict[str, object]:
    """What every page needs: whose worksheet it is, who looks, and what they may do."""
    own = request.actor.role == "patient"
    seen = things_open_to(request.actor, patient, "u")
    if sheet is not None:
        back = (reverse("worksheets:one", args=[patient.uuid, sheet.uuid]), "Back to the worksheet")
    elif own:
        back = (reverse("worksheets:worksheets"), "My worksheets")
    else:
        back = (reverse("worksheets:of_person", args=[patient.uuid]), "Worksheets")
    return {
        "own": own,
        "patient": patient,
        "sheet": sheet,
        "may_write": "worksheet" in seen,
        "by_worker": request.actor.role == "project_worker",
        "banner": None if own else banner(patient, request.actor),
        "back_to": back,
        "today": clock.today(),
    }


def days_so_far(sheet: Worksheet, today: date) -> list[date]:
    """The worksheet's days that have come, the newest first."""
    last = min(sheet.last_day, today)
    return [last - timedelta(days=n) for n in range((last - sheet.starts).days + 1)]


def pdf(made: bytes, name: str) -> HttpResponse:
    """A PDF shown in the browser, never kept by anything between."""
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer
