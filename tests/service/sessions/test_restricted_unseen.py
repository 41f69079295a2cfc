"""Of a session's restricted note nobody else learns even that it is there: not a byte (CON-6)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.service.conftest import actor_for
from tests.service.sessions.conftest import MONDAY, Meeting, wanted

from unhurried.service.accounts.models import BreakGlass, Membership
from unhurried.service.audit import clock
from unhurried.service.patients.models import Cover, Note
from unhurried.service.sessions import operations
from unhurried.service.sessions.models import Session
from unhurried.service.sessions.operations import Held

SignIn = Callable[[Membership], Client]
ONE_TIME = re.compile(r'csrfmiddlewaretoken" value="[^"]+"|name="once" value="[^"]+"|nonce="[^"]+"')


@pytest.mark.parametrize("who", ["gp", "cover", "break_glass", "patient"])
def test_not_a_byte_differs(meeting: Meeting, signed_in: SignIn, who: str) -> None:
    world = meeting.world
    reader = world.member("project_worker" if who in {"cover", "break_glass"} else who)
    if who == "cover":
        Cover.objects.create(
            worker=meeting.worker, covering=reader, starts=MONDAY, ends=MONDAY + timedelta(days=9)
        )
    elif who == "break_glass":
        BreakGlass.objects.create(
            user=reader.user, membership=reader, patient_id=meeting.patient.pk, reason="Emergency",
            opened_at=clock.now(), until=clock.now() + timedelta(hours=1),
        )  # fmt: skip
    elif who == "patient":
        meeting.patient.user = reader.user
        meeting.patient.save()
    made = operations.record_session(
        by=meeting.by, patient=meeting.patient,
        held=Held(MONDAY, wanted(0, 9).at, note="Kingfisher", note_for=Note.Visibility.RESTRICTED),
    )  # fmt: skip
    assert actor_for(reader).role == reader.role
    person = meeting.patient.uuid
    client = signed_in(reader)
    addresses = [
        reverse("sessions:sessions", args=[person]),
        reverse("sessions:session", args=[person, made.uuid]),
        reverse("sessions:correct", args=[person, made.uuid]),
        reverse("case:timeline", args=[person]),
        reverse("patients:person", args=[person]),
    ]

    def pages() -> list[tuple[int, str]]:
        found = []
        for each in addresses:
            answer = client.get(each, follow=True)
            found.append((answer.status_code, ONE_TIME.sub("", answer.content.decode())))
        return found

    before = pages()
    Session.objects.update(note=None)
    Note.objects.all().delete()
    assert any(status == 200 for status, _ in before)
    assert pages() == before
