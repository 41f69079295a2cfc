"""Addresses of summaries."""

from __future__ import annotations

from django.urls import URLPattern, path

from unhurried.service.shared_care.views import summaries, summary_files

ALL = "people/<uuid:uuid>/summaries/"
ONE = ALL + "<uuid:summary>/"
urlpatterns: list[URLPattern] = [
    path("shared-care/summaries/", summaries.summaries_waiting, name="summaries_waiting"),
    path(ALL, summaries.summaries, name="summaries"),
    path(ALL + "write/<slug:kind>/<uuid:source>/", summaries.write_summary, name="write_summary"),
    path(ONE, summaries.summary, name="summary"),
    path(ONE + "send/", summaries.send_summary, name="send_summary"),
    path(ONE + "on-the-record/", summaries.file_summary, name="file_summary"),
    path(ONE + "send-back/", summaries.return_summary, name="return_summary"),
    path(ONE + "leave/", summaries.leave_summary, name="leave_summary"),
    path(ONE + "as/<slug:form>/", summary_files.summary_file, name="summary_file"),
]
