"""Addresses of learning."""

from __future__ import annotations

from django.urls import URLPattern, path

from unhurried.service.team.views import learning as views

urlpatterns: list[URLPattern] = [
    path("learning/", views.learning, name="learning"),
    path("learning/pages/<slug:code>/", views.read, name="learning_page"),
    path("learning/plan/", views.plan, name="learning_plan"),
    path("learning/plan/<uuid:uuid>/", views.change, name="learning_change"),
    path("learning/log/", views.log, name="learning_log"),
]
