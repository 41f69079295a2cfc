"""The library in a browser: the list, a page and a sheet, looked over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect
from tests.journeys.cast import Cast


def test_somebody_reads_a_page_and_finds_a_sheet(
    page: Page, cast: Cast, sign_in: Any, looked_over: Callable[[Page], None], picture: Any,
    address: Any,
) -> None:  # fmt: skip
    sign_in(page, cast.world.member("patient"))
    page.goto(address("/resources/"))
    looked_over(page)
    picture(page, "library")
    for title in ("How opioids work over time", "My pacing planner", "Thinking styles"):
        page.get_by_role("link", name=title, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        looked_over(page)
        picture(page, f"library-{title.split()[0].lower()}")
        page.get_by_role("link", name="Pages to share").first.click()
