"""Pages of a provider that leaves: begun, carried out, the list of what was handed over."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import once_key, page, refused
from unhurried.service.audit.operations import saw
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.views.common import attempt
from unhurried.service.team.forms.handover import WithdrawForm
from unhurried.service.team.operations import withdrawal as operations
from unhurried.service.team.queries import handover as queries
from unhurried.service.team.views.handover import found


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("handover", "x")
def begin_withdrawal(request: Request) -> HttpResponseBase:
    """Begin to hand everybody of the provider over."""
    providers = {str(each.uuid): each for each in queries.next_providers(request.actor)}
    choices = [(key, each.name) for key, each in providers.items()]
    form = WithdrawForm(request.POST if request.method == "POST" else None, providers=choices)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        made = attempt(
            form,
            lambda: operations.begin_withdrawal(
                by=request.actor, to=providers[values["to"]], end_day=values["end_day"],
                because=values["because"], key=once_key(request),
            ),
        )  # fmt: skip
        if made is not None:
            messages.success(request, "It has begun. Nothing new begins here from now on.")
            return redirect("team:handover", made.uuid)
    return page(request, "team/withdrawal_begin.html", {"form": form, "any": bool(choices)})


@require_POST
@guarded("handover", "x")
def carry_out(request: Request, uuid: UUID) -> HttpResponseBase:
    """Move everybody now: the day has come and each has somebody."""
    handover = found(request, uuid)
    try:
        operations.carry_out(by=request.actor, handover=handover, key=once_key(request))
    except Refused as refusal:
        return refused(request, refusal, back=reverse("team:handover", args=[uuid]))
    messages.success(request, "Everybody is with their new project worker.")
    return redirect("team:handover_certificate", uuid)


@require_safe
@guarded("handover", "r")
def manifest(request: Request, uuid: UUID) -> HttpResponse:
    """The list of what was handed over, with fingerprints; no name and no word of it."""
    handover = found(request, uuid)
    if not handover.manifest:
        raise Http404
    saw("handover", by=request.actor, object_id=handover.uuid, note="list of what went over")
    answer = HttpResponse(handover.manifest, content_type="application/json")
    answer["Content-Disposition"] = 'attachment; filename="handed-over.json"'
    return answer
