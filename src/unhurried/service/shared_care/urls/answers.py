"""Addresses of answers."""

from __future__ import annotations

from django.urls import URLPattern, path

from unhurried.service.shared_care.views import answers

urlpatterns: list[URLPattern] = [
    path("answers/<uuid:answer>/seen/", answers.seen, name="answer_seen"),
]
