"""The frame of every page, in a browser: every part, every role's first page, the error pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.service.conftest import World

from unhurried.service.accounts.policy import roles

pytestmark = pytest.mark.urls("tests.journeys.gallery")


def test_every_part_is_clear_to_axe_and_fits_a_telephone(
    page: Page, another: Callable[..., Page], world: World, sign_in: Any, axe_clean: Any,
    fits: Any, picture: Any, address: Any,
) -> None:  # fmt: skip
    member = world.member("project_worker")
    for each, name in ((page, "gallery"), (another(js=False, width=320), "gallery-320")):
        sign_in(each, member)
        each.goto(address("/gallery/"))
        expect(each.get_by_role("heading", level=1)).to_have_text("Every part of a page")
        fits(each)
        picture(each, name)
    axe_clean(page)


@pytest.mark.parametrize("role", sorted(roles()))
def test_the_first_page_of_each_role(
    role: str, page: Page, another: Callable[..., Page], world: World, sign_in: Any,
    axe_clean: Any, fits: Any, picture: Any, address: Any,
) -> None:  # fmt: skip
    member = world.member(role)
    sign_in(page, member)
    page.goto(address("/"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".u-whoami")).to_contain_text(member.user.full_name)
    axe_clean(page)
    picture(page, f"home-{role}")
    narrow = another(js=False, width=320)
    sign_in(narrow, member)
    narrow.goto(address("/"))
    fits(narrow)
    if role in {"gp", "project_worker"}:
        picture(narrow, f"home-{role}-320")


@pytest.mark.parametrize("signed", [True, False])
def test_not_found_says_what_to_do(
    signed: bool, page: Page, world: World, sign_in: Any, axe_clean: Any, picture: Any,
    address: Any,
) -> None:  # fmt: skip
    if signed:
        sign_in(page, world.member("gp"))
    page.goto(address("/nothing-here/"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")
    axe_clean(page)
    picture(page, f"not-found-{'gp' if signed else 'nobody'}")


def test_what_cannot_be_read_and_what_broke(
    page: Page, watch: Any, axe_clean: Any, picture: Any, address: Any,
    live_server: Any,
) -> None:  # fmt: skip
    watch.awaited = ("400", "500")
    page.goto(address("/?q=%FF"))
    expect(page.get_by_role("heading", level=1)).to_have_text("What was sent could not be used")
    expect(page.get_by_text("Help number")).to_be_visible()
    axe_clean(page)
    picture(page, "cannot-be-read")


def test_a_keyboard_reaches_everything_in_order_and_shows_where_it_is(
    page: Page, world: World, sign_in: Any, address: Any, picture: Any
) -> None:
    sign_in(page, world.member("project_worker"))
    page.goto(address("/"))
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to main content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    picture(page, "skip-link", whole=False)
    page.keyboard.press("Enter")
    expect(page.locator("#maincontent")).to_be_focused()
    page.goto(address("/"))
    reached: list[str] = []
    for _ in range(4):
        page.keyboard.press("Tab")
        shown = page.locator(":focus").evaluate(
            "e => { const s = getComputedStyle(e); return s.outlineStyle + s.boxShadow; }"
        )
        assert shown != "nonenone"
        reached.append(page.locator(":focus").inner_text().strip())
    assert reached[0] == "Skip to main content"
