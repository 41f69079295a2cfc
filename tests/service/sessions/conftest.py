"""A project worker and somebody they work with, on a Monday morning, ready to meet."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from tests.service.conftest import World, actor_for

from unhurried.service.accounts.models import Membership
from unhurried.service.audit.actor import Actor
from unhurried.service.patients.models import ContactPreference, Episode, Patient
from unhurried.service.sessions import operations
from unhurried.service.sessions.models import Appointment
from unhurried.service.sessions.operations import Wanted

NOW = datetime(2026, 10, 12, 8, 30, tzinfo=UTC)  # a Monday, 09:30 on the clock
MONDAY = date(2026, 10, 12)
SPEC = Path(__file__).parents[2] / "spec/sessions"


def spec(name: str) -> list[dict[str, str]]:
    """The rows of a table of tests/spec/sessions."""
    with (SPEC / f"{name}.csv").open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


def wanted(days: int = 3, hour: int = 10, minutes: int = 60, **more: Any) -> Wanted:
    """A time so many days from the Monday."""
    return Wanted(MONDAY + timedelta(days=days), time(hour), minutes, **more)


@dataclass
class Meeting:
    """Who meets."""

    world: World
    worker: Membership
    patient: Patient

    @property
    def by(self) -> Actor:
        """The worker, acting."""
        return actor_for(self.worker)

    def person(self, **more: Any) -> Patient:
        """Somebody else they work with, whom texts may reach."""
        made = self.world.enrolled(self.worker, phone="07700 900999", **more)
        ContactPreference.objects.create(patient=made, by_sms=True)
        Episode.objects.filter(patient=made).update(opened_at=NOW - timedelta(days=90))
        return made

    def book(self, *args: Any, **more: Any) -> Appointment:
        """One appointment of the patient."""
        reason = more.pop("over_reason", "")
        made = operations.book(
            by=self.by, patient=self.patient, wanted=wanted(*args, **more), over_reason=reason
        )
        return made[0]


@pytest.fixture
def meeting(world: World) -> Iterator[Meeting]:
    """A worker and somebody who likes to be reminded by text, on a Monday at half past nine."""
    world.provider.phone = "01632 960 001"
    world.provider.save()
    with time_machine.travel(NOW, tick=False):
        worker = world.member("project_worker")
        made = Meeting(world, worker, world.patient())
        made.patient = made.person(email="sparrow@example.org")
        yield made
