"""A specialist who never answers, and one who does; a review meeting and what came of it.

Each step by the one whose step it is, on working days some weeks ago; what a manager, a mail or a
specialist may not hold is planted and looked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time
from pathlib import Path

from django.conf import settings
from playwright.sync_api import Page, expect
from tests.journeys.asking import IN_CONFIDENCE, Asking, kept, on_a_page
from tests.journeys.hands import tick
from tests.journeys.middle import MORPHINE, ORDINARY, RESTRICTED, Middle, middle
from tests.service.conftest import actor_for

from unhurried.service.audit.actor import system_actor
from unhurried.service.audit.working_days import bank_holidays
from unhurried.service.outbox.worker import send_due
from unhurried.service.patients import operations as patients
from unhurried.service.patients.models import Note
from unhurried.service.sessions import operations as sessions
from unhurried.service.sessions.operations import Held
from unhurried.service.shared_care.clocks.reminding import remind_of_waiting
from unhurried.service.shared_care.models import (
    AdviceRequest,
    MeetingItem,
    ReviewMeeting,
    Task,
)

__all__ = ["middle"]

QUESTION = "Is Quenchbarrow safe beside the morphine at night?"
MATTERS = "Sleeping through, says Wrenlocke."
ADVICE = "Begin with Fallowmint, and look again in two weeks."
WHY = "The dose went up since Corvendale."
ASKED = "What would Yarrowmere add?"
DECISION = "Try a slower day first, and look at the night dose."
TOLD = "We met about you. We try a slower day first."
TO_DO = "Please look at the night dose"


# -- a specialist who never answers ----------------------------------------------------------


def test_a_specialist_who_never_answers_and_one_who_does(
    middle: Middle, fits: Callable[[Page], None]
) -> None:
    asking = Asking(middle)
    for role in ("addiction_psychiatrist", "pain_consultant"):
        asking.member(role)
    met_before(asking)
    ask_for_consent_then_for_advice(asking)
    wait_in_vain(asking)
    see_that_it_waits_and_what_to_do(asking)
    read_honestly_that_it_is_late(asking)
    ask_somebody_else(asking)
    answer_on_a_telephone(asking, fits)
    talk_it_through_and_read_it(asking)
    page = asking.window("service_manager")
    with asking.on(12, 16):
        asking.open(page, "/waits/figures/")
        row = page.get_by_role("row", name="Pain consultant")
        expect(row).to_contain_text("1 of 1 answered, half of them within 10 working days")
        expect(row).to_contain_text("1 later than agreed")
        expect(page.get_by_text("wrote something on 1 of 1 questions")).to_be_visible()


def met_before(asking: Asking) -> None:
    """A session, and a restricted note that is nobody else's."""
    by, patient = actor_for(asking.story.worker), asking.story.patient
    with asking.on(0, 9):
        patients.write_note(
            by=by, patient=patient, text=RESTRICTED, visibility=Note.Visibility.RESTRICTED
        )
        sessions.record_session(
            by=by, patient=patient,
            held=Held(
                day=asking.day(0), at=time(8), place="home", minutes=30, components=("pacing",),
                note=ORDINARY,
            ),
        )  # fmt: skip


def ask_for_consent_then_for_advice(asking: Asking) -> None:
    """First a sentence: the person was never asked. Then their yes; then the question goes."""
    page, where = asking.window("project_worker"), asking.story.where("advice/ask/")
    with asking.on(0, 10):
        page.goto(where)
        expect(page.get_by_text("Nothing is shared with a specialist before")).to_be_visible()
        expect(page.get_by_role("button", name="Ask", exact=True)).to_have_count(0)
        page.locator("main .nhsuk-inset-text").get_by_role("link", name="Consents").click()
        page.get_by_role("link", name=re.compile("^Ask.*Specialists who advise")).click()
        expect(page.get_by_label("With whom")).to_have_value("specialist")
        tick(page.get_by_label("Yes", exact=True))
        tick(page.get_by_label("Said, and written down"))
        page.get_by_role("button", name="Record the answer").click()
        expect(page.get_by_text("The answer is recorded")).to_be_visible()
        page.goto(where)
        expect(page.get_by_text("In 1 session")).to_be_visible()
        page.get_by_label("Your question").fill(QUESTION)
        page.get_by_label("Whom do you ask?").select_option(
            label="Dr Flaxen Fabelton, addiction psychiatrist, A hospital"
        )
        tick(page.get_by_label("Whether something is safe"))
        page.get_by_label("What matters to the person").fill(MATTERS)
        leave_out = page.get_by_label("What was tried in sessions")
        leave_out.focus()
        leave_out.press("Space")
        expect(leave_out).not_to_be_checked()
        page.get_by_role("button", name="Ask", exact=True).click()
        expect(page.get_by_text("Asked. You see here when they answer")).to_be_visible()
    assert {"medicines", "timeline"} <= AdviceRequest.objects.get().pack.keys()
    assert "tried" not in AdviceRequest.objects.get().pack


def wait_in_vain(asking: Asking) -> None:
    """Late, then passed on: the specialist, the worker and the manager are written to, without
    a name or a word of it."""
    for number, hour in ((6, 9), (9, 13)):
        with asking.on(number, hour):
            assert remind_of_waiting(by=system_actor("clocks")) == 1
            send_due()
    assert AdviceRequest.objects.get().reminded == "passed_on"
    sent = [each for each in Path(settings.DATA).rglob("outbox/**/*") if each.is_file()]
    texts = {each.name: each.read_text(errors="replace") for each in sent}
    for role in ("addiction_psychiatrist", "project_worker", "service_manager"):
        assert any(asking.member(role).user.email in each for each in texts.values()), role
    for name, text in texts.items():
        assert not [each for each in ("Nightjar", "Alder", *kept(text)) if each in text], name


def see_that_it_waits_and_what_to_do(asking: Asking) -> None:
    """The manager: whose it is, since when, who answers for it, what to do; never what it says."""
    page = asking.window("service_manager")
    with asking.on(9, 14):
        asking.go(page, "What waits")
        row = page.get_by_role("row", name="Advice of a specialist")
        for said in (
            "Passed on", "Alder Nightjar", "Dr Flaxen Fabelton",
            "Ring the hospital, or ask the team to ask somebody else",
            on_a_page(asking.day(0)),
        ):  # fmt: skip
            expect(row).to_contain_text(said)
        assert not kept(page.content())
        about = asking.story.where(f"advice/{AdviceRequest.objects.get().uuid}/")
        assert page.context.request.get(about).status == 404


def read_honestly_that_it_is_late(asking: Asking) -> None:
    """The person, on the telephone: whom we asked, when, and that it is late."""
    page = asking.story.window("telephone")
    with asking.on(9, 18):
        asking.go(page, "Questions to specialists")
        main = page.locator("main")
        expect(main).to_contain_text("Your project worker asked Dr Flaxen Fabelton")
        expect(main).to_contain_text(on_a_page(asking.day(0)))
        expect(main).to_contain_text(re.compile(r"It is \d+ days late\. *We have asked again\."))
        assert not kept(page.content())


def ask_somebody_else(asking: Asking) -> None:
    """The worker, from Today: the same question to the pain consultant."""
    page = asking.window("project_worker")
    with asking.on(10, 9):
        asking.go(page, "1 specialist has not answered in time", "Nightjar")
        expect(page.get_by_text("Ring them, or ask another specialist")).to_be_visible()
        page.get_by_text("Ask another specialist", exact=True).click()
        page.get_by_label("Whom do you ask?").select_option(
            label="Dr Saffron Demoworth, pain consultant, A hospital"
        )
        page.get_by_role("button", name="Ask them").click()
        expect(page.get_by_text("Whoever was asked before does not see it")).to_be_visible()


def answer_on_a_telephone(asking: Asking, fits: Callable[[Page], None]) -> None:
    """Today, the question, the picture, the medicines, the answer; and nothing kept from them."""
    page = asking.consultant
    with asking.on(10, 13):
        asking.go(page, "1 person waits for your advice", "Nightjar")
        for said in (QUESTION, MATTERS, MORPHINE[0]):
            expect(page.get_by_text(said).first).to_be_visible()
        expect(page.locator(".u-case__narrow svg").first).to_be_visible()
        fits(page)
        assert kept(page.content()) == ["Quenchbarrow", "Wrenlocke"]
        assert "In 1 session" not in page.content()
        page.get_by_label("Your advice").fill(ADVICE)
        tick(page.get_by_label("After somebody has talked it through with them"))
        page.get_by_role("button", name="Send the advice").click()
        expect(page.get_by_text("Thank you. Whoever asked sees your advice now")).to_be_visible()
        asking.open(page)
        expect(page.get_by_role("link", name="waits for your advice")).to_have_count(0)


def talk_it_through_and_read_it(asking: Asking) -> None:
    """The person reads that there is an answer, and the advice once it was talked through."""
    own = asking.story.window("telephone")
    with asking.on(11, 10):
        own.goto(asking.story.where("advice/"))
        expect(own.get_by_text("talks it through with you first")).to_be_visible()
        assert not kept(own.content())
    page = asking.window("project_worker")
    with asking.on(12, 11):
        asking.go(page, "1 answer of a specialist to read", "Nightjar")
        expect(page.get_by_text(ADVICE)).to_be_visible()
        page.get_by_role("button", name="We have talked it through").click()
        expect(page.get_by_text("The person can read it on their own place now")).to_be_visible()
    with asking.on(12, 15):
        own.reload()
        for said in (ADVICE, "What Dr Saffron Demoworth thinks", "You and your GP decide"):
            expect(own.get_by_text(said).first).to_be_visible()


# -- a review meeting ------------------------------------------------------------------------


def test_a_review_meeting_from_its_time_to_what_the_person_reads(middle: Middle) -> None:
    asking = Asking(middle)
    for role in ("addiction_psychiatrist", "pain_consultant", "gp"):
        asking.member(role)
    with asking.on(0, 9):
        patients.record_consent(
            by=actor_for(middle.worker), patient=middle.patient, kind="sharing", given=True,
            how="spoken", party="specialist",
        )  # fmt: skip
    look_for_a_time(asking)
    say_what_suits(asking)
    take_the_time_that_suits(asking)
    put_the_person_on_the_agenda(asking)
    decide(asking)
    find_it_in_the_inbox(asking)
    tell_and_read(asking)
    page = asking.window("service_manager")
    with asking.on(9, 16):
        asking.open(page, "/waits/figures/")
        expect(page.get_by_text("1 of 1 people know what was decided")).to_be_visible()
        there = page.get_by_role("table", name="Who took part in them")
        for name, times in (("GP", 1), ("Pain consultant", 1), ("Addiction psychiatrist", 0)):
            expect(there.get_by_role("row", name=name)).to_contain_text(f"{times} of 1 times")


def look_for_a_time(asking: Asking) -> None:
    """The manager begins it and proposes two times; one is on a bank holiday: a warning, and what
    was typed is kept; another day is taken."""
    page, first = asking.window("service_manager"), asking.day(0)
    free = min(
        each for year in (first.year, first.year + 1) for each in bank_holidays(year)
        if each > asking.day(1)
    )  # fmt: skip
    with asking.on(0, 10):
        asking.open(page, "/meetings/")
        page.get_by_role("link", name="Begin a meeting").first.click()
        tick(page.get_by_label("Linden Surgery"))
        page.get_by_role("button", name="Begin").click()
        for name in (
            "Sam Placeholme", "Dr Hazel Pretendham", "Dr Saffron Demoworth", "Dr Flaxen Fabelton",
        ):  # fmt: skip
            tick(page.get_by_label(name))
        page.get_by_role("button", name="Save who is invited").click()
        page.get_by_role("link", name="Propose times").click()
        for n, on in ((1, asking.day(5)), (2, free)):
            page.locator(f"#id_day_{n}").fill(f"{on:%d/%m/%Y}")
            page.locator(f"#id_at_{n}").fill("10:00")
        page.get_by_label("Where").fill("By video")
        page.get_by_role("button", name="Ask everybody invited").click()
        expect(page.get_by_role("alert")).to_contain_text("is a bank holiday")
        expect(page.locator("#id_day_2")).to_have_value(f"{free:%d/%m/%Y}")
        page.locator("#id_day_2").fill(f"{asking.day(6):%d/%m/%Y}")
        page.get_by_role("button", name="Ask everybody invited").click()
        expect(page.get_by_text("The times are proposed.")).to_be_visible()


def say_what_suits(asking: Asking) -> None:
    """GP and consultant, from Today; the psychiatrist does not answer."""
    first, second = ReviewMeeting.objects.get().times.order_by("starts_at")
    gp = asking.window("gp")
    for page, one, other in ((gp, "yes", "no"), (asking.consultant, "yes", "if_need_be")):
        with asking.on(1, 12):
            asking.go(page, "review meeting asks which time suits you", "Say what suits you")
            tick(page.locator(f"input[name=time_{first.pk}][value={one}]"))
            tick(page.locator(f"input[name=time_{second.pk}][value={other}]"))
            page.get_by_role("button", name="Save my answers").click()
            expect(page.get_by_text("Thank you. You can change your answers")).to_be_visible()


def take_the_time_that_suits(asking: Asking) -> None:
    """The manager sees who said what, and takes the first; everybody gets it by mail."""
    page, meeting = asking.window("service_manager"), ReviewMeeting.objects.get()
    with asking.on(2, 10):
        asking.open(page, f"/meetings/{meeting.uuid}/")
        row = page.get_by_role("row", name=re.compile(f"{asking.day(5):%A} {asking.day(5).day}"))
        expect(row).to_contain_text("Dr Hazel Pretendham: yes")
        expect(row).to_contain_text("Dr Saffron Demoworth: yes")
        expect(row).to_contain_text("Dr Flaxen Fabelton: no answer yet")
        row.get_by_role("button", name="Take this time").click()
        expect(page.get_by_text("The time is set.")).to_be_visible()


def put_the_person_on_the_agenda(asking: Asking) -> None:
    """The worker, who told him; he sees it, the consultant sees that he knows, the manager not who
    it is; no mail says any of it."""
    page = asking.window("project_worker")
    with asking.on(3, 10):
        page.goto(asking.story.where("review-meetings/add/"))
        page.get_by_label("Which meeting").select_option(index=0)
        page.get_by_label("Why them").fill(WHY)
        page.get_by_label("What would you like the meeting to answer?").fill(ASKED)
        tick(page.get_by_label("They wanted to be there"))
        tick(page.get_by_label("I have told them"))
        page.get_by_role("button", name="Put on the agenda").click()
        expect(page.get_by_text("They are on the agenda.")).to_be_visible()
        send_due()
    own, where = asking.story.window("telephone"), f"/meetings/{ReviewMeeting.objects.get().uuid}/"
    with asking.on(4, 12):
        own.goto(asking.story.where("review-meetings/"))
        expect(own.get_by_text("You are on the list of the next meeting")).to_be_visible()
        assert not kept(own.content())
        asking.open(asking.consultant, where)
        for said in (ASKED, "They know that they are on the agenda."):
            expect(asking.consultant.get_by_text(said)).to_be_visible()
        manager = asking.window("service_manager")
        asking.open(manager, where)
        expect(manager.get_by_text("1 person is on the agenda.")).to_be_visible()
        assert not [each for each in ("Nightjar", *IN_CONFIDENCE) if each in manager.content()]
    for each in Path(settings.DATA).rglob("outbox/**/*"):
        assert each.is_dir() or not kept(each.read_text(errors="replace")), each


def decide(asking: Asking) -> None:
    """At the meeting the worker writes down what is decided, who does it and the three answers
    about him; the manager who took part."""
    page, item = asking.window("project_worker"), MeetingItem.objects.get()
    with asking.on(5, 11):
        page.goto(asking.story.where(f"review-meetings/{item.uuid}/"))
        page.get_by_role("link", name="Write down what is decided").click()
        page.get_by_label("What was decided").fill(DECISION)
        first = page.get_by_role("group", name="First")
        first.get_by_label("What is to be done").fill(TO_DO)
        first.get_by_label("Who does it").select_option("practice")
        for name, value in (("present", "no"), ("wished", "yes"), ("told", "not_yet")):
            tick(page.locator(f"input[name={name}][value={value}]"))
        page.get_by_role("button", name="Write it down").click()
        expect(page.get_by_text("The decision is written down")).to_be_visible()
    page = asking.window("service_manager")
    with asking.on(5, 12):
        asking.open(page, f"/meetings/{item.meeting.uuid}/")
        page.get_by_role("link", name="It took place").click()
        for name in ("Sam Placeholme", "Dr Hazel Pretendham", "Dr Saffron Demoworth"):
            tick(page.get_by_label(name))
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Noted. The next meeting is there to be planned")).to_be_visible()


def find_it_in_the_inbox(asking: Asking) -> None:
    """The action is a task like any other, in the practice's inbox."""
    page = asking.window("gp")
    with asking.on(6, 9):
        asking.go(page, "1 thing is asked of your team", TO_DO)
        expect(page.get_by_role("heading", name=TO_DO)).to_be_visible()
        page.get_by_role("button", name="Done").click()
        expect(page.get_by_text("Marked done.")).to_be_visible()
    assert Task.objects.get().state == "done"


def tell_and_read(asking: Asking) -> None:
    """Nothing is there before he was told; then he reads what was decided, and that he was told."""
    own, page = asking.story.window("telephone"), asking.window("project_worker")
    with asking.on(6, 12):
        own.goto(asking.story.where("review-meetings/"))
        assert not kept(own.content())
        asking.go(page, "1 person to tell what a review meeting decided", "Nightjar")
        tick(page.get_by_label("They have been told"))
        page.get_by_label("What they were told").fill(TOLD)
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text("Noted. They can read it on their own place.")).to_be_visible()
    with asking.on(6, 18):
        asking.go(own, "Review meetings about me")
        own.locator("main article").get_by_role("link").click()
        for said in (DECISION, TOLD):
            expect(own.get_by_text(said).first).to_be_visible()
        assert kept(own.content()) == ["slower day"]
