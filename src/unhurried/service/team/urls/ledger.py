"""Addresses of time and claims."""

from __future__ import annotations

from django.urls import URLPattern, path

from unhurried.service.team.views import claims, ledger

urlpatterns: list[URLPattern] = [
    path("time/", ledger.time, name="time"),
    path("time/add/", ledger.add, name="time_add"),
    path("time/lines.csv", ledger.lines_as_csv, name="time_as_csv"),
    path("time/rates/", ledger.rates, name="time_rates"),
    path("time/<uuid:uuid>/correct/", ledger.correct, name="time_correct"),
    path("time/claims/", claims.claims, name="claims"),
    path("time/claims/make/", claims.make, name="claim_make"),
    path("time/claims/<uuid:uuid>/", claims.claim, name="claim"),
    path("time/claims/<uuid:uuid>/paper/", claims.paper, name="claim_paper"),
    path("time/claims/<uuid:uuid>/decide/", claims.decide, name="claim_decide"),
    path("time/claims/<uuid:uuid>/answer/", claims.answer, name="claim_answer"),
]
