"""Writing a line, correcting it, taking it out; and typing in a week from paper (SAW-1)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import once_key, page
from unhurried.service.audit import clock
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.models import Patient
from unhurried.service.patients.views.common import attempt, posted_version
from unhurried.service.worksheets import grid, operations, queries, words
from unhurried.service.worksheets.forms import LineForm, as_typed
from unhurried.service.worksheets.grid import WeekForm
from unhurried.service.worksheets.models import Line, Worksheet
from unhurried.service.worksheets.views.common import about, days_so_far, opened


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("worksheet", "c")
def add(request: Request, uuid: UUID, sheet: UUID) -> HttpResponseBase:
    """Write one line."""
    patient, found = opened(request, uuid, sheet, "c")
    days = days_so_far(found, clock.today())
    products = queries.known_products(patient, found)
    settings: dict[str, Any] = {"days": days, "today": clock.today(), "products": products}
    if request.method != "POST":
        now = {"time": words.time_now(clock.now())} if clock.today() in days else {}
        return _line(request, patient, found, LineForm(initial=now, **settings))
    form = LineForm(request.POST, **settings)
    if form.is_valid():
        done = attempt(
            form,
            lambda: operations.add_line(
                by=request.actor, worksheet=found, given=form.given, key=once_key(request)
            ),
        )
        if done is not None:
            messages.success(request, "That is saved. Thank you.")
            return redirect("worksheets:one", uuid, sheet)
    return _line(request, patient, found, form)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("worksheet", "u")
def correct(request: Request, uuid: UUID, sheet: UUID, line: UUID) -> HttpResponseBase:
    """Correct one line, or take it out; the old one is kept."""
    patient, found = opened(request, uuid, sheet, "u")
    old = queries.line_of(found, line)
    if old is None:
        raise Http404
    products = queries.known_products(patient, found)
    days = sorted({*days_so_far(found, clock.today()), old.day}, reverse=True)
    settings: dict[str, Any] = {"days": days, "today": clock.today(), "products": products}
    if request.method != "POST":
        form = LineForm(initial=as_typed(old, products), **settings)
        return _line(request, patient, found, form, {"line": old})
    form = LineForm(request.POST, **settings)
    take_out = request.POST.get("do") == "take_out"
    if not take_out and not form.is_valid():
        return _line(request, patient, found, form, {"line": old})
    try:
        done = attempt(form, lambda: _change(request, old, form, take_out=take_out))
    except ChangedMeanwhile as conflict:
        saved = cast("Line", conflict.current)
        more = {"line": old, "sentence": str(conflict), "saved": saved}
        more["saved_words"] = words.in_words(saved)
        return _line(request, patient, found, form, more, 409)
    if done is None:
        return _line(request, patient, found, form, {"line": old})
    messages.success(request, "That entry is taken out." if take_out else "That is corrected.")
    return redirect("worksheets:one", uuid, sheet)


def _change(request: Request, old: Line, form: LineForm, *, take_out: bool) -> Line:
    by, key = request.actor, once_key(request)
    if take_out:
        return operations.take_out_line(by=by, line=old, key=key)
    return operations.correct_line(by=by, line=old, given=form.given, key=key)


def _line(
    request: Request, patient: Patient, sheet: Worksheet, form: LineForm,
    more: dict[str, object] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = {**about(request, patient, sheet), "form": form, "ends": words.ENDS}
    return page(request, "worksheets/line.html", {**context, **(more or {})}, status)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("worksheet", "c")
def week(request: Request, uuid: UUID, sheet: UUID) -> HttpResponseBase:
    """Type in a week as it stands on paper."""
    patient, found = opened(request, uuid, sheet, "c")
    weeks = _weeks(found)
    number = _week_asked(request, len(weeks))
    days = weeks[number - 1] if weeks else []
    there = queries.paper_lines(found)
    shown = {"weeks": len(weeks), "number": number, "reasons": words.reasons()}
    if request.method != "POST":
        form = WeekForm(initial=grid.as_typed(days, there), days=days)
        return _week(request, patient, found, form, found.version, shown)
    # Read as a whole: the grid has two hundred places, most of them empty.
    form, version = WeekForm(dict(request.POST.items()), days=days), posted_version(request)
    if not form.is_valid():
        return _week(request, patient, found, form, version, shown)
    try:
        done = attempt(
            form,
            lambda: operations.transcribe(
                by=request.actor, worksheet=found, week=form.week(), version=version,
                key=once_key(request),
            ),
        )  # fmt: skip
    except ChangedMeanwhile as conflict:
        shown |= {"differing": grid.differing(form, there), "sentence": str(conflict)}
        return _week(request, patient, found, form, found.version, shown, 409)
    if done is None:
        return _week(request, patient, found, form, version, shown)
    messages.success(request, "The week is saved.")
    return redirect("worksheets:one", uuid, sheet)


def _weeks(sheet: Worksheet) -> list[list[date]]:
    """The worksheet's days that have come, by sevens."""
    days = sorted(days_so_far(sheet, clock.today()))
    return [
        [each for each in days if first <= each < first + timedelta(days=7)]
        for first in (sheet.starts + timedelta(days=n) for n in range(0, len(days), 7))
    ]


def _week_asked(request: Request, most: int) -> int:
    text = request.GET.get("week", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 1
    return max(1, min(number, most))


def _week(
    request: Request, patient: Patient, sheet: Worksheet, form: WeekForm, version: int,
    shown: dict[str, object], status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = {**about(request, patient, sheet), "form": form, "version_now": version, **shown}
    return page(request, "worksheets/week.html", context, status)
