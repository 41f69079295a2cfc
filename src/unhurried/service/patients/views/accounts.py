"""The account of a person, or of a carer of theirs: see it, open it, close it, open it again.

Each act has an address of its own, which leads whoever only looks to the page it belongs to. What
a carer sees is by consent alone (`patients.access`); their page says what that is now.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from unhurried.service.accounts.adapters import client_address
from unhurried.service.accounts.guard import Guarded, Request, guarded, open_to_all
from unhurried.service.accounts.pages import once_key, page
from unhurried.service.audit.refused import Refused
from unhurried.service.patients import operations, queries
from unhurried.service.patients.access import open_record, things_open_to
from unhurried.service.patients.account_forms import (
    CloseAccountForm,
    FirstCodeForm,
    OpenAccountForm,
)
from unhurried.service.patients.models import Carer, OwnAccount, Patient
from unhurried.service.patients.views.common import attempt


@dataclass(frozen=True, slots=True)
class Whose:
    """The person, and which of their carers it is about, if any."""

    patient: Patient
    carer: Carer | None

    @property
    def thing(self) -> str:
        """The object of the access matrix."""
        return "carer_access" if self.carer else "own_access"


def _whose(request: Request, uuid: UUID, carer: int | None, action: str) -> Whose:
    thing = "own_access" if carer is None else "carer_access"
    patient = open_record(request.actor, uuid, thing, action)
    if carer is None:
        return Whose(patient, None)
    found = queries.carers_of(patient).filter(pk=carer).first()
    if found is None:
        raise Http404
    return Whose(patient, found)


@require_safe
@guarded("own_access", "r")
def own(request: Request, uuid: UUID) -> HttpResponse:
    """The person's own account."""
    return _show(request, _whose(request, uuid, None, "r"))


@require_safe
@guarded("carer_access", "r")
def carers(request: Request, uuid: UUID, carer: int) -> HttpResponse:
    """The account of a carer."""
    return _show(request, _whose(request, uuid, carer, "r"))


def _show(request: Request, whose: Whose, sent: forms.Form | None = None) -> HttpResponse:
    """The page, with the form that was sent in the place of its own."""
    patient, carer = whose.patient, whose.carer
    may = whose.thing in things_open_to(request.actor, patient, "u")
    closing = sent if isinstance(sent, CloseAccountForm) else CloseAccountForm()
    context = {
        "patient": patient, "carer": carer, "may": may, "sent": sent,
        "own": patient.user_id is not None and patient.user_id == request.actor.user_id,
        "now": queries.account_now(patient, carer),
        "opening": sent if isinstance(sent, OpenAccountForm) else OpenAccountForm(),
        "closing": closing, "banner": queries.banner(patient, request.actor),
        "shared": queries.shared_with(patient, carer) if carer else [],
        "at": "carer_account" if carer else "account",
        "things": [patient.uuid, carer.pk] if carer else [patient.uuid],
        "first_page": f"{settings.ADDRESS}{reverse('patients:first_sign_in')}",
    }  # fmt: skip
    return page(request, "patients/account.html", context)


def _open(request: Request, whose: Whose, form: forms.Form) -> OwnAccount:
    return operations.open_account(
        by=request.actor, patient=whose.patient, carer=whose.carer, key=once_key(request),
        **form.cleaned_data,
    )  # fmt: skip


def _reopen(request: Request, whose: Whose, form: forms.Form) -> OwnAccount:
    return operations.reopen_account(
        by=request.actor, patient=whose.patient, carer=whose.carer, key=once_key(request),
        **form.cleaned_data,
    )  # fmt: skip


def _again(request: Request, whose: Whose, _form: forms.Form) -> OwnAccount:
    return operations.start_account_again(
        by=request.actor, patient=whose.patient, carer=whose.carer, key=once_key(request)
    )


def _close(request: Request, whose: Whose, form: forms.Form) -> OwnAccount:
    return operations.close_account(
        by=request.actor, patient=whose.patient, carer=whose.carer, key=once_key(request),
        **form.cleaned_data,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Act:
    """Something done to an account: the right it needs, its form, and what is said after it."""

    action: str
    form: type[forms.Form]
    do: Callable[[Request, Whose, forms.Form], OwnAccount]
    said: str


DONE = {
    "open": Act("c", OpenAccountForm, _open, "The account is open."),
    "reopen": Act("c", OpenAccountForm, _reopen, "The account is open again, as if it were new."),
    "again": Act("u", forms.Form, _again, "A new one is made. The one before works no more."),
    "close": Act("u", CloseAccountForm, _close, "The account is closed, from this moment."),
}


def changing(name: str, thing: str) -> Guarded[...]:
    """The view of one act, for the person's own account or a carer's."""
    act = DONE[name]

    @require_http_methods(["GET", "HEAD", "POST"])
    @guarded(thing, act.action)
    def change(request: Request, uuid: UUID, carer: int | None = None) -> HttpResponseBase:
        whose = _whose(request, uuid, carer, act.action)
        if request.method == "POST":
            form = act.form(request.POST)
            if not form.is_valid() or attempt(form, lambda: act.do(request, whose, form)) is None:
                return _show(request, whose, form)
            messages.success(request, act.said)
        if carer is None:
            return redirect("patients:own_account", uuid)
        return redirect("patients:carer_account", uuid, carer)

    return change


@open_to_all
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def first_sign_in(request: HttpRequest) -> HttpResponseBase:
    """Where the code on paper is typed; it leads to the page where a password is chosen."""
    form = FirstCodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            link = operations.begin_with_code(
                code=form.cleaned_data["code"], sender=client_address(request)
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(link)
    return page(request, "patients/first_sign_in.html", {"form": form})
