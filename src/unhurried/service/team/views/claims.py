"""Pages of claims: gather what is not claimed yet, send it, accept it or ask back (FUN-1)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import once_key, page, refused
from unhurried.service.audit import clock
from unhurried.service.audit.refused import Refused
from unhurried.service.paper import CannotRender
from unhurried.service.patients.views.common import attempt, page_number, posted_version
from unhurried.service.sessions.views.shared import day_from
from unhurried.service.team.claim_paper import claim_pdf
from unhurried.service.team.forms.ledger import AnswerClaimForm, ClaimForm, DecideClaimForm
from unhurried.service.team.operations import ledger as operations
from unhurried.service.team.queries import ledger as queries
from unhurried.service.team.queries.ledger_rows import first_unclaimed, providers_to_claim_from

STEPS = ["GET", "HEAD", "POST"]


@require_safe
@guarded("claim", "r")
def claims(request: Request) -> HttpResponse:
    """The claims, the newest first."""
    pages, rows = queries.claims(request.actor, page_number(request))
    manages = request.actor.role == "service_manager"
    context = {"pages": pages, "rows": rows, "manages": manages}
    return page(request, "team/claims.html", context)


@require_http_methods(STEPS)
@guarded("claim", "c")
def make(request: Request) -> HttpResponseBase:
    """Gather the days' time that is not claimed yet, look at it, and send it."""
    today = clock.today()
    month = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    offered = [(str(each.pk), each.name) for each in providers_to_claim_from(request.actor)]
    service = request.GET.get("service", "")
    chosen = _chosen(offered, service)
    oldest = first_unclaimed(request.actor, chosen) or month
    since = day_from(request.GET.get("since", ""), min(month, oldest))
    until = day_from(request.GET.get("until", ""), today)
    sent = request.POST if request.method == "POST" else None
    start = {"since": since, "until": until, "service": service}
    form = ClaimForm(sent, initial=start, services=offered)
    if sent is not None and form.is_valid():
        given = form.cleaned_data
        made = attempt(
            form,
            lambda: operations.make_claim(
                by=request.actor, since=given["since"], until=given["until"], note=given["note"],
                provider_id=form.provider, key=once_key(request),
            ),
        )  # fmt: skip
        if made:
            messages.success(request, "The claim is sent to the manager of the service.")
            return redirect("team:claim", made.uuid)
    left = queries.to_claim(request.actor, chosen, since, until) if chosen else None
    context = {"form": form, "left": left, "since": since, "until": until}
    return page(request, "team/claim_make.html", context)


def _chosen(offered: list[tuple[str, str]], service: str) -> int | None:
    """The service meant; None until one of several is chosen."""
    found = [code for code, _ in offered if code == service or len(offered) == 1]
    return int(found[0]) if found else None


def _seen(request: Request, uuid: UUID) -> queries.ClaimSeen:
    found = queries.claim_seen(request.actor, uuid)
    if found is None:
        raise Http404
    return found


@require_safe
@guarded("claim", "r")
def claim(request: Request, uuid: UUID) -> HttpResponse:
    """One claim: its hours, what it comes to, and what can be done with it."""
    return _claim(request, _seen(request, uuid))


def _claim(
    request: Request, seen: queries.ClaimSeen, form: forms.Form | None = None, status: int = 200
) -> HttpResponse:
    manages = request.actor.role == "service_manager"
    shown = form or (DecideClaimForm() if manages else AnswerClaimForm())
    context = {
        "seen": seen, "manages": manages, "form": shown, "money": queries.money,
        "hours": queries.hours,
    }  # fmt: skip
    return page(request, "team/claim.html", context, status)


@require_safe
@guarded("claim", "r")
def paper(request: Request, uuid: UUID) -> HttpResponse:
    """The claim as a PDF."""
    seen = _seen(request, uuid)
    try:
        made = claim_pdf(seen)
    except CannotRender as problem:
        return refused(request, problem)
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="claim.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
@guarded("claim", "s")
def decide(request: Request, uuid: UUID) -> HttpResponseBase:
    """The manager accepts it, asks something back, or notes that it is paid."""
    seen = _seen(request, uuid)
    form = DecideClaimForm(request.POST)
    if not form.is_valid():
        return _claim(request, seen, form)
    given = form.cleaned_data
    try:
        operations.decide_claim(
            by=request.actor, claim=seen.claim, decision=given["decision"],
            question=given["question"], version=posted_version(request), key=once_key(request),
        )  # fmt: skip
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _claim(request, _seen(request, uuid), form, 409)
    messages.success(request, "Saved.")
    return redirect("team:claim", uuid)


@require_POST
@guarded("claim", "c")
def answer(request: Request, uuid: UUID) -> HttpResponseBase:
    """Who claims sends it again with an answer, or takes it back."""
    seen = _seen(request, uuid)
    form = AnswerClaimForm(request.POST)
    if not form.is_valid():
        return _claim(request, seen, form)
    given = form.cleaned_data
    try:
        operations.answer_claim(
            by=request.actor, claim=seen.claim, decision=given["decision"], note=given["note"],
            version=posted_version(request), key=once_key(request),
        )  # fmt: skip
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _claim(request, _seen(request, uuid), form, 409)
    messages.success(request, "Saved.")
    return redirect("team:claim", uuid)
