"""The shortlist, the other lists, and what came of them (ID-5, ID-8)."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import page
from unhurried.service.audit import clock
from unhurried.service.identification import queries
from unhurried.service.identification.forms import MONTHS, DecisionForm, PaceForm
from unhurried.service.identification.rules import PRACTICE_ROLES
from unhurried.service.identification.tables import not_suitable, start_words


@require_safe
@guarded("candidate", "r")
def shortlist(request: Request) -> HttpResponse:
    """The list: whole for the practice, the agreed for project workers, counts for managers."""
    actor = request.actor
    if actor.role == "project_worker":
        pages = queries.agreed(actor, request.GET.get("page", 1))
        return page(request, "identification/agreed.html", {"pages": pages})
    if actor.role == "service_manager":
        counts = queries.counts_of_practices(actor)
        return page(request, "identification/counts.html", {"counts": counts})
    return page(request, "identification/shortlist.html", shortlist_context(request))


def shortlist_context(request: Request) -> dict[str, object]:
    """What the shortlist shows; also when a bulk choice comes back with a sentence."""
    actor = request.actor
    seen = queries.shortlist(
        actor, whole=request.GET.get("show") == "all", number=request.GET.get("page", 1)
    )
    return {
        "list": seen,
        "groups": queries.reasons_by_tier(seen.page.object_list),
        "decides": actor.role == "gp",
        "form": DecisionForm(today=clock.today()),
        "pace": PaceForm(initial={"per_week": seen.waiting.workload.per_week}),
        "months": MONTHS,
        "reasons": not_suitable().values(),
        "today": clock.today(),
    }


@require_safe
@guarded("candidate", "r")
def other_list(request: Request, kind: str) -> HttpResponse:
    """Decided, to discuss, to look at again, or nearing three months."""
    pages, practice = queries.listed_as(request.actor, kind, request.GET.get("page", 1))
    context = {
        "pages": pages,
        "kind": kind,
        "practice": practice,
        "to_say": start_words(),
        "waiting": queries.waiting_for_gp(practice),
    }
    template = "approaching.html" if kind == "approaching" else "others.html"
    return page(request, f"identification/{template}", context)


@require_safe
@guarded("yield", "r")
def results(request: Request) -> HttpResponse:
    """How many were listed, agreed, invited and enrolled; and how right each reason was."""
    chosen = request.GET.get("practice", "")
    found, served = queries.yield_for(request.actor, chosen)
    context = {
        "yield": found,
        "served": served,
        "chosen": chosen,
        "own": request.actor.role in PRACTICE_ROLES,
    }
    return page(request, "identification/yield.html", context)
