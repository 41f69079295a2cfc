"""Addresses of worksheets; those for a code have neutral words."""

from __future__ import annotations

from django.urls import path

from unhurried.service.worksheets.views import codes, lines, pattern, sheets

app_name = "worksheets"

OF = "people/<uuid:uuid>/worksheets/"
ONE = OF + "<uuid:sheet>/"
urlpatterns = [
    path("worksheets/", sheets.worksheets, name="worksheets"),
    path(OF, sheets.of_person, name="of_person"),
    path(OF + "new/", sheets.start, name="start"),
    path(OF + "shared/", pattern.shared, name="shared"),
    path(ONE, sheets.one, name="one"),
    path(ONE + "add/", lines.add, name="add"),
    path(ONE + "entries/<uuid:line>/", lines.correct, name="correct"),
    path(ONE + "days/", sheets.days, name="days"),
    path(ONE + "week/", lines.week, name="week"),
    path(ONE + "pattern/", pattern.pattern, name="pattern"),
    path(ONE + "pattern.pdf", pattern.pattern_pdf, name="pattern_pdf"),
    path(ONE + "share/", pattern.share, name="share"),
    path(ONE + "sheet.pdf", pattern.sheet_pdf, name="sheet_pdf"),
    path(ONE + "code/", codes.code, name="code"),
    path("my-week/", codes.by_code, name="by_code"),
    path("my-week/<str:code>/", codes.by_code, name="by_code_given"),
]
