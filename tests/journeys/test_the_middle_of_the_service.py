"""From joining to a plan and what came of it, each step by the one whose step it is (issue 4).

Eight weeks of one story: meetings, one of them with his wife, one that did not come to be and one
by telephone; a conversation over two of them; a plan with a "not yet"; a week on a telephone and
one on paper; what has changed; two bad hours; and the timeline at the end.
"""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import expect
from tests.journeys.hands import tick
from tests.journeys.middle import (
    DIARY,
    MORPHINE,
    NOT_FOR_A_GP,
    RESTRICTED,
    TRAMADOL,
    Middle,
    answer,
    choose,
    group,
    middle,
    pdf_pages,
    room,
)
from tests.journeys.middle_meetings import (
    act_on_it_in_the_practice,
    meet_with_his_wife,
    note_that_nobody_came,
    speak_on_the_telephone,
)
from tests.journeys.middle_planning import (
    agree_to_it,
    begin_the_conversation,
    go_on_with_the_conversation,
    plan_together,
    print_it,
)
from tests.web.case.lives import list_of

from unhurried.service.worksheets.models import Worksheet

__all__ = ["middle"]

# Pages of forms, and the same thing in another size: the rest says it all.
FORMS = r"entries/|items/|measures/[A-Z]|my-answers/.+|account|print=|size=|\b(add|new|days|week)/$"


def test_the_middle_of_the_service(middle: Middle) -> None:
    meet_with_his_wife(middle)
    begin_the_conversation(middle)
    ask_at_the_start(middle)
    note_that_nobody_came(middle)
    speak_on_the_telephone(middle)
    act_on_it_in_the_practice(middle)
    go_on_with_the_conversation(middle)
    plan_together(middle)
    agree_to_it(middle)
    print_it(middle)
    write_for_a_week(middle)
    look_at_the_pattern(middle)
    type_in_from_paper(middle)
    ask_again(middle)
    answer_on_a_bad_day(middle)
    read_the_timeline(middle)
    keep_what_was_said_in_confidence(middle)


def write_for_a_week(story: Middle) -> None:
    """Seven days, most in a few presses, on the telephone, without a script."""
    page = story.window("telephone")
    with story.on(19, 20):
        page.goto(story.address("/"))
        page.get_by_role("link", name="My worksheets").first.click()
        page.get_by_role("button", name="Start a week today").click()
    for n in range(7):
        extra = n in {1, 2, 5}
        with story.on(19 - n, 21):
            page.goto(story.where("worksheets/"))
            page.get_by_role("link", name="Write something down").click()
            page.get_by_label("Time of day").select_option("evening")
            tick(page.get_by_label("Extra" if extra else "Usual", exact=False).first)
            group(page, "Pain now", 6 + n % 2)
            group(page, "Stress now", 8 if extra else 3 - n % 2)
            if extra:
                tick(page.get_by_label("Stress", exact=True))
            page.get_by_label("What was happening?").fill(
                f"The letter from {DIARY} came." if extra else ""
            )
            if n == 5:
                story.see(page, "worksheet-320", at="main")
            page.get_by_role("button", name="Save").click()
            expect(page.get_by_text("That is saved.")).to_be_visible()
    story.see(page, "worksheet-week-320")


def look_at_the_pattern(story: Middle) -> None:
    """Side by side; what it means is his to say; the GP may read the sentences, nothing else."""
    page = story.window("telephone")
    with story.on(12):
        page.get_by_role("link", name="Side by side: what it shows").click()
        story.keep(page, "pattern-320")
        page.get_by_label("In your own words").fill("It is the letters, not the leg.")
        page.get_by_role("button", name="Save these words").click()
        page.get_by_role("button", name="Show my GP the sentences").click()
        expect(page.get_by_text("The GP practice can read the sentences above")).to_be_visible()
        where = page.url
        page = story.window("project_worker")
        page.goto(where)
        expect(page.get_by_text("In the words the person reads")).to_be_visible()
        story.see(page, "pattern", at="main")
        pdf = page.context.request.get(where.replace("pattern/", "pattern.pdf"))
        (story.folder / "pattern.pdf").write_bytes(pdf.body())
        assert len(pdf_pages(pdf.body())) == 1


def type_in_from_paper(story: Middle) -> None:
    """A week he kept on the printed sheet, typed in afterwards by the worker with the Tab key."""
    page = story.window("project_worker")
    starts = story.moment(11).date()
    with story.on(4):
        page.goto(story.where("worksheets/new/"))
        page.locator("#id_starts").fill(f"{starts:%d/%m/%Y}")
        page.locator("#id_days").fill("7")
        tick(page.locator("input[name=kept][value=paper]"))
        page.get_by_role("button", name="Start").click()
        page.get_by_role("link", name="Type in a week from paper").click()
        for n in range(7):
            at = f"#id_{starts + timedelta(days=n):%Y%m%d}"
            page.locator(f"{at}-sleep").fill(str(3 + n % 3))
            page.locator(f"{at}-evening-took").select_option("extra" if n == 3 else "usual")
            page.locator(f"{at}-evening-pain").fill(str(5 - n % 2))
            page.locator(f"{at}-evening-stress").fill("7" if n == 3 else "2")
        page.locator(f"#id_{starts:%Y%m%d}-morning-happening").fill(f"{DIARY} again.")
        story.see(page, "from-paper")
        page.get_by_role("button", name="Save the week").click()
        expect(page.get_by_text("The week is saved.")).to_be_visible()
    assert [each.kept for each in Worksheet.objects.order_by("starts")] == ["telephone", "paper"]


def ask_at_the_start(story: Middle) -> None:
    """Three questions about pain; four about mood, of which he leaves one out: not known."""
    page = story.window("project_worker")
    with story.on(49, 16):
        room(page, "Questionnaires")
        story.keep(page, "measures-start")
        answer(page, "Pain, enjoyment and activity", {"P": 7, "E": 8, "G": 8})
        expect(page.get_by_text("7.7").first).to_be_visible()
        page.get_by_role("link", name="Back to questionnaires").click()
        page.get_by_role("link", name="Mood and worry, in short").click()
        choose(page, {1: 1, 2: 1, 3: 2})
        tick(page.locator("input[name=q-4][value=skip]"))
        story.see(page, "measure")
        page.get_by_role("button", name="Save the answers").click()
        expect(page.get_by_text("Not known.").first).to_be_visible()
        story.keep(page, "measure-not-known")


def ask_again(story: Middle) -> None:
    """The same three questions: what changed, which way, and whether so much matters."""
    list_of(story.patient, story.moment(10).date(), MORPHINE, TRAMADOL)
    page = story.window("project_worker")
    with story.on(3):
        page.goto(story.where("measures/"))
        page.get_by_role("link", name=re.compile("Answer again.*Pain, enjoyment")).click()
        choose(page, {"P": 5, "E": 5, "G": 6})
        page.get_by_role("button", name="Save the answers").click()
        expect(page.get_by_text(re.compile("Since the first time"))).to_be_visible()
        story.see(page, "measure-change")
        page.goto(story.where("measures/"))
        expect(page.get_by_text("Not known.").first).to_be_visible()
        story.see(page, "measures-later")


def answer_on_a_bad_day(story: Middle) -> None:
    """Question 9, on his own page at night: he reads whom to ring; the practice sees an alert."""
    page = story.window("telephone")
    with story.on(1, 21):
        page.goto(story.where("measures/"))
        page.get_by_role("link", name="Mood", exact=True).click()
        choose(page, dict.fromkeys(range(1, 9), 1) | {9: 1})
        page.get_by_role("button", name="Save the answers").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Let us talk today")
        expect(page.get_by_role("link", name="999")).to_be_in_viewport()
        expect(page.get_by_role("link", name="116 123")).to_be_visible()
        story.see(page, "bad-day-320")
    page = story.window("gp")
    with story.on(1, 22):
        page.goto(story.address("/"))
        page.get_by_role("link", name="1 alert about someone's safety is open").click()
        expect(page.get_by_text("nobody acts on it yet")).to_be_visible()


def read_the_timeline(story: Middle) -> None:
    """The same story to the worker and to the GP: dose, meetings, plan, pain and stress."""
    for who in ("project_worker", "gp"):
        page = story.window(who)
        page.goto(story.where())
        story.keep(page, f"person-{who}")
        room(page, "Timeline")
        for said in ("Joined the service", "Session at the practice", "Session by phone",
                     "Did not meet", "Plan agreed", "Safety alert"):  # fmt: skip
            expect(page.locator(".u-case__onscreen").get_by_text(said).first).to_be_visible()
        if who == "gp":
            story.see(page, "timeline", at=".u-rooms")
        story.keep(page, f"timeline-{who}")
        assert len(pdf_pages(page.pdf(format="A4"))) == 1


def keep_what_was_said_in_confidence(story: Middle) -> None:
    """Whatever the GP can come to says what was shared, and none of the rest; nor is the
    restricted note anywhere on his own pages. The worker reads all of it.
    """
    about = f"/people/{story.patient.uuid}/"
    read = story.reachable(story.window("gp"), about)
    everything = " ".join(read.values())
    for shared in ("Leg pain since a fall", "Walk to the postbox", "Session by phone"):
        assert shared in everything, sorted(read)
    for canary in NOT_FOR_A_GP:
        assert [where for where, text in read.items() if canary in text] == [], canary
    for rest in ("worksheets/shared/", "assessment/", "notes/", "plan/print/"):
        assert about + rest in read, sorted(read)
    own = story.reachable(story.window("telephone"), about, apart=FORMS)
    assert any(DIARY in text for text in own.values()), sorted(own)
    assert [where for where, text in own.items() if RESTRICTED in text] == []
    page = story.window("project_worker")
    page.goto(story.where("sessions/"))
    expect(page.get_by_text(RESTRICTED)).to_be_visible()
