"""Who withdrew, whose two years come round, who has no worker or no agreement (CON-4, H23)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.service.conftest import World, actor_for

from unhurried.service.accounts.models import Agreement, Membership
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.models import Entry
from unhurried.service.outbox.models import Message
from unhurried.service.patients import operations, queries, rules
from unhurried.service.patients.models import Episode, Patient, Restriction

SignedIn = Callable[[Membership], Client]


def withdrew(by: Actor, patient: Patient) -> None:
    operations.record_consent(by=by, patient=patient, kind="service", given=True, how="spoken")
    operations.withdraw_consent(by=by, patient=patient, kind="service")


def counted(member: Membership) -> tuple[int, int, int, int]:
    found = queries.counts_of_needs(actor_for(member))
    return found.withdrew, found.two_years, found.no_worker, found.no_agreement


@pytest.mark.parametrize("answer", ["pause", "end", "yes again"])
def test_who_withdrew_is_the_workers_task_until_it_is_answered(
    world: World, signed_in: SignedIn, answer: str
) -> None:
    worker, colleague = world.member("project_worker"), world.member("project_worker")
    patient, by = world.enrolled(worker, address="1 Finch Lane"), actor_for(worker)
    assert counted(worker)[0] == 0
    withdrew(by, patient)
    assert [counted(worker)[0], counted(colleague)[0]] == [1, 0]
    assert rules.why_not_contact(patient, "letter", timezone.now())
    client = signed_in(worker)
    assert "withdrew from taking part: what next?" in client.get("/").content.decode()
    listed = client.get("/people/needs/?view=withdrew").content.decode()
    assert patient.family_name in listed
    page = client.get(f"/people/{patient.uuid}/").content.decode()
    assert "They withdrew from taking part on" in page
    assert not Message.objects.exists()
    episode = Episode.objects.get()
    if answer == "pause":
        operations.pause(by=by, episode=episode, reason="Wants a rest")
    elif answer == "end":
        operations.end_episode(by=by, episode=episode, reason="Asked to")
    else:
        operations.record_consent(by=by, patient=patient, kind="service", given=True, how="spoken")
    assert counted(worker)[0] == 0
    assert "They withdrew" not in client.get(f"/people/{patient.uuid}/").content.decode()


def test_a_no_when_asked_again_is_one_too_and_a_pause_before_it_is_no_answer(world: World) -> None:
    worker = world.member("project_worker")
    patient, by = world.enrolled(worker), actor_for(worker)
    operations.pause(by=by, episode=Episode.objects.get(), reason="Summer")
    assert counted(worker)[0] == 0
    operations.record_consent(by=by, patient=patient, kind="service", given=False, how="spoken")
    assert counted(worker)[0] == 1


def test_two_years_are_said_to_the_worker_in_neutral_words(
    world: World, signed_in: SignedIn
) -> None:
    worker = world.member("project_worker")
    patient = world.enrolled(worker)
    Episode.objects.update(enrolled_at=timezone.now() - timedelta(days=700))
    assert counted(worker) == (0, 1, 0, 0)
    client = signed_in(worker)
    for where in ("/", "/people/needs/?view=two_years", f"/people/{patient.uuid}/"):
        page = client.get(where).content.decode().casefold()
        assert "two years" in page, where
        for word in ("overdue", "exceeded", "too long", "must end"):
            assert word not in page
    own = world.member("patient")
    patient.user = own.user
    patient.save()
    assert "Two years" not in signed_in(own).get(f"/people/{patient.uuid}/").content.decode()


def test_the_manager_meets_who_has_no_worker_and_no_agreement(
    world: World, signed_in: SignedIn
) -> None:
    worker, manager = world.member("project_worker"), world.member("service_manager")
    alone, moved = world.enrolled(worker), world.enrolled(world.member("project_worker"))
    hidden = world.enrolled(worker)
    Restriction.objects.create(patient=hidden, user=manager.user, asked_at=timezone.now())
    assert counted(manager) == (0, 0, 0, 0)
    worker.ends = timezone.localdate()
    worker.save()
    Agreement.objects.filter(practice=world.other_practice).update(ends=timezone.localdate())
    moved.practice = world.other_practice
    moved.save()
    assert counted(manager) == (0, 0, 2, 1)
    client = signed_in(manager)
    assert "people have no project worker now" in client.get("/").content.decode()
    page = client.get("/people/needs/").content.decode()
    assert alone.family_name in page
    assert hidden.family_name not in page
    assert "1 more person whose record is not open to you" in page
    assert moved.family_name in client.get("/people/needs/?view=no_agreement").content.decode()
    assert Entry.objects.filter(action="read.episode", patient_id=alone.pk).exists()
    assert not Entry.objects.filter(action="read.episode", patient_id=hidden.pk).exists()


def test_another_provider_and_other_roles_meet_nobody(world: World, signed_in: SignedIn) -> None:
    worker = world.member("project_worker")
    world.enrolled(worker)
    worker.ends = timezone.localdate()
    worker.save()
    assert counted(world.member("service_manager", world.other_provider)) == (0, 0, 0, 0)
    assert signed_in(world.member("gp")).get("/people/needs/").status_code in {403, 404}
