"""Addresses of what waits."""

from __future__ import annotations

from django.urls import URLPattern, path

from unhurried.web.waits import views

app_name = "waits"
urlpatterns: list[URLPattern] = [
    path("waits/", views.waits, name="waits"),
    path("waits/figures/", views.figures, name="figures"),
]
