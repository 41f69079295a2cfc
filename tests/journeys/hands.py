"""What hands do on a page: choosing by keyboard, as sure as a person's own."""

from __future__ import annotations

from playwright.sync_api import Locator, expect


def tick(box: Locator) -> None:
    """Choose a radio or tick a box by keyboard: what draws it may lie over the box itself."""
    box.focus()
    box.press("Space")
    expect(box).to_be_checked()
