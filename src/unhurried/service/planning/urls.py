"""Addresses of the step."""

from __future__ import annotations

from django.urls import URLPattern, path

from unhurried.service.planning.views import assessment, items, measures, plan, sharing

app_name = "planning"

RESULT = "people/<uuid:uuid>/measures/results/<uuid:result>/"
PLAN = "people/<uuid:uuid>/plan/"

urlpatterns: list[URLPattern] = [
    path("people/<uuid:uuid>/assessment/", assessment.overview, name="assessment"),
    path("people/<uuid:uuid>/assessment/parts/<slug:code>/", assessment.part, name="part"),
    path("people/<uuid:uuid>/assessment/benefit/", assessment.benefit, name="benefit"),
    path("people/<uuid:uuid>/assessment/baseline/", assessment.baseline, name="baseline"),
    path("people/<uuid:uuid>/assessment/share/", sharing.summary, name="share_summary"),
    path("people/<uuid:uuid>/assessment/share/own/", sharing.with_person, name="share_own"),
    path("people/<uuid:uuid>/assessment/share/stop/", sharing.stop, name="stop_summary"),
    path("people/<uuid:uuid>/measures/", measures.overview, name="measures"),
    path(RESULT, measures.result, name="result"),
    path(f"{RESULT}today/", measures.today, name="today"),
    path(f"{RESULT}put-aside/", measures.put_aside, name="put_aside"),
    path("people/<uuid:uuid>/measures/<slug:code>/", measures.fill_in, name="measure"),
    path(PLAN, plan.overview, name="plan"),
    path(f"{PLAN}about/", plan.own_words, name="plan_words"),
    path(f"{PLAN}add/", items.add, name="add_item"),
    path(f"{PLAN}items/<uuid:item>/", items.one, name="item"),
    path(f"{PLAN}topics/", plan.topics, name="topics"),
    path(f"{PLAN}topics/<uuid:topic>/reached/", plan.reached, name="topic_reached"),
    path(f"{PLAN}agree/", plan.agree, name="agree"),
    path(f"{PLAN}agreed/<int:number>/", plan.agreed, name="agreed"),
    path(f"{PLAN}print/", plan.printed, name="print_plan"),
]
