"""One thing of the plan: add it, change it, say how it goes, talk about it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import once_key
from unhurried.service.patients.access import open_record
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.models import Patient
from unhurried.service.patients.views.common import attempt, both_versions, posted_version
from unhurried.service.planning import operations, queries, rules
from unhurried.service.planning.models import Item
from unhurried.service.planning.plan_forms import ItemForm, NewItemForm, WentForm
from unhurried.service.planning.tables import chosen_words, statuses, strategies
from unhurried.service.planning.views.common import about


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("plan", "c")
def add(request: Request, uuid: UUID) -> HttpResponseBase:
    """One more thing; `?strategy=` begins with a kind."""
    patient = open_record(request.actor, uuid, "plan", "c")
    sent = request.POST if request.method == "POST" else None
    kind = strategies().get(request.GET.get("strategy", ""))
    first = {"strategy": kind.code, "where": kind.usual_where} if kind else {}
    form = NewItemForm(
        sent, initial={"who": "me", "where": "community", "status": "trying", **first}
    )
    if sent is not None and form.is_valid():
        status = form.cleaned_data["status"]
        done = attempt(
            form,
            lambda: operations.add_item(
                by=request.actor, patient=patient, given=form.given, status=status,
                key=once_key(request),
            ),
        )  # fmt: skip
        if done is not None:
            messages.success(request, "It is in the plan.")
            return redirect("planning:plan", uuid)
    hints = {each.code: each.for_me for each in strategies().values()}
    return about(request, patient, "add_item", {"form": form, "hints": hints})


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("plan", "u")
def one(request: Request, uuid: UUID, item: UUID) -> HttpResponseBase:
    """One thing of the plan: how it goes, what was said, and changing it."""
    patient = open_record(request.actor, uuid, "plan", "u")
    found = queries.item_of(patient, item)
    if found is None:
        raise Http404
    sent = request.POST if request.method == "POST" else None
    changing = request.POST.get("do") == "change"
    went = WentForm(None if changing else sent, initial={"status": found.status})
    change = ItemForm(sent if changing else None, initial=ItemForm.kept(found))
    used: forms.Form = change if changing else went
    context = _context(request, found, went, change, used)
    if sent is None:
        return about(request, patient, "item", context)
    context["version_now"] = posted_version(request)
    if not used.is_valid():
        return about(request, patient, "item", context)
    return _save(request, patient, found, context)


def _context(
    request: Request, item: Item, went: WentForm, change: ItemForm, used: forms.Form
) -> dict[str, Any]:
    return {
        "item": item, "went": went, "change": change, "wrong": used, "version_now": item.version,
        "strategy": strategies()[item.strategy], "status": statuses()[item.status],
        "where": item.where_words or chosen_words("where")[item.where],
        "who": item.who_words or chosen_words("who")[item.who],
        "comments": queries.comments_of(item), "may_change": rules.may_change(request.actor, item),
    }  # fmt: skip


def _save(
    request: Request, patient: Patient, item: Item, context: dict[str, Any]
) -> HttpResponse | HttpResponseBase:
    used = context["wrong"]
    common: dict[str, Any] = {
        "by": request.actor, "item": item, "version": posted_version(request),
        "key": once_key(request),
    }  # fmt: skip
    try:
        if isinstance(used, ItemForm):
            done = attempt(used, lambda: operations.change_item(given=used.given, **common))
        else:
            given = used.cleaned_data
            done = attempt(used, lambda: operations.say_how_it_goes(**given, **common))
    except ChangedMeanwhile as conflict:
        names = tuple(name for name in used.fields if name != "comment")
        more = {"differing": both_versions(used, conflict.current, names),
                "sentence": str(conflict),
                "version_now": getattr(conflict.current, "version", 0)}  # fmt: skip
        return about(request, patient, "item", {**context, **more}, 409)
    if done is None:
        return about(request, patient, "item", context)
    messages.success(request, "Saved in the plan.")
    return redirect("planning:plan", patient.uuid)
