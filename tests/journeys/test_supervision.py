"""Supervision kept, as the clinical supervisor: planned, met, said by both, signed; support asked
for and answered; time logged in two taps and paid. The manager sees days and never a word.
"""

from __future__ import annotations

from playwright.sync_api import Page, expect
from tests.journeys.care import Care, everything_open_to
from tests.journeys.middle import Middle, middle

from unhurried.service.team.models import Claim, SupervisionMeeting

__all__ = ["middle"]

DISCUSSED = "How long the talk about Gorsehollow may take"
AGREED = "Two meetings a week at most until Teaselwick is settled"
WORKER_IS = "Tired since Brackenmoor, and glad to have said so"
ASKED = "A hard meeting about Sorrelgate"
ANSWERED = "I rang at once; we meet on Tuesday about Dockenfield"
FOR_THE_TWO_OF_THEM = ("Gorsehollow", "Teaselwick", "Brackenmoor", "Sorrelgate", "Dockenfield")


def test_supervision_is_kept_and_time_is_paid(middle: Middle) -> None:
    care = Care(middle)
    choose_who_supervises(care)
    plan_it(care)
    write_down_how_it_was(care)
    say_how_they_are(care)
    read_and_sign(care)
    support_today(care)
    log_time_and_claim_it(care)
    pay_it(care)
    see_days_and_not_a_word(care)


def supervisor(care: Care) -> Page:
    """The supervisor's telephone: no script, 320 px."""
    member = care.story.cast.member("clinical_supervisor")
    return care.window("supervisor", member, js=False, width=320, height=640)


def choose_who_supervises(care: Care) -> None:
    """The manager says who, from which day; until then the person is nothing to the supervisor."""
    with care.on(0, 9):
        assert supervisor(care).context.request.get(care.story.where()).status == 404
        page = care.manager
        page.goto(care.story.address("/supervision/"))
        row = page.get_by_role("row", name="Sam Placeholme")
        expect(row).to_contain_text("Nobody yet")
        row.get_by_role("link", name="Change").click()
        page.get_by_label("Clinical supervisor").select_option(label="Barley Inventsley")
        page.get_by_label("From which day").fill(f"{care.day(0):%d/%m/%Y}")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("row", name="Sam Placeholme")).to_contain_text("Barley Inventsley")


def plan_it(care: Care) -> None:
    """From Today, on a telephone."""
    page = supervisor(care)
    with care.on(0, 10):
        page.goto(care.story.address("/"))
        page.get_by_role("link", name="Supervision", exact=True).first.click()
        page.get_by_role("link", name="Plan supervision of Sam Placeholme").click()
        page.get_by_label("Day").fill(f"{care.day(2):%d/%m/%Y}")
        page.get_by_label("Time", exact=True).fill("2.30pm")
        page.get_by_label("How long, in minutes").fill("50")
        page.get_by_role("button", name="Plan it").click()
        expect(page.get_by_text("The supervision is planned.")).to_be_visible()


def write_down_how_it_was(care: Care) -> None:
    """What was talked about, whom, what was agreed. How the worker is, is not theirs to write."""
    page = supervisor(care)
    with care.on(2, 16):
        page.goto(care.story.address("/supervision/"))
        row = page.get_by_role("table", name="Days of supervision").get_by_role("row").nth(1)
        row.get_by_role("link").click()
        page.get_by_role("link", name="Write down how it was").click()
        expect(page.get_by_label("How you are, in your own words")).to_have_count(0)
        page.get_by_label("What you talked about").fill(DISCUSSED)
        page.get_by_label("Nightjar").check()
        page.get_by_label("What you agreed").fill(AGREED)
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Only the two of you can read it.", exact=False)).to_be_visible()
        page.get_by_role("link", name="Nightjar").click()
        expect(page.locator(".u-banner")).to_contain_text("Nightjar")


def say_how_they_are(care: Care) -> None:
    """The worker reads it the next morning and adds how they are."""
    page = care.worker
    with care.on(3, 9):
        page.goto(care.story.address("/supervision/"))
        page.get_by_role("row", name="Barley Inventsley").get_by_role("link").click()
        expect(page.get_by_text(DISCUSSED)).to_be_visible()
        page.get_by_role("link", name="Change what is written").click()
        page.get_by_label("How you are, in your own words").fill(WORKER_IS)
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text(WORKER_IS)).to_be_visible()


def read_and_sign(care: Care) -> None:
    """The supervisor reads that, and signs; from then on nobody changes it."""
    page = supervisor(care)
    with care.on(3, 12):
        page.reload()
        meeting = SupervisionMeeting.objects.get()
        page.goto(care.story.address(f"/supervision/{meeting.uuid}/"))
        expect(page.get_by_text(WORKER_IS)).to_be_visible()
        page.get_by_role("button", name="Sign, so that it stays as it is").click()
        expect(page.get_by_text("Signed by the supervisor")).to_be_visible()
        expect(page.get_by_role("link", name="Change what is written")).to_have_count(0)
    meeting.refresh_from_db()
    assert (meeting.state, meeting.discussed, meeting.worker_is) == ("held", DISCUSSED, WORKER_IS)


def support_today(care: Care) -> None:
    """One press for the worker; it stands on the supervisor's first page, and is answered."""
    with care.on(4, 10):
        page = care.worker
        page.goto(care.story.address("/supervision/"))
        page.get_by_role("link", name="I need support now").click()
        page.get_by_label("What it is about").fill(ASKED)
        page.get_by_role("button", name="Ask for support today").click()
        expect(
            page.get_by_text("Your supervisor has been asked to ring you today.")
        ).to_be_visible()
    with care.on(4, 11):
        page = supervisor(care)
        page.goto(care.story.address("/"))
        page.get_by_role("link", name="1 project worker asks for support today").click()
        page.get_by_role("link", name="Sam Placeholme asks for support").click()
        expect(page.get_by_text(ASKED)).to_be_visible()
        page.get_by_label("What happens next").fill(ANSWERED)
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Nothing waits any more.")).to_be_visible()


def log_time_and_claim_it(care: Care) -> None:
    """The GP logs fifteen minutes on a telephone and sends the claim."""
    page = care.gp
    with care.on(4, 13):
        page.goto(care.story.address("/time/"))
        page.get_by_label("15 minutes").check()
        page.get_by_label("Reviewing a prescription").check()
        page.get_by_role("button", name="Log it").click()
        expect(page.get_by_role("table", name="What you logged")).to_contain_text("15 minutes")
        page.get_by_role("link", name="Claims", exact=True).click()
        page.get_by_role("link", name="Make a claim").click()
        expect(page.get_by_text("Together: 15 minutes.")).to_be_visible()
        page.get_by_role("button", name="Send the claim").click()
        expect(page.get_by_text("The claim is sent to the manager")).to_be_visible()


def pay_it(care: Care) -> None:
    """The manager sees hours by role and purpose, no name of a patient, and accepts."""
    page = care.manager
    with care.on(4, 14):
        page.goto(care.story.address("/"))
        page.get_by_role("link", name="1 claim for time to look at").click()
        page.get_by_role("table").get_by_role("link").first.click()
        assert "Nightjar" not in page.content()
        page.get_by_role("button", name="Accept").click()
        expect(page.get_by_role("button", name="It is paid")).to_be_visible()
    assert Claim.objects.get().state == "accepted"


def see_days_and_not_a_word(care: Care) -> None:
    """Held of planned, on its day and signed; what was said opens for nobody else."""
    page = care.manager
    with care.on(4, 15):
        page.goto(care.story.address("/supervision/"))
        row = page.get_by_role("row", name="Sam Placeholme").first
        expect(row).to_contain_text("1")
        expect(page.get_by_role("table", name="Days of supervision")).to_contain_text("signed")
        read = everything_open_to(page, care.story)
        read["/supervision/"] = page.content()
        meeting = SupervisionMeeting.objects.get()
        for member in (page, care.gp, care.cover):
            answer = member.context.request.get(care.story.address(f"/supervision/{meeting.uuid}/"))
            assert answer.status == 404
    wrong = [
        where for where, text in read.items() if any(one in text for one in FOR_THE_TWO_OF_THEM)
    ]
    assert not wrong, wrong
