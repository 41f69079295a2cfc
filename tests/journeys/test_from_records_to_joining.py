"""From a practice's records to somebody who has joined, each step by the one whose step it is.

Once in a desktop window with a keyboard, every page looked over; once on a telephone without
JavaScript.
"""

from __future__ import annotations

import csv
import os
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from tests.journeys.cast import Cast, work
from tests.journeys.conftest import PICTURES
from tests.journeys.hands import tick

from unhurried.service.identification.models import Candidate
from unhurried.service.patients.models import Consent, Episode

CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")


@dataclass
class Journey:
    """The same steps with and without JavaScript; each looks the pages over that it comes by."""

    cast: Cast
    records: Path
    another: Callable[..., Page]
    sign_in: Any
    address: Any
    looked_over: Any
    fits: Any
    picture: Any
    js: bool

    def window(self, role: str = "") -> Page:
        """A window of somebody in a role, or of nobody; on a telephone without JavaScript."""
        page = self.another(js=self.js, width=1280 if self.js else 320)
        if role:
            self.sign_in(page, self.cast.member(role))
        return page

    def see(self, page: Page, picture: str = "") -> None:
        """Look a page over; keep a picture of it."""
        if self.js:
            self.looked_over(page)
        else:
            self.fits(page)
        if picture:
            name = picture if self.js else f"{picture}-320"
            self.picture(page, name, whole=False, at="#people" if picture == "shortlist" else "")

    # -- the steps ---------------------------------------------------------------------------

    def hand_in(self) -> None:
        """Reception hands the records in, looks at the columns, and sees what became of rows."""
        page = self.window("practice_staff")
        page.goto(self.address("/"))
        page.get_by_role("link", name="Hand in an extract").click()
        page.get_by_label("Files").set_input_files(self.records)
        self.see(page)
        page.get_by_role("button", name="Hand in").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Which column holds what")
        expect(page.get_by_label("Problem in words").first).not_to_have_value("")
        self.see(page, "columns")
        page.get_by_role("button", name="Confirm and screen").click()
        expect(page.get_by_text("Waiting for its turn")).to_be_visible()
        self.see(page)
        work()
        if not self.js:  # a script looks again by itself
            page.get_by_role("link", name="Look again").click()
        expect(page.get_by_role("link", name="Go to the shortlist")).to_be_visible()
        self.see(page, "records")
        self.accounted(page)

    def accounted(self, page: Page) -> None:
        """Every row is used or rejected, in words; the rejected ones can be had."""
        said = page.locator("main").inner_text().replace(",", "")
        numbers = re.search(r"(\d+) rows[^=]*= (\d+) used \+ (\d+) not used", said)
        assert numbers, said
        rows, used, rejected = map(int, numbers.groups())
        assert rows == used + rejected
        with page.expect_download() as waiting:
            page.get_by_role("link", name=re.compile("rows not used")).click()
        with waiting.value.path().open(encoding="utf-8") as file:
            assert sum(1 for _row in csv.DictReader(file)) == rejected > 0

    def choose_by_keyboard(self) -> list[Candidate]:
        """The GP goes through the list with keys: invite two, undo one, not now; ticks the rest."""
        page = self.window("gp")
        page.goto(self.address("/"))
        self.see(page)
        page.get_by_role("link", name=re.compile("people to decide about this week")).click()
        expect(page.get_by_role("heading", level=2, name="This week: 5 people")).to_be_visible()
        self.see(page, "shortlist")
        page.reload()
        self.ready(page)
        first = page.locator("[data-candidate]").first
        page.keyboard.press("j")
        expect(first).to_be_focused()
        name = self.decide(page, "i")
        page.keyboard.press("u")
        expect(page.get_by_role("link", name=name)).to_be_visible()
        expect(page.get_by_role("button", name="Undo")).to_have_count(0)
        self.ready(page)
        for _ in range(2):
            page.keyboard.press("j")
            self.decide(page, "i")
        page.keyboard.press("j")
        self.decide(page, "n", "Tab", "Enter")
        expect(page.get_by_text("You chose “Not now” for 1 person.")).to_be_visible()
        page.keyboard.press("k")
        page.keyboard.press("x")
        page.keyboard.press("j")
        page.keyboard.press("x")
        expect(page.locator("input[name=person]:checked")).to_have_count(2)
        page.get_by_role("button", name="Invite them").press("Enter")
        expect(page.get_by_text("You chose “Invite” for 2 people.")).to_be_visible()
        expect(page.get_by_text("This week’s people are done.")).to_be_visible()
        self.see(page)
        return list(Candidate.objects.filter(choice="invite").order_by("rank"))

    def decide(self, page: Page, *keys: str) -> str:
        """Press keys for the person the keyboard is at; their name. They leave the list."""
        name = page.locator("[data-candidate]:focus h4 a").inner_text()
        for key in keys:
            page.keyboard.press(key)
        expect(page.get_by_text("You chose")).to_be_visible()
        expect(page.get_by_role("link", name=name)).to_have_count(0)
        self.ready(page)
        return name

    def ready(self, page: Page) -> None:
        """The keys work once the page says which there are."""
        expect(page.get_by_text("Keys (?)")).to_be_visible()

    def choose_without_a_script(self) -> list[Candidate]:
        """The same with the buttons on the page."""
        page = self.window("gp")
        page.goto(self.address("/finding/"))
        expect(page.get_by_text("Keys (?)")).to_be_hidden()
        self.see(page, "shortlist")
        first = page.locator("[data-candidate]").first
        name = first.locator("h4 a").inner_text()
        first.get_by_role("button", name="Invite").click()
        expect(page.get_by_text("You chose “Invite” for 1 person.")).to_be_visible()
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_role("link", name=name)).to_be_visible()
        for each in page.locator("input[name=person]").all()[:4]:
            each.locator("xpath=..").locator("label").click()
        page.get_by_role("button", name="Invite them").click()
        expect(page.get_by_text("You chose “Invite” for 4 people.")).to_be_visible()
        last = page.locator("[data-candidate]").first
        last.get_by_text("Not suitable").first.click()
        last.get_by_label("Why", exact=True).select_option(index=1)
        last.get_by_role("button", name="Not suitable").click()
        expect(page.get_by_text("You chose “Not suitable” for 1 person.")).to_be_visible()
        self.see(page)
        return list(Candidate.objects.filter(choice="invite").order_by("rank"))

    def write(self, agreed: list[Candidate]) -> str:
        """The worker prepares letters, reads one, approves; the code of the first person's."""
        page = self.window("project_worker")
        page.goto(self.address("/"))
        self.see(page)
        page.get_by_role("link", name=re.compile("people may be invited now")).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Choose who to invite")
        self.see(page)
        for box in page.locator("input[name=who]").all():
            expect(box).to_be_checked()
        page.get_by_role("button", name="Prepare, and look at each").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("4 messages prepared")
        self.see(page, "batch")
        name = f"{agreed[0].given_name} {agreed[0].family_name}"
        page.get_by_role("link", name=re.compile(f"Read the message to .*{name}")).click()
        expect(page.get_by_text("Dr Hazel Pretendham").first).to_be_visible()
        self.see(page)
        page.get_by_role("link", name="All messages").click()
        page.get_by_role("button", name="Approve all 4").click()
        expect(page.get_by_text("Approved. Each message is checked once more")).to_be_visible()
        assert not self.cast.letters()
        work()
        page.goto(page.url)
        expect(page.get_by_text("Sent", exact=True)).to_have_count(4)
        return self.letter_of(agreed)

    def letter_of(self, agreed: list[Candidate]) -> str:
        """The letter that left to the first of them names nobody else; its code."""
        texts = {
            path: "\n".join(page.extract_text() for page in PdfReader(path).pages)
            for path in self.cast.letters()
        }
        assert len(texts) == 4
        names = [f"{each.given_name} {each.family_name}" for each in agreed]
        (mine,) = [path for path, text in texts.items() if names[0] in text]
        for name, other in zip(names[1:], agreed[1:], strict=True):
            assert name not in texts[mine]
            assert other.address.splitlines()[0] not in texts[mine]
        if self.js:
            self._keep_letter(mine)
        (code,) = CODE.findall(texts[mine])
        return str(code)

    def _keep_letter(self, letter: Path) -> None:
        if os.environ.get("UNHURRIED_PICTURES") == "1":
            into = PICTURES / "letter"
            subprocess.run(
                ["pdftoppm", "-png", "-r", "70", "-singlefile", letter, into], check=True
            )

    def reply(self, code: str) -> None:
        """The person answers with the code on their letter; nobody signs in."""
        page = self.window()
        page.goto(self.address("/reply/"))
        self.see(page, "reply")
        page.get_by_label("The code on your letter").fill(code.lower().replace("-", " "))
        tick(page.get_by_label(re.compile("Yes")))
        page.get_by_role("button", name="Send my answer").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
        self.see(page)

    def let_join(self, candidate: Candidate) -> None:
        """The worker rings, meets the person, and they join."""
        page = self.window("project_worker")
        page.goto(self.address("/"))
        self.see(page, "workers-home")
        page.get_by_role("link", name=re.compile("answered an invitation and waits")).click()
        page.get_by_role("link", name=re.compile("to ring back")).click()
        name = f"{candidate.given_name} {candidate.family_name}"
        page.get_by_role("table", name="Invitations").get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Invitation")
        self.see(page)
        page.get_by_role("button", name="I have rung them").click()
        page.get_by_role("link", name="Meet them and let them join").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Joining")
        self.see(page, "join")
        page.get_by_role("button", name="Join").click()  # too early
        expect(page.get_by_role("heading", name="Please look at this again")).to_be_visible()
        self.see(page)
        tick(page.get_by_label(re.compile("I have read this to the person")))
        for group in page.get_by_role("group").all()[:4]:
            if group.get_by_label("Yes", exact=True).count():
                tick(group.get_by_label("Yes", exact=True))
        tick(page.get_by_role("group", name="How they answered").get_by_role("radio").first)
        page.get_by_role("button", name="Join").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Welcome")
        self.see(page)

    def seen_by_the_gp(self, candidate: Candidate) -> None:
        """The GP opens the person's page, and the counts."""
        page = self.window("gp")
        page.goto(self.address("/"))
        if self.js:
            page.keyboard.press("/")
            page.keyboard.type(candidate.nhs_number)
            page.keyboard.press("Enter")
        else:
            page.get_by_label("Find a person").fill(candidate.nhs_number)
            page.get_by_role("button", name="Find").click()
        page.get_by_role("link", name=candidate.family_name).click()
        expect(page.get_by_text("Sam Placeholme")).to_be_visible()
        self.see(page, "person")
        page.goto(self.address("/finding/yield/"))
        joined = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Joined"))
        expect(joined.locator("td .u-table__value").first).to_have_text("1")
        self.see(page, "yield")


@pytest.fixture(params=[True, False], ids=["script", "no-script-telephone"])
def journey(
    request: pytest.FixtureRequest, cast: Cast, records: Path, another: Any, sign_in: Any,
    address: Any, looked_over: Any, fits: Any, picture: Any,
) -> Journey:  # fmt: skip
    """The journey, in both ways."""
    return Journey(
        cast, records, another, sign_in, address, looked_over, fits, picture, request.param
    )


def test_from_records_to_joining(journey: Journey) -> None:
    journey.cast.member("project_worker", capacity=12)
    journey.hand_in()
    agreed = journey.choose_by_keyboard() if journey.js else journey.choose_without_a_script()
    assert len(agreed) == 4
    code = journey.write(agreed)
    journey.reply(code)
    journey.let_join(agreed[0])
    journey.seen_by_the_gp(agreed[0])
    joined = Episode.objects.get(state="enrolled")
    assert joined.project_worker == journey.cast.member("project_worker")
    assert Consent.objects.filter(patient=joined.patient, kind="service", given=True).exists()
