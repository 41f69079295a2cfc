"""What each role opens in the morning; roles with nothing yet are told so; a role that ends."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.journeys.cast import PEOPLE, Cast
from tests.service.access.story import Story

MORNINGS = {
    "practice_staff": ("Finding people", "Invitations", "Letters and messages"),
    "service_manager": ("Referrals", "Invitations", "Letters and messages"),
    "privacy_officer": ("Records opened", "People who work here"),
    "pain_consultant": ("Questions to you",),
    "addiction_psychiatrist": ("Questions to you",),
    "system_administrator": ("People who work here", "Letters and messages"),
}
NOTHING_YET = ("commissioner", "evaluator", "clinical_supervisor")


@pytest.mark.parametrize("role", sorted(MORNINGS))
def test_a_morning(
    role: str, cast: Cast, page: Page, sign_in: Any, address: Any, picture: Any
) -> None:
    story = Story(cast.world)
    for thing in ("candidate", "referral", "invitation", "message", "opening", "complaint"):
        getattr(story, thing)
    sign_in(page, cast.member(role))
    page.goto(address("/"))
    greeting, named = page.get_by_role("heading", level=1), PEOPLE[role]
    expect(greeting).to_have_text(re.compile(rf"^Good \w+, ({named.split()[0]}|{named})$"))
    picture(page, f"morning-{role}", whole=False)
    for place in MORNINGS[role]:
        page.get_by_role("navigation", name="Main").get_by_role("link", name=place).click()
        expect(page.get_by_role("navigation", name="Main").locator("[aria-current]")).to_have_text(
            place
        )
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto(address("/"))
    for href in [each.get_attribute("href") for each in page.locator(".u-waiting__link").all()]:
        page.goto(address(href))
        expect(page.get_by_role("heading", level=1)).not_to_have_text("Page not found")
    if role == "service_manager":  # counts, never who
        for place in ("/", "/finding/", "/invitations/"):
            page.goto(address(place))
            expect(page.get_by_text("Goldfinch")).to_have_count(0)


@pytest.mark.parametrize("role", NOTHING_YET)
def test_a_role_with_nothing_yet_is_told_so(
    role: str, cast: Cast, page: Page, sign_in: Any, address: Any, picture: Any
) -> None:
    sign_in(page, cast.member(role))
    page.goto(address("/"))
    expect(page.get_by_text(re.compile("Nothing waits for you|no pages here yet"))).to_be_visible()
    picture(page, f"morning-{role}", whole=False)
    for where in ("/people/", "/finding/", "/referrals/"):
        page.goto(address(where))
        if role != "clinical_supervisor":
            expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")


def test_a_role_that_ends_meanwhile_opens_nothing_more(
    cast: Cast, page: Page, sign_in: Any, address: Any, looked_over: Any
) -> None:
    patient = cast.patient()
    gp = cast.member("gp")
    sign_in(page, gp)
    page.goto(address(f"/people/{patient.uuid}/"))
    expect(page.get_by_text(patient.given_name).first).to_be_visible()
    gp.ends = timezone.localdate()
    gp.save()
    page.get_by_role("link", name="Referrals").click()
    expect(page.get_by_text(patient.family_name)).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Referrals")
    looked_over(page)
    page.goto(address(f"/people/{patient.uuid}/"))
    expect(page.get_by_text(patient.family_name)).to_have_count(0)
