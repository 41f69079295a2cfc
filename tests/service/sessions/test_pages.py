"""The pages: record in one form, keep what was typed, show each reader their own part."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.service.sessions.conftest import MONDAY, NOW, Meeting, wanted
from tests.service.sessions.posts import NOBODY

from unhurried.service.accounts.models import Membership
from unhurried.service.patients import operations as patients
from unhurried.service.patients.models import Patient, SafetyAlert
from unhurried.service.planning.operations import want_topic
from unhurried.service.sessions import operations
from unhurried.service.sessions.models import Appointment, Session
from unhurried.service.sessions.operations import Held

SignIn = Callable[[Membership], Client]
ANOTHER = "Next appointment on another day, time or place"
WHEN = {"day": "15/10/2026", "at": "2.30pm", "minutes": "60", "place": "phone", "where": ""}


def _at(name: str, meeting: Meeting, *more: object) -> str:
    return reverse(f"sessions:{name}", args=[meeting.patient.uuid, *more])


def _session(**more: Any) -> dict[str, Any]:
    return {"day": "12/10/2026", "at": "9:00", "place": "phone", "note_for": "ordinary",
            **NOBODY, **more}  # fmt: skip


def test_book_and_change_and_both_versions_are_shown(meeting: Meeting, signed_in: SignIn) -> None:
    client = signed_in(meeting.worker)
    sent = {**WHEN, "frequency": "two_weeks", "times": "2", **NOBODY}
    answer = client.post(_at("book", meeting), sent)
    assert answer.status_code == 302, answer.content.decode()
    first = Appointment.objects.order_by("starts_at")[0]
    page = client.get(_at("change", meeting, first.uuid)).content.decode()
    assert 'value="15/10/2026"' in page
    assert 'value="14:30"' in page
    operations.move(by=meeting.by, appointment=first, wanted=wanted(4, 9), version=1)
    late = client.post(
        _at("change", meeting, first.uuid), {**WHEN, "at": "16:00", "version": "1", **NOBODY}
    )
    body = late.content.decode()
    assert late.status_code == 409
    assert "09:00" in body
    assert 'value="16:00"' in body


@pytest.mark.parametrize(
    ("guests", "second"),
    [((), False), (("Ash",), False), (("Ash", "Fern"), True)],
)  # fmt: skip
def test_room_for_a_second_guest_folds_away_until_it_is_needed(
    meeting: Meeting, signed_in: SignIn, guests: tuple[str, ...], second: bool
) -> None:
    made = meeting.book()
    coming = [operations.Guest(each, "Parent", "all") for each in guests]
    operations.move(
        by=meeting.by, appointment=made, wanted=wanted(), version=made.version, guests=coming
    )
    client = signed_in(meeting.worker)
    page = client.get(_at("change", meeting, made.uuid)).content.decode()
    assert _opened(page, "Somebody comes along") == bool(guests)
    assert _opened(page, "Somebody else, too") == second
    wrong = {**WHEN, **NOBODY, "version": "9", "relationship_2": "Parent"}
    again = client.post(_at("change", meeting, made.uuid), wrong).content.decode()
    assert _opened(again, "Somebody else, too")


def _opened(page: str, summary: str) -> bool:
    """Does the part under this summary stand open?"""
    before = page[: page.index(f">{summary}</span>")]
    tag = before[before.rindex("<details") :]
    return " open>" in tag


def test_what_a_guest_may_hear_is_not_overwritten_unseen(
    meeting: Meeting, signed_in: SignIn
) -> None:
    first = meeting.book()
    guest = operations.Guest("Ash", "Parent", "part", "Not about money")
    operations.move(by=meeting.by, appointment=first, wanted=wanted(), version=1, guests=[guest])
    late = signed_in(meeting.worker).post(
        _at("change", meeting, first.uuid), {**WHEN, "version": "1", **NOBODY}
    )
    assert late.status_code == 409
    assert "Ash, Parent: may hear part of it; not spoken of before them: Not about money" in (
        late.content.decode()
    )


def test_over_what_was_agreed_the_form_asks_why(meeting: Meeting, signed_in: SignIn) -> None:
    client = signed_in(meeting.worker)
    assert "Why is it right" not in client.get(_at("book", meeting)).content.decode()
    sent = {**WHEN, "minutes": "20", "frequency": "once", "times": "1", **NOBODY}
    body = client.post(_at("book", meeting), sent).content.decode()
    assert "shorter than the 45 minutes agreed" in body
    assert "Why is it right" in body
    assert 'value="2.30pm"' in body
    done = client.post(_at("book", meeting), {**sent, "over_reason": "A short look"})
    assert done.status_code == 302


def test_a_next_time_that_clashes_is_asked_about_where_it_can_be_changed(
    meeting: Meeting, signed_in: SignIn
) -> None:
    operations.book(by=meeting.by, patient=meeting.person(), wanted=wanted(14, 9))
    client = signed_in(meeting.worker)
    assert not _opened(client.get(_at("record", meeting)).content.decode(), ANOTHER)
    page = client.post(_at("record", meeting), _session(next_when="2")).content.decode()
    assert "has another appointment" in page
    assert page.index('name="next_when"') < page.index('name="over_reason"')
    assert page.index('name="over_reason"') < page.index('name="next_at"')
    assert _opened(page, ANOTHER)
    done = client.post(_at("record", meeting), _session(next_when="2", next_at="11"))
    assert done.status_code == 302
    assert Appointment.objects.filter(starts_at__hour=11).exists()


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"at": "half past"}, "for example 14:30"),
        ({"frequency": "once", "times": "3"}, "Choose how often"),
        ({"name_1": "Ash", "who_1": "carer"}, "not both"),
        ({"relationship_1": "Parent"}, "Give the name"),
        ({"who_1": "other"}, "Give the name"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    meeting: Meeting, signed_in: SignIn, typed: dict[str, str], says: str
) -> None:
    carer = patients.add_carer(
        by=meeting.by, patient=meeting.patient, name="Fern", relationship="Partner"
    )
    typed = {name: str(carer.pk) if value == "carer" else value for name, value in typed.items()}
    sent = {**WHEN, "frequency": "weekly", "times": "1", **NOBODY, **typed}
    answer = signed_in(meeting.worker).post(_at("book", meeting), sent)
    assert says in answer.content.decode()
    assert not Appointment.objects.exists()


def test_a_session_from_its_appointment_with_the_next_in_two_weeks(
    meeting: Meeting, signed_in: SignIn
) -> None:
    first = meeting.book(0, 11, place="home")
    with time_machine.travel(NOW + timedelta(hours=3), tick=False):
        client = signed_in(meeting.worker)
        page = client.get(_at("record", meeting) + f"?appointment={first.uuid}").content.decode()
        assert 'value="11:00"' in page
        answer = client.post(
            _at("record", meeting),
            _session(
                at="11:00", minutes="60", place="home", appointment=str(first.uuid),
                components=["pacing"], leaving="settled", next_when="2",
            ),
        )  # fmt: skip
    made = Session.objects.get()
    assert answer["Location"] == _at("session", meeting, made.uuid)
    assert made.appointment == first
    following = Appointment.objects.get(state="booked")
    assert (following.when, following.place) == ("Monday 26 October 2026 at 11:00", "home")


def test_not_safe_leads_to_what_to_do_today(meeting: Meeting, signed_in: SignIn) -> None:
    client = signed_in(meeting.worker)
    answer = client.post(_at("record", meeting), _session(leaving="not_safe"))
    alert = SafetyAlert.objects.get()
    assert answer["Location"] == reverse("patients:alert", args=[meeting.patient.uuid, alert.uuid])
    assert "116 123" in client.get(answer["Location"]).content.decode()


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"next_when": "other"}, "Give the day of the next"),
        ({"next_when": "2", "next_day": "1/11/2026"}, "not both"),
        ({"next_at": "10:00"}, "Choose when the next"),
    ],
)
def test_the_next_appointment_is_whole_or_not_there(
    meeting: Meeting, signed_in: SignIn, typed: dict[str, str], says: str
) -> None:
    answer = signed_in(meeting.worker).post(
        _at("record", meeting), _session(note="Kept here", **typed)
    )
    body = answer.content.decode()
    assert says in body
    assert "Kept here" in body
    assert not Session.objects.exists()


def test_a_gp_sees_the_summary_and_no_trace_of_the_rest(
    meeting: Meeting, signed_in: SignIn
) -> None:
    rows = [
        ("gp", "Sleeps better"), ("ordinary", "Ordinary words"), ("restricted", "Private words"),
    ]  # fmt: skip
    for hour, (readers, text) in enumerate(rows, start=6):
        operations.record_session(
            by=meeting.by, patient=meeting.patient,
            held=Held(
                MONDAY, time(hour), components=("pacing",), note=text, note_for=readers,
                leaving="shaken", next_steps="Rest first",
            ),
        )  # fmt: skip
    meeting.book(over_reason="Why not", where="9 Finch Lane")
    gp = signed_in(meeting.world.member("gp"))
    pages = [_at("sessions", meeting), _at("appointment", meeting, Appointment.objects.get().uuid)]
    pages += [_at("session", meeting, each.uuid) for each in Session.objects.all()]
    bodies = [gp.get(each).content.decode() for each in pages]
    assert "Sleeps better" in bodies[0]
    for body in bodies:
        for hidden in ("Ordinary words", "Private words", "Shaken", "Rest first", "Pacing",
                       "estricted", "9 Finch Lane", "Why not"):  # fmt: skip
            assert hidden not in body
    assert gp.get(_at("record", meeting)).status_code == 404
    assert gp.get(_at("recaps", meeting)).status_code == 404


def test_a_person_and_a_carer_have_one_page_with_what_was_shared(
    meeting: Meeting, signed_in: SignIn
) -> None:
    operations.record_session(
        by=meeting.by, patient=meeting.patient,
        held=Held(MONDAY, time(8), note="Between us", recap="Rest before", recap_for_carers=True),
    )  # fmt: skip
    mine = meeting.book()
    user, helper = meeting.world.member("patient"), meeting.world.member("carer")
    Patient.objects.filter(pk=meeting.patient.pk).update(user=user.user)
    carer = patients.add_carer(
        by=meeting.by, patient=meeting.patient, name="Ash", relationship="Parent", user=helper.user
    )
    own, other = signed_in(user), signed_in(helper)
    body = own.get(_at("recaps", meeting)).content.decode()
    assert "Rest before" in body
    assert "Thursday 15 October 2026 at 10:00" in body
    assert "Between us" not in body
    assert own.get(_at("sessions", meeting))["Location"] == _at("recaps", meeting)
    assert other.get(_at("recaps", meeting)).status_code == 404
    patients.record_consent(
        by=meeting.by, patient=meeting.patient, kind="sharing", given=True, how="spoken",
        party=f"carer:{carer.pk}:session", ends=MONDAY + timedelta(days=60),
    )  # fmt: skip
    body = other.get(_at("recaps", meeting)).content.decode()
    assert "Rest before" in body
    assert "15 October" not in body  # appointments are another consent
    done = own.post(_at("cancel", meeting, mine.uuid), {"because": "", "version": "1"})
    assert done.status_code == 302
    mine.refresh_from_db()
    assert (mine.state, mine.cancelled_by) == ("cancelled", "person")


def test_a_topic_the_person_asked_for_is_brought_up_after_some_sessions(
    meeting: Meeting, signed_in: SignIn
) -> None:
    want_topic(by=meeting.by, patient=meeting.patient, code="hobbies", when="in_time")
    words = "My hobbies and what I enjoy"
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        client = signed_in(meeting.worker)
        for hour in range(3):
            page = client.get(_at("record", meeting))
            assert page.status_code == 200
            assert words not in page.content.decode()
            operations.record_session(
                by=meeting.by, patient=meeting.patient,
                held=Held(MONDAY + timedelta(days=1), time(6 + hour)),
            )  # fmt: skip
        assert words in client.get(_at("record", meeting)).content.decode()
        assert words in client.get(_at("sessions", meeting)).content.decode()


def test_the_file_for_a_calendar_is_downloaded(meeting: Meeting, signed_in: SignIn) -> None:
    made = meeting.book()
    answer = signed_in(meeting.worker).get(_at("calendar_file", meeting, made.uuid))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert b"SUMMARY:Appointment" in answer.content


def test_the_diary_turns_its_pages(meeting: Meeting, signed_in: SignIn) -> None:
    meeting.book()
    client = signed_in(meeting.worker)
    where = reverse("sessions:diary")
    name = str(meeting.patient)
    assert name in client.get(where).content.decode()
    assert name not in client.get(where, {"day": "2026-10-19"}).content.decode()
    assert name in client.get(where, {"view": "day", "day": "2026-10-15"}).content.decode()
    assert "Nothing booked" in client.get(where, {"view": "day"}).content.decode()
    assert client.get(where, {"day": "9999-12-31", "view": "x", "worker": "²"}).status_code == 200


def test_pages_ask_the_database_as_often_for_many_as_for_few(
    meeting: Meeting, signed_in: SignIn
) -> None:
    worker, gp = signed_in(meeting.worker), signed_in(meeting.world.member("gp"))
    manager = signed_in(meeting.world.member("service_manager"))
    diary = reverse("sessions:diary")
    pages = [
        (worker, _at("sessions", meeting)), (gp, _at("sessions", meeting)), (worker, diary),
        (manager, diary), (manager, reverse("sessions:workload")), (worker, _at("given", meeting)),
        (worker, _at("recaps", meeting)),
    ]  # fmt: skip

    def asked() -> list[int]:
        counts = []
        for client, where in pages:
            client.get(where)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(where).status_code == 200
            counts.append(len(queries))
        return counts

    _more(meeting, 3)
    few = asked()
    _more(meeting, 12)
    assert asked() == few


def _more(meeting: Meeting, how_many: int) -> None:
    codes = ["pacing", "goal_setting"]
    for number in range(how_many):
        person = meeting.person() if number % 2 else meeting.patient
        operations.record_session(
            by=meeting.by, patient=person,
            held=Held(MONDAY, time(6), components=tuple(codes), note=f"{number}", recap="Rest"),
        )  # fmt: skip
        operations.book(
            by=meeting.by, patient=person, wanted=wanted(number % 5, 12), over_reason="They wish"
        )
