"""Addresses of access problems."""

from __future__ import annotations

from django.urls import URLPattern, path

from unhurried.service.shared_care.views import access_problems as views

HERE = "people/<uuid:uuid>/seeing-the-gp/"
ONE = f"{HERE}<uuid:problem>/"

urlpatterns: list[URLPattern] = [
    path("seeing-the-gp/", views.all_access_problems, name="all_access_problems"),
    path("seeing-the-gp/card.pdf", views.reception_card_pdf, name="reception_card"),
    path(HERE, views.access_problems, name="access_problems"),
    path(f"{HERE}report/", views.report_access_problem, name="report_access_problem"),
    path(ONE, views.access_problem, name="access_problem"),
    path(f"{ONE}look/", views.look_at_access_problem, name="look_at_access_problem"),
    path(f"{ONE}put-right/", views.put_right_access_problem, name="put_right_access_problem"),
    path(f"{ONE}again/", views.reopen_access_problem, name="reopen_access_problem"),
]
