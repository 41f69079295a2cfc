"""Addresses of the pages of the outbox."""

from __future__ import annotations

from django.urls import URLPattern, path

from unhurried.web.outbox import views

app_name = "outbox"
urlpatterns: list[URLPattern] = [
    path("letters-and-messages/", views.list_messages, name="messages"),
    path("letters-and-messages/<uuid:message>/try-again/", views.retry, name="retry"),
]
