"""The case page: a person's timeline, to read in ten seconds, and to print on one page."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import page
from unhurried.service.patients import queries as patients
from unhurried.service.patients.access import open_record
from unhurried.web.case import telling
from unhurried.web.case.drawing import draw
from unhurried.web.case.drawing.draw import NARROW, WIDE
from unhurried.web.case.gathering import STRETCHES, gather


@require_safe
@guarded("case", "r")
def timeline(request: Request, uuid: UUID) -> HttpResponse:
    """Dose, pain and stress, and what happened, on one axis of time; then the same in words."""
    patient = open_record(request.actor, uuid, "case")
    asked = request.GET.get("show", "all")
    stretch = asked if asked in {code for code, _, _ in STRETCHES} else "all"
    found = gather(request.actor, patient, stretch)
    facts = telling.in_short(found)
    title = telling.title(found.content)
    said = telling.described(found.content, facts, len(found.events))
    lines, left_out = telling.printed(found.events)
    rows = telling.rows_on_paper(len(lines))
    context = {
        "patient": patient,
        "banner": patients.banner(patient, request.actor, seen=found.seen),
        "found": found,
        "facts": facts,
        "wide": draw(found.content, WIDE, key="wide", title=title, description=said),
        "narrow": draw(found.content, NARROW, key="narrow", title=title, description=said),
        "stretches": [
            (code, words) for code, words, days in STRETCHES
            if days is None or found.whole_days > days
        ],
        "doses": telling.dose_rows(found, rows),
        "weeks": telling.week_rows(found.points, rows),
        "printed": lines,
        "left_out": left_out,
    }  # fmt: skip
    return page(request, "case/timeline.html", context)
