"""Addresses of caseloads."""

from __future__ import annotations

from django.urls import URLPattern, path

from unhurried.service.team.views import caseloads

urlpatterns: list[URLPattern] = [
    path("team/caseloads/", caseloads.caseloads, name="caseloads"),
]
