"""Addresses of supervision."""

from __future__ import annotations

from django.urls import URLPattern, path

from unhurried.service.team.views import supervision as views

urlpatterns: list[URLPattern] = [
    path("supervision/", views.supervision, name="supervision"),
    path("supervision/plan/", views.plan, name="supervision_plan"),
    path("supervision/workers/<int:worker>/", views.supervisor, name="supervisor"),
    path("supervision/support/", views.support, name="support"),
    path("supervision/support/<uuid:uuid>/", views.support_answer, name="support_answer"),
    path("supervision/<uuid:uuid>/", views.meeting, name="supervision_meeting"),
    path("supervision/<uuid:uuid>/move/", views.move, name="supervision_move"),
    path("supervision/<uuid:uuid>/not-held/", views.not_held, name="supervision_not_held"),
    path("supervision/<uuid:uuid>/record/", views.record, name="supervision_record"),
    path("supervision/<uuid:uuid>/sign/", views.sign, name="supervision_sign"),
]
