"""The worksheet on paper, to fill in by hand, and what it shows."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

from django.template.loader import render_to_string

from unhurried.service.paper import pdf
from unhurried.service.patients.models import Patient
from unhurried.service.patients.words import day
from unhurried.service.worksheets import queries, words
from unhurried.service.worksheets.models import Worksheet

TIMES = ("Morning", "Afternoon", "Evening", "Night")


class Make(Protocol):
    """One of the two below."""

    def __call__(self, patient: Patient, sheet: Worksheet, *, large: bool) -> bytes:
        """The PDF, in ordinary or large print."""


def sheet_pdf(patient: Patient, sheet: Worksheet, *, large: bool) -> bytes:
    """A page for each week, to fill in by hand. It names nobody's medicine."""
    first = [sheet.starts + timedelta(days=n) for n in range(sheet.days)]
    weeks = [first[n : n + 7] for n in range(0, len(first), 7)]
    return pdf("unhurried.service.worksheets", "paper/sheet.typ", {
        "title": "My worksheet", "large": large, "name": str(patient), "times": TIMES,
        "reasons": list(words.reasons().values()),
        "weeks": [
            {"title": f"{day(week[0])} to {day(week[-1])}",
             "days": [
                 {"name": f"{each:%A}", "date": f"{each.day} {each:%B}",
                  "short": f"{each.day} {each:%b}"}
                 for each in week
             ]}
            for week in weeks
        ],
    })  # fmt: skip


def pattern_pdf(patient: Patient, sheet: Worksheet, *, large: bool) -> bytes:
    """The sentences, the drawing and the table, with the person's own words."""
    shown = queries.shown(sheet)
    return pdf("unhurried.service.worksheets", "paper/pattern.typ", {
        "title": "What my worksheet shows", "large": large, "name": str(patient),
        "days": f"{day(sheet.starts)} to {day(sheet.last_day)}",
        "sentences": shown.pattern.sentences, "too_little": shown.pattern.too_little,
        "more_days": shown.more_days, "notes": shown.pattern.notes,
        "closing": shown.pattern.closing, "own_words": sheet.what_i_make,
        "weeks": [
            {"svg": render_to_string("worksheets/parts/week.svg", {"week": week}, using="jinja2"),
             "says": week.says, "title": week.title}
            for week in shown.weeks
        ],
        "rows": [
            [f"{row.day:%a} {row.day.day} {row.day:%b}", row.took, row.pain, row.stress, row.sleep]
            for row in shown.rows
        ],
    })  # fmt: skip
