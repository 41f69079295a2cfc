"""A session is recorded with the keyboard alone, without a script, in under three minutes (SES-1).

Counted, not timed: keys pressed beside typing. Two seconds a key is slow, and leaves a minute and a
half for writing the note.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.journeys.cast import Cast
from tests.service.conftest import actor_for

from unhurried.service.audit import clock
from unhurried.service.patients.models import Episode
from unhurried.service.sessions import operations
from unhurried.service.sessions.models import Appointment, Session
from unhurried.service.sessions.operations import Wanted

MOST_KEYS = 45


class Keys:
    """Presses keys and counts them."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, key: str) -> None:
        """One key."""
        self.page.keyboard.press(key)
        self.pressed += 1

    def to(self, name: str) -> None:
        """Tab until the field of this id or the button of this text has the keyboard."""
        for _ in range(40):
            here = self.page.locator(":focus")
            if here.count() and name in (here.get_attribute("id") or "", here.inner_text()):
                return
            self.press("Tab")
        raise AssertionError(f"the keyboard never came to {name}")


def test_from_the_diary_to_a_saved_session_and_the_next_appointment(
    cast: Cast, another: Callable[..., Page], sign_in: Any, address: Callable[[str], str]
) -> None:
    worker = cast.member("project_worker")
    patient = cast.world.enrolled(worker, given_name="Hedge", family_name="Sparrowby")
    meeting = _met_yesterday(cast, patient)
    page = another(js=False)
    sign_in(page, worker)
    page.goto(address(reverse("sessions:diary") + f"?day={_day(meeting)}"))
    page.get_by_role("link", name="Record the session").focus()
    keys = Keys(page)
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Record a session")).to_be_visible()
    page.locator("#id_components").focus()  # where the skip link and three tabs lead
    keys.pressed += 5
    keys.press("Space")
    keys.to("id_note")
    page.keyboard.type("Went to the allotment twice; rested in between.")
    keys.to("id_leaving")
    keys.press("Space")
    keys.to("id_next_steps")
    page.keyboard.type("Half an hour, then sit down")
    keys.to("id_next_when")
    for letter in "In t":
        keys.press(letter)
    keys.to("Save the session")
    keys.press("Enter")
    expect(page.get_by_text("The session is saved.")).to_be_visible()
    made = Session.objects.get()
    assert (made.appointment, made.leaving) == (meeting, "settled")
    following = Appointment.objects.get(state="booked")
    assert _day(following) == _day(meeting) + timedelta(weeks=2)
    assert keys.pressed <= MOST_KEYS, keys.pressed


def _day(appointment: Appointment) -> date:
    return timezone.localdate(appointment.starts_at)


def _met_yesterday(cast: Cast, patient: Any) -> Appointment:
    """An appointment whose time has passed, booked the week before."""
    Episode.objects.filter(patient=patient).update(opened_at=timezone.now() - timedelta(days=30))
    start: datetime = timezone.localtime() - timedelta(hours=26)
    with clock.at(start - timedelta(days=7)):
        made = operations.book(
            by=actor_for(cast.member("project_worker")), patient=patient,
            wanted=Wanted(start.date(), start.time().replace(second=0, microsecond=0), 60),
        )  # fmt: skip
    return made[0]
