"""People who sign in as they do in a browser: password, then a code."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client
from pytest_django.fixtures import Settings
from tests.service.conftest import World

from unhurried.service.accounts.models import Membership, Organisation, User

PASSWORD = "three calm words"  # noqa: S105 - of fictional people
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105


def code(step: int = 0, secret: str = SECRET) -> str:
    """What the app shows now, or so many half minutes away."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step)))


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Settings) -> None:
    """Argon2 takes a quarter of a second; what is tested here is what surrounds it."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def person(world: World) -> Callable[..., Membership]:
    """Somebody with a password, with an app or without."""

    def make(role: str = "project_worker", *, app: bool = True) -> Membership:
        held = world.member(role)
        held.user.set_password(PASSWORD)
        held.user.save()
        if app:
            TOTP.activate(held.user, SECRET)
            RecoveryCodes.activate(held.user)
        return held

    return make


@pytest.fixture
def host(world: World) -> Organisation:
    """Who runs the machines."""
    return Organisation.objects.create(kind="host", name="The Host")


@pytest.fixture
def administrator(world: World, host: Organisation) -> Membership:
    """The administrator of the host."""
    return world.member("system_administrator", host)


def first_step(client: Client, user: User, password: str = PASSWORD, **more: str) -> str:
    """Give the password; where it leads, or "" when nowhere."""
    answer = client.post("/sign-in/", {"login": user.email, "password": password, **more})
    return answer["Location"] if answer.status_code == 302 else ""


def shown(answer: object) -> str:
    """The sentences of a page, its markup left out."""
    text = getattr(answer, "content", b"").decode()
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())
