"""Taking away a lost second step, and the list of those for the privacy officer."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from unhurried.service.accounts import lost_steps, queries
from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import once_key, page
from unhurried.service.audit.operations import saw
from unhurried.service.audit.refused import Refused

A_PAGE = 25


class ClearForm(forms.Form):
    """How the administrator made sure who asked."""

    reason = forms.CharField(
        label="How did you make sure that it is them?", widget=forms.Textarea,
        max_length=lost_steps.LONGEST_REASON,
        help_text="For example: met at the desk with their staff card; rung back on the number "
        "of the staff list. The privacy officer reads this.",
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("second_step", "c")
def clear(request: Request, membership: int) -> HttpResponseBase:
    """Take somebody's lost second steps away."""
    found = queries.membership_seen(request.actor, membership)
    if found is None:
        raise Http404
    form = ClearForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            lost_steps.clear_second_steps(
                by=request.actor, membership=found, reason=form.cleaned_data["reason"],
                key=once_key(request),
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, "Their second step is taken away, their visits have ended, and an e-mail "
                "tells them.",
            )  # fmt: skip
            return redirect("accounts:members")
    steps = lost_steps.steps_of(found.user)
    context = {"form": form, "membership": found, "steps": steps}
    return page(request, "accounts/clear_second_step.html", context)


@require_safe
@guarded("second_step", "r")
def cleared(request: Request) -> HttpResponse:
    """Whose second step was taken away, by whom and why."""
    saw("second_step", by=request.actor, note="the list of those taken away")
    pages = Paginator(lost_steps.cleared_steps(request.actor), A_PAGE)
    context = {"pages": pages.get_page(request.GET.get("page"))}
    return page(request, "accounts/second_steps_cleared.html", context)
