"""A worker with a supervisor and the manager of both, for the tests of supervision and support."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from tests.service.conftest import World, actor_for

from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.team.models import SupervisionClock, SupervisionMeeting
from unhurried.service.team.operations import supervision as operations

SignIn = Callable[[Membership], Client]
START = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)  # a Monday, before the clocks change
PRIVATE = "Canary words of the worker"
HOUR = timedelta(hours=1)


def days(number: float) -> datetime:
    return START + timedelta(days=number)


def text_of(client: Client, where: str) -> str:
    return re.sub(r"<[^>]+>", " ", client.get(where).content.decode())


@dataclass
class Team:
    """A worker with a supervisor, and the manager of both, from START on."""

    world: World
    worker: Membership
    supervisor: Membership
    manager: Membership

    def plan(self, at: datetime) -> SupervisionMeeting:
        return operations.plan_supervision(
            by=actor_for(self.worker), worker=self.worker, starts_at=at, minutes=60
        )

    def held(self, at: datetime) -> SupervisionMeeting:
        meeting = self.plan(at)
        with clock.at(at + HOUR):
            return operations.record_supervision(
                by=actor_for(self.supervisor), meeting=meeting, minutes=60, discussed="Plans",
                agreed="", version=1,
            )  # fmt: skip

    def kept(self) -> SupervisionClock:
        return SupervisionClock.objects.get(worker=self.worker)


@pytest.fixture
def team(world: World) -> Team:
    found = Team(
        world, world.member("project_worker"), world.member("clinical_supervisor"),
        world.member("service_manager"),
    )  # fmt: skip
    Membership.objects.update(starts=days(-50).date())
    for each in (found.worker, found.supervisor, found.manager):
        each.refresh_from_db()
    with clock.at(START):
        operations.assign_supervisor(
            by=actor_for(found.manager), worker=found.worker, supervisor=found.supervisor,
            starts=START.date(), weeks=None, version=0,
        )  # fmt: skip
    return found
