"""Appointments: any day and time, each changeable, moved, cancelled, nobody met (CON-3, CON-5)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from icalendar import Calendar
from tests.service.conftest import World, actor_for
from tests.service.sessions.conftest import MONDAY, NOW, Meeting, spec, wanted

from unhurried.service.audit.models import Entry
from unhurried.service.audit.refused import Refused
from unhurried.service.patients import operations as patients
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.models import Carer
from unhurried.service.sessions import operations, queries, times
from unhurried.service.sessions.ics import file_of
from unhurried.service.sessions.models import Appointment, Attendee
from unhurried.service.sessions.operations import Guest, Wanted
from unhurried.service.sessions.rules import GoesOver


def _weeks(row: dict[str, str]) -> list[datetime]:
    first, at = date.fromisoformat(row["first_day"]), time.fromisoformat(row["time"])
    days = times.days_of(first, int(row["weeks"]), int(row["times"]))
    return [times.moment_of(each, at) for each in days]


@pytest.mark.parametrize("row", spec("clock-times"), ids=lambda row: row["note"])
def test_the_time_on_the_clock_stays_when_the_clocks_change(row: dict[str, str]) -> None:
    if row["moments"] == "refused":
        with pytest.raises(Refused, match="clocks go forward"):
            _weeks(row)
        return
    assert [f"{each:%Y-%m-%dT%H:%MZ}" for each in _weeks(row)] == row["moments"].split()


def test_every_two_weeks_four_times_makes_four_each_changeable(meeting: Meeting) -> None:
    made = operations.book(
        by=meeting.by, patient=meeting.patient, wanted=wanted(frequency="two_weeks", times=4)
    )
    assert [times.day_and_time(each.starts_at)[1] for each in made] == ["10:00"] * 4
    assert made[0].starts_at.hour == 9  # in UTC, before the clocks go back
    assert made[1].starts_at.hour == 10
    second = made[1]
    operations.move(
        by=meeting.by, appointment=second, wanted=wanted(19, 15, 45, place="home"), version=1
    )
    rows = Appointment.objects.order_by("starts_at")
    assert [each.minutes for each in rows] == [60, 45, 60, 60]
    assert len({each.series for each in rows}) == 1


def test_booked_twice_is_booked_once_with_one_row_in_the_trail(meeting: Meeting) -> None:
    key = "0b8f0c0e-0000-4000-8000-000000000001"
    for _ in range(2):
        made = operations.book(
            by=meeting.by, patient=meeting.patient, wanted=wanted(times=3, frequency="weekly"),
            key=key,
        )  # fmt: skip
        assert len(made) == 3
    assert Appointment.objects.count() == 3
    rows = Entry.objects.filter(action="sessions.appointment_booked")
    assert [(each.patient_id, each.note) for each in rows] == [(meeting.patient.pk, "3 booked")]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (wanted(-1), "from today on"),
        (wanted(0, 9), "passed"),
        (wanted(800), "two years"),
        (wanted(minutes=4), "5 minutes"),
        (wanted(minutes=500), "8 hours"),
        (wanted(place="moon"), "where you meet"),
        (wanted(frequency="daily", times=3), "how often"),
        (wanted(frequency="weekly", times=27), "from 1 to 26"),
        (wanted(frequency="weekly", times=0), "from 1 to 26"),
        (wanted(where="a\x00b"), "cannot be kept"),
        (Wanted(date(9999, 12, 31), time(10), 60, frequency="weekly", times=2), "two years"),
        (Wanted(date(1, 1, 1), time(0), 60), "from today on"),
    ],
)
def test_what_cannot_be_is_refused_in_words(meeting: Meeting, asked: Wanted, says: str) -> None:
    with pytest.raises(Refused, match=says):
        operations.book(by=meeting.by, patient=meeting.patient, wanted=asked)
    assert not Appointment.objects.exists()


def test_someone_not_with_the_service_has_no_appointment(meeting: Meeting) -> None:
    stranger = meeting.world.patient()
    with pytest.raises(Refused, match="not with the service"):
        operations.book(by=meeting.by, patient=stranger, wanted=wanted())


def test_it_is_with_whoever_books_or_the_named_worker(meeting: Meeting) -> None:
    other = meeting.world.member("project_worker")
    made = operations.book(
        by=actor_for(other), patient=meeting.patient, wanted=wanted(), worker=meeting.worker
    )
    assert made[0].worker == meeting.worker
    third = meeting.world.member("project_worker")
    with pytest.raises(Refused, match="with you or with"):
        operations.book(by=meeting.by, patient=meeting.patient, wanted=wanted(4), worker=third)


def test_a_clash_is_said_and_booked_with_a_reason(meeting: Meeting) -> None:
    meeting.book()
    other = meeting.person()
    with pytest.raises(GoesOver, match="has another appointment, from 10:00 to 11:00") as refusal:
        operations.book(by=meeting.by, patient=other, wanted=wanted(3, 10))
    assert {each.code for each in refusal.value.warned} == {"clash"}
    made = operations.book(
        by=meeting.by, patient=other, wanted=wanted(3, 10), over_reason="They come together"
    )
    assert (made[0].over, made[0].over_agreed) == ("clash", False)
    elsewhere = meeting.world.member("project_worker")
    with pytest.raises(GoesOver, match="the person has another appointment"):
        operations.book(by=actor_for(elsewhere), patient=other, wanted=wanted(3, 10))


def test_cancelled_ones_clash_with_nothing(meeting: Meeting) -> None:
    first = meeting.book()
    operations.cancel(by=meeting.by, appointment=first, by_whom="service", version=1)
    assert meeting.book().over == ""


def test_the_same_change_twice_and_a_change_of_nothing(meeting: Meeting) -> None:
    made = meeting.book()
    key = "0b8f0c0e-0000-4000-8000-000000000002"
    for _ in range(2):
        moved = operations.move(
            by=meeting.by, appointment=made, wanted=wanted(4, 11), version=1, key=key
        )
    assert (moved.version, moved.sequence) == (2, 1)
    same = operations.move(by=meeting.by, appointment=made, wanted=wanted(4, 11), version=2)
    assert (same.version, same.sequence) == (2, 1)
    with pytest.raises(ChangedMeanwhile):
        operations.move(by=meeting.by, appointment=made, wanted=wanted(5), version=1)


def test_cancelled_by_whom_and_the_rest_of_the_row_too(meeting: Meeting) -> None:
    made = operations.book(
        by=meeting.by, patient=meeting.patient, wanted=wanted(frequency="weekly", times=4)
    )
    with pytest.raises(Refused, match="who cancelled"):
        operations.cancel(by=meeting.by, appointment=made[1], by_whom="", version=1)
    operations.cancel(
        by=meeting.by, appointment=made[1], by_whom="carer", because="Away", version=1,
        rest_too=True,
    )  # fmt: skip
    rows = list(Appointment.objects.order_by("starts_at"))
    assert [each.state for each in rows] == ["booked", "cancelled", "cancelled", "cancelled"]
    assert {each.cancelled_by for each in rows[1:]} == {"carer"}
    with pytest.raises(Refused, match="cancelled"):
        operations.move(by=meeting.by, appointment=rows[1], wanted=wanted(9), version=2)


def test_a_person_cancels_their_own_in_their_own_name(meeting: Meeting) -> None:
    made = meeting.book()
    own = actor_for(meeting.world.member("patient"))
    done = operations.cancel(by=own, appointment=made, by_whom="service", version=1)
    assert done.cancelled_by == "person"


def test_nobody_met_is_noted_with_what_was_found_out(meeting: Meeting) -> None:
    made = meeting.book(1)
    with pytest.raises(Refused, match="not begun"):
        operations.mark_missed(by=meeting.by, appointment=made, reason="unwell", version=1)
    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        operations.mark_missed(by=meeting.by, appointment=made, reason="not_known", version=1)
        done = operations.mark_missed(
            by=meeting.by, appointment=made, reason="unwell", found_out="A bad night", version=2
        )
    assert (done.state, done.missed_because, done.found_out) == ("missed", "unwell", "A bad night")
    assert done.get_state_display() == "Did not meet"


def test_who_comes_along_and_what_they_may_hear_is_kept_with_who_asked(meeting: Meeting) -> None:
    carer = Carer.objects.create(patient=meeting.patient, name="Fern Wren", relationship="Partner")
    guests = [
        Guest(carer=carer.pk, hears="part", limits="Not about money"), Guest("Ash", "Parent"),
    ]  # fmt: skip
    made = operations.book(
        by=meeting.by, patient=meeting.patient, wanted=wanted(times=2, frequency="weekly"),
        guests=guests,
    )  # fmt: skip
    for each in made:
        first, second = each.attendees.order_by("pk")
        assert (first.name, first.relationship, first.limits) == (
            "Fern Wren", "Partner", "Not about money",
        )  # fmt: skip
        assert first.asked_by == meeting.worker.user
        assert second.asked_at is None
    stranger = Carer.objects.create(patient=meeting.person(), name="Not theirs", relationship="x")
    with pytest.raises(Refused, match="Give the name"):
        operations.move(
            by=meeting.by, appointment=made[0], wanted=wanted(), version=1,
            guests=[Guest(carer=stranger.pk)],
        )  # fmt: skip
    operations.move(by=meeting.by, appointment=made[0], wanted=wanted(), version=1, guests=[])
    assert Attendee.objects.count() == 2


def test_when_someone_has_died_what_was_to_come_is_cancelled(meeting: Meeting) -> None:
    made = meeting.book()
    patients.amend_identity(
        by=meeting.by, patient=meeting.patient, version=meeting.patient.version,
        changes={"date_of_death": MONDAY},
    )  # fmt: skip
    made.refresh_from_db()
    assert (made.state, made.cancelled_by) == ("cancelled", "service")
    with pytest.raises(Refused, match="has died"):
        operations.book(by=meeting.by, patient=meeting.patient, wanted=wanted(8))


def test_the_file_for_a_calendar_is_the_same_event_through_every_change(meeting: Meeting) -> None:
    made = meeting.book(14, place="home", where="9 Finch Lane")
    files = [file_of(made)]
    moved = operations.move(by=meeting.by, appointment=made, wanted=wanted(15), version=1)
    files.append(file_of(moved))
    files.append(
        file_of(operations.cancel(by=meeting.by, appointment=made, by_whom="person", version=2))
    )
    events: list[Any] = [Calendar.from_ical(each).walk("VEVENT")[0] for each in files]
    assert len({str(each["UID"]) for each in events}) == 1
    assert [int(each["SEQUENCE"]) for each in events] == [0, 1, 2]
    assert [str(each["STATUS"]) for each in events] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert events[0]["DTSTART"].dt == made.starts_at
    assert {str(each["SUMMARY"]) for each in events} == {"Appointment"}
    text = b"".join(files).decode()
    names = (meeting.patient.given_name, "Finch Lane", "pain", "Unhurried", "opioid")
    assert not [each for each in names if each.lower() in text.lower()]


def test_the_diary_names_people_to_their_worker_and_to_nobody_else(meeting: Meeting) -> None:
    meeting.book()
    manager = actor_for(meeting.world.member("service_manager"))
    other = actor_for(meeting.world.member("project_worker"))
    name = str(meeting.patient)

    def seen(actor: object) -> list[str]:
        workers = queries.workers_seen(actor)  # type: ignore[arg-type]
        days, _people = queries.diary(actor, workers, MONDAY, 7)  # type: ignore[arg-type]
        return [f"{line.at} {line.name}" for day in days for line in day.lines]

    assert seen(meeting.by) == [f"10:00 {name}"]
    assert seen(manager) == ["10:00 "]
    assert seen(other) == []
    meeting.patient.episodes.update(project_worker=other.membership_id)
    assert seen(meeting.by) == ["10:00 "]  # theirs to keep the time of, not the name


def test_the_diary_of_whoever_covers(meeting: Meeting, world: World) -> None:
    meeting.book()
    other = world.member("project_worker")
    patients.arrange_cover(
        by=meeting.by, worker=meeting.worker, covering=other, starts=MONDAY,
        ends=MONDAY + timedelta(days=7),
    )  # fmt: skip
    actor = actor_for(other)
    days, people = queries.diary(actor, queries.workers_seen(actor), MONDAY, 7)
    assert people == [meeting.patient.pk]
    assert [line.name for day in days for line in day.lines] == [str(meeting.patient)]
