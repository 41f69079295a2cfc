"""Addresses. Each app's `urls.py` keeps its own, written in full (`people/<uuid>/`)."""

from __future__ import annotations

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from unhurried.web import errors

APPS = (
    "accounts",
    "audit",
    "jobs",
    "outbox",
    "patients",
    "shared_care",
    "identification",
    "joining",
    "planning",
    "worksheets",
    "sessions",
    "team",
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("unhurried.web.own_urls")),
    path("", include("unhurried.web.audit.urls")),
    path("", include("unhurried.web.outbox.urls")),
    path("", include("unhurried.web.case.urls")),
    path("", include("unhurried.web.waits.urls")),
    path("", include("unhurried.service.accounts.sign_in_urls")),
]
urlpatterns += [
    path("", include(f"unhurried.service.{app}.urls"))
    for app in APPS
    if find_spec(f"unhurried.service.{app}.urls")
]


if settings.DEMO:
    urlpatterns.append(path("", include("unhurried.web.demo_doors")))

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.broken
