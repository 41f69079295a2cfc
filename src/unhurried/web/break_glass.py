"""The pages of opening a record outside one's relationship, and of reviewing that."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect

from unhurried.service.accounts.forms import PurposeForm, ReasonForm, ReviewForm
from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import page
from unhurried.service.accounts.rules import check_reason
from unhurried.service.audit.operations import saw
from unhurried.service.audit.refused import Refused
from unhurried.service.patients import break_glass
from unhurried.web.around import address

PURPOSES = dict(PurposeForm.PURPOSES)


@guarded("break_glass", "c")
def ask(request: Request) -> HttpResponseBase:
    """First the number and the reason, typed; then what fits best; then an hour."""
    if "purpose" in request.POST:
        return _open(request)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            check_reason(form.cleaned_data["reason"])
            break_glass.find(request.actor, form.cleaned_data["nhs_number"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            second = PurposeForm(initial=form.cleaned_data)
            return page(request, "break_glass/purpose.html", {"form": second})
    return page(request, "break_glass/ask.html", {"form": form})


def _open(request: Request) -> HttpResponseBase:
    form = PurposeForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            patient = break_glass.find(request.actor, given["nhs_number"])
            opened = break_glass.open_for_an_hour(
                by=request.actor, patient=patient, reason=given["reason"],
                purpose=given["purpose"], key=request.POST.get("once", ""),
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            context = {"patient": patient, "opened": opened, "people": address("patients:people")}
            return page(request, "break_glass/opened.html", context)
    return page(request, "break_glass/purpose.html", {"form": form})


@guarded("break_glass", "r")
def queue(request: Request) -> HttpResponseBase:
    """Openings in the privacy officer's organisation."""
    pages = Paginator(break_glass.to_review(request.actor), 25)
    saw("break_glass", by=request.actor, note="the list of openings")
    context = {"pages": pages.get_page(request.GET.get("page")), "purposes": PURPOSES}
    return page(request, "break_glass/queue.html", context)


@guarded("break_glass", "s")
def review(request: Request, opening: int) -> HttpResponseBase:
    """One opening, with its reason; what was found is written down once."""
    row = break_glass.to_review(request.actor).filter(pk=opening).first()
    if row is None:
        raise Http404
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            break_glass.review(
                by=request.actor, opening=row.pk, found=form.cleaned_data["review"],
                key=request.POST.get("once", ""),
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("web:break_glass_queue")
    context = {"form": form, "opening": row, "purpose": PURPOSES.get(row.purpose, row.purpose)}
    return page(request, "break_glass/review.html", context)
