"""An alert nobody acknowledged becomes late, is passed on, and is spoken of (H07, H18)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.service.conftest import World, actor_for

from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.audit.actor import system_actor
from unhurried.service.audit.models import Entry
from unhurried.service.outbox.models import Message
from unhurried.service.outbox.worker import send_due
from unhurried.service.patients import operations, queries
from unhurried.service.patients.alert_times import LATE, PASSED_ON, alert_times, due
from unhurried.service.patients.models import SafetyAlert
from unhurried.service.patients.tables import safety_kinds

SignedIn = Callable[[Membership], Client]
PARTS = system_actor("alerts")
TUESDAY, SATURDAY = "2027-03-02", "2027-03-06"


def local(day: str, hour: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(f"{day}T{hour}"))


@pytest.mark.parametrize(
    ("kind", "raised", "late", "passed_on"),
    [
        ("suicidality", (TUESDAY, "09:00"), (TUESDAY, "18:30"), ("2027-03-03", "12:00")),
        ("suicidality", (TUESDAY, "06:00"), (TUESDAY, "18:30"), ("2027-03-03", "12:00")),
        ("suicidality", (TUESDAY, "18:30"), ("2027-03-03", "10:00"), ("2027-03-03", "15:00")),
        ("overdose", (SATURDAY, "11:00"), ("2027-03-08", "10:00"), ("2027-03-08", "15:00")),
        ("driving", (TUESDAY, "09:00"), ("2027-03-03", "18:30"), ("2027-03-04", "18:30")),
        ("driving", (SATURDAY, "09:00"), ("2027-03-08", "18:30"), ("2027-03-09", "18:30")),
        # Maundy Thursday evening: Good Friday and Easter Monday are no working days.
        ("overdose", ("2027-03-25", "20:00"), ("2027-03-30", "10:00"), ("2027-03-30", "15:00")),
        ("no longer a kind", (TUESDAY, "09:00"), (TUESDAY, "18:30"), ("2027-03-03", "12:00")),
    ],
)
def test_by_when_an_alert_is_answered(
    kind: str, raised: tuple[str, str], late: tuple[str, str], passed_on: tuple[str, str]
) -> None:
    assert due(kind, local(*raised), LATE) == local(*late)
    assert due(kind, local(*raised), PASSED_ON) == local(*passed_on)


@pytest.mark.parametrize("kind", sorted(safety_kinds()))
def test_every_moment_has_its_times_and_late_comes_before_passed_on(kind: str) -> None:
    for hours in range(0, 14 * 24, 5):
        raised = local("2026-12-21", "00:00") + timedelta(hours=hours)
        assert raised < due(kind, raised, LATE) < due(kind, raised, PASSED_ON)
    assert all(each.source and each.version and each.sign_off for each in alert_times())


def counts(world: World, people: dict[str, Membership]) -> dict[str, int]:
    return {
        role: queries.unanswered_alerts(actor_for(each)).count() for role, each in people.items()
    }


def test_an_alert_nobody_answers_reaches_one_role_after_another(world: World) -> None:
    roles = (
        "gp", "practice_staff", "project_worker", "service_manager", "clinical_supervisor",
        "commissioner",
    )  # fmt: skip
    people = {role: world.member(role) for role in roles}
    elsewhere = world.member("gp", world.other_practice)
    patient = world.enrolled(people["project_worker"])
    with clock.at(local(TUESDAY, "09:00")):
        by = actor_for(people["project_worker"])
        alert = operations.raise_alert(by=by, patient=patient, kind="suicidality")
        assert set(counts(world, people).values()) == {0}
    with clock.at(local(TUESDAY, "18:30")):
        nobody = {"service_manager": 0, "clinical_supervisor": 0, "commissioner": 0}
        first = {"gp": 1, "practice_staff": 1, "project_worker": 1}
        assert counts(world, people) == first | nobody
    with clock.at(local("2027-03-03", "12:00")):
        assert counts(world, people) == dict.fromkeys(people, 1) | {"commissioner": 0}
        assert queries.unanswered_alerts(actor_for(elsewhere)).count() == 0
        seen = queries.waiting_alerts(actor_for(people["clinical_supervisor"]))
        assert [(row.person, row.name, row.late) for row in seen] == [
            (None, "A safety alert", True)
        ]
        assert seen[0].owner == world.practice.name
        operations.acknowledge_alert(
            by=actor_for(people["gp"]), alert=alert, action_taken="I ring at noon"
        )
        assert set(counts(world, people).values()) == {0}


def test_the_practice_is_reminded_once_a_stage_in_words_that_name_nobody(world: World) -> None:
    world.practice.email = "finch@example.org"
    world.practice.save()
    worker = world.member("project_worker")
    patient = world.enrolled(worker)
    with clock.at(local(TUESDAY, "09:00")):
        operations.raise_alert(by=actor_for(worker), patient=patient, kind="suicidality")
        assert operations.remind_of_unanswered(by=PARTS) == 0
    for moment in (local(TUESDAY, "19:00"), local("2027-03-03", "12:30")):
        with clock.at(moment):
            assert operations.remind_of_unanswered(by=PARTS) == 1
            assert operations.remind_of_unanswered(by=PARTS) == 0
    told = Message.objects.filter(purpose="patients.safety_alert_unanswered").order_by("pk")
    assert [each.about.rpartition(":")[2] for each in told] == ["late", "passed_on"]
    for each in told:
        for word in (patient.given_name, patient.family_name, "suicid", "opioid", "pain", "risk"):
            assert word.casefold() not in (each.subject + each.body).casefold()
    rows = Entry.objects.filter(action="patients.alert_not_answered", patient_id=patient.pk)
    assert list(rows.values_list("note", flat=True)) == ["late", "passed_on"]


def test_after_days_without_a_worker_the_practice_is_reminded_once(world: World) -> None:
    world.practice.email = "finch@example.org"
    world.practice.save()
    gp = actor_for(world.member("gp"))
    with clock.at(local(TUESDAY, "09:00")):
        operations.raise_alert(by=gp, patient=world.patient(), kind="driving")
    with clock.at(local("2027-03-20", "09:00")):
        assert operations.remind_of_unanswered(by=PARTS) == 1
        assert operations.remind_of_unanswered(by=PARTS) == 0


def test_an_answer_before_the_reminder_left_stops_it(world: World) -> None:
    world.practice.email = "finch@example.org"
    world.practice.save()
    gp = actor_for(world.member("gp"))
    with clock.at(local(TUESDAY, "09:00")):
        alert = operations.raise_alert(by=gp, patient=world.patient(), kind="overdose")
    with clock.at(local(TUESDAY, "19:00")):
        operations.remind_of_unanswered(by=PARTS)
        operations.acknowledge_alert(by=gp, alert=alert, action_taken="Rang")
    send_due(local(TUESDAY, "19:01"))
    assert Message.objects.get(purpose="patients.safety_alert_unanswered").state == "stopped"


def test_safeguarding_leaves_no_line_in_the_trail_the_person_reads(world: World) -> None:
    gp, patient = actor_for(world.member("gp")), world.patient()
    with clock.at(local(TUESDAY, "09:00")):
        operations.raise_alert(by=gp, patient=patient, kind="child_at_risk")
    with clock.at(local("2027-03-20", "09:00")):
        assert operations.remind_of_unanswered(by=PARTS) == 1
    found = Entry.objects.get(action="patients.alert_not_answered")
    assert found.patient_id is None


def test_an_alert_from_before_there_were_times_is_late_at_once(world: World) -> None:
    gp = world.member("gp")
    SafetyAlert.objects.create(
        patient=world.patient(), kind="driving", raised_by=gp, raised_at=timezone.now(),
        responsible=world.practice,
    )  # fmt: skip
    assert queries.unanswered_alerts(actor_for(gp)).count() == 1


def test_the_pages_say_that_nobody_answered_but_not_to_the_person(
    world: World, signed_in: SignedIn
) -> None:
    worker = world.member("project_worker")
    patient = world.enrolled(worker)
    long_ago = timezone.now() - timedelta(days=9)
    with clock.at(long_ago):
        alert = operations.raise_alert(by=actor_for(worker), patient=patient, kind="overdose")
    client = signed_in(worker)
    for page in ("", f"alerts/{alert.uuid}/"):
        said = client.get(f"/people/{patient.uuid}/{page}").content.decode()
        assert "Nobody has answered" in said
    for role in ("gp", "practice_staff", "service_manager", "clinical_supervisor"):
        client = signed_in(world.member(role))
        assert "had no answer in time" in client.get("/").content.decode(), role
        listed = client.get("/people/alerts/").content.decode()
        assert "Nobody has answered in time" in listed, role
    own = world.member("patient")
    patient.user = own.user
    patient.save()
    assert "Nobody has answered" not in signed_in(own).get("/people/alerts/").content.decode()


def test_an_alert_does_not_stand_on_top_of_every_page_of_the_persons_own(
    world: World, signed_in: Callable[[Membership], Client]
) -> None:
    worker = world.member("project_worker")
    patient = world.enrolled(worker)
    operations.raise_alert(by=actor_for(worker), patient=patient, kind="suicidality")
    own = world.member("patient")
    patient.user = own.user
    patient.save()
    address = f"/people/{patient.uuid}/notes/"
    for_worker = signed_in(worker).get(address).content.decode()
    assert "Danger to life" in for_worker
    summary = signed_in(own).get(f"/people/{patient.uuid}/").content.decode()
    assert "Danger to life" not in summary
    assert "Thoughts of suicide" in summary  # nothing is hidden from them
