"""Addresses of shared care; each room keeps its own list."""

from __future__ import annotations

from django.urls import URLPattern

from unhurried.service.shared_care.urls import (
    access_problems,
    advice,
    answers,
    discussions,
    meetings,
    summaries,
    tasks,
)

app_name = "shared_care"

ROOMS = (tasks, discussions, access_problems, summaries, advice, answers, meetings)
urlpatterns: list[URLPattern] = [each for room in ROOMS for each in room.urlpatterns]
