"""Pages of time: log it in two taps, correct it, what it comes to, rates (FUN-1)."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from itertools import chain
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unhurried.screening.writing import neutral
from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import once_key, page
from unhurried.service.audit import clock
from unhurried.service.patients.views.common import attempt, page_number
from unhurried.service.sessions.views.shared import day_from
from unhurried.service.team.forms.ledger import CorrectTimeForm, RateForm, TimeForm
from unhurried.service.team.operations import ledger as operations
from unhurried.service.team.queries import ledger as queries
from unhurried.service.team.queries.ledger_rows import providers_open_to
from unhurried.service.team.rules.ledger import PAID_BY_CLAIM

STEPS = ["GET", "HEAD", "POST"]


def services(request: Request) -> list[tuple[str, str]]:
    """The services the actor's time can be for, as choices."""
    return [(str(each.pk), each.name) for each in providers_open_to(request.actor)]


def _year_before(today: date) -> date:
    return date(today.year - 1, today.month, 1)


def _spans(today: date) -> list[tuple[str, date]]:
    """The first days one can choose between."""
    month = today.replace(day=1)
    before = (month - timedelta(days=1)).replace(day=1)
    return [
        ("This month", month), ("Last month", before), ("This year", date(today.year, 1, 1)),
        ("A year back", _year_before(today)),
    ]  # fmt: skip


def since_from(request: Request) -> date:
    """The first day of the totals: as the address says, or a year back."""
    return day_from(request.GET.get("since", ""), _year_before(clock.today()))


@require_safe
@guarded("time_entry", "r")
def time(request: Request) -> HttpResponse:
    """One's own time and logging it; for the manager what everybody's comes to."""
    if request.actor.role == "service_manager":
        return _totals(request)
    start = {"day": clock.today(), "activity": request.GET.get("activity", "")}
    person = queries.person_meant(request.actor, request.GET.get("person", ""))
    if person is not None:
        start["person"] = str(person.uuid)
    return _time(request, TimeForm(initial=start, services=services(request)), person)


def _time(request: Request, form: TimeForm, person: object = None) -> HttpResponse:
    actor = request.actor
    found = queries.own_lines(actor, page_number(request))
    context = {
        "form": form, "pages": found, "lines": queries.as_lines(actor, found), "person": person,
        "claims": actor.role in PAID_BY_CLAIM,
    }  # fmt: skip
    return page(request, "team/time.html", context)


def _totals(request: Request) -> HttpResponse:
    since = since_from(request)
    context = {
        "totals": queries.time_totals(request.actor.organisation_id or 0, since),
        "money": queries.money, "since": since, "spans": _spans(clock.today()),
    }  # fmt: skip
    return page(request, "team/time_totals.html", context)


@require_POST
@guarded("time_entry", "c")
def add(request: Request) -> HttpResponseBase:
    """Log some minutes."""
    form = TimeForm(request.POST, services=services(request))
    person = None
    if form.is_valid():
        given = form.cleaned_data
        person = queries.person_meant(request.actor, given["person"])
        if given["person"] and person is None:
            form.add_error(None, "That person's record is not open to you: log it without them.")
        elif attempt(
            form,
            lambda: operations.log_time(
                by=request.actor, activity=given["activity"], minutes=given["length"],
                day=given["day"], note=given["note"], patient=person, provider_id=form.provider,
                key=once_key(request),
            ),
        ):  # fmt: skip
            messages.success(request, f"Logged: {queries.hours(given['length'])}.")
            return redirect("team:time")
    return _time(request, form, person)


@require_http_methods(STEPS)
@guarded("time_entry", "u")
def correct(request: Request, uuid: UUID) -> HttpResponseBase:
    """Take one of one's own lines back, or put the right one in its place."""
    found = queries.own_line(request.actor, uuid)
    if found is None:
        raise Http404
    start = {"activity": found.activity, "minutes": found.minutes, "day": found.day,
             "note": found.note}  # fmt: skip
    sent = request.POST if request.method == "POST" else None
    form = CorrectTimeForm(sent, initial=start)
    if sent is not None and form.is_valid():
        given = form.cleaned_data
        instead = (given["activity"], given["minutes"], given["day"])
        done = attempt(
            form,
            lambda: operations.take_back(
                by=request.actor, entry=found, note=given["note"], key=once_key(request),
                instead=instead if given["what"] == "instead" else None,
            ),
        )  # fmt: skip
        if done:
            messages.success(request, "Corrected. The first line stays, with its correction.")
            return redirect("team:time")
    (line,) = queries.as_lines(request.actor, [found])
    return page(request, "team/time_correct.html", {"form": form, "line": line})


class _AsItComes:
    """A file that gives back what is written, so that no more than a line is held."""

    def write(self, text: str) -> str:
        """The text itself."""
        return text


@require_safe
@guarded("time_entry", "r")
def lines_as_csv(request: Request) -> HttpResponseBase:
    """Time as a table for a spreadsheet, sent line by line however long it is; no cell is ever
    worked out, and nobody's patient is in it."""
    rows = queries.rows_to_export(request.actor, since_from(request))
    table = csv.writer(_AsItComes())
    lines = (table.writerow([neutral(each) for each in row]) for row in rows)
    answer = StreamingHttpResponse(
        chain([table.writerow(queries.HEADINGS)], lines), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = 'attachment; filename="time.csv"'
    answer["Cache-Control"] = "no-store"
    return answer


@require_http_methods(STEPS)
@guarded("rate", "c")
def rates(request: Request) -> HttpResponseBase:
    """What an hour of each role is paid with; the manager types it with its source."""
    sent = request.POST if request.method == "POST" else None
    form = RateForm(sent, initial={"starts": clock.today()})
    if sent is not None and form.is_valid():
        given = form.cleaned_data
        if attempt(
            form,
            lambda: operations.set_rate(
                by=request.actor, role=given["role"], pounds=given["pounds"],
                source=given["source"], starts=given["starts"], key=once_key(request),
            ),
        ):  # fmt: skip
            messages.success(request, "Saved. Claims made before keep their rate.")
            return redirect("team:time_rates")
    context = {"form": form, "rows": queries.rate_rows(request.actor), "money": queries.money}
    return page(request, "team/time_rates.html", context)
