"""Two specialists beside the people of the middle: their windows, working days, what is planted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from playwright.sync_api import Page
from tests.journeys.middle import ORDINARY, RESTRICTED, Middle

from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.audit.working_days import working_days_after

# Words that neither a manager nor a mail may hold, and others only when it is theirs.
IN_CONFIDENCE = (
    "Quenchbarrow", "Wrenlocke", "Fallowmint", "Corvendale", "Yarrowmere", "slower day",
    RESTRICTED, ORDINARY,
)  # fmt: skip


@dataclass
class Asking:
    """The middle's people with two specialists; days are working days some weeks ago."""

    story: Middle

    def day(self, number: int) -> date:
        """The working day of this number."""
        return working_days_after(timezone.localdate() - timedelta(days=50), number + 1)

    @contextmanager
    def on(self, number: int, hour: int) -> Iterator[None]:
        """Let it be this hour of this working day, for every thread."""
        with clock.at(timezone.make_aware(datetime.combine(self.day(number), time(hour)))):
            yield

    def window(self, role: str, **how: Any) -> Page:
        """A window of whoever holds this role."""
        if role not in self.story.windows:
            page = self.story.another(**how)
            self.story.sign_in(page, self.member(role))
            self.story.windows[role] = page
        return self.story.windows[role]

    def member(self, role: str) -> Membership:
        """Whoever holds this role."""
        return self.story.cast.member(role)

    @property
    def consultant(self) -> Page:
        """The pain consultant's telephone: no script, 320 px."""
        return self.window("pain_consultant", js=False, width=320, height=640)

    def open(self, page: Page, where: str = "/") -> None:
        """Go to an address of the service."""
        page.goto(self.story.address(where))

    def go(self, page: Page, *links: str) -> None:
        """From the first page, through links by their names."""
        self.open(page)
        for each in links:
            page.get_by_role("link", name=each).first.click()


def on_a_page(on: date) -> re.Pattern[str]:
    """A day as pages show it."""
    return re.compile(rf"{on.day}\s{on:%B}\s{on.year}")


def kept(text: str) -> list[str]:
    """Which of the words said in confidence stand here."""
    return [each for each in IN_CONFIDENCE if each in text]
