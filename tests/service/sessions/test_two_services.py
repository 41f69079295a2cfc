"""What a person does with another service later is not counted for the one they left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.service.conftest import actor_for
from tests.service.sessions.conftest import MONDAY, NOW, Meeting, wanted

from unhurried.service.accounts.models import Agreement, Membership
from unhurried.service.patients.models import Episode
from unhurried.service.sessions import operations
from unhurried.service.sessions.operations import Held

SignIn = Callable[[Membership], Client]


@pytest.mark.parametrize("code", ["pacing", ""])
def test_a_manager_reads_nothing_of_another_services_sessions(
    meeting: Meeting, signed_in: SignIn, code: str
) -> None:
    world = meeting.world
    Episode.objects.update(state=Episode.State.ENDED, ended_at=NOW - timedelta(days=9))
    Agreement.objects.create(
        practice=world.practice, provider=world.other_provider, starts=MONDAY - timedelta(days=99)
    )
    there = world.member("project_worker", world.other_provider)
    Episode.objects.create(
        patient=meeting.patient, practice=world.practice, provider=world.other_provider,
        project_worker=there, state=Episode.State.ENROLLED,
        opened_at=NOW - timedelta(days=5), enrolled_at=NOW - timedelta(days=5),
    )  # fmt: skip
    if not code:
        boss = actor_for(world.member("service_manager", world.other_provider))
        code = operations.save_component(by=boss, code="", name="Kingfisher walks").code
    operations.record_session(
        by=actor_for(there), patient=meeting.patient,
        held=Held(MONDAY, wanted(0, 9).at, components=(code,)),
    )  # fmt: skip
    manager = signed_in(world.member("service_manager"))
    page = manager.get(reverse("sessions:workload")).content.decode()
    assert "Kingfisher" not in page
    assert "1 of 1" not in page
