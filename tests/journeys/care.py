"""Windows of two GPs, two project workers and a manager; and every page a manager can come to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from html import unescape
from typing import Any

from django.utils import timezone
from playwright.sync_api import Page
from tests.journeys.middle import Middle

from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.audit.working_days import working_days_after

MOST_PAGES = 60


@dataclass
class Care:
    """The middle's people, with a second GP and a second worker; days are working days."""

    story: Middle

    def day(self, number: int) -> date:
        """The working day of this number, some weeks ago."""
        return working_days_after(timezone.localdate() - timedelta(days=40), number + 1)

    @contextmanager
    def on(self, number: int, hour: int) -> Iterator[None]:
        """Let it be this hour of this working day, for every thread."""
        with clock.at(timezone.make_aware(datetime.combine(self.day(number), time(hour)))):
            yield

    def window(self, name: str, member: Membership, **how: Any) -> Page:
        """A window of their own, kept under a name."""
        if name not in self.story.windows:
            page = self.story.another(**how)
            self.story.sign_in(page, member)
            self.story.windows[name] = page
        return self.story.windows[name]

    @property
    def second_gp(self) -> Membership:
        """Another GP of the practice."""
        return self.story.cast.member("gp", "Dr Rowan Standinham")

    @property
    def colleague(self) -> Membership:
        """Another project worker of the service."""
        return self.story.cast.member("project_worker", "Tansy Coverley")

    @property
    def worker(self) -> Page:
        """The project worker's window: no script, the keyboard."""
        return self.window("worker", self.story.worker, js=False)

    @property
    def gp(self) -> Page:
        """The GP's telephone: no script, 320 px."""
        return self.window("gp", self.story.cast.member("gp"), js=False, width=320, height=640)

    @property
    def second(self) -> Page:
        """The second GP's desk."""
        return self.window("second gp", self.second_gp)

    @property
    def cover(self) -> Page:
        """The covering worker's window."""
        return self.window("colleague", self.colleague)

    @property
    def manager(self) -> Page:
        """The service manager's window."""
        return self.window("manager", self.story.cast.member("service_manager"))


def everything_open_to(page: Page, story: Middle) -> dict[str, str]:
    """The text of the pages links lead to from Today, and on where words of theirs could stand."""
    found: dict[str, str] = {}
    waiting = ["/", story.where().removeprefix(story.address(""))]
    while waiting:
        where = waiting.pop(0)
        if where in found:
            continue
        answer = page.context.request.get(story.address(where))
        assert answer.ok or where.startswith("/people/"), (where, answer.status)
        kind = answer.headers["content-type"]
        found[where] = "" if "pdf" in kind else answer.text()
        if "html" in kind:
            waiting += leads_on(where, found[where])
        assert len(found) <= MOST_PAGES, sorted(found)
    return found


def leads_on(where: str, text: str) -> list[str]:
    """Addresses linked here, once each: from Today all; else those of shared care and the person,
    and what leaves. Not the account, not another size of the page.
    """
    links = dict.fromkeys(unescape(each) for each in re.findall(r'href="([^"#]+)"', text))
    whole = [where.partition("?")[0] + each if each[0] == "?" else each for each in links]
    apart = r"^/(static|account|sign|demo|resources)|\.(css|js|svg|png|ico)|size="
    pages = [each for each in whole if each.startswith("/") and not re.search(apart, each)]
    near = r"^/(shared-care|waits|people/[0-9a-f]{8}-|letters-and-messages)"
    return pages if where == "/" else [each for each in pages if re.search(near, each)]
