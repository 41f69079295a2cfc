"""Saying that an answer was seen, from the first page or the team's list (COM-2)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import once_key, refused
from unhurried.service.audit.refused import Refused
from unhurried.service.shared_care.operations import answers as operations
from unhurried.service.shared_care.queries import answers as queries


@require_POST
@guarded("answer", "u")
def seen(request: Request, answer: UUID) -> HttpResponseBase:
    """It was seen: it waits for nobody any more."""
    found = queries.answer_to_see(request.actor, answer)
    if found is None:
        raise Http404
    try:
        operations.see(by=request.actor, answer=found, key=once_key(request))
    except Refused as problem:
        return refused(request, problem)
    messages.success(request, "Noted: you have seen it.")
    if request.POST.get("then") == "inbox":
        return redirect(reverse("shared_care:inbox") + "?show=answered")
    return redirect("/")
