"""Addresses of handover."""

from __future__ import annotations

from django.urls import URLPattern, path

from unhurried.service.team.views import handed_person, handover, withdrawal

ALL = "team/handovers/"
ONE = ALL + "<uuid:uuid>/"
PERSON = ONE + "people/<uuid:person>/"
urlpatterns: list[URLPattern] = [
    path(ALL, handover.handovers, name="handovers"),
    path(ALL + "new/", handover.begin_handover, name="begin_handover"),
    path(ALL + "leaving/", withdrawal.begin_withdrawal, name="begin_withdrawal"),
    path(ONE, handover.handover, name="handover"),
    path(ONE + "receiver/", handover.name_receiver, name="name_receiver"),
    path(ONE + "finish/", handover.close_handover, name="close_handover"),
    path(ONE + "call-off/", handover.call_off, name="call_off_handover"),
    path(ONE + "carry-out/", withdrawal.carry_out, name="carry_out_withdrawal"),
    path(ONE + "certificate/", handover.certificate, name="handover_certificate"),
    path(ONE + "manifest.json", withdrawal.manifest, name="handover_manifest"),
    path(PERSON, handed_person.person, name="handed_person"),
    path(PERSON + "take-on/", handed_person.accept, name="take_on"),
    path(PERSON + "not-possible/", handed_person.cannot_take, name="cannot_take_on"),
    path(PERSON + "told/", handed_person.tell, name="handed_person_told"),
    path(PERSON + "note/", handed_person.note, name="handover_note"),
]
