"""A passkey added and used in Chromium, with a device of its own making (no JavaScript of ours)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer
from tests.journeys.hands import tick
from tests.service.accounts.conftest import PASSWORD

from unhurried.service.accounts.models import Membership, Organisation, User


@pytest.fixture
def with_device(page: Page) -> Page:
    """A page on a device that holds passkeys, its owner always there."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }  # fmt: skip
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return page


@pytest.mark.django_db(transaction=True)
def test_a_passkey_is_added_and_signs_in_alone(
    live_server: LiveServer,
    with_device: Page,
    settings: Settings,
) -> None:
    page = with_device
    settings.ALLOWED_HOSTS = ["localhost"]
    place = Organisation.objects.create(kind="provider", name="Unhurried Pain Service")
    user = User.objects.create(email="worker@example.org", full_name="Wren Worker")
    user.set_password(PASSWORD)
    user.save()
    Membership.objects.create(
        user=user, organisation=place, role="project_worker", starts="2024-01-01"
    )
    home = live_server.url.replace("127.0.0.1", "localhost")
    page.goto(f"{home}/sign-in/")
    page.fill("#id_login", user.email)
    page.fill("#id_password", PASSWORD)
    page.click("button:text-is('Sign in')")
    page.wait_for_url("**/account/second-step/")
    page.click("a:text-is('A passkey')")
    page.fill("#id_name", "Work laptop")
    tick(page.locator("#id_passwordless"))
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/account/recovery-codes/")
    page.goto(f"{home}/account/passkeys/")
    assert "Work laptop" in page.inner_text("main")
    page.click("button:text-is('Sign out')")
    page.wait_for_url("**/sign-in/")
    page.click("#passkey_login")
    page.wait_for_url(f"{home}/")
    assert "Wren Worker" in page.inner_text("header")
    page.click("button:text-is('Sign out')")
    page.wait_for_url("**/sign-in/")
    page.fill("#id_login", user.email)
    page.fill("#id_password", PASSWORD)
    page.click("button:text-is('Sign in')")
    page.wait_for_url("**/sign-in/second-step/")
    page.click("#mfa_webauthn_authenticate")
    page.wait_for_url(f"{home}/")
