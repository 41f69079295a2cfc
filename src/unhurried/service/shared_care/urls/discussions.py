"""Addresses of talks about a person."""

from __future__ import annotations

from django.urls import URLPattern, path

from unhurried.service.shared_care.views import discussions as views

HERE = "people/<uuid:uuid>/discussions/"

urlpatterns: list[URLPattern] = [
    path("discussions/", views.to_tell, name="to_tell"),
    path(HERE, views.discussions, name="discussions"),
    path(f"{HERE}note/", views.note_discussion, name="note_discussion"),
    path(f"{HERE}<uuid:discussion>/", views.discussion, name="discussion"),
    path(f"{HERE}<uuid:discussion>/told/", views.tell_person, name="tell_person"),
    path(f"{HERE}<uuid:discussion>/line/", views.add_line, name="add_line"),
]
