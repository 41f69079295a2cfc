"""The pages of members: who holds which role where, and the changes an administrator makes."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect

from unhurried.service.accounts import forms, operations, queries, rules
from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.models import Membership, RoleRequest
from unhurried.service.accounts.pages import page
from unhurried.service.accounts.policy import roles
from unhurried.service.audit import clock
from unhurried.service.audit.refused import Refused

A_PAGE = 25


@guarded("members", "r")
def members(request: Request) -> HttpResponseBase:
    """Everybody of one organisation: one's own, or the one the host's administrator chose."""
    seen = queries.organisations_seen(request.actor)
    chosen = next(
        (each for each in seen if str(each.uuid) == request.GET.get("organisation")), None
    )
    organisation = chosen or next(
        (each for each in seen if each.pk == request.actor.organisation_id), None
    )
    if organisation is None:
        raise Http404
    people = Paginator(queries.members_of(organisation.pk), A_PAGE)
    context = {
        "organisation": organisation, "organisations": seen, "roles": roles(),
        "pages": people.get_page(request.GET.get("page")), "today": clock.today(),
        "waiting": queries.roles_waiting(request.actor),
        "agreements": queries.agreements_of(organisation.pk),
        "manages": rules.may_manage(request.actor, organisation, operations.home_of(request.actor)),
    }  # fmt: skip
    return page(request, "accounts/members.html", context)


@guarded("members", "c")
def give_role(request: Request) -> HttpResponseBase:
    """Give somebody a role; somebody new is invited by e-mail."""
    seen = queries.organisations_seen(request.actor)
    form = forms.RoleForm(
        request.POST or None, organisations=seen, initial={"starts": clock.today()}
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.give_role(
                by=request.actor, key=request.POST.get("once", ""), **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            waits = isinstance(made, RoleRequest)
            messages.success(request, "Waiting for a second person." if waits else "Role given.")
            return redirect("accounts:members")
    return page(request, "accounts/give_role.html", {"form": form})


@guarded("members", "u")
def end_role(request: Request, membership: int) -> HttpResponseBase:
    """End somebody's role from a day on."""
    found = _membership(request, membership)
    form = forms.LastDayForm(request.POST or None, initial={"on": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            operations.end_role(
                by=request.actor, membership=found, on=form.cleaned_data["on"],
                key=request.POST.get("once", ""),
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The role's last day is set.")
            return redirect("accounts:members")
    context = {"form": form, "membership": found, "role": roles()[found.role]}
    return page(request, "accounts/end_role.html", context)


@guarded("members", "u")
def decide_role(request: Request, asked: UUID) -> HttpResponseBase:
    """Approve or decline, as a second person, a role that was asked for."""
    found = next(
        (each for each in queries.roles_waiting(request.actor) if each.uuid == asked), None
    )
    if found is None:
        raise Http404
    wrong = ""
    if request.method == "POST" and request.POST.get("decision") in {"approve", "decline"}:
        try:
            operations.approve_grant(
                by=request.actor, request=found, key=request.POST.get("once", ""),
                approved=request.POST["decision"] == "approve",
            )  # fmt: skip
        except Refused as refusal:
            wrong = str(refusal)
        else:
            return redirect("accounts:members")
    context = {"asked": found, "role": roles()[found.role], "wrong": wrong}
    return page(request, "accounts/decide_role.html", context)


@guarded("members", "c")
def add_organisation(request: Request) -> HttpResponseBase:
    """Add an organisation."""
    form = forms.OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.add_organisation(
                by=request.actor, key=request.POST.get("once", ""), **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Organisation added.")
            return redirect("accounts:members")
    return page(request, "accounts/add_organisation.html", {"form": form})


@guarded("members", "c")
def agree(request: Request) -> HttpResponseBase:
    """Record that a provider runs the service for a practice."""
    form = forms.AgreementForm(request.POST or None, initial={"starts": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            operations.start_agreement(
                by=request.actor, key=request.POST.get("once", ""), **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Agreement recorded.")
            return redirect("accounts:members")
    return page(request, "accounts/agree.html", {"form": form})


@guarded("members", "u")
def end_agreement(request: Request, agreement: int) -> HttpResponseBase:
    """End an agreement from a day on."""
    found = queries.agreement_seen(request.actor, agreement)
    if found is None:
        raise Http404
    form = forms.LastDayForm(request.POST or None, initial={"on": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            operations.end_agreement(
                by=request.actor, agreement=found, on=form.cleaned_data["on"],
                key=request.POST.get("once", ""),
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The agreement's end is recorded.")
            return redirect("accounts:members")
    return page(request, "accounts/end_agreement.html", {"form": form, "agreement": found})


def _membership(request: Request, number: int) -> Membership:
    found = queries.membership_seen(request.actor, number)
    if found is None:
        raise Http404
    return found
