"""Chapters of the middle of the service: meetings, and what the practice does on a bad day."""

from __future__ import annotations

import re

from playwright.sync_api import expect
from tests.journeys.hands import tick
from tests.journeys.middle import BREAKTHROUGH, MORPHINE, ORDINARY, RESTRICTED, Middle, room
from tests.web.case.lives import list_of

from unhurried.service.patients.models import SafetyAlert
from unhurried.service.sessions.models import Appointment, Session


def meet_with_his_wife(story: Middle) -> None:
    """Booked with who comes along and what she may hear; held; recorded with the next one."""
    page = story.window("project_worker")
    held = story.moment(49, 14)
    with story.on(55):
        page.goto(story.where())
        room(page, "Sessions")
        page.get_by_role("link", name="Book an appointment").first.click()
        page.get_by_label("Day", exact=True).fill(f"{held:%d/%m/%Y}")
        page.get_by_label("Time", exact=True).fill("2pm")
        page.get_by_text("Somebody comes along").click()
        page.get_by_label("Who", exact=True).select_option(label="Hazel Nightjar, wife")
        page.get_by_label("What may they hear?").first.select_option("part")
        page.get_by_label("Not spoken of before them").first.fill("The loan")
        story.see(page, "book")
        page.get_by_role("button", name="Book it").click()
        expect(page.get_by_text("The appointment is booked.")).to_be_visible()
        story.see(page, "sessions-booked")
    with story.on(49, 16):
        page.goto(story.address("/"))
        story.keep(page, "worker-today")
        page.goto(story.address("/diary/"))
        story.see(page, "diary")
        page.get_by_role("link", name="Record the session").click()
        for done in ("Talking and listening", "How pain and opioids work"):
            tick(page.get_by_label(done))
        page.get_by_label("What was said that matters").fill(
            f"Nights are the worst since {ORDINARY} Road. He would like to be asked, not told."
        )
        tick(page.get_by_label("Settled"))
        tick(page.get_by_role("group", name="pain is believed").get_by_label("Yes"))
        page.get_by_label("Next steps").fill("Ring about the bus pass")
        page.get_by_label("Next appointment", exact=True).select_option("2")
        page.get_by_text("Something to take home").click()
        page.get_by_label("What they take home").fill("Your pain is real. We go at your speed.")
        expect(page.get_by_label("What may they hear?").first).to_have_value("part")
        story.see(page, "session", at="main")
        page.get_by_role("button", name="Save the session").click()
        expect(page.get_by_text("The session is saved.")).to_be_visible()
        expect(page.get_by_text("not spoken of before them: The loan")).to_be_visible()
        story.see(page, "session-read")


def note_that_nobody_came(story: Middle) -> None:
    """Nobody is at fault: what was found out, and another time by telephone."""
    list_of(story.patient, story.moment(40).date(), MORPHINE, BREAKTHROUGH)
    page = story.window("project_worker")
    with story.on(35, 16):
        page.goto(story.where("sessions/"))
        page.get_by_role("link", name="you did not meet").click()
        expect(page.get_by_text("Nobody is at fault")).to_be_visible()
        tick(page.get_by_label("They were unwell or in too much pain"))
        page.get_by_label("In a few words").fill("A flare-up. The telephone suits better just now.")
        story.see(page, "missed")
        page.get_by_role("button", name="Save").click()
        page.goto(story.where("appointments/new/"))
        by_phone = story.moment(28, 11)
        page.get_by_label("Day", exact=True).fill(f"{by_phone:%d/%m/%Y}")
        page.get_by_label("Time", exact=True).fill("11:00")
        page.get_by_label("How long, in minutes").fill("45")
        tick(page.get_by_label("By phone"))
        page.get_by_role("button", name="Book it").click()
        expect(page.get_by_text("The appointment is booked.")).to_be_visible()
    missed = Appointment.objects.get(state="missed")
    assert missed.missed_because == "unwell"


def speak_on_the_telephone(story: Middle) -> None:
    """He did not leave safe: the alert is raised whatever the note says and whoever reads it."""
    page = story.window("project_worker")
    with story.on(28, 13):
        page.goto(story.where("sessions/"))
        page.get_by_role("link", name="record the session").click()
        tick(page.get_by_label("Pacing", exact=True))
        tick(page.get_by_label("Opioid worksheets", exact=True))
        page.get_by_label("What was said that matters").fill(f"{RESTRICTED}: about his brother.")
        tick(page.get_by_label("Restricted: only you"))
        tick(page.get_by_label("Not safe"))
        page.get_by_role("button", name="Save the session").click()
        expect(page.get_by_text("the alert is raised")).to_be_visible()
        story.see(page, "not-safe")
    assert Session.objects.filter(leaving="not_safe", place="phone").exists()


def act_on_it_in_the_practice(story: Middle) -> None:
    """The practice's Today says so; the GP answers it, without a word of what was said."""
    page = story.window("gp")
    with story.on(28, 14):
        page.goto(story.address("/"))
        story.see(page, "gp-today")
        page.get_by_role("link", name="1 alert about someone's safety is open").click()
        expect(page.get_by_text("Nightjar").first).to_be_visible()
        story.see(page, "gp-alerts")
        page.get_by_role("table").get_by_role("link").first.click()
        expect(page.get_by_text("01632 960444")).to_be_visible()
        page.get_by_label("What you did, or will do and when").fill(
            "Rang at once; seen this afternoon with his wife."
        )
        tick(page.get_by_label("The needed act is done: close the alert"))
        story.see(page, "gp-alert")
        page.get_by_role("button", name="I act on it").click()
        page.goto(story.address("/"))
        expect(page.get_by_text(re.compile("safety is open"))).to_have_count(0)
    assert SafetyAlert.objects.get().closed_at is not None
