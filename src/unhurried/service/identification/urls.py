"""Addresses of finding people."""

from __future__ import annotations

from django.urls import path

from unhurried.service.identification import views

app_name = "identification"

urlpatterns = [
    path("finding/", views.shortlist, name="shortlist"),
    path("finding/decide/", views.decide_many, name="decide_many"),
    path("finding/pace/", views.pace, name="pace"),
    path("finding/undo/<uuid:batch>/", views.undo, name="undo"),
    path("finding/yield/", views.results, name="yield"),
    path("finding/extracts/", views.extracts, name="extracts"),
    path("finding/extracts/hand-in/", views.hand_in, name="hand_in"),
    path("finding/extracts/folder/", views.folder, name="folder"),
    path("finding/extracts/<uuid:uuid>/", views.extract, name="extract"),
    path("finding/extracts/<uuid:uuid>/columns/", views.columns, name="columns"),
    path("finding/extracts/<uuid:uuid>/put-aside/", views.put_aside, name="put_aside"),
    path("finding/extracts/<uuid:uuid>/progress.json", views.progress, name="progress"),
    path("finding/extracts/<uuid:uuid>/rows-not-used.csv", views.rejects, name="rejects"),
    path("finding/people/<uuid:uuid>/", views.person, name="person"),
    path("finding/people/<uuid:uuid>/decide/", views.decide, name="decide"),
    path("finding/people/<uuid:uuid>/details/", views.details, name="details"),
    path("finding/people/<uuid:uuid>/conversation/", views.conversation, name="conversation"),
    path("finding/<slug:kind>/", views.other_list, name="list"),
]
