"""Addresses of the step."""

from __future__ import annotations

from django.urls import URLPattern, path

from unhurried.service.sessions.views import appointments, diary, keeping, recording, resources

app_name = "sessions"

ONE = "people/<uuid:uuid>/"
APPOINTMENT = ONE + "appointments/<uuid:appointment>/"
urlpatterns: list[URLPattern] = [
    path("resources/", resources.resources, name="resources"),
    path("resources/<slug:code>/", resources.resource, name="resource"),
    path("resources/<slug:code>/print.pdf", resources.resource_on_paper, name="resource_on_paper"),
    path("diary/", diary.diary, name="diary"),
    path("diary/workload/", keeping.workload, name="workload"),
    path("diary/workload/<int:worker>/", keeping.limits, name="limits"),
    path("diary/components/", keeping.catalogue, name="catalogue"),
    path("diary/components/add/", keeping.add_component, name="add_component"),
    path("diary/components/<slug:code>/", keeping.component, name="component"),
    path(ONE + "appointments/new/", appointments.book, name="book"),
    path(APPOINTMENT, appointments.appointment, name="appointment"),
    path(APPOINTMENT + "change/", appointments.change, name="change"),
    path(APPOINTMENT + "cancel/", appointments.cancel, name="cancel"),
    path(APPOINTMENT + "did-not-meet/", appointments.missed, name="missed"),
    path(APPOINTMENT + "appointment.ics", appointments.calendar_file, name="calendar_file"),
    path(ONE + "sessions/", recording.sessions, name="sessions"),
    path(ONE + "sessions/new/", recording.record, name="record"),
    path(ONE + "sessions/taken-home/", recording.recaps, name="recaps"),
    path(ONE + "sessions/<uuid:session>/", recording.session, name="session"),
    path(ONE + "sessions/<uuid:session>/correct/", recording.correct, name="correct"),
    path(ONE + "given/", keeping.given, name="given"),
    path(ONE + "given/add/", keeping.give, name="give"),
    path(ONE + "given/<uuid:given>/said/", keeping.said, name="said"),
]
