"""The fictional service's meetings: Figure 2 to the person, and nothing out of its order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings
from tests.service.conftest import World
from tests.service.sessions.conftest import spec

from unhurried.demo.service import sessions
from unhurried.demo.service.cast import Cast
from unhurried.service.accounts.models import Membership
from unhurried.service.audit.verifying import verify
from unhurried.service.joining.models import Enrolment
from unhurried.service.outbox.models import Message
from unhurried.service.patients.models import ContactPreference, Episode, SafetyAlert
from unhurried.service.sessions import queries
from unhurried.service.sessions.models import Appointment, Attendee, Session

FRIDAY = datetime(2026, 9, 4, 14, tzinfo=UTC)
WEEK = timedelta(weeks=1)


@pytest.fixture
def cast(world: World, settings: Settings, tmp_path: Path) -> Cast:
    """A practice, a provider and two workers, as the story has them."""
    settings.DATA, settings.FILES = tmp_path, tmp_path / "files"
    settings.OUTBOX = {**settings.OUTBOX, "email": "files", "sms": "files", "letter": "files"}
    made = Cast({"linden": world.practice, "provider": world.provider})
    for role in ("project_worker", "project_worker", "service_manager", "gp"):
        member = world.member(role, capacity=20 if role == "project_worker" else None)
        Membership.objects.filter(pk=member.pk).update(starts=FRIDAY - timedelta(days=400))
        made.members[member.user.email] = member
    return made


def _join(world: World, worker: Membership, at: datetime) -> None:
    patient = world.enrolled(worker, phone="07700 900123")
    ContactPreference.objects.create(patient=patient)
    Episode.objects.filter(patient=patient).update(opened_at=at, enrolled_at=at)
    Enrolment.objects.create(
        patient=patient, episode=patient.episodes.get(), at=at, project_worker=worker,
        statement="1", enrolled_by=worker,
    )  # fmt: skip


@pytest.mark.slow
def test_thirty_four_people_meet_and_the_counts_are_the_papers(
    cast: Cast, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    end = FRIDAY + 11 * WEEK + timedelta(hours=3)
    for week in range(12):
        friday = FRIDAY + week * WEEK
        sessions.until(cast, friday, end)
        sessions.book(cast, friday, end)
        for number in range(4 * week, min(4 * week + 4, 34)):
            _join(world, cast.workers()[number % 2], friday)
    sessions.until(cast, end, end)
    counts: dict[str, Any] = {
        each.code: each for each in queries.component_counts(queries.enrolled_people())
    }
    for row in spec("figure-2"):
        found = counts[row["code"]]
        assert (found.people, found.of) == (int(row["people"]), int(row["of"])), row["code"]
    assert verify().problems == ()
    places = set(Session.objects.values_list("place", flat=True))
    assert {"practice", "phone", "home"} <= places
    assert Attendee.objects.filter(session__isnull=False, hears="part").exists()
    assert Appointment.objects.filter(state="missed").exclude(found_out="").exists()
    assert Appointment.objects.filter(over_agreed=True, starts_at__gt=end).count() == 1
    soon = Appointment.objects.filter(starts_at__gt=end, starts_at__lt=end + WEEK, state="booked")
    assert soon.count() > 10
    assert SafetyAlert.objects.get().closed_at is not None
    sent = Message.objects.filter(purpose="sessions.reminder", state="sent")
    assert sent.exists()
    late = Message.objects.filter(state__in=["waiting", "failed"], due_at__lt=end)
    assert not late.exists()
