"""Addresses of the team's rooms; each room keeps its own list."""

from __future__ import annotations

from django.urls import URLPattern

from unhurried.service.team.urls import caseloads, handover, learning, ledger, supervision

app_name = "team"

ROOMS = (caseloads, supervision, ledger, learning, handover)
urlpatterns: list[URLPattern] = [each for room in ROOMS for each in room.urlpatterns]
