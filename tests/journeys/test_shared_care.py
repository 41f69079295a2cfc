"""Between worker and practice: holiday cover and two minutes of a GP; a session on the GP record.

What nobody else may read is planted, and looked for in every page a manager can come to.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.journeys.care import Care, everything_open_to
from tests.journeys.hands import tick
from tests.journeys.middle import DIARY, ORDINARY, RESTRICTED, TALK, Middle, middle, pdf_pages
from tests.journeys.test_a_session_by_keyboard import Keys
from tests.service.conftest import actor_for

from unhurried.service.audit.actor import system_actor
from unhurried.service.audit.models import Entry
from unhurried.service.audit.working_days import working_days_after
from unhurried.service.outbox.worker import send_due
from unhurried.service.patients import operations as patients
from unhurried.service.patients.models import Consent, Note
from unhurried.service.sessions import operations as sessions
from unhurried.service.sessions.operations import Held
from unhurried.service.shared_care.clocks.reminding import remind_of_waiting
from unhurried.service.shared_care.models import ReadReceipt, RecordSummary, Task, ThreadMessage
from unhurried.service.shared_care.operations import tasks

__all__ = ["middle"]

RING = "Please ring him about the dry mouth"
RESULT = "Please look at the liver result"
SENTENCE = "Please ring about Bramblewick"  # a task nobody answers: its words are the two teams'
WORDS = "He spoke of Sedgemoor and of nothing else."
MESSAGE = "Rang him. He would like Fernhollow gel instead."
REPLY = "Thank you. I tell him on Fennelmarch day."
NOT_FOR_A_MANAGER = (
    "Bramblewick", "Sedgemoor", "Fernhollow", "Fennelmarch", "dry mouth", "liver result",
)  # fmt: skip
MOST_KEYS = 6  # from the top of the page: past the banner, past the line for words, and Done


def test_holiday_cover_and_a_gp_who_only_has_two_minutes(
    middle: Middle, fits: Callable[[Page], None]
) -> None:
    care = Care(middle)
    ask_by_keyboard(care)
    answer_in_two_minutes(care, fits)
    leave_one_with_a_gp_who_goes_away(care)
    take_it_over(care)
    arrange_cover(care)
    cover(care)
    remind(care)
    see_what_waits_and_not_a_word_of_it(care)
    come_back(care)


def ask_by_keyboard(care: Care) -> None:
    """The worker asks, with the keyboard alone."""
    page = care.worker
    with care.on(0, 10):
        page.goto(care.story.where("ask/"))
        page.get_by_role("link", name="Ask for something").focus()
        keys = Keys(page)
        keys.press("Enter")
        expect(page.get_by_role("heading", name="Ask for something")).to_be_visible()
        page.locator("#id_sentence").focus()
        page.keyboard.type(RING)
        keys.to("id_kind")
        page.keyboard.type("Ring")
        keys.to("id_person_knows")
        keys.press("Space")
        keys.to("Ask")
        keys.press("Enter")
        expect(page.get_by_text("Asked. It stands in their inbox now.")).to_be_visible()
    made = Task.objects.get()
    assert (made.kind, made.to, made.person_knows) == ("ring", "practice", "agrees")


def answer_in_two_minutes(care: Care, fits: Callable[[Page], None]) -> None:
    """Today, the inbox, one screen, one key on the button that says it."""
    page = care.gp
    with care.on(0, 12):
        page.goto(care.story.address("/"))
        fits(page)
        page.get_by_role("link", name="1 thing is asked of your team").click()
        fits(page)
        page.get_by_role("link", name=RING).click()
        expect(page.get_by_role("heading", name=RING)).to_be_visible()
        fits(page)
        known = page.get_by_role("region", name="What to know")
        for said in ("Sam Placeholme", "OME now", "as at", "Yes, and they agree"):
            expect(known).to_contain_text(said)
        due = working_days_after(care.day(0), 2)
        expect(known).to_contain_text(re.compile(rf"{due:%A} {due.day}\s{due:%B}\s{due.year}"))
        keys = Keys(page)
        keys.press("Tab")
        expect(page.locator(":focus")).to_have_text("Skip to main content")
        keys.press("Enter")
        keys.to("Done")
        keys.press("Enter")
        expect(page.get_by_text("Marked done. The other team sees it.")).to_be_visible()
        assert keys.pressed <= MOST_KEYS, keys.pressed
        page.get_by_label("Write back").fill(MESSAGE)
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.get_by_text("Nobody at the pain service has read it yet")).to_be_visible()


def leave_one_with_a_gp_who_goes_away(care: Care) -> None:
    """Two more are asked; the GP takes one, and is not there from the next day on."""
    by, patient = actor_for(care.story.worker), care.story.patient
    with care.on(0, 14):
        tasks.ask(
            by=by, patient=patient, to="practice", kind="result", sentence=RESULT,
            person_knows="knows",
        )  # fmt: skip
        tasks.ask(
            by=by, patient=patient, to="practice", kind="ring", sentence=SENTENCE, words=WORDS,
            person_knows="agrees",
        )  # fmt: skip
    page = care.gp
    with care.on(0, 15):
        page.goto(care.story.address("/shared-care/"))
        page.get_by_role("link", name=RESULT).click()
        page.get_by_role("button", name="I take it").press("Enter")
        expect(page.get_by_text("You have it now.")).to_be_visible()


def take_it_over(care: Care) -> None:
    """A second GP of the practice finds it, sees who has it, takes it over and answers."""
    page = care.second
    with care.on(1, 10):
        page.goto(care.story.address("/"))
        page.get_by_role("link", name="2 things are asked of your team").click()
        expect(page.get_by_role("row", name=RESULT)).to_contain_text("With Dr Hazel Pretendham")
        page.get_by_role("link", name=RESULT).click()
        expect(page.get_by_role("button", name="Done")).to_be_in_viewport()
        page.get_by_role("button", name="I take it over").click()
        expect(page.get_by_text("took it over from Dr Hazel Pretendham")).to_be_visible()
        page.get_by_label("A line with your answer").fill("All well, nothing to do.")
        page.get_by_role("button", name="Done").click()
        expect(page.get_by_text("Marked done.")).to_be_visible()


def arrange_cover(care: Care) -> None:
    """The worker arranges cover for four days away, on the page for it."""
    page = care.worker
    with care.on(1, 16):
        assert care.cover.context.request.get(care.story.where()).status == 404
        page.goto(care.story.address("/"))
        page.get_by_role("link", name="Cover while away").click()
        page.get_by_label("Who is away").select_option(label="Sam Placeholme")
        page.get_by_label("Who covers").select_option(label="Tansy Coverley")
        page.get_by_label("First day away").fill(f"{care.day(2):%d/%m/%Y}")
        page.get_by_label("First day back").fill(f"{care.day(6):%d/%m/%Y}")
        page.get_by_role("button", name="Arrange cover").click()
        expect(page.get_by_text("The cover is arranged.")).to_be_visible()


def cover(care: Care) -> None:
    """The covering worker reads the message nobody read, sees both answers, and writes back."""
    page = care.cover
    with care.on(2, 10):
        page.goto(care.story.address("/"))
        page.get_by_role("link", name="1 message nobody of your team has read").click()
        page.get_by_role("link", name="Nightjar").click()
        expect(page.get_by_text(MESSAGE)).to_be_visible()
        page.get_by_role("link", name=RING).click()
        expect(page.get_by_text("Done, Dr Hazel Pretendham")).to_be_visible()
        page.get_by_role("link", name="Messages about this").click()
        page.get_by_label("Your message").fill(REPLY)
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_text("Nobody at the practice has read it yet")).to_be_visible()
        page.goto(care.story.address("/shared-care/?show=done"))
        page.get_by_role("link", name=RESULT).click()
        expect(page.get_by_text("All well, nothing to do.").first).to_be_visible()
    page = care.second
    with care.on(2, 12):
        page.goto(care.story.address("/shared-care/?show=unread"))
        page.get_by_role("link", name="Nightjar").click()
        expect(page.get_by_text(REPLY)).to_be_visible()


def remind(care: Care) -> None:
    """Late, then passed on: whoever must know is written to, without a word of it."""
    for number, hour in ((3, 9), (4, 13)):
        with care.on(number, hour):
            remind_of_waiting(by=system_actor("clocks"))
            send_due()
    assert Task.objects.get(closed_at=None).reminded == "passed_on"
    left = sorted(each for each in Path(settings.DATA).rglob("outbox/**/*") if each.is_file())
    assert len(left) >= 2, left
    for each in left:
        assert not canaries_in(each.read_text(errors="replace")), each


def see_what_waits_and_not_a_word_of_it(care: Care) -> None:
    """The manager reads whose it is, how old, who answers and what to do; never what it says."""
    page = care.manager
    with care.on(4, 14):
        page.goto(care.story.address("/"))
        page.get_by_role("link", name="What waits").first.click()
        row = page.get_by_role("row", name="Task for the practice")
        late = (care.day(4) - care.day(2)).days
        for said in (
            "Passed on", "Nightjar", "Linden Surgery", f"{late} days ago",
            "Ring Linden Surgery and ask who can take it",
        ):  # fmt: skip
            expect(row).to_contain_text(said)
        asked = care.day(0)
        expect(row).to_contain_text(re.compile(rf"{asked.day}\s{asked:%B}\s{asked.year}"))
        looks = Entry.objects.filter(action="read.waits", patient_id=care.story.patient.pk)
        assert looks.exists()
        read = everything_open_to(page, care.story)
    assert {"/waits/", "/shared-care/", "/shared-care/?show=late"} <= read.keys(), sorted(read)
    wrong = {where: canaries_in(text) for where, text in read.items() if canaries_in(text)}
    assert not wrong, wrong


def canaries_in(text: str) -> list[str]:
    """Which of the words a manager may not read stand here."""
    return [each for each in NOT_FOR_A_MANAGER if each in text]


def come_back(care: Care) -> None:
    """Everything is there: answers, what was written meanwhile and who read it, what is open."""
    page = care.worker
    with care.on(6, 9):
        assert care.cover.context.request.get(care.story.where()).status == 404
        page.goto(care.story.address("/shared-care/?show=asked"))
        expect(page.get_by_role("row", name=SENTENCE)).to_contain_text("Late: it was due")
        page.get_by_role("link", name=SENTENCE).click()
        page.goto(care.story.where("ask/"))
        for said in (RING, RESULT):
            expect(page.get_by_role("row", name=said)).to_contain_text("Done")
        page.get_by_role("link", name="Messages about them").click()
        page.get_by_role("link", name=RING).click()
        for said in (MESSAGE, REPLY, "Read by Tansy Coverley", "Read by Dr Rowan Standinham"):
            expect(page.get_by_text(said).first).to_be_visible()
    assert ThreadMessage.objects.filter(closed_at=None).count() == 0
    readers = ReadReceipt.objects.values_list("member__user__full_name", flat=True)
    assert sorted(readers) == [
        "Dr Rowan Standinham", "Dr Rowan Standinham", "Sam Placeholme", "Sam Placeholme",
        "Tansy Coverley",
    ]  # fmt: skip
    assert sorted(Task.objects.values_list("state", flat=True)) == ["done", "done", "open"]


def test_from_a_session_to_the_gp_record(middle: Middle) -> None:
    met_and_said_in_confidence(middle)
    write_the_summary(middle)
    reception_sees_that_one_waits(middle)
    put_it_on_the_record(middle)
    read_it_in_their_own_place(middle)


def met_and_said_in_confidence(story: Middle) -> None:
    """A session of two days ago, a restricted note, and a yes to sharing with the GP."""
    by, patient = actor_for(story.worker), story.patient
    with story.on(3) as now:
        Consent.objects.create(
            patient=patient, kind="sharing", party="gp", given=True, how="spoken",
            wording="sharing-1", taken_by=story.worker.user, at=now,
        )  # fmt: skip
        patients.write_note(
            by=by, patient=patient, text=f"{RESTRICTED}: what his brother said of {TALK}.",
            visibility=Note.Visibility.RESTRICTED,
        )  # fmt: skip
    with story.on(2, 12) as now:
        sessions.record_session(
            by=by, patient=patient,
            held=Held(
                day=timezone.localdate(now), at=time(10), place="home", minutes=50,
                components=("pacing",), note=f"{ORDINARY} Road keeps him awake.",
                next_steps=f"Walk to the gate; put {DIARY} aside",
            ),
        )  # fmt: skip


CANARIES = (RESTRICTED, TALK, ORDINARY, DIARY)


def write_the_summary(story: Middle) -> None:
    """From Today; a word of the restricted note is not taken; the preview holds none; it goes."""
    page = story.window("project_worker")
    with story.on(2, 14):
        page.goto(story.address("/"))
        page.get_by_role("link", name="1 meeting has no summary for the GP yet").click()
        page.get_by_role("link", name="Write the summary").click()
        expect(page.get_by_label("Worked on").first).to_have_value("Pacing")
        page.get_by_label("What matters").first.fill(f"He told me of {RESTRICTED}.")
        page.get_by_role("button", name="Save, and see it as the GP will").click()
        summary = page.get_by_role("alert")
        expect(summary).to_contain_text("Some words of “What matters” are kept from the GP")
        expect(summary).not_to_contain_text(RESTRICTED)
        page.get_by_label("What matters").first.fill("Rest in between helps him.")
        page.get_by_label("Asked of you").first.fill("Please look at the night dose.")
        tick(page.get_by_label("I went through these words with the person"))
        page.get_by_role("button", name="Save, and see it as the GP will").click()
        expect(page.get_by_role("heading", name="As the GP will see it")).to_be_visible()
        text = page.get_by_label("The text to copy").input_value()
        for said in ("Pacing", "Rest in between", "night dose", "OME", "as at"):
            assert said in text, text
        holds_none_of_it(page.content())
        page.get_by_role("button", name="Send it to the practice").click()
        expect(page.get_by_text("The summary is on its way to the practice.")).to_be_visible()


def holds_none_of_it(text: str) -> None:
    """Nothing that was said in confidence stands here."""
    assert [each for each in CANARIES if each in text] == []


def reception_sees_that_one_waits(story: Middle) -> None:
    """Reception can tell a GP; it opens nothing."""
    made = RecordSummary.objects.get()
    page = story.window("practice_staff")
    with story.on(2, 15):
        page.goto(story.address("/"))
        page.get_by_role("link", name="1 summary waits to go on a GP record").click()
        row = page.get_by_role("row", name="Nightjar")
        expect(row).to_contain_text("Waits for the practice")
        expect(row.get_by_role("link")).to_have_count(0)
        for said in ("night dose", "Rest in between"):
            assert said not in page.content()
        for rest in ("", "as/text/", "as/paper/"):
            refused = page.context.request.get(story.where(f"summaries/{made.uuid}/{rest}"))
            assert refused.status == 404, rest


def put_it_on_the_record(story: Middle) -> None:
    """The GP copies the text, opens the paper and the FHIR document, and says that it is there."""
    page = story.another(permissions=["clipboard-read", "clipboard-write"])
    story.sign_in(page, story.cast.member("gp"))
    with story.on(2, 16):
        page.goto(story.address("/"))
        page.get_by_role("link", name="1 summary waits to go on a GP record").click()
        page.get_by_role("link", name="Nightjar").click()
        box = page.get_by_label("The text to copy")
        box.focus()
        page.keyboard.press("Control+A")
        page.keyboard.press("Control+C")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.strip() == box.input_value().strip()
        assert "night dose" in copied
        holds_none_of_it(page.content())
        paper = page.context.request.get(link_of(page, "On paper (PDF)", story))
        words = " ".join(pdf_pages(paper.body()))
        assert "Rest in between" in words, words
        holds_none_of_it(words)
        document = page.context.request.get(link_of(page, "As a FHIR document", story))
        assert "fhir+json" in document.headers["content-type"]
        bundle = document.json()
        assert (bundle["resourceType"], bundle["type"]) == ("Bundle", "document")
        assert bundle["entry"][0]["resource"]["resourceType"] == "Composition"
        assert "night dose" in document.text()
        holds_none_of_it(document.text())
        page.get_by_role("button", name="It is on the record").press("Enter")
        expect(page.get_by_text("Thank you: it is noted as on the record.")).to_be_visible()
        page.goto(story.address("/"))
        expect(page.get_by_role("link", name="waits to go on a GP record")).to_have_count(0)


def link_of(page: Page, name: str, story: Middle) -> str:
    """The whole address of a link."""
    return story.address(page.get_by_role("link", name=name).get_attribute("href") or "")


def read_it_in_their_own_place(story: Middle) -> None:
    """On the telephone, without a script: all the words the practice was sent, and where it is."""
    page = story.window("telephone")
    with story.on(1, 19):
        page.goto(story.address("/"))
        page.get_by_role("link", name="What my GP is told").first.click()
        page.get_by_role("table").get_by_role("link").click()
        expect(page.get_by_role("heading", name="What my GP was told")).to_be_visible()
        for said in ("Rest in between helps him.", "Please look at the night dose."):
            expect(page.get_by_text(said)).to_be_visible()
        expect(page.get_by_text("On the record", exact=True)).to_be_visible()
        assert RESTRICTED not in page.content()
        assert TALK not in page.content()
