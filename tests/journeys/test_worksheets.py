"""A week's worksheet on a telephone and one from paper, side by side at the end (SAW-1, SAW-2)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.journeys.cast import Cast
from tests.journeys.hands import tick
from tests.service.conftest import actor_for

from unhurried.service.accounts.models import Membership
from unhurried.service.patients.models import KnownMedicine, Patient
from unhurried.service.worksheets import operations
from unhurried.service.worksheets.models import Worksheet
from unhurried.service.worksheets.rules import Given


@pytest.fixture
def person(cast: Cast) -> tuple[Patient, Membership]:
    """Somebody enrolled, who signs in, and takes codeine."""
    patient = cast.world.enrolled(cast.member("project_worker"))
    sign_in = cast.world.member("patient", cast.world.practice)
    sign_in.user.full_name = "Wren Oldfield"
    sign_in.user.save()
    patient.user = sign_in.user
    patient.save()
    KnownMedicine.objects.create(
        patient=patient, product="Codeine 30mg tablets", directions="One four times a day",
        as_at=timezone.localdate(), source="screening",
    )  # fmt: skip
    return patient, sign_in


def a_week(cast: Cast, patient: Patient) -> Worksheet:
    """Six days of a week up to today, extra on the days of stress."""
    by = actor_for(cast.member("project_worker"))
    starts = timezone.localdate() - timedelta(days=6)
    sheet = operations.start_worksheet(by=by, patient=patient, starts=starts)
    for n in range(6):
        if n == 3:
            continue
        extra = n in {0, 1, 4}
        operations.add_line(by=by, worksheet=sheet, given=Given(
            starts + timedelta(days=n), time="evening", taken="extra" if extra else "usual",
            stress=8 if extra else 4 - n % 2, pain=6, reasons=("stress",) if extra else (),
            happening="The letter from the landlord came." if extra else "", amount="2 tablets",
        ))  # fmt: skip
        operations.add_line(by=by, worksheet=sheet, given=Given(
            starts + timedelta(days=n), time="morning", taken="usual", pain=5, sleep=3 + n % 3,
        ))  # fmt: skip
    return sheet


def test_a_week_on_a_telephone(
    cast: Cast, person: Any, another: Any, sign_in: Any, address: Any, looked_over: Any,
    picture: Any,
) -> None:  # fmt: skip
    patient, own = person
    a_week(cast, patient)
    page: Page = another(js=False, width=320, height=640)
    sign_in(page, own)
    page.goto(address("/worksheets/"))
    picture(page, "worksheets-320")
    page.get_by_role("link", name="Write something down").click()
    picture(page, "worksheet-add-320")
    tick(page.get_by_label("Extra", exact=True))
    tick(page.get_by_role("group", name="Pain now").get_by_label("6", exact=True))
    tick(page.get_by_role("group", name="Stress now").get_by_label("8", exact=True))
    tick(page.get_by_label("Stress", exact=True))
    picture(page, "worksheet-add-filled-320")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("That is saved.")).to_be_visible()
    picture(page, "worksheet-one-320")
    page.get_by_role("link", name="Side by side: what it shows").click()
    picture(page, "worksheet-pattern-320")
    page.get_by_label("In your own words").fill("It is the letters, not the knee.")
    page.get_by_role("button", name="Save these words").click()
    expect(page.get_by_text("Your words are saved.")).to_be_visible()
    watched: Page = another(width=320)
    sign_in(watched, own)
    for rest in ("", "add/", "pattern/", "days/"):
        watched.goto(page.url.replace("pattern/", rest))
        looked_over(watched)


def test_a_week_from_paper(
    cast: Cast, person: Any, another: Any, page: Page, sign_in: Any, address: Any,
    looked_over: Any, picture: Any,
) -> None:  # fmt: skip
    patient, _ = person
    worker = cast.member("project_worker")
    by = actor_for(worker)
    starts = timezone.localdate() - timedelta(days=7)
    sheet = operations.start_worksheet(by=by, patient=patient, starts=starts, kept="paper")
    sign_in(page, worker)
    page.goto(address(f"/people/{patient.uuid}/worksheets/{sheet.uuid}/"))
    page.get_by_role("link", name="Type in a week from paper").click()
    for n in range(7):
        at = f"#id_{starts + timedelta(days=n):%Y%m%d}"
        page.locator(f"{at}-sleep").fill(str(3 + n % 4))
        page.locator(f"{at}-evening-took").select_option("extra" if n % 2 else "usual")
        page.keyboard.press("Tab")
    page.locator(f"#id_{starts:%Y%m%d}-morning-pain").fill("12")
    page.get_by_role("button", name="Save the week").click()
    picture(page, "worksheet-week")
    narrow: Page = another(js=False, width=320)
    sign_in(narrow, worker)
    narrow.goto(page.url)
    picture(narrow, "worksheet-week-320")
    looked_over(page)
    page.locator(f"#id_{starts:%Y%m%d}-morning-pain").fill("2")
    page.get_by_role("button", name="Save the week").click()
    expect(page.get_by_text("The week is saved.")).to_be_visible()
    page.get_by_role("link", name="Side by side: what it shows").click()
    picture(page, "worksheet-pattern")
    looked_over(page)


def test_with_a_code(
    cast: Cast, person: Any, another: Any, page: Page, sign_in: Any, address: Any,
    looked_over: Any, picture: Any,
) -> None:  # fmt: skip
    patient, own = person
    sheet = a_week(cast, patient)
    sign_in(page, own)
    page.goto(address(f"/people/{patient.uuid}/worksheets/{sheet.uuid}/code/"))
    page.get_by_role("button", name="Make a code").click()
    picture(page, "worksheet-code")
    looked_over(page)
    code = page.locator(".w-code").inner_text()
    strange: Page = another(width=320)
    strange.goto(address(f"/my-week/{code}/"))
    assert "Oldfield" not in strange.content()
    assert "Siskin" not in strange.content()
    picture(strange, "worksheet-by-code-320")
    looked_over(strange)
    strange.set_viewport_size({"width": 320, "height": 640})
    tick(strange.get_by_role("group", name="Pain now").get_by_label("0, none", exact=True))
    strange.get_by_role("button", name="Save").click()
    expect(strange.get_by_role("heading", name="Saved. Thank you")).to_be_visible()
    line = sheet.lines.latest("pk")
    assert (line.pain, line.stress, line.how) == (0, None, "code")
