"""The manager's page of everything that waits: every clock, oldest first, no content."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.service.conftest import World, actor_for

from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.audit.models import Entry
from unhurried.service.joining.models import Referral
from unhurried.service.patients.models import SafetyAlert
from unhurried.service.patients.operations import raise_alert
from unhurried.service.shared_care.operations.messages import open_thread
from unhurried.service.shared_care.operations.tasks import ask
from unhurried.service.team.operations.ledger import log_time
from unhurried.web.waits.gathering import by_kind, days_late, everything

SignedIn = Callable[[Membership], Client]


@pytest.fixture
def manager(world: World) -> Membership:
    """The manager of the provider."""
    return world.member("service_manager")


def _referred(world: World, on: datetime, ring_by: datetime) -> Referral:
    return Referral.objects.create(
        patient=world.patient(), practice=world.practice, provider=world.provider,
        referred_by=world.member("gp"), state="sent", agrees=True, sent_at=on, made_at=on,
        ring_by=timezone.localdate(ring_by),
    )  # fmt: skip


def _alert(world: World, *, late: timedelta, passed_on: timedelta) -> SafetyAlert:
    """An alert that is late, and passed on, so long from now."""
    worker = world.member("project_worker")
    alert = raise_alert(by=actor_for(worker), patient=world.enrolled(worker), kind="suicidality")
    now = timezone.now()
    alert.raised_at = now - timedelta(days=3)
    alert.late_from, alert.passed_on_from = now + late, now + passed_on
    alert.save()
    return alert


def test_what_is_late_the_longest_comes_first(world: World, manager: Membership) -> None:
    now = timezone.now()
    first = _referred(world, now, now + timedelta(days=5))
    second = _referred(world, now, now - timedelta(days=1))
    _alert(world, late=-timedelta(days=2), passed_on=-timedelta(hours=1))
    found = everything(actor_for(manager))
    assert [each.stage for each in found] == ["passed_on", "late", ""]
    assert [each.kind for each in found] == ["alert", "referral", "referral"]
    assert [each.person for each in found[1:]] == [str(second.patient), str(first.patient)]
    counted = {each.kind: (each.in_time, each.late, each.passed_on) for each in by_kind(found)}
    assert counted == {"alert": (0, 0, 1), "referral": (1, 1, 0)}


def test_an_alert_is_shown_by_its_age_and_never_by_what_it_is_of(
    world: World, manager: Membership, signed_in: SignedIn
) -> None:
    patient = _alert(world, late=timedelta(days=1), passed_on=timedelta(days=2)).patient
    page = signed_in(manager).get("/waits/").content.decode()
    assert "A safety alert" in page
    assert "Not shown to you" in page
    assert str(patient) not in page
    assert "suicid" not in page.casefold()


def test_the_managers_morning_says_how_much_is_late(
    world: World, manager: Membership, signed_in: SignedIn
) -> None:
    client = signed_in(manager)
    assert "longer than agreed" not in client.get("/").content.decode()
    _referred(world, timezone.now(), timezone.now() - timedelta(days=1))
    assert "thing in the service waits longer than agreed" in client.get("/").content.decode()


def test_what_was_answered_no_longer_waits(world: World, manager: Membership) -> None:
    _alert(world, late=timedelta(days=1), passed_on=timedelta(days=2))
    row = _referred(world, timezone.now(), timezone.now())
    assert len(everything(actor_for(manager))) == 2
    SafetyAlert.objects.update(acknowledged_at=timezone.now(), acknowledged_by=world.member("gp"))
    row.rang_at = timezone.now()
    row.save()
    assert everything(actor_for(manager)) == []


def test_somebody_nobody_works_with_waits_from_the_day_the_role_ended(
    world: World, manager: Membership
) -> None:
    worker = world.member("project_worker")
    patient = world.enrolled(worker)
    worker.ends = timezone.localdate() - timedelta(days=2)
    worker.save()
    found = everything(actor_for(manager))
    assert [(each.person, each.stage, each.next_step) for each in found] == [
        (str(patient), "late", "Choose another project worker")
    ]
    assert timezone.localdate(found[0].since) == worker.ends


def test_whom_to_ring_has_a_telephone_where_one_is_known(
    world: World, manager: Membership, signed_in: SignedIn
) -> None:
    world.practice.phone, world.provider.phone = "01632 960 100", "01632 960 001"
    world.practice.save()
    world.provider.save()
    worker, gp = world.member("project_worker"), world.member("gp")
    patient = world.enrolled(worker)
    for by, to in ((worker, "practice"), (gp, "provider")):
        ask(
            by=actor_for(by), patient=patient, to=to, kind="ring", sentence="Please ring",
            person_knows="agrees",
        )  # fmt: skip
    found = {each.owner: each.phone for each in everything(actor_for(manager))}
    assert found == {world.practice.name: "01632 960 100", world.provider.name: ""}
    assert 'href="tel:01632960100"' in signed_in(manager).get("/waits/").content.decode()


def test_another_services_manager_sees_none_of_it(world: World, signed_in: SignedIn) -> None:
    row = _referred(world, timezone.now(), timezone.now())
    stranger = world.member("service_manager", world.other_provider)
    page = signed_in(stranger).get("/waits/").content.decode()
    assert "Nothing waits for anybody" in page
    assert str(row.patient) not in page
    assert signed_in(world.member("gp")).get("/waits/").status_code == 404


def test_the_list_narrows_to_a_kind_and_a_stage_and_bears_odd_words(
    world: World, manager: Membership, signed_in: SignedIn
) -> None:
    late = _referred(world, timezone.now(), timezone.now() - timedelta(days=2))
    due = _referred(world, timezone.now(), timezone.now() + timedelta(days=20))
    client = signed_in(manager)
    page = client.get("/waits/?stage=late&kind=referral").content.decode()
    assert str(late.patient) in page
    assert str(due.patient) not in page
    assert str(due.patient) in client.get("/waits/?stage=").content.decode()
    assert "Nothing of this kind" in client.get("/waits/?kind=nonsense").content.decode()
    assert client.get("/waits/?stage=nonsense&page=-1").status_code == 200


def test_the_look_is_kept_and_the_questions_do_not_grow(
    world: World, manager: Membership, signed_in: SignedIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    for _ in range(3):
        _referred(world, timezone.now(), timezone.now())
    client = signed_in(manager)
    with django_assert_max_num_queries(200) as few:
        client.get("/waits/")
    assert Entry.objects.filter(action="read.waits").count() == 3
    for _ in range(9):
        _referred(world, timezone.now(), timezone.now())
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get("/waits/")


def test_a_look_at_the_name_beside_a_task_is_kept_with_the_person(
    world: World, manager: Membership, signed_in: SignedIn
) -> None:
    worker = world.member("project_worker")
    patient = world.enrolled(worker)
    by = actor_for(worker)
    ask(by=by, patient=patient, to="practice", kind="ring", sentence="Ring", person_knows="agrees")
    open_thread(by=by, patient=patient, subject="Sleep", text="Sleeps better.")
    assert str(patient) in signed_in(manager).get("/waits/").content.decode()
    looks = Entry.objects.filter(action="read.waits", patient_id=patient.pk)
    assert looks.exists()
    assert {each.patient_id for each in everything(actor_for(manager))} == {patient.pk}


def test_days_late_are_days_of_the_calendar(world: World, manager: Membership) -> None:
    row = _referred(world, timezone.now(), timezone.now() - timedelta(days=2))
    found = everything(actor_for(manager))[0]
    assert found.late_from is not None
    for days, hour in ((0, 23), (1, 1), (2, 1)):
        moment = timezone.localtime(found.late_from).replace(hour=hour) + timedelta(days=days)
        with clock.at(moment):
            assert days_late(found) == days, row


def test_figures_say_what_there_is_and_what_there_is_not(
    world: World, manager: Membership, signed_in: SignedIn
) -> None:
    client = signed_in(manager)
    empty = client.get("/waits/figures/").content.decode()
    assert "Nobody has asked a specialist in this time." in empty
    assert "No time is written down yet." in empty
    log_time(by=actor_for(world.member("gp")), activity="person", minutes=75)
    page = " ".join(client.get("/waits/figures/?since=nonsense").content.decode().split())
    assert "Discussing a person" in page
    assert "1 hour 15 minutes in all. The cost is not known: no rate for GP." in page
    stranger = world.member("service_manager", world.other_provider)
    assert (
        "No time is written down yet."
        in signed_in(stranger).get("/waits/figures/?since=year").content.decode()
    )
