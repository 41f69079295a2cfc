"""A person, a project worker and a GP over eight weeks: windows, days, and what nobody else reads.

The service's clock is set for every thread of the live server, so that what is clicked on a day of
the story happens on that day.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from tests.journeys.cast import Cast
from tests.journeys.hands import tick
from tests.service.conftest import actor_for
from tests.web.case.lives import MST, ORAMORPH, list_of

from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.patients import operations as patients
from unhurried.service.patients.models import Episode, Patient

# What was said in confidence: words that stand nowhere else, each searched for on every page of
# whoever may not read it.
RESTRICTED = "Quillfeather"  # a restricted note
DIARY = "Thornwhistle"  # an entry of a worksheet
TALK = "Mossgather"  # the conversation, of which only a summary was shared
ORDINARY = "Larchwander"  # a note of a session that is not for the GP
NOT_FOR_A_GP = (RESTRICTED, DIARY, TALK, ORDINARY)
MOST_PAGES = 80
MORPHINE = (MST, "Take one tablet twice a day")
BREAKTHROUGH = (ORAMORPH, "Take 5ml up to three times a day when required")
TRAMADOL = ("Tramadol 50mg capsules", "as directed")


class _OneClock:
    """The story's time for every thread, in place of one for each."""

    told: datetime | None = None

    def get(self) -> datetime | None:
        return self.told

    def set(self, moment: datetime) -> datetime | None:
        before, self.told = self.told, moment
        return before

    def reset(self, before: datetime | None) -> None:
        self.told = before


@dataclass
class Middle:
    """The three of them, and their windows."""

    cast: Cast
    another: Callable[..., Page]
    sign_in: Any
    address: Callable[[str], str]
    looked_over: Any
    picture: Callable[..., Path]
    patient: Patient
    person: Membership
    folder: Path  # for printed pages, to look at
    windows: dict[str, Page] = field(default_factory=dict)

    @property
    def worker(self) -> Membership:
        """The project worker."""
        return self.cast.member("project_worker")

    def where(self, rest: str = "") -> str:
        """An address about the person."""
        return self.address(f"/people/{self.patient.uuid}/{rest}")

    def window(self, who: str) -> Page:
        """A desktop window of "project_worker", "gp" or "person"; a telephone with nothing but
        pages for "telephone", which is the person's.
        """
        if who not in self.windows:
            bare = who == "telephone"
            page = self.another(
                js=not bare, width=320 if bare else 1280, height=640 if bare else 900
            )
            own = who in {"telephone", "person"}
            self.sign_in(page, self.person if own else self.cast.member(who))
            self.windows[who] = page
        return self.windows[who]

    def keep(self, page: Page, name: str, *, at: str = "") -> None:
        """Keep a picture of a page, or of a window with `at` on top, when somebody will look."""
        if os.environ.keys() & {"UNHURRIED_LOOK", "UNHURRIED_PICTURES"}:
            self.picture(page, name, whole=not at, at=at)

    def see(self, page: Page, name: str, *, at: str = "") -> None:
        """Keep a picture of a page, and look it over; a telephone's in a window with scripts."""
        self.keep(page, name, at=at)
        if page is self.windows.get("telephone"):
            watched = self.window("person")
            watched.goto(page.url)
            page = watched
        self.looked_over(page)

    @contextmanager
    def on(self, days_ago: int, hour: int = 11) -> Iterator[datetime]:
        """Let it be so many days ago, for every thread."""
        moment = self.moment(days_ago, hour)
        with clock.at(moment):
            yield moment

    def moment(self, days_ago: int, hour: int = 11) -> datetime:
        """An hour of a day so many days ago."""
        day = timezone.localdate() - timedelta(days=days_ago)
        return timezone.make_aware(datetime.combine(day, time(hour)))

    def reachable(self, page: Page, start: str, *, apart: str = "$^") -> dict[str, str]:
        """The text of every page about the person that links lead to from `start`.

        `apart` is a pattern of addresses that are left alone.
        """
        found: dict[str, str] = {}
        waiting = [start]
        about = f"/people/{self.patient.uuid}/"
        while waiting:
            each = waiting.pop(0)
            if each in found:
                continue
            answer = page.context.request.get(self.address(each))
            assert answer.ok, (each, answer.status)
            found[each] = text_of(answer.body(), answer.headers["content-type"])
            links = re.findall(r'href="([^"#]+)"', found[each])
            found_here = (link.replace("&amp;", "&") for link in links if link.startswith(about))
            waiting += [link for link in found_here if not re.search(apart, link)]
            assert len(found) <= MOST_PAGES, sorted(found)
        return found


def text_of(body: bytes, kind: str) -> str:
    """What an answer says; of a PDF the words on its pages."""
    return "\n".join(pdf_pages(body)) if "pdf" in kind else body.decode()


def pdf_pages(body: bytes) -> list[str]:
    """The words of each page."""
    return [each.extract_text() for each in PdfReader(io.BytesIO(body)).pages]


@pytest.fixture
def middle(
    cast: Cast, another: Any, sign_in: Any, address: Any, looked_over: Any, picture: Any,
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
) -> Middle:  # fmt: skip
    """Somebody who joined eight weeks ago with a wife who comes along, and takes two opioids."""
    monkeypatch.setattr(clock, "_told", _OneClock())
    worker = cast.member("project_worker")
    patient = cast.world.enrolled(
        worker, given_name="Alder", family_name="Nightjar", phone="01632 960444"
    )
    own = cast.world.member("patient", cast.world.practice)
    own.user.full_name = "Alder Nightjar"
    own.user.save()
    patient.user = own.user
    patient.save()
    folder = Path(os.environ.get("UNHURRIED_LOOK", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    story = Middle(cast, another, sign_in, address, looked_over, picture, patient, own, folder)
    joined = story.moment(56)
    Episode.objects.filter(patient=patient).update(opened_at=joined, enrolled_at=joined)
    list_of(patient, story.moment(70).date(), MORPHINE, BREAKTHROUGH)
    with story.on(56):
        patients.add_carer(
            by=actor_for(worker), patient=patient, name="Hazel Nightjar", relationship="wife"
        )
    return story


def room(page: Page, name: str) -> None:
    """Go to another of the person's pages, which a telephone keeps behind one line."""
    folded = page.locator(".u-rooms summary")
    if folded.is_visible():
        folded.click()
    page.get_by_role("navigation").get_by_role("link", name=name, exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def choose(page: Page, answers: dict[Any, int]) -> None:
    """Answer the questions of a measure."""
    for number, value in answers.items():
        tick(page.locator(f"input[name=q-{number}][value='{value}']"))


def answer(page: Page, name: str, answers: dict[Any, int]) -> None:
    """Open a measure, answer it, save it."""
    page.get_by_role("link", name=name).click()
    choose(page, answers)
    page.get_by_role("button", name="Save the answers").click()


def group(page: Page, name: str, value: int) -> None:
    """Choose a number of a row from 0 to 10."""
    tick(page.get_by_role("group", name=name).get_by_label(str(value), exact=True))
