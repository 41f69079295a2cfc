"""The page of everything that leaves: what and when, never for whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.service.conftest import World
from tests.service.outbox.conftest import send_to

from unhurried.service.accounts.models import Membership
from unhurried.service.outbox.models import Message

SignedIn = Callable[[Membership], Client]
PAGE = "/letters-and-messages/"


def failed(world: World, **more: Any) -> Message:
    message = send_to(to="Canary Lane 1", practice_id=world.practice.pk,
                      provider_id=world.provider.pk, **more)  # fmt: skip
    Message.objects.filter(pk=message.pk).update(
        state="failed", explanation="Check the address.", attempts=5
    )
    return message


@pytest.mark.parametrize("role", ["gp", "practice_staff", "project_worker", "service_manager"])
def test_it_shows_what_and_why_and_nothing_of_the_person(
    world: World, signed_in: SignedIn, role: str
) -> None:
    failed(world, body="Dear Canary", subject="Canary", purpose="test.invitation")
    page = signed_in(world.member(role)).get(PAGE)
    assert page.status_code == 200
    text = page.content.decode()
    assert "Invitation" in text
    assert "Check the address." in text
    assert "Canary" not in text
    assert ("Try again" in text) is (role == "service_manager")


def test_other_organisations_messages_are_not_there(world: World, signed_in: SignedIn) -> None:
    failed(world, purpose="test.invitation")
    for organisation in (world.other_practice, world.other_provider):
        role = "gp" if organisation.kind == "practice" else "service_manager"
        page = signed_in(world.member(role, organisation)).get(PAGE)
        assert "Check the address" not in page.content.decode()
        assert "Nothing is here." in page.content.decode()


def test_roles_without_it_meet_not_found(world: World, signed_in: SignedIn) -> None:
    message = failed(world)
    assert signed_in(world.member("evaluator")).get(PAGE).status_code == 404
    retry = f"{PAGE}{message.uuid}/try-again/"
    assert signed_in(world.member("gp")).post(retry).status_code == 404
    elsewhere = world.member("service_manager", world.other_provider)
    assert signed_in(elsewhere).post(retry).status_code == 404
    assert Client().get(PAGE).status_code == 302
    assert signed_in(world.member("service_manager")).get(retry).status_code == 405


def test_the_manager_tries_again_once_however_often_it_is_sent(
    world: World, signed_in: SignedIn
) -> None:
    message, other = failed(world), failed(world)
    client, once = signed_in(world.member("service_manager")), str(uuid4())
    for _ in range(2):
        answer = client.post(f"{PAGE}{message.uuid}/try-again/", {"once": once})
        assert (answer.status_code, answer["Location"]) == (302, PAGE)
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("waiting", 0)
    client.post(f"{PAGE}{other.uuid}/try-again/", {"once": once})
    other.refresh_from_db()
    assert other.state == "waiting", "the same key serves two messages of one page"
    again = client.post(f"{PAGE}{message.uuid}/try-again/", {"once": str(uuid4())})
    assert again.status_code == 409
    assert "could not be sent" in again.content.decode()


def test_what_is_late_stands_out_and_a_silent_worker_is_told(
    world: World, signed_in: SignedIn
) -> None:
    send_to(provider_id=world.provider.pk, due_at=timezone.now() - timedelta(days=8))
    text = signed_in(world.member("service_manager")).get(PAGE).content.decode()
    assert "1 message not sent 3 working days after it was due." in text
    assert "has not run yet" in text


def test_the_price_is_the_same_for_five_and_for_fifty(world: World, signed_in: SignedIn) -> None:
    client, counts = signed_in(world.member("service_manager")), []
    client.get(PAGE)
    for many in (5, 45):
        for _ in range(many):
            failed(world)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(PAGE).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


ODD = [
    "page=x",
    "page=-1",
    "page=9" * 50,
    "state=%00",
    "state=a&state=b",
    "page=%ed%a0%80",
    "state='",
]


@pytest.mark.parametrize("query", ODD)
def test_odd_addresses_are_no_fault(world: World, signed_in: SignedIn, query: str) -> None:
    failed(world)
    answer = signed_in(world.member("gp")).get(f"{PAGE}?{query}")
    assert answer.status_code in {200, 400}
