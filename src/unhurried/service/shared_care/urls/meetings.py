"""Addresses of review meetings and their agendas."""

from __future__ import annotations

from django.urls import URLPattern, path

from unhurried.service.shared_care.views import agenda, meetings, polls

ONE = "meetings/<uuid:meeting>/"
PERSON = "people/<uuid:uuid>/review-meetings/"
ITEM = PERSON + "<uuid:item>/"
urlpatterns: list[URLPattern] = [
    path("meetings/", meetings.meetings, name="meetings"),
    path("meetings/new/", meetings.new_meeting, name="new_meeting"),
    path(ONE, meetings.meeting, name="meeting"),
    path(ONE + "people/", meetings.meeting_people, name="meeting_people"),
    path(ONE + "times/", polls.meeting_times, name="meeting_times"),
    path(ONE + "answer/", polls.meeting_answer, name="meeting_answer"),
    path(ONE + "choose/", polls.meeting_choose, name="meeting_choose"),
    path(ONE + "time/", polls.meeting_time, name="meeting_time"),
    path(ONE + "in-writing/", meetings.meeting_writing, name="meeting_writing"),
    path(ONE + "held/", meetings.meeting_held, name="meeting_held"),
    path(ONE + "not-held/", meetings.meeting_not_held, name="meeting_not_held"),
    path(ONE + "agenda/", agenda.meeting_agenda, name="meeting_agenda"),
    path(ONE + "meeting.ics", meetings.meeting_file, name="meeting_file"),
    path(PERSON, agenda.meeting_items, name="meeting_items"),
    path(PERSON + "add/", agenda.meeting_add, name="meeting_add"),
    path(ITEM, agenda.meeting_item, name="meeting_item"),
    path(ITEM + "change/", agenda.meeting_amend, name="meeting_amend"),
    path(ITEM + "take-off/", agenda.meeting_take_off, name="meeting_take_off"),
    path(ITEM + "write/", agenda.meeting_comment, name="meeting_comment"),
    path(ITEM + "decided/", agenda.meeting_decide, name="meeting_decide"),
    path(ITEM + "told/", agenda.meeting_told, name="meeting_told"),
]
