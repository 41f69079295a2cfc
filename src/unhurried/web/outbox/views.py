"""Everything that leaves the service, as those who keep it going see it; and trying again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import page, refused
from unhurried.service.accounts.policy import grant_for
from unhurried.service.audit import clock
from unhurried.service.audit.refused import Refused
from unhurried.service.jobs.queries import staleness
from unhurried.service.outbox import operations, queries

A_PAGE = 25


@require_safe
@guarded("outbox", "r")
def list_messages(request: Request) -> HttpResponseBase:
    """The messages of the organisation: what, how, when and why; never for whom."""
    now = clock.now()
    theirs = queries.visible_to(request.actor)
    account = queries.account(theirs)
    state = request.GET.get("state", "")
    pages = Paginator(queries.in_state(theirs, state), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "lines": queries.lines(pages, now),
        "pages": pages,
        "account": account,
        "state": state if state in queries.State.values else "",
        "states": [
            (each.value, each.label, getattr(account, each.value)) for each in queries.State
        ],
        "alarm": queries.alarm(now, theirs),
        "stale": staleness(now),
        "may_retry": grant_for(request.actor.role, "outbox", "u") is not None,
        "request": request,
    }
    return page(request, "outbox/messages.html", context)


@require_POST
@guarded("outbox", "u")
def retry(request: Request, message: UUID) -> HttpResponseBase:
    """Try again a message of the organisation that could not be sent."""
    found = queries.visible_to(request.actor).filter(uuid=message).first()
    if found is None:
        raise Http404
    once = f"{request.POST.get('once', '')}:{message}"
    try:
        operations.retry(by=request.actor, message=found.uuid, key=once)
    except Refused as refusal:
        return refused(request, refusal, back=request.path.removesuffix(f"{message}/try-again/"))
    messages.success(request, "It will be tried again in a moment.")
    return redirect("outbox:messages")
