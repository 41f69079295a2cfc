"""A GP refers somebody in under a minute, by keyboard alone; the GP hears back; they join."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.journeys.cast import Cast, work
from tests.journeys.hands import tick
from tests.service.conftest import nhs_number

from unhurried.service.joining.models import Referral
from unhurried.service.patients.models import Episode

# A practised typist needs about 0.2 s a key (40 words a minute), and 1.35 s to think before each
# new part (Card, Moran and Newell 1980, the keystroke-level model): what one may press and reach.
SECONDS_A_KEY = 0.2
SECONDS_TO_THINK = 1.35


@dataclass
class Keys:
    """A keyboard that counts; no pointer is used."""

    page: Page
    pressed: int = 0
    parts: list[str] = field(default_factory=list)

    def press(self, key: str, times: int = 1) -> None:
        """One key, perhaps several times."""
        for _ in range(times):
            self.page.keyboard.press(key)
        self.pressed += times

    def type(self, text: str) -> None:
        """Text, a press for each letter."""
        self.page.keyboard.type(text)
        self.pressed += len(text)

    def reach(self, wanted: Locator, what: str) -> None:
        """Go on with Tab until this has the keyboard."""
        self.parts.append(what)
        for _ in range(40):
            if wanted.evaluate("each => each === document.activeElement"):
                return
            self.press("Tab")
        raise AssertionError(f"{what} cannot be reached by keyboard")

    @property
    def seconds(self) -> float:
        """How long this takes somebody by the keystroke-level model."""
        return self.pressed * SECONDS_A_KEY + len(self.parts) * SECONDS_TO_THINK


def test_by_keyboard_alone_in_under_a_minute(
    cast: Cast, page: Page, sign_in: Any, address: Any, looked_over: Any, picture: Any,
    another: Callable[..., Page],
) -> None:  # fmt: skip
    patient = cast.patient(given_name="Juniper", family_name="Makebelow", phone="01632 960777")
    sign_in(page, cast.member("gp"))
    page.goto(address("/"))
    keys = Keys(page)
    keys.parts.append("find the person")
    keys.press("/")
    keys.type(patient.nhs_number)
    keys.press("Enter")
    found = page.get_by_role("link", name="Makebelow, Juniper")
    expect(found).to_be_visible()
    page.wait_for_load_state()  # a key pressed before may go to the page that was
    # From here on the page of the person, as a mouse would; the skip link passes the navigation.
    keys.press("Tab")
    keys.press("Enter")
    keys.reach(found, "open their page")
    keys.press("Enter")
    refer = page.get_by_role("link", name="Refer to the pain service")
    expect(refer).to_be_visible()
    page.wait_for_load_state()
    keys.press("Tab")
    keys.press("Enter")
    keys.reach(refer, "refer them")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Refer to the pain service")
    keys.press("Tab")
    keys.press("Enter")
    keys.reach(page.get_by_label("Yes", exact=True).first, "they know and agree")
    keys.press("Space")
    keys.reach(page.get_by_label("What the pain is from"), "what the pain is from")
    keys.type("lower back, since 2019")
    keys.reach(page.get_by_label("Opioids and sedatives"), "medicines")
    keys.type("Zomorph 30mg capsules, one twice a day")
    expect(page.locator("#understood")).to_contain_text("60 mg")
    looked_over_later = page.url
    keys.reach(page.get_by_role("button", name="Send, or save the draft"), "send")
    keys.press("Enter")
    expect(page.get_by_text("Received")).to_be_visible()
    expect(page.get_by_text(re.compile("A project worker will ring by"))).to_be_visible()
    assert keys.seconds < 60, (keys.seconds, keys)
    looked_over(page)
    page.goto(looked_over_later)
    looked_over(page)
    assert Referral.objects.get().patient == patient


@dataclass
class Hearing:
    """Windows of those who take part."""

    cast: Cast
    another: Callable[..., Page]
    sign_in: Any
    address: Any
    looked_over: Any
    fits: Any
    picture: Any
    js: bool

    def window(self, role: str) -> Page:
        """A window of somebody in a role."""
        page = self.another(js=self.js, width=1280 if self.js else 320)
        self.sign_in(page, self.cast.member(role))
        page.goto(self.address("/"))
        return page

    def see(self, page: Page, name: str = "") -> None:
        """Look a page over; keep a picture of it."""
        (self.looked_over if self.js else self.fits)(page)
        if name:
            self.picture(page, name if self.js else f"{name}-320", whole=False)


@pytest.fixture(params=[True, False], ids=["script", "no-script-telephone"])
def hearing(
    request: pytest.FixtureRequest, cast: Cast, another: Any, sign_in: Any, address: Any,
    looked_over: Any, fits: Any, picture: Any,
) -> Hearing:  # fmt: skip
    """The journey, in both ways."""
    return Hearing(cast, another, sign_in, address, looked_over, fits, picture, request.param)


def test_refer_hear_back_join(hearing: Hearing) -> None:
    cast = hearing.cast
    cast.member("project_worker", capacity=12)
    number = nhs_number()
    refer(hearing, number)
    work()
    take_ring_and_let_join(hearing)
    work()
    page = hearing.window("gp")
    page.get_by_role("link", name="Referrals").click()
    page.get_by_role("link", name="Wren Samplewood").click()
    expect(page.get_by_text("Joined")).to_be_visible()
    hearing.see(page)
    page.get_by_label("Find a person").fill(number)
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="Samplewood, Wren").click()
    expect(page.get_by_text("Sam Placeholme").first).to_be_visible()
    hearing.see(page)
    assert Episode.objects.get().state == "enrolled"


def refer(hearing: Hearing, number: str) -> None:
    """The GP fills in the page for somebody new here, first too little, then enough."""
    page = hearing.window("gp")
    page.get_by_role("link", name="Refer someone").click()
    page.get_by_label("NHS number", exact=False).last.fill(number)
    page.get_by_label("Date of birth").fill("3/11/1960")
    page.get_by_label("First name").fill("Wren")
    page.get_by_label("Last name").fill("Samplewood")
    page.get_by_label("What the pain is from").fill("Knee, since an accident in 2018")
    page.get_by_label("Opioids and sedatives").fill(
        "Zomorph 30mg capsules, one twice a day\nzopiclone 7.5mg tablets, one at night"
    )
    page.get_by_role("button", name="Send, or save the draft").click()
    expect(page.get_by_role("heading", name="Please look at this again")).to_be_visible()
    expect(page.get_by_label("First name")).to_have_value("Wren")
    expect(page.get_by_label("Opioids and sedatives")).to_have_value(re.compile("zopiclone"))
    hearing.see(page)
    tick(page.get_by_label("Yes", exact=True).first)
    tick(page.get_by_label("The person has said they are concerned"))
    page.get_by_label("In their words").fill("I am tired all day")
    page.get_by_role("button", name="Check the medicines").click()
    expect(page.locator("#understood")).to_contain_text("60 mg")
    hearing.see(page, "referral")
    page.get_by_role("button", name="Send, or save the draft").click()
    expect(page.get_by_text("Received")).to_be_visible()
    hearing.see(page, "acknowledgement")


def take_ring_and_let_join(hearing: Hearing) -> None:
    """The worker takes the referral on, rings, and the person joins."""
    page = hearing.window("project_worker")
    page.get_by_role("link", name=re.compile("referral has no project worker yet")).click()
    page.get_by_role("link", name="Wren Samplewood").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Referral")
    hearing.see(page, "referral-taken")
    page.get_by_role("button", name="Take it on").click()
    page.get_by_role("button", name="I have rung them").click()
    page.get_by_role("link", name="Meet them and let them join").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Joining")
    tick(page.get_by_label(re.compile("I have read this to the person")))
    tick(page.get_by_label("Yes", exact=True).first)
    how = page.get_by_role("group", name="How they answered")
    tick(how.get_by_role("radio").first)
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome")
