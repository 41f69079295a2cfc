"""The personal code: its page for those who may, and the page for whoever has it (SAW-1)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from unhurried.service.accounts.adapters import client_address
from unhurried.service.accounts.guard import Request, guarded, open_to_all
from unhurried.service.accounts.pages import once_key, page, refused
from unhurried.service.audit import clock
from unhurried.service.audit.refused import Refused
from unhurried.service.worksheets import operations, queries, words
from unhurried.service.worksheets.forms import CodeLineForm
from unhurried.service.worksheets.models import Worksheet
from unhurried.service.worksheets.rules import CODE_WORKS_AFTER
from unhurried.service.worksheets.views.common import about, opened


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("worksheet", "u")
def code(request: Request, uuid: UUID, sheet: UUID) -> HttpResponseBase:
    """The code of a worksheet: see it, make one, stop it."""
    patient, found = opened(request, uuid, sheet, "u")
    if request.method == "POST":
        try:
            _change(request, found)
        except Refused as refusal:
            return refused(request, str(refusal), back=request.path)
        return redirect("worksheets:code", uuid, sheet)
    live = queries.live_code(found)
    address = _address(live) if live else ""
    context = {
        **about(request, patient, found), "code": live, "address": address,
        "square": _square(address) if address else "",
        "works_until": found.last_day + CODE_WORKS_AFTER,
    }  # fmt: skip
    return page(request, "worksheets/code.html", context)


def _change(request: Request, sheet: Worksheet) -> None:
    if request.POST.get("do") == "stop":
        operations.stop_code(by=request.actor, worksheet=sheet, key=once_key(request))
        messages.success(request, "The code is stopped. Nothing more can be written with it.")
        return
    operations.make_code(by=request.actor, worksheet=sheet, key=once_key(request))
    messages.success(request, "The code is made.")


def _address(live: str) -> str:
    base = str(settings.PUBLIC_URL).rstrip("/")
    return f"{base}{reverse('worksheets:by_code_given', args=[live])}"


def _square(address: str) -> str:
    """The address as a square for a telephone's camera."""
    return str(segno.make(address, micro=False).svg_inline(
        scale=4, border=2, omitsize=True, title="The address, as a square for a camera",
    ))  # fmt: skip


@open_to_all
@never_cache
@require_http_methods(["GET", "POST"])
def by_code(request: HttpRequest, code: str = "") -> HttpResponse:
    """Write one line with a code. What was written, and whose it is, is not shown."""
    today = clock.today()
    days = [today - timedelta(days=n) for n in range(3)]
    offered: dict[str, Any] = {"days": days, "today": today}
    if request.method == "GET":
        now = {"code": code[:60], "time": words.time_now(clock.now())}
        return _by_code(request, CodeLineForm(initial=now, **offered))
    form = CodeLineForm(request.POST, **offered)
    if not form.is_valid():
        return _by_code(request, form)
    try:
        operations.add_by_code(
            code=form.cleaned_data["code"], given=form.given, sender=client_address(request),
            key=once_key(request),
        )  # fmt: skip
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _by_code(request, form)
    return page(
        request, "worksheets/by_code.html",
        {"form": None, "again": reverse("worksheets:by_code_given", args=[_plain(form)])},
    )  # fmt: skip


def _plain(form: CodeLineForm) -> str:
    """The code as it can stand in an address; it worked, so nothing odd is left out."""
    return "".join(each for each in form.cleaned_data["code"].upper() if each.isalnum())


def _by_code(request: HttpRequest, form: CodeLineForm) -> HttpResponse:
    return page(request, "worksheets/by_code.html", {"form": form, "ends": words.ENDS})
