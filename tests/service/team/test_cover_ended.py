"""Somebody is back sooner than planned: cover ends that day, and what was open is theirs again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.service.conftest import World, actor_for
from tests.service.patients.test_access import sees

from unhurried.service.accounts.models import Membership
from unhurried.service.audit.models import Entry
from unhurried.service.audit.refused import Refused
from unhurried.service.patients import operations
from unhurried.service.patients.models import Cover, Patient
from unhurried.service.sessions import operations as sessions
from unhurried.service.sessions.operations import Wanted
from unhurried.service.shared_care.models.tasks import Task
from unhurried.service.shared_care.operations import tasks

SignedIn = Callable[[Membership], Client]
KEY = "0b8f0c0e-0000-4000-8000-0000000000c1"


class Away:
    """A worker away since three days, for another week, and who covers."""

    def __init__(self, world: World, *, since: int = -3) -> None:
        self.world, self.today = world, timezone.localdate()
        self.worker = world.member("project_worker")
        self.covering = world.member("project_worker")
        self.patient: Patient = world.enrolled(self.worker)
        self.cover = Cover.objects.create(
            worker=self.worker, covering=self.covering,
            starts=self.today + timedelta(days=since), ends=self.today + timedelta(days=7),
        )  # fmt: skip

    def end(self, by: Membership, days: int = 0, key: str = "") -> Cover:
        """The cover ended by somebody, from today or a later day."""
        return operations.end_cover(
            by=actor_for(by), cover=self.cover, back=self.today + timedelta(days=days), key=key
        )

    @property
    def ends(self) -> date:
        """The first day without cover, as saved."""
        self.cover.refresh_from_db()
        return self.cover.ends


@pytest.fixture
def away(world: World) -> Away:
    """Somebody away."""
    return Away(world)


def test_it_ends_today_once_with_one_row_of_audit(away: Away) -> None:
    for _ in range(2):
        away.end(away.worker, key=KEY)
    assert away.ends == away.today
    assert not sees(actor_for(away.covering), away.patient)
    assert Entry.objects.filter(action="patients.cover_ended").count() == 1


def test_it_can_end_on_a_later_day_and_one_to_come_be_called_off(world: World) -> None:
    away, coming = Away(world), Away(world, since=2)
    manager = world.member("service_manager")
    away.end(manager, days=3)
    assert away.ends == away.today + timedelta(days=3)
    assert sees(actor_for(away.covering), away.patient)
    coming.end(manager)
    assert coming.ends == coming.cover.starts  # kept, and in force on no day


@pytest.mark.parametrize(
    ("who", "days", "says"),
    [
        ("covering", 0, "service manager"), ("neighbour", 0, "service manager"),
        ("stranger", 0, "own organisation"), ("worker", -1, "from today on"),
        ("worker", 7, "already"), ("worker", 30, "already"),
    ],
)  # fmt: skip
def test_who_may_and_which_days(away: Away, who: str, days: int, says: str) -> None:
    by = {
        "covering": away.covering, "worker": away.worker,
        "neighbour": away.world.member("project_worker"),
        "stranger": away.world.member("service_manager", away.world.other_provider),
    }[who]  # fmt: skip
    with pytest.raises(Refused, match=says):
        away.end(by, days)
    assert away.ends == away.today + timedelta(days=7)


def test_over_already_is_said(away: Away) -> None:
    away.end(away.worker)
    with pytest.raises(Refused, match="over already"):
        away.end(away.worker)


def _taken(away: Away) -> Task:
    task = tasks.ask(
        by=actor_for(away.world.member("gp")), patient=away.patient, to="provider",
        kind="other", sentence="Please ring about the form", person_knows="knows",
    )  # fmt: skip
    return tasks.take(by=actor_for(away.covering), task=task, version=1)


@pytest.mark.parametrize(("days", "state", "holds"), [(0, "open", False), (3, "taken", True)])
def test_what_was_taken_over_is_the_teams_again(
    away: Away, days: int, state: str, holds: bool
) -> None:
    task = _taken(away)
    away.end(away.worker, days)
    task.refresh_from_db()
    assert (task.state, task.taken_by == away.covering) == (state, holds)
    tasks.take(by=actor_for(away.worker), task=task, version=task.version)


@pytest.mark.parametrize(("day", "whose"), [(2, "covering"), (4, "worker")])
def test_appointments_from_that_day_on_are_with_the_worker_again(
    away: Away, day: int, whose: str
) -> None:
    (booked,) = sessions.book(
        by=actor_for(away.covering), patient=away.patient,
        wanted=Wanted(away.today + timedelta(days=day), time(10), 60), over_reason="As agreed",
    )  # fmt: skip
    before = booked.sequence
    away.end(away.worker, days=3)
    booked.refresh_from_db()
    assert booked.worker == getattr(away, whose)
    assert (booked.state, booked.sequence > before) == ("booked", whose == "worker")


def test_a_time_that_clashes_stays_and_is_said(away: Away) -> None:
    day = away.today + timedelta(days=4)
    other = away.world.enrolled(away.worker)
    for by, patient in ((away.covering, away.patient), (away.worker, other)):
        sessions.book(
            by=actor_for(by), patient=patient, wanted=Wanted(day, time(10), 60), over_reason="Yes"
        )
    away.end(away.worker)
    found = away.patient.appointments.get()
    assert (found.worker, found.state, found.over) == (away.worker, "booked", "clash")
    assert "back" in found.over_reason


def test_the_page_says_what_happens_and_does_it(away: Away, signed_in: SignedIn) -> None:
    where, end = reverse("patients:cover"), reverse("patients:end_cover", args=[away.cover.pk])

    def offered(member: Membership) -> tuple[bool, int]:
        client: Client = signed_in(member)
        return end in client.get(where).content.decode(), client.get(end).status_code

    manager = away.world.member("service_manager")
    assert offered(away.covering) == (False, 404)
    assert offered(away.world.member("project_worker")) == (False, 404)
    assert offered(manager) == (True, 200)
    assert offered(away.worker) == (True, 200)
    client = signed_in(away.worker)
    page = client.get(end).content.decode()
    assert "What is open stays open" in page
    wrong = client.post(end, {"back": "1/1/2020"})
    assert "from today on" in wrong.content.decode()
    done = client.post(end, {"back": away.today.strftime("%d/%m/%Y")})
    assert done.status_code == 302
    assert end not in client.get(where).content.decode()
    late = client.post(end, {"back": away.today.strftime("%d/%m/%Y")})
    assert "over already" in late.content.decode()
