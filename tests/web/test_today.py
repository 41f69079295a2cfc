"""Today's page and the navigation: every entry opens, for every member of staff who has it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client
from tests.service.conftest import World

from unhurried.service.accounts.models import Membership
from unhurried.service.accounts.policy import roles
from unhurried.web.around import places, rooms_of_a_record
from unhurried.web.filters import day, moment, nhs_number, paragraphs, with_query
from unhurried.web.home import greeting

SignedIn = Callable[[Membership], Client]


@pytest.mark.parametrize("role", sorted(set(roles()) - {"patient", "carer"}))
def test_every_entry_of_the_navigation_opens(role: str, world: World, signed_in: SignedIn) -> None:
    client = signed_in(world.member(role))
    for place in (*places(role, "/"), *places(role, "/", where="more")):
        assert client.get(place.href).status_code == 200, f"{role} meets {place.href}"


def test_only_one_entry_is_current(db: None) -> None:
    assert [each.text for each in places("gp", "/people/x/") if each.current] == ["People"]
    assert [each.text for each in places("gp", "/") if each.current] == ["Today"]
    assert [each.text for each in places("gp", "/account/") if each.current] == []


def test_nobody_is_sent_to_the_sign_in_page(client: Client, db: None) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in/")


def test_health_says_when_work_in_the_background_stands_still(client: Client, db: None) -> None:
    answer = client.get("/health/")
    assert answer.status_code == 503
    assert answer.json() == {"database": "ok", "worker_last_seen": None}


def test_today_asks_as_much_for_many_as_for_few(
    world: World, signed_in: SignedIn, django_assert_max_num_queries: Callable[..., object]
) -> None:
    worker = world.member("project_worker")
    for _ in range(30):
        world.enrolled(worker)
    client = signed_in(worker)
    client.get("/")
    with django_assert_max_num_queries(50):  # type: ignore[attr-defined]
        assert client.get("/").status_code == 200


def test_greetings_keep_titles() -> None:
    morning = datetime(2026, 11, 3, 9, tzinfo=UTC)
    assert greeting("Wren Oldfield", morning) == "Good morning, Wren"
    assert greeting("Dr Alder Reed", morning.replace(hour=20)) == "Good evening, Dr Alder Reed"
    assert greeting("", morning.replace(hour=13)) == "Good afternoon, "


def test_how_pages_write_things() -> None:
    at = datetime(2026, 7, 3, 13, 5, tzinfo=UTC)
    assert day(at).replace("\xa0", " ") == "3 July 2026"
    assert moment(at).replace("\xa0", " ") == "3 July 2026 at 14:05"
    assert day(None) == ""
    assert nhs_number("9991234567").replace("\xa0", " ") == "999 123 4567"
    assert nhs_number("no number") == "no number"
    assert paragraphs("<b>\nx") == "&lt;b&gt;<br>x"
    assert with_query(None, page=2) == "?page=2"


def test_the_rooms_of_a_record_are_those_of_the_role() -> None:
    plan = "/people/0b6d9b0e-7e61-4b5e-9d2e-2f4f0a3c1d22/plan/add/"
    worker = rooms_of_a_record("project_worker", plan)
    assert [each.text for each in worker if each.current] == ["Pain management plan"]
    assert "Worksheets" in [each.text for each in worker]
    booking = rooms_of_a_record("project_worker", plan.replace("plan/add", "appointments/new"))
    assert [each.text for each in booking if each.current] == ["Sessions"]
    shared = [
        each.href for each in rooms_of_a_record("gp", plan) if each.text == "Worksheets shared"
    ]
    assert [each.split("/")[3:] for each in shared] == [["worksheets", "shared", ""]]
    assert "My pain management plan" in [each.text for each in rooms_of_a_record("patient", plan)]
    for role, path in (("practice_staff", plan), ("service_manager", plan)):
        assert [each.text for each in rooms_of_a_record(role, path)] == ["Summary", "Seeing the GP"]
    for path in ("/people/", "/people/alerts/", "/people/cover/", "/", ""):
        assert rooms_of_a_record("project_worker", path) == ()
    assert rooms_of_a_record("carer", plan) == ()


@pytest.mark.parametrize("role", ["commissioner", "evaluator", "clinical_supervisor"])
def test_a_role_without_pages_is_told_so_and_no_other(
    world: World, signed_in: SignedIn, role: str
) -> None:
    said = signed_in(world.member(role)).get("/").content.decode()
    assert ("Your role has no pages here yet" in said) == (role != "clinical_supervisor")
    assert ("Nothing waits for you today" in said) == (role == "clinical_supervisor")
