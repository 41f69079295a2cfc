"""Who sees what of the conversation: the person their own, the GP practice a summary (CON-6)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import once_key, refused
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.access import open_record
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.views.common import attempt, both_versions, posted_version
from unhurried.service.planning import operations, queries
from unhurried.service.planning.forms import SummaryForm
from unhurried.service.planning.views.common import about


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("assessment", "c")
def summary(request: Request, uuid: UUID) -> HttpResponseBase:
    """The short text the person agrees that their GP practice sees."""
    patient = open_record(request.actor, uuid, "assessment", "c")
    seen = queries.summary_now(patient)
    sent = request.POST if request.method == "POST" else None
    form = SummaryForm(sent, initial={"text": seen.text} if seen else {})
    context: dict[str, Any] = {
        "form": form, "summary": seen, "version_now": queries.summary_number(patient),
        "talk": queries.conversation(patient),
    }  # fmt: skip
    if sent is None:
        return about(request, patient, "share", context)
    context["version_now"] = posted_version(request)
    if not form.is_valid():
        return about(request, patient, "share", context)
    given = form.cleaned_data
    try:
        done = attempt(
            form,
            lambda: operations.share_summary(
                by=request.actor, patient=patient, after=posted_version(request),
                text=given["text"], agreed=given["agreed"], key=once_key(request),
            ),
        )  # fmt: skip
    except ChangedMeanwhile as conflict:
        context |= {
            "differing": both_versions(form, conflict.current, ("text",)),
            "sentence": str(conflict), "version_now": getattr(conflict.current, "mark", 0),
        }  # fmt: skip
        return about(request, patient, "share", context, 409)
    if done is None:
        return about(request, patient, "share", context)
    messages.success(request, "The GP practice sees this summary now, and nothing else of it.")
    return redirect("planning:assessment", uuid)


@require_POST
@guarded("assessment", "c")
def with_person(request: Request, uuid: UUID) -> HttpResponseBase:
    """Put what was written until now on the person's own page."""
    patient = open_record(request.actor, uuid, "assessment", "c")
    found = queries.assessment_of(patient)
    back = reverse("planning:assessment", args=[uuid])
    if found is None:
        return refused(request, "Nothing is written yet that could be shared.", back=back)
    operations.share_with_person(by=request.actor, assessment=found, key=once_key(request))
    messages.success(request, "The person reads it on their own page now.")
    return redirect(back)


@require_POST
@guarded("assessment", "u")
def stop(request: Request, uuid: UUID) -> HttpResponseBase:
    """The person, or their worker for them, takes the summary back from the GP practice."""
    patient = open_record(request.actor, uuid, "assessment", "u")
    found = queries.assessment_of(patient)
    back = reverse("planning:assessment", args=[uuid])
    try:
        if found is not None:
            operations.stop_sharing_summary(
                by=request.actor, assessment=found, key=once_key(request)
            )
    except Refused as refusal:
        return refused(request, refusal, back=back)
    messages.success(request, "The GP practice does not see the summary any more.")
    return redirect(back)
