"""What is booked when the time with the service ends is nobody's to come to any more."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from django.urls import reverse
from tests.service.sessions.conftest import Meeting

from unhurried.service.accounts.models import Membership
from unhurried.service.patients import operations as patients
from unhurried.service.sessions import queries

SignIn = Callable[[Membership], Client]


def test_a_person_is_not_sent_to_a_meeting_nobody_comes_to(
    meeting: Meeting, signed_in: SignIn
) -> None:
    person = meeting.world.member("patient")
    meeting.patient.user = person.user
    meeting.patient.save()
    booked = meeting.book()
    client = signed_in(person)
    pages = (reverse("sessions:recaps", args=[meeting.patient.uuid]), "/")
    assert all(booked.when in client.get(each).content.decode() for each in pages)
    patients.end_episode(by=meeting.by, episode=meeting.patient.episodes.get(), reason="moved on")
    assert list(queries.coming(meeting.patient)) == []
    assert not any(booked.when in client.get(each).content.decode() for each in pages)
