"""Chapters of the middle of the service: the conversation, and the plan they make of it."""

from __future__ import annotations

import re

from playwright.sync_api import expect
from tests.journeys.hands import tick
from tests.journeys.middle import TALK, Middle, pdf_pages, room


def begin_the_conversation(story: Middle) -> None:
    """Three parts, saved one by one; one is left for now; the rest is for another day."""
    page = story.window("project_worker")
    with story.on(49, 16):
        room(page, "Our conversation")
        for title, words in (
            ("What matters to me", "Walking Biscuit to the weir and back."),
            (
                "My pain",
                "A hot wire down the left leg since the fall. Worst at four in the morning.",
            ),
            (
                "My opioids and what they do for me",
                f"They take the edge off, {TALK} says.",
            ),
        ):
            page.wait_for_load_state()
            page.get_by_role("link", name=title, exact=True).click()
            page.get_by_label("In the person's own words").fill(words)
            page.get_by_role("button", name="Save").click()
            expect(page.get_by_text(f"{title}: saved")).to_be_visible()
        page.get_by_role("link", name="Very hard things", exact=True).click()
        page.get_by_text("Leave this for now").click()
        tick(page.get_by_label("I would rather not say"))
        story.see(page, "part-left")
        page.get_by_role("button", name="Leave it").click()
        expect(page.get_by_text("Left for now: I would rather not say")).to_be_visible()


def go_on_with_the_conversation(story: Middle) -> None:
    """What stood there stands there still; more is added; he decides who reads what of it."""
    page = story.window("project_worker")
    with story.on(28, 16):
        page.goto(story.where("assessment/"))
        expect(page.get_by_text("A hot wire down the left leg")).to_be_visible()
        page.get_by_role("link", name="Sleep", exact=True).click()
        page.locator("#id_words").fill("Four hours, then the ceiling.")
        tick(page.get_by_label("They would like some help with this"))
        page.get_by_role("button", name="Save").click()
        page.get_by_role("link", name="Look at it together").click()
        page.get_by_label("Pain on days with them").select_option("6")
        page.get_by_label("Pain on days without").select_option("7")
        page.get_by_label("What I want from them").fill("To sleep through once a week.")
        story.see(page, "benefit")
        page.get_by_role("button", name="Save").click()
        page.get_by_role("link", name="Note the facts").click()
        tick(page.get_by_role("group", name="Work").get_by_role("radio").first)
        story.see(page, "baseline")
        page.get_by_role("button", name="Save").click()
        page.get_by_role("link", name="Write a summary for the GP, together").click()
        page.get_by_label("What the GP practice sees").fill(
            "Leg pain since a fall, worst at night. Walking the dog matters most."
        )
        tick(page.get_by_label("We read it out together"))
        page.get_by_role("button", name="Show it to the GP practice").click()
        page.get_by_role("button", name="Show it to the person").click()
        expect(page.get_by_text(re.compile("You have talked on .* and "))).to_be_visible()
        story.see(page, "conversation")


def plan_together(story: Middle) -> None:
    """What matters first; one thing to try, one not yet; what he would like to come to."""
    page = story.window("project_worker")
    with story.on(21):
        page.goto(story.where())
        room(page, "Pain management plan")
        page.get_by_role("link", name="Write what matters").click()
        page.locator("#id_matters").fill("Walking Biscuit to the weir and back.")
        page.locator("#id_helps").fill("A hot bath. Hazel’s radio in the kitchen.")
        tick(page.get_by_role("radio", name=re.compile("slow", re.IGNORECASE)).first)
        page.locator("#id_review_on").fill(f"{story.moment(-14):%d/%m/%Y}")
        page.get_by_role("button", name="Save").click()
        for words, kind, status in (
            ("Walk to the postbox, then sit on the wall", "Pacing", "I am trying it"),
            ("Go back to the choir", "A goal of my own", "Not yet, and that is fine"),
            ("Read the pages on sleep", "Sleep", "I am trying it"),
        ):
            page.get_by_role("link", name="Add something").click()
            page.get_by_label("What I will do").fill(words)
            tick(page.get_by_label(kind, exact=True))
            tick(page.get_by_label(status))
            page.get_by_role("button", name="Put it in the plan").click()
            expect(page.get_by_text("It is in the plan.")).to_be_visible()
        page.get_by_role("link", name="Note something").click()
        tick(page.get_by_label("My medicines and whether to change them"))
        tick(page.get_by_label("When I say so"))
        story.see(page, "topics")
        page.get_by_role("button", name="Note it").click()
        page.goto(story.where("plan/add/"))
        story.see(page, "plan-add")


def agree_to_it(story: Middle) -> None:
    """On his own page, on a telephone: he adds a thing of his own and says that it is his plan."""
    page = story.window("telephone")
    with story.on(20, 19):
        page.goto(story.address("/"))
        story.see(page, "own-place-320")
        page.get_by_role("link", name="My pain management plan").first.click()
        page.get_by_role("link", name="Add something").click()
        page.get_by_label("What I will do").fill("Ask Hazel to bring the radio upstairs")
        tick(page.get_by_label("Something else", exact=True))
        page.get_by_role("button", name="Put it in the plan").click()
        page.get_by_role("link", name="This is my plan").click()
        tick(page.get_by_label("My GP practice may see this plan"))
        story.see(page, "agree-320")
        page.get_by_role("button", name="This is my plan").click()
        expect(page.get_by_text("You said “this is my plan”")).to_be_visible()
        story.keep(page, "plan-320")
        page.goto(story.where("assessment/"))
        expect(page.get_by_text(TALK)).to_be_visible()
        story.see(page, "told-us-320")
    page = story.window("project_worker")
    with story.on(20, 20):
        page.goto(story.where("plan/"))
        expect(page.get_by_text("Not yet, and that is fine")).to_be_visible()
        story.see(page, "plan", at=".p-facts")


def print_it(story: Middle) -> None:
    """Plain and large, tagged, with what he said and who to ring; both are his plan."""
    page = story.window("project_worker")
    with story.on(20, 20):
        for size, name in (("", "plain"), ("?size=large", "large")):
            answer = page.context.request.get(story.where(f"plan/print/{size}"))
            assert answer.headers["content-type"] == "application/pdf"
            (story.folder / f"plan-{name}.pdf").write_bytes(answer.body())
            assert b"/MarkInfo" in answer.body() or b"/StructTreeRoot" in answer.body()
            words = " ".join(" ".join(pdf_pages(answer.body())).split())
            for said in ("My pain management plan", "Walk to the postbox", "Go back to the choir",
                         "Not yet, and that is fine", "I said that this is my plan on", "116 123",
                         "bring the radio upstairs"):  # fmt: skip
                assert said in words, (size, said, words)
