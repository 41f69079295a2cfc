"""Somebody who left "not safe" has an alert, whatever becomes of the rest of the form (H18)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.service.sessions.conftest import Meeting, wanted
from tests.service.sessions.posts import NOBODY

from unhurried.service.accounts.models import Membership
from unhurried.service.patients.models import Episode, SafetyAlert
from unhurried.service.sessions import operations
from unhurried.service.sessions.models import Session

SignIn = Callable[[Membership], Client]
NOT_SAFE = {"day": "12/10/2026", "at": "9:00", "place": "phone", "note_for": "ordinary",
            **NOBODY, "leaving": "not_safe"}  # fmt: skip


def _kinds() -> list[str]:
    return list(SafetyAlert.objects.values_list("kind", flat=True))


@pytest.mark.parametrize(
    "wrong",
    [
        {"at": "half past"},
        {"name_1": "", "relationship_1": "Parent"},
        {"day": "12/10/2025"},  # a rule says no: before the person's time with the service
        {"next_when": "1", "minutes": "10"},  # goes over what was agreed
        {"leaving": ["not_safe", "settled"]},
    ],
)
def test_an_error_elsewhere_on_the_form_never_hides_it(
    meeting: Meeting, signed_in: SignIn, wrong: dict[str, Any]
) -> None:
    client, address = signed_in(meeting.worker), reverse(
        "sessions:record", args=[meeting.patient.uuid]
    )  # fmt: skip
    sent = {
        **NOT_SAFE,
        "note": "Kingfisher",
        **wrong,
        "once": "8e4d1a36-5a1e-4c4b-9d0e-000000000001",
    }
    body = client.post(address, sent).content.decode()
    assert not Session.objects.exists()
    assert _kinds() == ["suicidality"]
    assert "The alert is raised" in body
    assert "Kingfisher" in body
    client.post(address, sent)  # sent again, it is still one
    assert _kinds() == ["suicidality"]
    client.post(address, {**NOT_SAFE, "once": sent["once"]})  # and when it is put right
    assert Session.objects.count() == 1
    assert _kinds() == ["suicidality"]


def test_it_is_raised_even_when_the_time_with_the_service_ended_meanwhile(
    meeting: Meeting, signed_in: SignIn
) -> None:
    client = signed_in(meeting.worker)
    Episode.objects.update(state=Episode.State.PAUSED)
    client.post(reverse("sessions:record", args=[meeting.patient.uuid]), NOT_SAFE)
    assert _kinds() == ["suicidality"]


def test_said_after_going_back_in_the_browser_it_is_raised(
    meeting: Meeting, signed_in: SignIn
) -> None:
    client, address = signed_in(meeting.worker), reverse(
        "sessions:record", args=[meeting.patient.uuid]
    )  # fmt: skip
    once = {"once": "8e4d1a36-5a1e-4c4b-9d0e-000000000002"}
    assert client.post(address, {**NOT_SAFE, "leaving": "settled", **once}).status_code == 302
    assert _kinds() == []
    again = client.post(address, {**NOT_SAFE, **once}).content.decode()
    assert "The alert is raised" in again
    assert "already sent" in again
    assert _kinds() == ["suicidality"]
    assert Session.objects.count() == 1


def test_an_appointment_with_a_session_already_does_not_swallow_it(
    meeting: Meeting, signed_in: SignIn
) -> None:
    booked = meeting.book(0, 10)
    held = operations.Held(wanted().day.replace(day=12), wanted(0, 9).at)
    operations.record_session(by=meeting.by, patient=meeting.patient, held=held, appointment=booked)
    client = signed_in(meeting.worker)
    address = reverse("sessions:record", args=[meeting.patient.uuid])
    body = client.post(address, {**NOT_SAFE, "appointment": str(booked.uuid)}).content.decode()
    assert "recorded for this appointment already" in body
    assert _kinds() == ["suicidality"]
