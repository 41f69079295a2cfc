"""Talks and seeing the GP: on the pages of today, on the own place; as few queries for many."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.service.conftest import World, actor_for

from unhurried.service.accounts.models import Membership
from unhurried.service.patients.models import Patient
from unhurried.service.shared_care.operations import ask
from unhurried.service.shared_care.operations.access_problems import report_problem
from unhurried.service.shared_care.operations.discussions import note_discussion
from unhurried.service.shared_care.operations.tasks import finish
from unhurried.service.shared_care.queries.involvement import involvement
from unhurried.service.shared_care.queries.talks import to_do
from unhurried.service.shared_care.rules.access_problems import Report
from unhurried.service.shared_care.rules.discussions import Other, Talk
from unhurried.service.shared_care.rules.presence import NOT_YET, TOLD, Said

SignIn = Callable[[Membership], Client]
MONDAY = date(2026, 10, 12)
NOW = datetime(2026, 10, 12, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def words(page: Any) -> str:
    """What stands on the page, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.content.decode()))


def noted(worker: Membership, patient: Patient, gp: Membership, *, told: bool) -> None:
    """A talk of worker and GP about the person, and a problem with seeing the GP."""
    said = Said(False, "no", TOLD, MONDAY, None, "Fine") if told else Said(False, "no", NOT_YET)
    talk = Talk(MONDAY, "room", "Kestrel", (worker.pk, gp.pk), (Other("Wren"),))
    note_discussion(by=actor_for(worker), patient=patient, talk=talk, said=said)
    report = Report("appointment", MONDAY)
    report_problem(by=actor_for(worker), patient=patient, report=report)


def test_what_waits_is_counted_for_whom_it_concerns(world: World) -> None:
    worker, gp = world.member("project_worker"), world.member("gp")
    noted(worker, world.enrolled(worker), gp, told=False)
    counts = {
        role: to_do(actor_for(member))
        for role, member in {
            "worker": worker, "gp": gp, "staff": world.member("practice_staff"),
            "manager": world.member("service_manager"), "another": world.member("project_worker"),
            "elsewhere": world.member("gp", world.other_practice),
        }.items()
    }  # fmt: skip
    assert {role: (each.to_tell, each.access_problems) for role, each in counts.items()} == {
        "worker": (1, 1), "gp": (0, 1), "staff": (0, 1), "manager": (0, 1),
        "another": (0, 0), "elsewhere": (0, 0),
    }  # fmt: skip


def test_the_lists_ask_no_more_for_many_than_for_few(world: World, signed_in: SignIn) -> None:
    worker, gp = world.member("project_worker"), world.member("gp")
    manager = signed_in(world.member("service_manager"))
    one = world.enrolled(worker)
    client = signed_in(worker)
    pages = [
        (client, reverse("shared_care:discussions", args=[one.uuid])),
        (client, reverse("shared_care:access_problems", args=[one.uuid])),
        (client, reverse("shared_care:to_tell")),
        (manager, reverse("shared_care:all_access_problems")),
    ]

    def counts() -> list[int]:
        found = []
        for who, where in pages:
            with CaptureQueriesContext(connection) as asked:
                assert who.get(where).status_code == 200
            found.append(len([q for q in asked if "django_session" not in q["sql"]]))
        return found

    noted(worker, one, gp, told=False)
    counts()  # what is read once in a session is read now
    few = counts()
    for _ in range(4):
        noted(worker, one, gp, told=False)
        noted(worker, world.enrolled(worker), gp, told=False)
    assert counts() == few


def test_the_own_place_says_who_is_involved_and_when_the_gp_last_was(
    world: World, signed_in: SignIn
) -> None:
    worker, gp = world.member("project_worker"), world.member("gp")
    person = world.member("patient", world.practice)
    patient = world.enrolled(worker, user=person.user)
    noted(worker, patient, gp, told=False)
    client = signed_in(person)
    before = words(client.get("/"))
    assert involvement(patient).contact is None  # they were not told yet
    assert "I could not get to my GP" in before
    assert "Last contact" not in before
    noted(worker, patient, gp, told=True)
    assert "your GP was in a talk about you" in words(client.get("/"))
    with time_machine.travel(NOW.replace(day=13), tick=False):
        task = ask(
            by=actor_for(worker), patient=patient, to="practice", kind="other",
            sentence="Plover", person_knows="agrees",
        )  # fmt: skip
        finish(by=actor_for(gp), task=task, version=1)
    after = words(client.get("/"))
    assert "your practice did what was asked of them for you" in after
    assert "Plover" not in after
