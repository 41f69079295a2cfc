"""The person asks that a member of staff does not see their record (reliability 1.8)."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.service.conftest import World, actor_for

from unhurried.service.accounts.models import BreakGlass, Membership
from unhurried.service.audit.models import Entry
from unhurried.service.audit.refused import Refused
from unhurried.service.patients import operations, queries
from unhurried.service.patients.models import Patient, Restriction

SignedIn = Callable[[Membership], Client]


@pytest.fixture
def patient(world: World, worker: Membership, person: Membership) -> Patient:
    return world.enrolled(worker, user=person.user)


def page_of(patient: Patient) -> str:
    return reverse("patients:may_not_see", args=[patient.uuid])


def send(client: Client, where: str, **fields: Any) -> Any:
    return client.post(where, {"once": str(uuid.uuid4()), **fields})


def test_the_person_shuts_somebody_out_and_lets_them_in_again(
    world: World, signed_in: SignedIn, patient: Patient, person: Membership
) -> None:
    gp = world.member("gp")
    record = reverse("patients:person", args=[patient.uuid])
    theirs, own = signed_in(gp), signed_in(person)
    assert theirs.get(record).status_code == 200
    assert send(own, page_of(patient), who=gp.user_id).status_code == 302
    answer = theirs.get(record)
    assert answer.status_code == 404
    assert patient.family_name not in answer.content.decode()
    found = Restriction.objects.get()
    assert send(
        own, reverse("patients:may_see_again", args=[patient.uuid, found.pk])
    ).status_code == 302  # fmt: skip
    assert theirs.get(record).status_code == 200
    done = Entry.objects.filter(action__startswith="patients.reader").values_list("action", "note")
    assert list(done) == [("patients.reader_restricted", ""), ("patients.reader_allowed", "")]
    words = own.get(reverse("audit:who_looked")).content.decode()
    assert "Noted that you do not want somebody to see your own record" in words


def test_who_can_be_chosen_works_where_the_person_is_looked_after(
    world: World, patient: Patient, worker: Membership, person: Membership
) -> None:
    gp, staff = world.member("gp"), world.member("practice_staff")
    manager = world.member("service_manager")
    ended = world.member("gp", ended=True)
    far = world.member("gp", world.other_practice)
    offered = {each.user_id: each for each in queries.staff_around(patient)}
    assert set(offered) == {each.user_id for each in (gp, staff, manager, worker)}
    assert offered[worker.user_id].named_worker
    for stranger in (ended, far):
        with pytest.raises(Refused, match="works where the person"):
            operations.restrict(by=actor_for(worker), patient=patient, user=stranger.user)
    with pytest.raises(Refused, match="always see their own"):
        operations.restrict(by=actor_for(worker), patient=patient, user=person.user)


def test_the_project_worker_is_shut_out_only_when_it_is_said_that_another_is_needed(
    world: World, signed_in: SignedIn, patient: Patient, worker: Membership, person: Membership
) -> None:
    own = signed_in(person)
    answer = send(own, page_of(patient), who=worker.user_id)
    assert answer.status_code == 200
    assert "another project worker is then needed" in answer.content.decode()
    assert not Restriction.objects.exists()
    answer = send(own, page_of(patient), who=worker.user_id, another_worker="on")
    assert answer.status_code == 302
    theirs = signed_in(worker)
    assert theirs.get(reverse("patients:person", args=[patient.uuid])).status_code == 404
    assert "service manager has been shown" in own.get(page_of(patient)).content.decode()
    assert list(queries.active_without_worker(world.provider.pk)) == [patient.episodes.get()]


def test_a_worker_who_notes_it_of_themself_is_led_away(
    signed_in: SignedIn, patient: Patient, worker: Membership
) -> None:
    fields = {"who": worker.user_id, "another_worker": "on"}
    answer = send(signed_in(worker), page_of(patient), **fields)
    assert answer["Location"] == reverse("patients:people")


def test_sent_twice_it_is_one_row_and_asked_again_it_stays_one(
    world: World, patient: Patient, worker: Membership
) -> None:
    gp, key = world.member("gp"), str(uuid.uuid4())
    given: dict[str, Any] = {"by": actor_for(worker), "patient": patient, "user": gp.user}
    first = operations.restrict(**given, key=key)
    assert operations.restrict(**given, key=key) == first
    assert operations.restrict(**given) == first
    assert Restriction.objects.count() == 1


def test_in_an_emergency_the_record_opens_with_a_reason_for_reading_only(
    world: World, signed_in: SignedIn, patient: Patient, person: Membership
) -> None:
    gp = world.member("gp")
    Restriction.objects.create(patient=patient, user=gp.user, asked_at=timezone.now())
    record = reverse("patients:person", args=[patient.uuid])
    assert signed_in(gp).get(record).status_code == 404
    BreakGlass.objects.create(
        user=gp.user, membership=gp, patient_id=patient.pk, purpose="urgent_care",
        reason="Found collapsed at home", opened_at=timezone.now(),
        until=timezone.now() + timedelta(hours=1),
    )  # fmt: skip
    assert signed_in(gp).get(record).status_code == 200
    text = signed_in(person).get(page_of(patient)).content.decode()
    assert "a privacy officer reviews it" in text


@pytest.mark.parametrize("role", ["gp", "practice_staff", "service_manager", "carer"])
def test_nobody_else_sees_whom_the_person_shut_out(
    world: World, signed_in: SignedIn, patient: Patient, role: str
) -> None:
    assert signed_in(world.member(role)).get(page_of(patient)).status_code == 404


def test_another_persons_page_is_not_there(
    world: World, signed_in: SignedIn, patient: Patient
) -> None:
    stranger = world.member("patient")
    world.patient(user=stranger.user)
    assert signed_in(stranger).get(page_of(patient)).status_code == 404
