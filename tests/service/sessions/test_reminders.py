"""Reminders: one for each time set for, in neutral words, asked about again before they leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import Settings
from tests.service.conftest import actor_for
from tests.service.sessions.conftest import MONDAY, NOW, Meeting, wanted

from unhurried.service.audit.refused import Refused
from unhurried.service.outbox.models import Message
from unhurried.service.outbox.worker import send_due
from unhurried.service.patients import operations as patients
from unhurried.service.patients.models import Patient
from unhurried.service.sessions import operations, reminders
from unhurried.service.sessions.models import Appointment

LONDON = ZoneInfo("Europe/London")


@pytest.fixture(autouse=True)
def _into_files(settings: Settings, tmp_path: Path) -> None:
    """What is sent lands in a folder."""
    settings.DATA, settings.FILES = tmp_path, tmp_path / "files"
    settings.OUTBOX = {**settings.OUTBOX, "email": "files", "sms": "files"}


def _messages() -> list[Message]:
    return list(Message.objects.filter(purpose=reminders.REMINDER).order_by("pk"))


def _sent_at(moment: datetime) -> list[tuple[str, str]]:
    """What there is after the outbox did its work at a moment."""
    with time_machine.travel(moment, tick=False):
        send_due(moment)
    return [(each.state, each.explanation) for each in _messages()]


def test_it_names_nobody_and_no_service_and_goes_the_day_before(meeting: Meeting) -> None:
    made = meeting.book(3, place="home", where="9 Finch Lane")
    (message,) = _messages()
    assert message.due_at == made.starts_at - timedelta(hours=24)
    assert message.to == "07700 900999"
    assert message.body == (
        "Your next appointment is on Thursday 15 October 2026 at 10:00. To change it, ring 01632 "
        "960 001. Nobody reads replies to this message."
    )
    provider = meeting.world.provider
    everything = f"{message.subject} {message.body}".lower()
    for word in ("pain", "opioid", "finch", provider.name, provider.service_name,
                 meeting.patient.given_name, meeting.worker.user.full_name):  # fmt: skip
        assert word.lower() not in everything
    assert _sent_at(NOW)[0][0] == "waiting"
    assert _sent_at(message.due_at)[0][0] == "sent"


def test_by_email_when_no_texts_are_wanted_and_not_at_all_when_neither(meeting: Meeting) -> None:
    contact = meeting.patient.contact
    patients.set_contact_preferences(
        by=meeting.by, patient=meeting.patient, version=contact.version,
        changes={"by_sms": False, "by_email": True},
    )  # fmt: skip
    meeting.book()
    assert [(each.channel, each.to) for each in _messages()] == [("email", "sparrow@example.org")]
    patients.set_contact_preferences(
        by=meeting.by, patient=meeting.patient, version=contact.version + 1,
        changes={"by_email": False},
    )  # fmt: skip
    meeting.book(4)
    assert len(_messages()) == 1


@pytest.mark.parametrize(
    ("booked", "starts", "goes"),
    [
        ("2026-10-12 23:30", "2026-10-13 14:00", "2026-10-13 08:00"),  # booked late at night
        ("2026-10-12 09:30", "2026-10-15 06:30", "2026-10-14 08:00"),  # an early start
        ("2026-10-12 09:30", "2026-10-15 22:30", "2026-10-14 20:00"),  # a late one
        ("2026-10-12 23:30", "2026-10-13 08:30", None),  # no time of day left to remind in
        ("2026-10-23 09:30", "2026-10-25 07:00", "2026-10-24 08:00"),  # the clocks go back
    ],
)
def test_nobody_is_woken_by_one(
    meeting: Meeting, booked: str, starts: str, goes: str | None
) -> None:
    def at(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=LONDON)

    with time_machine.travel(at(booked), tick=False):
        start = at(starts)
        asked = replace(wanted(), day=start.date(), at=start.time())
        operations.book(by=meeting.by, patient=meeting.patient, wanted=asked, over_reason="So")
    assert [each.due_at for each in _messages()] == ([at(goes)] if goes else [])


def test_one_that_was_held_up_does_not_come_at_night(meeting: Meeting) -> None:
    meeting.book(3)
    (reminder,) = _messages()
    night = reminder.due_at.astimezone(LONDON).replace(hour=22, minute=30)
    ((state, why),) = _sent_at(night)
    assert state == "stopped"
    assert "at night" in why


def test_none_when_the_time_is_near(meeting: Meeting) -> None:
    meeting.book(0, 12)
    assert not _messages()


def test_moved_means_one_for_the_new_time_and_the_old_one_stops(meeting: Meeting) -> None:
    made = meeting.book(3)
    operations.move(by=meeting.by, appointment=made, wanted=wanted(5, 14), version=1)
    first, second = _messages()
    assert second.due_at == first.due_at + timedelta(days=2, hours=4)
    said = _sent_at(first.due_at)
    assert said[0][0] == "stopped"
    assert "another time" in said[0][1]
    assert [state for state, _ in _sent_at(second.due_at)] == ["stopped", "sent"]


def test_an_edit_that_keeps_the_time_posts_nothing(meeting: Meeting) -> None:
    made = meeting.book(3)
    for version, place in enumerate(("home", "phone", "video"), start=1):
        operations.move(
            by=meeting.by, appointment=made, wanted=wanted(3, place=place), version=version
        )
    operations.move(by=meeting.by, appointment=made, wanted=wanted(3, 10, 45), version=4)
    assert len(_messages()) == 1
    assert _sent_at(made.starts_at - timedelta(hours=24)) == [("sent", "")]
    operations.move(by=meeting.by, appointment=made, wanted=wanted(3, 10, 60), version=5)
    assert _sent_at(made.starts_at - timedelta(hours=2)) == [("sent", "")]


def _cancel(meeting: Meeting, made: Appointment) -> None:
    operations.cancel(by=meeting.by, appointment=made, by_whom="person", version=1)


def _contact(**changes: object) -> Callable[[Meeting, Appointment], None]:
    def change(meeting: Meeting, made: Appointment) -> None:
        patients.set_contact_preferences(
            by=meeting.by, patient=meeting.patient, version=1, changes=changes
        )

    return change


def _died(meeting: Meeting, made: Appointment) -> None:
    Patient.objects.filter(pk=meeting.patient.pk).update(date_of_death=MONDAY)


def _withdrew(meeting: Meeting, made: Appointment) -> None:
    patients.record_consent(
        by=meeting.by, patient=meeting.patient, kind="service", given=False, how="spoken"
    )


def _paused(meeting: Meeting, made: Appointment) -> None:
    manager = actor_for(meeting.world.member("service_manager"))
    patients.pause(by=manager, episode=made.episode, reason="A rest")


def _ended(meeting: Meeting, made: Appointment) -> None:
    manager = actor_for(meeting.world.member("service_manager"))
    patients.end_episode(by=manager, episode=made.episode, reason="As planned")


def _other_number(meeting: Meeting, made: Appointment) -> None:
    Patient.objects.filter(pk=meeting.patient.pk).update(phone="07700 900111")


@pytest.mark.parametrize(
    ("meanwhile", "says"),
    [
        (_cancel, "cancelled"),
        (_died, "died"),
        (_contact(do_not_contact=True), "does not want to be contacted"),
        (_contact(by_sms=False), "not agreed to text"),
        (_withdrew, "does not take part"),
        (_paused, "pause"),
        (_ended, "no longer with the service"),
        (_other_number, "has changed since"),
    ],
)
def test_what_became_wrong_meanwhile_is_not_sent(
    meeting: Meeting, meanwhile: Callable[[Meeting, Appointment], None], says: str
) -> None:
    made = meeting.book()
    meanwhile(meeting, made)
    ((state, why),) = _sent_at(made.starts_at - timedelta(hours=24))
    assert state == "stopped"
    assert says in why


def test_one_sent_too_late_is_stopped(meeting: Meeting) -> None:
    made = meeting.book()
    ((state, why),) = _sent_at(made.starts_at + timedelta(minutes=1))
    assert state == "stopped"
    assert "passed" in why


DO = st.sampled_from(["book", "move", "move", "place", "cancel", "rest", "length", "send"])
STEP = st.tuples(DO, st.integers(0, 5), st.integers(1, 9), st.integers(9, 16))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, min_size=3, max_size=12))
def test_whatever_is_done_each_time_has_at_most_one_reminder(
    meeting: Meeting, steps: list[tuple[str, int, int, int]]
) -> None:
    Appointment.objects.all().delete()
    Message.objects.all().delete()
    set_for: dict[int, set[datetime]] = {}
    for do, which, days, hour in steps:
        _do(meeting, do, which, days, hour)
        for each in Appointment.objects.all():
            set_for.setdefault(each.pk, set()).add(each.starts_at)
    send_due(NOW + timedelta(days=30))
    by_time = Counter(each.about for each in _messages())
    assert max(by_time.values(), default=0) <= 1
    uuids = {str(each.uuid): each.pk for each in Appointment.objects.all()}
    posted = Counter(uuids[each.about.partition(":")[0]] for each in _messages())
    assert all(count <= len(set_for[pk]) for pk, count in posted.items())
    for each in Appointment.objects.filter(state="booked"):
        assert each.starts_at - NOW < reminders.LEAST or reminders.of(each) is not None


def _do(meeting: Meeting, do: str, which: int, days: int, hour: int) -> None:
    rows = list(Appointment.objects.order_by("pk"))
    try:
        if do == "book" or not rows:
            operations.book(
                by=meeting.by, patient=meeting.patient, over_reason="As they wish",
                wanted=wanted(days, hour, frequency="weekly", times=2),
            )  # fmt: skip
            return
        row = rows[which % len(rows)]
        if do == "send":
            send_due(NOW + timedelta(days=days))
        elif do in {"cancel", "rest"}:
            operations.cancel(
                by=meeting.by, appointment=row, by_whom="person", version=row.version,
                rest_too=do == "rest",
            )  # fmt: skip
        else:
            there = wanted(days, hour)
            if do != "move":
                local = row.starts_at.astimezone(LONDON)
                there = type(there)(
                    local.date(), local.time(), days * 10 if do == "length" else row.minutes,
                    "phone" if do == "place" else row.place,
                )  # fmt: skip
            operations.move(
                by=meeting.by, appointment=row, wanted=there, version=row.version,
                over_reason="As they wish",
            )  # fmt: skip
    except Refused:
        pass  # what is over cannot be moved: nothing is written
