"""Bad moments: slips, impatience, two people at once, and files that are not records."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import FilePayload, Page, expect
from tests.journeys.cast import Cast
from tests.journeys.hands import tick
from tests.service.conftest import nhs_number
from tests.service.identification.conftest import found, results

from unhurried.service.identification import operations
from unhurried.service.identification.models import Candidate, Decision, Extract
from unhurried.service.joining.models import Referral
from unhurried.service.patients.models import ContactPreference, Note

TEXT = "Slept badly; worries <about> the “journey” home & her dog.\nRing after 2 pm, Ω."


@pytest.fixture
def listed(cast: Cast) -> Candidate:
    """Somebody on the list, whom nobody has decided about."""
    day = timezone.localdate() - timedelta(days=3)
    extract = Extract.objects.create(
        practice=cast.world.practice, provided_by=cast.member("practice_staff"), name="records.csv",
        provided_at=timezone.now(), content="0" * 64, size=10, format="csv",
        state=Extract.State.RUNNING,
    )  # fmt: skip
    people = results(found("1", nhs_number=nhs_number()), as_of=day)
    operations.keep_results(extract=extract, results=people)
    return Candidate.objects.get()


def test_what_was_typed_stays_when_something_is_missing(
    cast: Cast, page: Page, sign_in: Any, address: Any, looked_over: Any, picture: Any
) -> None:
    worker = cast.member("project_worker")
    patient = cast.world.enrolled(worker)
    sign_in(page, worker)
    page.goto(address(f"/people/{patient.uuid}/"))
    page.get_by_role("link", name="Write a note").click()
    page.get_by_role("textbox", name="The note").fill(TEXT)
    page.get_by_role("button", name="Save").click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Please look at this again")
    expect(page.locator(".nhsuk-error-summary")).to_be_focused()
    expect(page.get_by_role("textbox", name="The note")).to_have_value(TEXT)
    looked_over(page)
    picture(page, "typed-stays", whole=False)
    tick(page.get_by_role("group", name="Who may read it").get_by_role("radio").first)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Slept badly; worries <about> the").first).to_be_visible()
    assert Note.objects.get().text.replace("\r\n", "\n") == TEXT


@pytest.mark.parametrize("js", [True, False])
def test_impatience_has_one_effect(
    js: bool, cast: Cast, another: Callable[..., Page], sign_in: Any, address: Any
) -> None:
    page = another(js=js)
    patient = cast.patient()
    sign_in(page, cast.member("gp"))
    page.goto(address(f"/referrals/new/?person={patient.uuid}"))
    tick(page.get_by_label("Yes", exact=True).first)
    page.get_by_label("What the pain is from").fill("Shoulder")
    page.get_by_role("button", name="Send, or save the draft").dblclick()
    expect(page.get_by_text("Received")).to_be_visible()
    page.go_back()  # the page is fetched again, so this is another try, not the same one
    expect(page.get_by_role("heading", level=1)).to_have_text("Refer to the pain service")
    tick(page.get_by_label("Yes", exact=True).first)
    page.get_by_label("What the pain is from").fill("Shoulder")
    page.get_by_role("button", name="Send, or save the draft").click()
    expect(page.get_by_role("alert")).to_contain_text("already")
    assert Referral.objects.count() == 1


def test_two_gps_decide_about_the_same_person(
    cast: Cast, listed: Candidate, page: Page, another: Callable[..., Page], sign_in: Any,
    address: Any, looked_over: Any, picture: Any,
) -> None:  # fmt: skip
    colleague = another()
    sign_in(page, cast.member("gp"))
    sign_in(colleague, cast.member("gp", "Dr Rowan Mockridge"))
    where = address(f"/finding/people/{listed.uuid}/")
    page.goto(where)
    colleague.goto(where)
    page.get_by_role("button", name="Let’s discuss").click()
    expect(page.get_by_text("You chose")).to_be_visible()
    colleague.get_by_label("Why it is not suitable").select_option(index=1)
    colleague.get_by_label("Note for colleagues").fill(TEXT)
    colleague.get_by_role("button", name="Not suitable").click()
    expect(colleague.get_by_text("Someone decided about them before you")).to_be_visible()
    expect(colleague.get_by_text("Dr Hazel Pretendham").first).to_be_visible()
    expect(colleague.get_by_label("Note for colleagues")).to_have_value(TEXT)
    expect(colleague.get_by_label("Why it is not suitable")).not_to_have_value("")
    looked_over(colleague)
    picture(colleague, "two-gps")
    assert Decision.objects.count() == 1
    colleague.get_by_role("button", name="Not suitable").click()
    expect(colleague.get_by_role("heading", level=1)).to_have_text("Finding people")
    listed.refresh_from_db()
    assert (listed.choice, Decision.objects.count()) == ("not_suitable", 2)


def test_two_people_change_how_to_reach_someone(
    cast: Cast, page: Page, another: Callable[..., Page], sign_in: Any, address: Any,
    looked_over: Any, picture: Any,
) -> None:  # fmt: skip
    worker = cast.member("project_worker")
    patient = cast.world.enrolled(worker)
    ContactPreference.objects.create(patient=patient)
    reception = another()
    sign_in(page, worker)
    sign_in(reception, cast.member("practice_staff"))
    for each in (page, reception):
        each.goto(address(f"/people/{patient.uuid}/contact/"))
    page.get_by_label("Language").fill("Polish")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("How to reach the person is saved")).to_be_visible()
    reception.get_by_label("Language").fill("Welsh")
    reception.get_by_role("button", name="Save").click()
    expect(reception.get_by_text("Somebody changed this while you were typing")).to_be_visible()
    row = reception.get_by_role("row").filter(has_text="Polish")
    expect(row).to_contain_text("Welsh")
    expect(reception.get_by_label("Language")).to_have_value("Welsh")
    looked_over(reception)
    picture(reception, "both-versions")
    assert ContactPreference.objects.get().language == "Polish"
    reception.get_by_role("button", name="Save").click()
    expect(reception.get_by_text("How to reach the person is saved")).to_be_visible()
    assert ContactPreference.objects.get().language == "Welsh"


def _bomb() -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("records.csv", b"0" * 30_000_000)
    return into.getvalue()


def test_files_that_are_no_records(
    cast: Cast, page: Page, sign_in: Any, address: Any, looked_over: Any, picture: Any
) -> None:
    sign_in(page, cast.member("practice_staff"))
    page.goto(address("/finding/extracts/"))
    for name, content, words in (
        ("report.pdf", b"%PDF-1.7\n", "report.pdf is a PDF"),
        ("records.csv", b"", "records.csv is empty"),
        ("records.zip", _bomb(), "unpacks to more"),
    ):
        handed = FilePayload(name=name, mimeType="application/octet-stream", buffer=content)
        page.get_by_label("Files").set_input_files(handed)
        page.get_by_role("button", name="Hand in").click()
        expect(page.get_by_role("alert")).to_contain_text(words)
        looked_over(page)
    picture(page, "no-records", whole=False)
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose the file")
    assert not Extract.objects.exists()
