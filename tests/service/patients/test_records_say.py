"""Deaths and leaving, as a practice's records say them; lists that hold nothing (H11, SHC-1)."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.service.conftest import World, actor_for

from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.audit.actor import system_actor
from unhurried.service.audit.models import Entry
from unhurried.service.audit.refused import Refused
from unhurried.service.patients import ending, operations, queries, rules
from unhurried.service.patients.models import Patient, RecordsSay
from unhurried.service.patients.operations.people import Medicine

SignedIn = Callable[[Membership], Client]
SCREENING = system_actor("screening")
DIED = date(2026, 10, 5)
AS_AT = date(2026, 11, 1)


def say(patient: Patient, *, as_at: date = AS_AT, **said: Any) -> Patient:
    facts: dict[str, Any] = {"died": None, "left": None, **said}
    operations.note_from_records(by=SCREENING, patient=patient, as_at=as_at, **facts)
    patient.refresh_from_db()
    return patient


def told(patient: Patient, membership: Membership) -> str:
    return " ".join(queries.banner(patient, actor_for(membership)).records.sentences)


def why(patient: Patient) -> str:
    return rules.why_not_contact(patient, "letter", clock.now())


def test_a_death_is_recorded_once_and_stops_everything(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped: list[str] = []
    monkeypatch.setattr(ending, "_stops", {"x": lambda _p, because, _by: stopped.append(because)})
    patient = world.patient()
    assert say(patient, died=DIED).date_of_death == DIED
    assert why(patient) == "The person has died: nothing more is sent."
    say(patient, died=DIED, as_at=AS_AT + timedelta(days=9))
    assert stopped == ["The practice's records say that the person has died."]
    entries = Entry.objects.filter(action="patients.death_recorded", patient_id=patient.pk)
    assert [each.actor_name for each in entries] == ["screening"]
    assert told(patient, world.member("gp")) == ""  # the banner says it already


def test_nothing_said_leaves_nothing(world: World) -> None:
    say(world.patient())
    assert not RecordsSay.objects.exists()


def test_two_dates_are_shown_and_neither_is_overwritten(world: World) -> None:
    patient = world.patient(date_of_death=date(2026, 10, 7))
    assert say(patient, died=DIED).date_of_death == date(2026, 10, 7)
    seen = told(patient, world.member("practice_staff"))
    assert "they died on 5 October 2026; here it is 7 October 2026" in seen
    assert told(patient, world.member("clinical_supervisor")) == ""


def test_alive_again_is_shown_and_not_undone(world: World) -> None:
    patient = say(world.patient(), died=DIED)
    later = AS_AT + timedelta(days=10)
    assert say(patient, as_at=later).date_of_death == DIED
    assert "as at 11 November 2026 no longer say" in told(patient, world.member("gp"))
    assert why(patient)
    staff = actor_for(world.member("practice_staff"))
    operations.amend_identity(
        by=staff, patient=patient, version=patient.version, changes={"date_of_death": None}
    )
    patient.refresh_from_db()
    assert (why(patient), told(patient, world.member("gp"))) == ("", "")


@pytest.mark.parametrize("died", [date(1950, 1, 1), clock.today() + timedelta(days=5)])
def test_a_death_that_cannot_be_is_shown_only(world: World, died: date) -> None:
    patient = say(world.patient(), died=died)
    assert patient.date_of_death is None
    assert "no date of death is recorded" in told(patient, world.member("gp"))


def test_older_records_say_nothing_new(world: World) -> None:
    patient = say(world.patient(), left=DIED)
    say(patient, as_at=AS_AT - timedelta(days=1), died=DIED)
    assert patient.date_of_death is None


def test_leaving_waits_for_the_practice(world: World) -> None:
    patient = say(world.patient(), left=DIED)
    expected = "The practice's records say they left on 5 October 2026"
    assert why(patient).startswith(expected)
    worker = world.member("project_worker")
    assert told(patient, worker).startswith(expected)
    with pytest.raises(Refused, match="practice itself"):
        operations.answer_leaving(by=actor_for(worker), patient=patient, left=DIED, registered=True)
    staff = actor_for(world.member("practice_staff"))
    with pytest.raises(Refused, match="changed meanwhile"):
        operations.answer_leaving(by=staff, patient=patient, left=AS_AT, registered=True)
    operations.answer_leaving(by=staff, patient=patient, left=DIED, registered=True)
    assert (why(patient), told(patient, worker)) == ("", "")
    say(patient, left=DIED, as_at=AS_AT + timedelta(days=1))
    assert why(patient) == ""  # the same day again: answered already
    say(patient, left=AS_AT, as_at=AS_AT + timedelta(days=2))
    assert why(patient)
    operations.answer_leaving(by=staff, patient=patient, left=AS_AT, registered=False)
    assert why(patient) == "The person left the practice on 1 November 2026: nothing more is sent."
    assert "as the practice confirmed" in told(patient, worker)


def test_leaving_that_records_no_longer_say_still_waits(world: World) -> None:
    patient = say(world.patient(), left=DIED)
    say(patient, as_at=AS_AT + timedelta(days=3))
    assert why(patient)
    assert "as at 4 November 2026 do not say so any more" in told(patient, world.member("gp"))


def test_after_a_move_the_old_practices_word_is_gone(world: World) -> None:
    patient = say(world.patient(), left=DIED)
    staff = actor_for(world.member("practice_staff"))
    operations.move_practice(by=staff, patient=patient, to=world.other_practice)
    patient.refresh_from_db()
    assert why(patient) == ""


def test_answered_on_the_persons_page(world: World, signed_in: SignedIn) -> None:
    patient = say(world.patient(), left=DIED)
    where = reverse("patients:person", args=[patient.uuid])
    there = reverse("patients:registered", args=[patient.uuid])
    assert (
        b"Are they still registered here?" not in signed_in(world.member("gp")).get(where).content
    )
    staff = signed_in(world.member("practice_staff"))
    assert b"Are they still registered here?" in staff.get(where).content
    for left, answer in (("", "left"), ("\x00", "left"), (DIED.isoformat(), "maybe")):
        sent = {"once": str(uuid.uuid4()), "left": left, "answer": answer}
        assert (
            400 <= staff.post(there, sent).status_code < 500
            or "Choose" in staff.post(there, sent).content.decode()
        )
    sent = {"once": str(uuid.uuid4()), "left": DIED.isoformat(), "answer": "registered"}
    for _ in range(2):
        assert staff.post(there, sent).status_code == 302
    assert RecordsSay.objects.get().answer == "registered"
    assert b"Are they still" not in staff.get(where).content


def test_a_list_with_nothing_on_it_is_the_newest(world: World, signed_in: SignedIn) -> None:
    patient = world.patient()
    listed = [Medicine("Zomorph 20mg capsules", "one twice a day")]
    operations.record_medicines(
        by=SCREENING, patient=patient, medicines=listed, as_at=AS_AT, source="screening"
    )
    later = AS_AT + timedelta(days=9)
    operations.record_no_medicines(by=SCREENING, patient=patient, as_at=later, source="screening")
    dose = queries.dose_line(patient)
    assert dose is not None
    assert dose.sentence == "No current opioid products as at 10 November 2026"
    assert queries.current_medicines(patient) == []
    seen = signed_in(world.member("gp")).get(reverse("patients:person", args=[patient.uuid]))
    assert "No current opioid products" in seen.content.decode()
    assert "Zomorph" not in seen.content.decode()
    operations.record_medicines(
        by=SCREENING, patient=patient, medicines=listed, as_at=later, source="screening"
    )
    assert len(queries.current_medicines(patient)) == 1
    with pytest.raises(Refused, match="future"):
        operations.record_no_medicines(
            by=SCREENING, patient=patient, as_at=clock.today() + timedelta(days=1), source="x"
        )
