"""Caseloads: people as they weigh, how the sum comes about, above the number with a reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.service.conftest import World, actor_for

from unhurried.service.accounts.models import Membership
from unhurried.service.audit.refused import Refused
from unhurried.service.joining import queries as joining
from unhurried.service.patients.models import Consent, Episode
from unhurried.service.patients.operations import (
    change_project_worker,
    enrol_episode,
    raise_alert,
    record_consent,
)
from unhurried.service.team.handover_tables import weights
from unhurried.service.team.queries import caseloads as queries

SignIn = Callable[[Membership], Client]


def _long_ago(patient_episode: Episode) -> None:
    patient_episode.enrolled_at = timezone.now() - timedelta(days=200)
    patient_episode.save()


def test_people_weigh_as_the_table_says(world: World) -> None:
    worker = world.member("project_worker", capacity=2)
    settled = world.enrolled(worker)
    _long_ago(settled.episodes.get())
    paused = world.enrolled(worker).episodes.get()
    _long_ago(paused)
    Episode.objects.filter(pk=paused.pk).update(state="paused")
    newcomer = world.enrolled(worker)
    raise_alert(by=actor_for(worker), patient=newcomer, kind="driving")
    (row,) = queries.caseloads(actor_for(worker))
    parts = {each.weight.code: each.people for each in row.parts}
    assert parts == {"joined": 3, "paused": 1, "new": 1, "weekly": 0, "alert": 1}
    assert row.total == "3.5"  # 3 - 0.5 + 0.5 + 0.5
    assert row.load.people_words == "3 of 2"
    assert row.over
    assert not row.heavy


def test_there_is_room_here_when_there_is_room_in_the_list_of_workers(
    world: World, signed_in: SignIn
) -> None:
    """What is agreed is a number of people; what they weigh is said beside it."""
    worker, manager = world.member("project_worker", capacity=3), world.member("service_manager")
    for _ in range(3):
        raise_alert(by=actor_for(worker), patient=world.enrolled(worker), kind="driving")
        (row,) = queries.caseloads(actor_for(worker))
        (room,) = joining.everybody(world.provider)
        assert room.room == 3 - row.load.people
        assert row.over == (room.room < 0)
    assert row.total == "6"
    assert row.heavy
    said = signed_in(manager).get(reverse("team:caseloads")).content.decode()
    assert "Above what was agreed" not in said
    assert "more than the 3 agreed" in said
    world.enrolled(worker)
    (row,) = queries.caseloads(actor_for(worker))
    assert row.over


def test_every_weight_says_where_it_comes_from_and_that_nobody_signed_it_off() -> None:
    for each in weights().values():
        assert each.source
        assert each.sign_off == "not yet signed off by a site"


def test_a_worker_sees_their_own_only_and_a_manager_everybodys_without_names(
    world: World, signed_in: SignIn
) -> None:
    worker, colleague = world.member("project_worker"), world.member("project_worker")
    person = world.enrolled(worker)
    manager = world.member("service_manager")
    assert [each.worker for each in queries.caseloads(actor_for(worker))] == [worker]
    body = signed_in(manager).get(reverse("team:caseloads")).content.decode()
    assert worker.user.full_name in body
    assert colleague.user.full_name in body
    assert person.family_name not in body
    supervisor = world.member("clinical_supervisor")
    assert len(queries.caseloads(actor_for(supervisor))) == 2
    assert queries.caseloads(actor_for(world.member("gp"))) == []


def test_as_many_queries_for_one_worker_as_for_many(world: World) -> None:
    manager = actor_for(world.member("service_manager"))
    world.enrolled(world.member("project_worker"))
    with CaptureQueriesContext(
        connection,
    ) as few:
        queries.caseloads(manager)
    for _ in range(4):
        worker = world.member("project_worker")
        world.enrolled(worker)
        world.enrolled(worker)
    with CaptureQueriesContext(connection) as many:
        queries.caseloads(manager)
    assert len(many) == len(few)


def test_joining_above_the_agreed_number_needs_a_reason_the_manager_reads(world: World) -> None:
    worker = world.member("project_worker", capacity=1)
    world.enrolled(worker)
    person, by = world.patient(), actor_for(worker)
    episode = Episode.objects.create(
        patient=person, practice=person.practice, provider=world.provider,
        opened_at=timezone.now(),
    )  # fmt: skip
    record_consent(by=by, patient=person, kind=Consent.Kind.SERVICE, given=True, how="spoken")
    with pytest.raises(Refused, match="no room"):
        enrol_episode(by=by, episode=episode, project_worker=worker)
    enrol_episode(by=by, episode=episode, project_worker=worker, over_reason="They asked for Sam")
    (row,) = queries.above_agreed(actor_for(world.member("service_manager")))
    assert (row.worker, row.reason) == (worker.user.full_name, "They asked for Sam")
    assert queries.above_agreed(by) == []
    other = world.member("project_worker", capacity=5)
    change_project_worker(by=by, episode=episode, to=other, reason="Nearer to home")
    assert queries.above_agreed(actor_for(world.member("service_manager"))) == []
