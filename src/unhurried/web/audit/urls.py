"""Addresses of the pages on who has looked."""

from __future__ import annotations

from django.urls import URLPattern, path

from unhurried.web.audit import views

app_name = "audit"
urlpatterns: list[URLPattern] = [
    path("my-record/who-looked/", views.mine, name="who_looked"),
    path("people/<uuid:patient>/who-looked/", views.of_someone, name="who_looked_at"),
]
