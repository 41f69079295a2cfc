"""What an extract says of people registered in the service reaches their records (H11, SHC-1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from tests.service.conftest import World, actor_for, nhs_number
from tests.service.identification.conftest import AS_OF, found, person

from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor, system_actor
from unhurried.service.identification import operations
from unhurried.service.identification.models import Candidate, Extract
from unhurried.service.identification.registered import InRecords
from unhurried.service.identification.rules import Chosen
from unhurried.service.outbox.models import Message
from unhurried.service.outbox.operations import post
from unhurried.service.outbox.worker import send_due
from unhurried.service.patients import queries, rules
from unhurried.service.patients.models import Patient, RecordsSay
from unhurried.service.patients.operations import record_medicines
from unhurried.service.patients.operations.people import Medicine

Screened = Callable[..., Extract]
LATER = AS_OF + timedelta(days=10)
DIED = date(2026, 10, 20)


def said(patient: Patient, **more: Any) -> InRecords:
    """What the records say of a patient."""
    values: dict[str, Any] = {
        "person_id": "P1", "nhs_number": patient.nhs_number, "born": patient.date_of_birth,
        "died": None, "left": None, "no_opioid_now": False, **more,
    }  # fmt: skip
    return InRecords(**values)


def why(patient: Patient) -> str:
    patient.refresh_from_db()
    return rules.why_not_contact(patient, "letter", clock.now())


def test_a_death_stops_what_waits_to_be_sent(world: World, screened: Screened) -> None:
    patient = world.enrolled(world.member("project_worker"))
    post(
        purpose="joining.welcome", about=str(patient.episodes.get().uuid), channel="letter",
        to="1 Finch Lane", body="Welcome.", patient_id=patient.pk, practice_id=world.practice.pk,
    )  # fmt: skip
    screened(registered=(said(patient, died=DIED),))
    patient.refresh_from_db()
    assert patient.date_of_death == DIED
    send_due(clock.now() + timedelta(minutes=1))
    message = Message.objects.get()
    assert (message.state, message.sent_at) == ("stopped", None)
    gp = actor_for(world.member("gp"))
    assert queries.banner(patient, gp).died == "20 October 2026"


def test_only_the_same_person_at_the_same_practice(world: World, screened: Screened) -> None:
    patient, other = world.patient(), world.patient(practice=world.other_practice)
    screened(
        registered=(
            said(patient, died=DIED, born=date(1999, 1, 1)),
            said(patient, died=DIED, born=None),
            said(other, died=DIED),
        )
    )
    assert (why(patient), why(other)) == ("", "")
    assert not RecordsSay.objects.exists()


def test_somebody_agreed_to_without_a_number(world: World, gp: Actor, screened: Screened) -> None:
    screened(found("1"))
    one = Candidate.objects.get()
    operations.decide(by=gp, candidates={one.uuid: one.version}, chosen=Chosen(choice="invite"))
    patient = Patient.objects.get()
    assert operations.registered_people(world.practice).person_ids == {"1"}
    screened(registered=(said(patient, person_id="1", died=DIED),), as_of=LATER)
    assert why(patient) == "The person has died: nothing more is sent."


def test_two_rows_of_one_person(world: World, screened: Screened) -> None:
    patient, mover = world.patient(), world.patient()
    rows = (
        said(patient), said(patient, person_id="P2", died=DIED),
        said(mover, person_id="P3"), said(mover, person_id="P4", left=DIED),
    )  # fmt: skip
    screened(registered=rows)
    assert why(patient).startswith("The person has died")
    assert why(mover) == ""


def test_leaving_waits_and_an_older_extract_says_nothing(world: World, screened: Screened) -> None:
    patient, later = world.patient(), world.patient()
    screened(found("1"), registered=(said(patient, left=DIED),), as_of=LATER)
    assert "says they left" in why(patient) or "say they left" in why(patient)
    screened(registered=(said(later, died=DIED),), as_of=AS_OF)
    assert why(later) == ""


def test_no_current_products_of_somebody_listed_before(
    world: World, gp: Actor, screened: Screened
) -> None:
    patient = world.patient()
    now = said(patient, person_id="1")
    screened(found("1", nhs_number=patient.nhs_number), registered=(now,))
    before = queries.dose_line(patient)
    assert before is not None
    assert "as at 1 November 2026" in before.sentence  # registered, though nobody decided
    screened(registered=(said(patient, no_opioid_now=True),), as_of=LATER)
    after = queries.dose_line(patient)
    assert after is not None
    assert after.sentence == "No current opioid products as at 11 November 2026"


def test_what_is_not_certain_leaves_the_list(world: World, screened: Screened) -> None:
    patient = world.patient()
    listed = [Medicine("Zomorph 10mg capsules")]
    record_medicines(
        by=system_actor("screening"), patient=patient, medicines=listed, as_at=AS_OF,
        source="referral",
    )  # fmt: skip
    screened(registered=(said(patient),), as_of=LATER)
    assert [each.product for each in queries.current_medicines(patient)] == [
        "Zomorph 10mg capsules"
    ]


def test_a_listed_person_whose_supplies_have_run_out(
    world: World, gp: Actor, screened: Screened
) -> None:
    screened(found("1", nhs_number=nhs_number()))
    one = Candidate.objects.get()
    operations.decide(by=gp, candidates={one.uuid: one.version}, chosen=Chosen(choice="invite"))
    none = person("1", products=(), ome_as_at=LATER)
    screened(found("1", person=none, nhs_number=one.nhs_number), as_of=LATER)
    dose = queries.dose_line(Patient.objects.get())
    assert dose is not None
    assert dose.sentence == "No current opioid products as at 11 November 2026"
