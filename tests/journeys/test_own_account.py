"""A person and their carer get accounts, get in by themselves, and are out when one is closed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer
from tests.journeys.cast import Cast, work
from tests.journeys.hands import tick
from tests.service.conftest import actor_for

from unhurried.service.patients import operations
from unhurried.service.patients.models import Carer, Patient

PASSWORD = "three quiet herons"  # noqa: S105 - fictional
CARER = "Robin Marsh"


@pytest.fixture(autouse=True)
def _links_lead_here(settings: Settings, live_server: LiveServer) -> None:
    """Links in e-mails are of the server under test."""
    settings.ADDRESS = live_server.url


@pytest.fixture
def patient(cast: Cast) -> Patient:
    """Somebody enrolled with the worker."""
    return cast.world.enrolled(
        cast.member("project_worker"), given_name="Wren", family_name="Oldfield"
    )


@pytest.fixture
def carer(cast: Cast, patient: Patient) -> Carer:
    """Their partner, as a carer."""
    return operations.add_carer(
        by=actor_for(cast.member("project_worker")), patient=patient, name=CARER,
        relationship="partner",
    )  # fmt: skip


def emails() -> list[str]:
    """What was written to people, each as the folder of sent messages has it."""
    folder = Path(settings.DATA) / "outbox/emails"
    return [path.read_text(encoding="utf-8") for path in folder.rglob("*.txt")]


def link_to(address: str) -> str:
    """The link in the e-mail to this address; it names nobody."""
    work()
    [text] = [each for each in emails() if each.startswith(f"To: {address}\n")]
    for never in ("Wren", "Oldfield", "Robin", "pain", "Linden"):
        assert never not in text
    found = re.search(r"http\S+/password/choose/\S+", text)
    assert found is not None
    return found[0]


def open_by_link(page: Page, email: str) -> None:
    """The worker, on the account's page: seen with a document, a link to this address."""
    tick(page.get_by_label("I met them and saw a document"))
    tick(page.get_by_label("By a link, sent to their e-mail address"))
    page.get_by_label("Their e-mail address, for a link").fill(email)
    page.get_by_role("button", name="Open the account").click()
    expect(page.get_by_text("The account is open.")).to_be_visible()


def choose_and_sign_in(page: Page, name: str) -> None:
    """On the page of a first password: choose it, then sign in."""
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_label("The same again").fill(PASSWORD)
    page.get_by_role("button", name="Save this password").click()
    page.get_by_role("main").get_by_role("link", name="Sign in").click()
    page.get_by_label("E-mail address").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Good")


def test_a_person_gets_in_by_themselves_and_out_when_it_is_closed(
    cast: Cast, patient: Patient, page: Page, another: Any, sign_in: Any, address: Any,
    looked_over: Any, picture: Any,
) -> None:  # fmt: skip
    sign_in(page, cast.member("project_worker"))
    page.goto(address(f"/people/{patient.uuid}/"))
    page.get_by_role("link", name="Their own account").click()
    looked_over(page)
    picture(page, "own-account-open")
    open_by_link(page, "wren@example.org")
    looked_over(page)

    own: Page = another(js=False, width=320, height=640)
    own.goto(link_to("wren@example.org"))
    choose_and_sign_in(own, "wren@example.org")
    expect(own.get_by_role("heading", level=1)).to_contain_text("Wren")
    picture(own, "own-first-page-320")
    own.goto(address(f"/people/{patient.uuid}/my-answers/"))
    expect(own.get_by_role("heading", level=1)).to_have_text("What I agreed to")
    own.goto(address("/worksheets/"))
    expect(own.get_by_role("heading", level=1)).to_contain_text("orksheet")
    own.goto(address(f"/people/{patient.uuid}/account/"))
    expect(own.get_by_text("Open, and in use")).to_be_visible()
    own.get_by_role("link", name="Change my password, or add a second step").click()
    expect(own.get_by_role("link", name="Your second step")).to_be_visible()

    page.reload()
    tick(page.get_by_label("A telephone or a password is lost"))
    page.get_by_role("button", name="Close the account").click()
    expect(page.get_by_text("The account is closed, from this moment.")).to_be_visible()
    picture(page, "own-account-closed")
    own.goto(address("/worksheets/"))
    expect(own.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_carer_sees_nothing_until_the_person_agrees_then_only_that(
    cast: Cast, patient: Patient, carer: Carer, page: Page, another: Any, sign_in: Any,
    address: Any, looked_over: Any, picture: Any,
) -> None:  # fmt: skip
    worker = cast.member("project_worker")
    sign_in(page, worker)
    page.goto(address(f"/people/{patient.uuid}/carers/"))
    page.get_by_role("link", name=f"Account of {CARER}").click()
    expect(page.get_by_text("Nothing is shared with them now.")).to_be_visible()
    looked_over(page)
    open_by_link(page, "robin@example.org")

    own: Page = another(js=False, width=320, height=640)
    own.goto(link_to("robin@example.org"))
    choose_and_sign_in(own, "robin@example.org")
    assert "Oldfield" not in own.content()
    plan, worksheets = (f"/people/{patient.uuid}/{page}/" for page in ("plan", "worksheets/shared"))
    for path in (plan, worksheets):
        answer = own.goto(address(path))
        assert answer is not None
        assert answer.status == 404

    page.goto(address(f"/people/{patient.uuid}/consents/sharing/"))
    page.get_by_label("With whom, and what").select_option(f"carer:{carer.pk}:plan")
    tick(page.get_by_label("Yes", exact=True))
    tick(page.get_by_label("Said, and written down"))
    page.get_by_label("Until which day").fill("2027-06-01")
    page.get_by_role("button", name="Record the answer").click()
    page.goto(address(f"/people/{patient.uuid}/carers/{carer.pk}/account/"))
    expect(page.get_by_text("the pain management plan")).to_be_visible()
    picture(page, "carer-account")

    own.goto(address("/"))
    expect(own.get_by_text("Oldfield").first).to_be_visible()
    picture(own, "carer-first-page-320")
    assert [own.goto(address(path)).status for path in (plan, worksheets)] == [200, 404]  # type: ignore[union-attr]


def test_a_code_on_paper_when_no_address_is_safe(
    cast: Cast, patient: Patient, page: Page, another: Any, sign_in: Any, address: Any,
    looked_over: Any, picture: Any,
) -> None:  # fmt: skip
    sign_in(page, cast.member("project_worker"))
    page.goto(address(f"/people/{patient.uuid}/account/"))
    tick(page.get_by_label("They are known to me"))
    tick(page.get_by_label("With a code on paper"))
    page.get_by_role("button", name="Open the account").click()
    looked_over(page)
    picture(page, "own-account-code")
    code, name = (each.inner_text() for each in page.locator("ol strong").all()[1:])
    work()
    assert not emails()

    own: Page = another(width=320, height=640)
    own.goto(address("/sign-in/"))
    own.get_by_role("link", name="I was given a code on paper").click()
    looked_over(own)
    own.get_by_label("Your code").fill("2222-2222-2222")
    own.get_by_role("button", name="Go on").click()
    expect(own.get_by_text("That code does not work").first).to_be_visible()
    own.get_by_label("Your code").fill(code)
    own.get_by_role("button", name="Go on").click()
    choose_and_sign_in(own, name)
    expect(own.get_by_role("heading", level=1)).to_contain_text("Wren")
