"""The address of a person's timeline."""

from __future__ import annotations

from django.urls import path

from unhurried.web.case import views

app_name = "case"

urlpatterns = [path("people/<uuid:uuid>/timeline/", views.timeline, name="timeline")]
