"""The record of a session: whole or not at all, kept as it is, and who may read what of it."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
import time_machine
from tests.service.conftest import actor_for
from tests.service.sessions.conftest import MONDAY, NOW, Meeting, spec, wanted

from unhurried.service.audit.models import Entry
from unhurried.service.audit.refused import Refused
from unhurried.service.outbox.models import Message
from unhurried.service.patients import operations as patients
from unhurried.service.patients.models import Note, Patient, SafetyAlert
from unhurried.service.sessions import library, operations, queries
from unhurried.service.sessions.models import Appointment, ResourceGiven, Session
from unhurried.service.sessions.operations import Guest, Held
from unhurried.service.sessions.rules import GoesOver

BOOK = library.resources()[0].code
KEY = "0b8f0c0e-0000-4000-8000-000000000003"


def held(**more: Any) -> Held:
    """A session this morning at nine."""
    return Held(**{"day": MONDAY, "at": time(9), **more})


def record(meeting: Meeting, **more: Any) -> Session:
    """That session, recorded."""
    return operations.record_session(by=meeting.by, patient=meeting.patient, held=held(**more))


def test_nothing_is_needed_but_when(meeting: Meeting) -> None:
    made = record(meeting)
    assert (made.leaving, made.believed, made.note) == ("", "", None)
    assert not Note.objects.exists()
    rows = Entry.objects.filter(action="sessions.session_recorded")
    assert [each.patient_id for each in rows] == [meeting.patient.pk]


def test_everything_at_once_from_an_appointment(meeting: Meeting) -> None:
    first = meeting.book(0, 11)
    with time_machine.travel(NOW + timedelta(hours=3), tick=False):
        made = operations.record_session(
            by=meeting.by, patient=meeting.patient, appointment=first, key=KEY,
            held=held(
                at=time(11), minutes=55, place="home", components=("pacing", "sleep_hygiene"),
                resources=(BOOK,), note="Slept better", note_for="gp", leaving="settled",
                believed="yes", next_steps="Rest first", recap="We spoke of rest",
                guests=(Guest("Ash", "Parent", "all"),), following=wanted(14, 15),
            ),
        )  # fmt: skip
        again = operations.record_session(
            by=meeting.by, patient=meeting.patient, appointment=first, key=KEY,
            held=held(
                at=time(11), minutes=55, place="home", components=("pacing", "sleep_hygiene"),
                resources=(BOOK,), note="Slept better", note_for="gp", leaving="settled",
                believed="yes", next_steps="Rest first", recap="We spoke of rest",
                guests=(Guest("Ash", "Parent", "all"),), following=wanted(14, 15),
            ),
        )  # fmt: skip
    assert again == made
    first.refresh_from_db()
    assert first.state == "held"
    assert Appointment.objects.filter(state="booked").count() == 1
    (seen,) = queries.as_seen(meeting.by, meeting.patient, [made])
    assert seen.components == ("Pacing", "Sleep hygiene")
    assert seen.resources == (library.resources()[0].title,)
    assert seen.attendees[0].asked_by == meeting.worker.user
    assert made.named_worker == meeting.worker


def test_not_safe_raises_the_alert_whoever_may_read_the_note(meeting: Meeting) -> None:
    made = record(meeting, leaving="not_safe", note="Words for two", note_for="restricted")
    alert = SafetyAlert.objects.get()
    assert (alert.kind, alert.patient, alert.closed_at) == ("suicidality", meeting.patient, None)
    assert queries.alert_from(made) == alert
    record(meeting, at=time(8), leaving="shaken")
    assert SafetyAlert.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"following": wanted(-3)}, "from today on"),
        ({"resources": ("no-such-page",)}, "library"),
        ({"guests": (Guest("", "Parent"),)}, "Give the name"),
        ({"components": ("card_games",)}, "from the list"),
        ({"note_for": "everybody"}, "who may read"),
        ({"day": MONDAY + timedelta(days=1)}, "not come yet"),
        ({"day": MONDAY - timedelta(days=200)}, "before the person's time"),
        ({"leaving": "furious"}, "how the person left"),
        ({"place": "moon"}, "where you met"),
        ({"minutes": 0}, "how many minutes"),
        ({"next_steps": "a\x00"}, "cannot be kept"),
    ],
)
def test_when_one_part_is_refused_nothing_of_it_is_kept(
    meeting: Meeting, wrong: dict[str, Any], says: str
) -> None:
    before = Message.objects.count()
    with pytest.raises(Refused, match=says):
        record(meeting, **{"note": "Words", "leaving": "not_safe", **wrong})
    for model in (Session, Note, SafetyAlert, Appointment, ResourceGiven):
        assert not model.objects.exists(), model
    assert Message.objects.count() == before


def test_a_next_appointment_over_what_was_agreed_asks_for_the_reason(meeting: Meeting) -> None:
    short = wanted(7, 10, 15)
    with pytest.raises(GoesOver):
        record(meeting, following=short)
    record(meeting, following=short, over_reason="A short look at the sheet")
    assert Appointment.objects.get().over == "short"


def test_an_appointment_has_one_session_and_a_cancelled_one_none(meeting: Meeting) -> None:
    first = meeting.book(0, 11)
    with time_machine.travel(NOW + timedelta(hours=3), tick=False):
        operations.record_session(
            by=meeting.by, patient=meeting.patient, held=held(), appointment=first
        )
        with pytest.raises(Refused, match="recorded for this appointment already"):
            operations.record_session(
                by=meeting.by, patient=meeting.patient, held=held(), appointment=first
            )
    second = meeting.book(1)
    operations.cancel(by=meeting.by, appointment=second, by_whom="person", version=1)
    with pytest.raises(Refused, match="cancelled"):
        operations.record_session(
            by=meeting.by, patient=meeting.patient, held=held(), appointment=second
        )
    with pytest.raises(Refused, match="not this person's"):
        operations.record_session(
            by=meeting.by, patient=meeting.person(), held=held(), appointment=first
        )


def test_somebody_who_came_late_after_all(meeting: Meeting) -> None:
    first = meeting.book(0, 11)
    with time_machine.travel(NOW + timedelta(hours=5), tick=False):
        operations.mark_missed(by=meeting.by, appointment=first, reason="not_known", version=1)
        operations.record_session(
            by=meeting.by, patient=meeting.patient, held=held(at=time(12)), appointment=first
        )
    first.refresh_from_db()
    assert (first.state, first.missed_because) == ("held", "")


def test_a_correction_stands_beside_the_record(meeting: Meeting) -> None:
    made = record(
        meeting, components=("pacing", "mindfulness"), note="Left knee", note_for="restricted"
    )
    operations.correct_session(
        by=meeting.by, session=made, text="It was goals, not pacing",
        components=["mindfulness", "goal_setting"], note="Right knee",
    )  # fmt: skip
    (seen,) = queries.as_seen(meeting.by, meeting.patient, [made])
    assert set(seen.components) == {"Mindfulness and relaxation", "Goal setting"}
    assert made.components.count() == 3  # what was ticked first is kept
    assert [each.text for each in seen.corrections] == ["It was goals, not pacing"]
    second = Note.objects.get(text="Right knee")
    assert (second.corrects, second.visibility) == (made.note, "restricted")
    with pytest.raises(Refused, match="what was wrong"):
        operations.correct_session(by=meeting.by, session=made, text=" ")


def test_a_gp_reads_days_kinds_and_the_summary_and_nothing_else(meeting: Meeting) -> None:
    record(
        meeting, at=time(8), components=("pacing",), note="For the GP too", note_for="gp",
        leaving="shaken", next_steps="Rest", recap="Ours",
    )  # fmt: skip
    record(meeting, note="For two only", note_for="restricted")
    record(meeting, at=time(7))
    gp = actor_for(meeting.world.member("gp"))
    rows = queries.as_seen(gp, meeting.patient, queries.sessions_of(meeting.patient))
    assert [each.note.text if each.note else "" for each in rows] == ["", "For the GP too", ""]
    for each in rows:
        told = (each.components, each.leaving, each.next_steps, each.attendees, each.whole)
        assert told == ((), "", "", (), False)
    # Nothing tells the session with a restricted note from the one with none.
    with_it, without = rows[0], rows[2]
    assert (with_it.kind, with_it.note) == (without.kind, without.note)


def test_whoever_covers_reads_all_but_the_restricted_note(meeting: Meeting) -> None:
    record(meeting, note="For two only", note_for="restricted", components=("pacing",))
    other = meeting.world.member("project_worker")
    patients.arrange_cover(
        by=meeting.by, worker=meeting.worker, covering=other, starts=MONDAY,
        ends=MONDAY + timedelta(days=7),
    )  # fmt: skip
    sessions = queries.sessions_of(meeting.patient)
    (seen,) = queries.as_seen(actor_for(other), meeting.patient, sessions)
    assert (seen.note, seen.components) == (None, ("Pacing",))
    (own,) = queries.as_seen(meeting.by, meeting.patient, sessions)
    assert own.note is not None


def test_what_was_shared_is_all_the_person_and_a_carer_read(meeting: Meeting) -> None:
    record(meeting, at=time(7), recap="For both", recap_for_carers=True, note="x")
    record(meeting, at=time(8), recap="For the person")
    record(meeting)
    user = meeting.world.member("patient")
    Patient.objects.filter(pk=meeting.patient.pk).update(user=user.user)
    own = actor_for(user)
    assert [each.recap for each in queries.recaps(own, meeting.patient)] == [
        "For the person", "For both",
    ]  # fmt: skip
    helper = meeting.world.member("carer")
    carer = patients.add_carer(
        by=meeting.by, patient=meeting.patient, name="Ash", relationship="Parent", user=helper.user
    )
    assert not queries.recaps(actor_for(helper), meeting.patient)
    patients.record_consent(
        by=meeting.by, patient=meeting.patient, kind="sharing", given=True, how="spoken",
        party=f"carer:{carer.pk}:session", ends=MONDAY + timedelta(days=60),
    )  # fmt: skip
    shared = queries.recaps(actor_for(helper), meeting.patient)
    assert [each.recap for each in shared] == ["For both"]
    patients.withdraw_consent(
        by=meeting.by, patient=meeting.patient, kind="sharing", party=f"carer:{carer.pk}:session"
    )
    assert not queries.recaps(actor_for(helper), meeting.patient)


@pytest.mark.parametrize("row", spec("figure-2"), ids=lambda row: row["code"])
def test_people_are_counted_once_over_everybody_enrolled(
    meeting: Meeting, row: dict[str, str]
) -> None:
    """Somebody with many sessions counts once; somebody with none stays in the denominator."""
    wanted_people, of = int(row["people"]), int(row["of"])
    people = [meeting.patient, *(meeting.person() for _ in range(of - 1))]
    meeting.world.patient()  # never enrolled: counted nowhere
    for number, person in enumerate(people[:wanted_people]):
        for hour in range(1 + number % 3):
            operations.record_session(
                by=meeting.by, patient=person,
                held=held(at=time(6 + hour), components=(row["code"],)),
            )  # fmt: skip
    counts = queries.component_counts(queries.enrolled_people(meeting.world.provider.pk))
    found = next(each for each in counts if each.code == row["code"])
    assert (found.people, found.of, found.percent) == (wanted_people, of, int(row["percent"]))
    assert counts[0] == found


def test_how_often_a_topic_was_touched_since(meeting: Meeting) -> None:
    record(meeting, at=time(7), components=("pacing",))
    record(meeting, components=("pacing", "goal_setting"))
    found = queries.touched(meeting.patient)
    assert (found.sessions, found.by_component) == (2, {"pacing": 2, "goal_setting": 1})
    assert found.untouched(("pacing", "de_scripting")) == ["de_scripting"]
    later = queries.touched(meeting.patient, NOW - timedelta(minutes=40))
    assert (later.sessions, later.by_component["pacing"]) == (1, 1)


def test_what_happened_for_the_timeline(meeting: Meeting) -> None:
    record(meeting, place="phone", resources=(BOOK,), note="Private", note_for="restricted")
    first = meeting.book(0, 10)
    with time_machine.travel(NOW + timedelta(hours=3), tick=False):
        operations.mark_missed(
            by=meeting.by, appointment=first, reason="unwell", found_out="A bad night", version=1
        )
    gp = actor_for(meeting.world.member("gp"))
    title = library.resources()[0].title
    said = {each.kind: each.text for each in queries.happenings(meeting.by, meeting.patient)}
    assert said == {
        "session": "Session by phone", "missed": "Did not meet", "resource": f"Given: {title}",
    }  # fmt: skip
    said = {each.kind: each.text for each in queries.happenings(gp, meeting.patient)}
    assert said == {"session": "Session by phone", "missed": "Did not meet"}
    stranger = actor_for(meeting.world.member("gp", meeting.world.other_practice))
    assert queries.happenings(stranger, meeting.patient) == []


def test_resources_are_liked_or_not_for_me_and_either_is_fine(meeting: Meeting) -> None:
    given = operations.give_resource(by=meeting.by, patient=meeting.patient, code=BOOK)
    for version, opinion in enumerate(("liked", "not_for_me", "dropped"), start=1):
        given = operations.say_of_resource(
            by=meeting.by, given=given, opinion=opinion, version=version
        )
        assert given.opinion == opinion
    with pytest.raises(Refused, match="Somebody changed"):
        operations.say_of_resource(by=meeting.by, given=given, opinion="liked", version=1)
    with pytest.raises(Refused, match="what they thought"):
        operations.say_of_resource(by=meeting.by, given=given, opinion="hated", version=4)
    again = operations.give_resource(by=meeting.by, patient=meeting.patient, code=BOOK, key=KEY)
    assert (again.pk, again.opinion) == (given.pk, "")
    twice = operations.give_resource(by=meeting.by, patient=meeting.patient, code=BOOK, key=KEY)
    assert twice.version == again.version
    with pytest.raises(Refused, match="library"):
        operations.give_resource(by=meeting.by, patient=meeting.patient, code="none")
