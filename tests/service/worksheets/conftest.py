"""Somebody who keeps a worksheet, with their worker, their carer and their GP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from tests.service.conftest import World, actor_for

from unhurried.service.accounts.models import Membership, Organisation
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.patients.models import Patient
from unhurried.service.worksheets import operations
from unhurried.service.worksheets.models import Worksheet
from unhurried.service.worksheets.rules import Given

SignIn = Callable[[Membership], Client]


@dataclass
class Kept:
    """A person with a worksheet that began six days ago, so that today is its last day."""

    world: World
    today: date = field(default_factory=clock.today)

    @cached_property
    def worker(self) -> Membership:
        """The person's project worker."""
        return self.world.member("project_worker")

    @cached_property
    def gp(self) -> Membership:
        """A GP of the person's practice."""
        return self.world.member("gp")

    @cached_property
    def patient(self) -> Patient:
        """Somebody enrolled, who signs in."""
        person = self.world.enrolled(self.worker)
        person.user = self.person.user
        person.save()
        return person

    @cached_property
    def person(self) -> Membership:
        """The person's own sign-in."""
        home = Organisation.objects.get(pk=self.world.practice.pk)
        return self.world.member("patient", home)

    @cached_property
    def by(self) -> Actor:
        """The worker, acting."""
        return actor_for(self.worker)

    @cached_property
    def sheet(self) -> Worksheet:
        """A week up to today."""
        return operations.start_worksheet(
            by=self.by, patient=self.patient, starts=self.day(0), days=7
        )

    def day(self, number: int) -> date:
        """The worksheet's day of this number, from 0."""
        return self.today - timedelta(days=6 - number)

    def write(self, number: int, **what: object) -> None:
        """One line of that day."""
        operations.add_line(
            by=self.by, worksheet=self.sheet,
            given=Given(self.day(number), **what),  # type: ignore[arg-type]  # as the tests name it
        )  # fmt: skip

    def a_week(self) -> None:
        """Extra on four days of high stress and usual pain; usual on three."""
        for number in range(7):
            extra = number % 2 == 0
            self.write(
                number, taken="extra" if extra else "usual", stress=8 if extra else 4, pain=6,
                time="evening", reasons=("stress",) if extra else (),
                happening=f"Kingfisher {number}",
            )  # fmt: skip


@pytest.fixture
def kept(world: World) -> Kept:
    """Somebody with a worksheet."""
    return Kept(world)


def moment(day: date, hour: int = 12) -> datetime:
    """An hour of a day where the service is."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo("Europe/London"))
