"""What the side that asks does: ask, reply, ask somebody else, withdraw, read, talk it through."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import once_key, page, refused
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.access import open_record
from unhurried.service.patients.models import Patient
from unhurried.service.patients.views.common import attempt, posted_version
from unhurried.service.shared_care import advice_packs
from unhurried.service.shared_care.advice_packs import Pack
from unhurried.service.shared_care.forms import advice as given
from unhurried.service.shared_care.models.advice import AdviceRequest
from unhurried.service.shared_care.operations import advice as operations
from unhurried.service.shared_care.operations.advice import Asked
from unhurried.service.shared_care.queries import advice as queries
from unhurried.service.shared_care.rules.advice import NO_CONSENT, shares
from unhurried.service.shared_care.views.advice import about, opened
from unhurried.service.shared_care.views.advice_specialist import carried_out


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("advice_request", "c")
def ask(request: Request, uuid: UUID) -> HttpResponseBase:
    """A new question, with what goes along; without the person's yes, how to ask them."""
    patient = open_record(request.actor, uuid, "advice_request", "c")
    pack = advice_packs.make_pack(request.actor, patient)
    sent = request.POST if request.method == "POST" else None
    start = {"soon": "usual", "share": list(advice_packs.PARTS), **advice_packs.suggested(pack)}
    form = given.AskForm(sent, choices=queries.specialists_now(), initial=start)
    if sent is not None and form.is_valid():
        made = attempt(form, lambda: _asked(request, patient, form, pack))
        if made is not None:
            messages.success(request, "Asked. You see here when they answer, or are late.")
            return redirect("shared_care:advice_request", uuid, made.uuid)
    context = about(
        request, patient, form=form, shared=shares(patient), no_consent=NO_CONSENT,
        pack=advice_packs.readable(pack),
        pictures=advice_packs.draw_pack(pack),
    )  # fmt: skip
    return page(request, "shared_care/advice_ask.html", context)


def _asked(request: Request, patient: Patient, form: given.AskForm, pack: Pack) -> AdviceRequest:
    values, whom = form.cleaned_data, form.choice
    asked = Asked(
        hospital=whom.hospital, role=whom.role, specialist=whom.member,
        question=values["question"], wants=values["wants"], tried=values["tried"],
        matters=values["matters"], soon=values["soon"], soon_because=values["soon_because"],
    )  # fmt: skip
    return operations.ask(
        by=request.actor, patient=patient, asked=asked,
        pack=advice_packs.chosen_parts(pack, values["share"]), key=once_key(request),
    )  # fmt: skip


@require_POST
@guarded("advice_request", "u")
def reply(request: Request, uuid: UUID, request_id: UUID) -> HttpResponseBase:
    """What the specialist asked back."""
    patient, found = opened(request, uuid, request_id, "u")
    form = given.ReplyForm(request.POST)
    return carried_out(
        request, patient, found, "reply", form,
        lambda: operations.reply(
            by=request.actor, request=found, text=form.cleaned_data["reply"],
            version=posted_version(request), key=once_key(request),
        ),
        "Sent. It waits for the specialist again.",
    )  # fmt: skip


@require_POST
@guarded("advice_request", "u")
def ask_another(request: Request, uuid: UUID, request_id: UUID) -> HttpResponseBase:
    """Somebody else is asked the same."""
    patient, found = opened(request, uuid, request_id, "u")
    form = given.WhomForm(request.POST, choices=queries.specialists_now())
    return carried_out(
        request, patient, found, "another", form,
        lambda: operations.ask_another(
            by=request.actor, request=found, hospital=form.choice.hospital,
            role=form.choice.role, specialist=form.choice.member,
            version=posted_version(request), key=once_key(request),
        ),
        "Asked. Whoever was asked before does not see it any more.",
    )  # fmt: skip


@require_POST
@guarded("advice_request", "u")
def withdraw(request: Request, uuid: UUID, request_id: UUID) -> HttpResponseBase:
    """Nobody needs to answer any more."""
    patient, found = opened(request, uuid, request_id, "u")
    form = given.WithdrawForm(request.POST)
    return carried_out(
        request, patient, found, "withdraw", form,
        lambda: operations.withdraw(
            by=request.actor, request=found, because=form.cleaned_data["because"],
            version=posted_version(request), key=once_key(request),
        ),
        "Withdrawn. The specialist does not see it any more.",
    )  # fmt: skip


@require_POST
@guarded("advice_request", "u")
def mark_read(request: Request, uuid: UUID, request_id: UUID) -> HttpResponseBase:
    """Somebody of the side that asked has read the answer."""
    return _marked(request, uuid, request_id, release=False)


@require_POST
@guarded("advice_request", "u")
def release(request: Request, uuid: UUID, request_id: UUID) -> HttpResponseBase:
    """It was talked through with the person, who can read it from now on."""
    return _marked(request, uuid, request_id, release=True)


def _marked(request: Request, uuid: UUID, number: UUID, *, release: bool) -> HttpResponse:
    _patient, found = opened(request, uuid, number, "u")
    operation = operations.release if release else operations.mark_read
    try:
        operation(by=request.actor, request=found, key=once_key(request))
    except Refused as refusal:
        back = reverse("shared_care:advice_request", args=[uuid, number])
        return refused(request, refusal, back=back)
    words = "Noted. The person can read it on their own place now." if release else "Noted."
    messages.success(request, words)
    return redirect("shared_care:advice_request", uuid, number)
