"""Addresses of advice."""

from __future__ import annotations

from django.urls import URLPattern, path

from unhurried.service.shared_care.views import advice, advice_asker, advice_specialist

ONE = "people/<uuid:uuid>/advice/<uuid:request_id>/"

urlpatterns: list[URLPattern] = [
    path("advice/", advice.everything, name="advice"),
    path("people/<uuid:uuid>/advice/", advice.of_person, name="advice_of_person"),
    path("people/<uuid:uuid>/advice/ask/", advice_asker.ask, name="ask_advice"),
    path(ONE, advice.one, name="advice_request"),
    path(f"{ONE}paper/", advice.paper, name="advice_paper"),
    path(f"{ONE}answer/", advice_specialist.answer, name="answer_advice"),
    path(f"{ONE}ask-back/", advice_specialist.ask_back, name="ask_back_advice"),
    path(f"{ONE}pass-on/", advice_specialist.pass_on, name="pass_on_advice"),
    path(f"{ONE}not-for-me/", advice_specialist.not_for_me, name="advice_not_for_me"),
    path(f"{ONE}reply/", advice_asker.reply, name="reply_advice"),
    path(f"{ONE}another/", advice_asker.ask_another, name="advice_another"),
    path(f"{ONE}withdraw/", advice_asker.withdraw, name="withdraw_advice"),
    path(f"{ONE}read/", advice_asker.mark_read, name="advice_read"),
    path(f"{ONE}talked/", advice_asker.release, name="release_advice"),
]
