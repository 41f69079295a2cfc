"""From when a session can be recorded: one rule, the same on every page and in the operation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from tests.service.sessions.conftest import MONDAY, NOW, Meeting
from tests.service.sessions.posts import NOBODY

from unhurried.service.accounts.models import Membership
from unhurried.service.audit.refused import Refused
from unhurried.service.sessions import operations
from unhurried.service.sessions.models import Appointment, Session
from unhurried.service.sessions.operations import Held

SignIn = Callable[[Membership], Client]
FROM = "Its session can be recorded from Monday 12 October 2026, 10:30."
STARTS = NOW + timedelta(minutes=90)  # at eleven


def _pages(client: Client, meeting: Meeting, booked: Appointment) -> dict[str, str]:
    """What the worker reads: the appointment, the list, the diary, and the form's own address."""
    one = reverse("sessions:appointment", args=[meeting.patient.uuid, booked.uuid])
    record = reverse("sessions:record", args=[meeting.patient.uuid])
    return {
        "appointment": client.get(one).content.decode(),
        "list": client.get(
            reverse("sessions:sessions", args=[meeting.patient.uuid])
        ).content.decode(),
        "diary": client.get(reverse("sessions:diary"), {"view": "day"}).content.decode(),
        "form": client.get(f"{record}?appointment={booked.uuid}", follow=True).content.decode(),
    }


def _sent(booked: Appointment) -> dict[str, str]:
    return {"day": "12/10/2026", "at": "9:00", "place": "phone", "note_for": "ordinary",
            "note": "Slept better", "appointment": str(booked.uuid), **NOBODY}  # fmt: skip


@pytest.mark.parametrize("minutes", [-1_000_000, -31])
def test_before_its_time_every_page_says_from_when_and_what_can_be_done(
    meeting: Meeting, signed_in: SignIn, minutes: int
) -> None:
    booked = meeting.book(0, 11)
    now = max(STARTS + timedelta(minutes=minutes), NOW)
    with time_machine.travel(now, tick=False):
        client = signed_in(meeting.worker)
        found = _pages(client, meeting, booked)
        for name in ("appointment", "form"):
            assert FROM in found[name], name
            assert "Change it" in found[name]
            assert "Cancel it" in found[name]
        link = f"?appointment={booked.uuid}"
        assert [name for name, page in found.items() if link in page] == []
        record = reverse("sessions:record", args=[meeting.patient.uuid])
        kept = client.post(record, _sent(booked)).content.decode()
        assert FROM in kept
        assert "Slept better" in kept
        with pytest.raises(Refused, match="can be recorded from"):
            operations.record_session(
                by=meeting.by, patient=meeting.patient, appointment=booked,
                held=Held(MONDAY, time(9)),
            )  # fmt: skip
    assert not Session.objects.exists()


@pytest.mark.parametrize("minutes", [-30, 0, 30, 61, 600])
def test_from_half_an_hour_before_every_page_leads_to_the_form(
    meeting: Meeting, signed_in: SignIn, minutes: int
) -> None:
    booked = meeting.book(0, 11)
    with time_machine.travel(STARTS + timedelta(minutes=minutes), tick=False):
        client = signed_in(meeting.worker)
        found = _pages(client, meeting, booked)
        for name in ("appointment", "list", "diary"):
            assert f"?appointment={booked.uuid}" in found[name], name
            assert "can be recorded from" not in found[name]
        assert "Save the session" in found["form"]
        record = reverse("sessions:record", args=[meeting.patient.uuid])
        assert client.post(record, _sent(booked)).status_code == 302
        after = _pages(client, meeting, booked)
        assert "is recorded for this appointment already" in after["form"]
        assert "Save the session" not in after["form"]


def test_a_cancelled_one_says_how_to_record_it_all_the_same(
    meeting: Meeting, signed_in: SignIn
) -> None:
    booked = meeting.book(0, 11)
    operations.cancel(by=meeting.by, appointment=booked, by_whom="person", version=1)
    with time_machine.travel(STARTS + timedelta(hours=1), tick=False):
        found = _pages(signed_in(meeting.worker), meeting, booked)
        assert "record a session on its own" in found["appointment"]
        assert "record a session on its own" in found["form"]


def test_the_person_reads_nothing_of_recording(meeting: Meeting, signed_in: SignIn) -> None:
    booked = meeting.book(0, 11)
    gp = signed_in(meeting.world.member("gp"))
    where = reverse("sessions:appointment", args=[meeting.patient.uuid, booked.uuid])
    assert "recorded from" not in gp.get(where).content.decode()
