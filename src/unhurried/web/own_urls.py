"""Addresses of the pages that belong to no step: the home page and the health page."""

from __future__ import annotations

from django.urls import URLPattern, path

from unhurried.web import break_glass, views

app_name = "web"
urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("health/", views.health, name="health"),
    path("break-glass/", break_glass.ask, name="break_glass"),
    path("break-glass/review/", break_glass.queue, name="break_glass_queue"),
    path("break-glass/review/<int:opening>/", break_glass.review, name="break_glass_review"),
]
