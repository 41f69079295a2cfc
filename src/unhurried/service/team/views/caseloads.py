"""Pages of caseloads: how much each carries, and how the sum comes about (CON-2)."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import page
from unhurried.service.audit.operations import saw_many
from unhurried.service.team.handover_tables import weights
from unhurried.service.team.queries import caseloads as queries


@require_safe
@guarded("caseload", "r")
def caseloads(request: Request) -> HttpResponse:
    """A worker's own load, or everybody's of the provider, beside what was agreed."""
    saw_many("caseload", by=request.actor, patient_ids=(), note="sums")
    context = {
        "rows": queries.caseloads(request.actor),
        "above": queries.above_agreed(request.actor),
        "weights": list(weights().values()),
        "manages": request.actor.role == "service_manager",
        "own": request.actor.role == "project_worker",
    }
    return page(request, "team/caseloads.html", context)
