"""The fictional service opens at its doors: one chooses who to be, and no password is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import include, path
from tests.service.conftest import World

from unhurried.service.accounts.models import Membership
from unhurried.web.urls import *  # noqa: F403 - the error pages' handlers
from unhurried.web.urls import urlpatterns as real

SignedIn = Callable[[Membership], Client]
pytestmark = [pytest.mark.urls("tests.web.test_demo_doors"), pytest.mark.django_db]
urlpatterns = [*real, path("", include("unhurried.web.demo_doors"))]
OTHERS = "Choose who to be"


@pytest.fixture
def _in_the_demo(settings: Any) -> None:
    settings.DEMO = True
    settings.LOGIN_URL = "/demo/"


@pytest.mark.usefixtures("_in_the_demo")
def test_the_first_page_of_the_demo_is_its_doors(world: World) -> None:
    gp = world.member("gp")
    browser = Client()
    first = browser.get("/", follow=True)
    assert first.redirect_chain == [("/demo/", 302)]
    assert gp.user.full_name in first.content.decode()
    assert "Sign in</a>" not in first.content.decode()
    inside = browser.post(f"/demo/{gp.pk}/", follow=True).content.decode()
    assert "Waiting for you" in inside
    assert f'href="/demo/">{OTHERS}' in inside


def test_a_real_service_has_no_doors(world: World, signed_in: SignedIn) -> None:
    gp = world.member("gp")
    assert Client().get("/").headers["Location"] == "/sign-in/"
    assert OTHERS not in signed_in(gp).get("/").content.decode()
