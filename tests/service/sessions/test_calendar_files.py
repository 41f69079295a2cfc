"""The file for a calendar: whoever loads it again has the appointment once, as it is now."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from icalendar import Calendar
from tests.service.conftest import actor_for
from tests.service.sessions.conftest import Meeting, wanted

from unhurried.service.patients.operations import change_project_worker
from unhurried.service.sessions import operations
from unhurried.service.sessions.ics import file_of
from unhurried.service.sessions.models import Appointment


@dataclass
class Somebodys:
    """A calendar that does what RFC 5546 says: a higher SEQUENCE replaces, CANCEL takes out."""

    events: dict[str, Any] = field(default_factory=dict)

    def load(self, made: bytes) -> list[Any]:
        """The events after this file was opened."""
        calendar: Any = Calendar.from_ical(made)
        for event in calendar.events:
            uid, organizer = str(event["UID"]), str(event["ORGANIZER"])
            there = self.events.get(uid)
            if there is not None and (
                organizer != str(there["ORGANIZER"])
                or int(event["SEQUENCE"]) <= int(there["SEQUENCE"])
            ):
                continue
            if calendar["METHOD"] == "CANCEL":
                self.events.pop(uid, None)
            else:
                self.events[uid] = event
        return list(self.events.values())


def _now(made: Appointment) -> bytes:
    return file_of(Appointment.objects.select_related("episode__provider").get(pk=made.pk))


def test_an_edited_appointment_replaces_itself_and_a_cancelled_one_is_taken_out(
    meeting: Meeting,
) -> None:
    calendar, made = Somebodys(), meeting.book()
    calendar.load(_now(made))
    for number, change in enumerate(
        (wanted(4, 11), wanted(4, 11, 75), wanted(4, 11, 75, place="home")), start=1
    ):
        operations.move(by=meeting.by, appointment=made, wanted=change, version=number)
        (event,) = calendar.load(_now(made))
        assert int(event["SEQUENCE"]) == number
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=75)
    assert len(calendar.load(_now(made))) == 1
    operations.cancel(by=meeting.by, appointment=made, by_whom="person", version=4)
    assert calendar.load(_now(made)) == []


def test_each_of_a_row_is_an_entry_of_its_own(meeting: Meeting) -> None:
    calendar = Somebodys()
    rows = operations.book(
        by=meeting.by, patient=meeting.patient,
        wanted=wanted(3, 10, frequency="weekly", times=3), over_reason="Yes",
    )  # fmt: skip
    for each in rows * 2:
        calendar.load(_now(each))
    assert len(calendar.events) == 3


def test_another_worker_is_the_same_entry_from_the_same_organiser(meeting: Meeting) -> None:
    calendar, made = Somebodys(), meeting.book()
    (before,) = calendar.load(_now(made))
    change_project_worker(
        by=actor_for(meeting.world.member("service_manager")), episode=made.episode,
        to=meeting.world.member("project_worker"), reason="They left",
    )  # fmt: skip
    (after,) = calendar.load(_now(made))
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])


def test_the_organiser_tells_a_reader_nothing(meeting: Meeting) -> None:
    made = _now(meeting.book()).decode()
    organiser = next(line for line in made.splitlines() if line.startswith("ORGANIZER"))
    assert organiser == "ORGANIZER;CN=Appointment:mailto:nobody@appointments.invalid"
    for word in (
        str(meeting.worker.user.full_name),
        str(meeting.patient),
        meeting.world.provider.name,
    ):
        assert word not in made
