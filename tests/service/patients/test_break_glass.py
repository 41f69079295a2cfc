"""A record opened outside one's relationship: how far it goes, and who looks at it afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from tests.service.conftest import World, actor_for

from unhurried.service.accounts.models import BreakGlass, Membership
from unhurried.service.audit.models import Entry
from unhurried.service.audit.refused import Refused
from unhurried.service.patients import break_glass
from unhurried.service.patients.access import visible_patients
from unhurried.service.patients.models import Patient, Restriction

SignIn = Callable[[Membership], Client]
REASON = "Covering for Sam, who is ill today"


def open_it(by: Membership, patient: Patient, reason: str = REASON) -> BreakGlass:
    return break_glass.open_for_an_hour(
        by=actor_for(by), patient=patient, reason=reason, purpose="cover"
    )


def sees(by: Membership, patient: Patient, thing: str = "identity", action: str = "r") -> bool:
    return visible_patients(actor_for(by), thing, action).filter(pk=patient.pk).exists()


def test_it_opens_for_reading_for_sixty_minutes(world: World) -> None:
    patient, other = world.enrolled(world.member("project_worker")), world.member("project_worker")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert not sees(other, patient)
        open_it(other, patient)
        assert sees(other, patient)
        assert not sees(other, patient, "identity", "u")
        assert not sees(other, patient, "restricted_note")
        clock.shift(timedelta(minutes=59, seconds=59))
        assert sees(other, patient)
        clock.shift(timedelta(seconds=1))
        assert not sees(other, patient)


def test_it_opens_one_record_for_one_role(world: World) -> None:
    worker, other = world.member("project_worker"), world.member("project_worker")
    patient, second = world.enrolled(worker), world.enrolled(worker)
    open_it(other, patient)
    assert not sees(other, second)
    assert not sees(world.member("project_worker"), patient)
    also = Membership.objects.create(
        user=other.user, organisation=world.other_provider, role="project_worker",
        starts=timezone.localdate(),
    )  # fmt: skip
    assert not sees(also, patient)


def test_it_ends_with_the_role(world: World) -> None:
    patient, other = world.enrolled(world.member("project_worker")), world.member("project_worker")
    open_it(other, patient)
    Membership.objects.filter(pk=other.pk).update(ends=timezone.localdate())
    assert not sees(other, patient)


def test_it_goes_no_further_than_the_organisations_that_take_part(world: World) -> None:
    patient = world.enrolled(world.member("project_worker"))
    outsiders = (
        world.member("project_worker", world.other_provider),
        world.member("gp", world.other_practice),
    )
    for outsider in outsiders:
        with pytest.raises(Refused, match="No record can be opened with this number here"):
            open_it(outsider, patient)
        with pytest.raises(Refused, match="No record can be opened with this number here"):
            break_glass.find(actor_for(outsider), patient.nhs_number)
    assert not BreakGlass.objects.exists()


@pytest.mark.parametrize("role", ["service_manager", "practice_staff", "system_administrator"])
def test_only_roles_of_the_matrix_can(world: World, role: str) -> None:
    patient = world.enrolled(world.member("project_worker"))
    with pytest.raises(Refused, match="Your role cannot"):
        open_it(world.member(role), patient)


@pytest.mark.parametrize("reason", ["", "x" * 14, " " * 40, "urgent\n\n\n\n\n\n\n\n\n"])
def test_a_reason_is_typed(world: World, reason: str) -> None:
    patient = world.enrolled(world.member("project_worker"))
    with pytest.raises(Refused, match="at least 15 characters"):
        open_it(world.member("project_worker"), patient, reason)


def test_it_stands_in_for_a_request_not_to_look(world: World) -> None:
    worker = world.member("project_worker")
    patient = world.enrolled(worker)
    Restriction.objects.create(patient=patient, user=worker.user, asked_at=timezone.now())
    assert not sees(worker, patient)
    open_it(worker, patient)
    assert sees(worker, patient)


def test_the_person_sees_that_and_why(world: World) -> None:
    patient, other = world.enrolled(world.member("project_worker")), world.member("project_worker")
    opened = open_it(other, patient)
    entry = Entry.objects.get(patient_id=patient.pk, action="patients.break_glass_opened")
    assert (entry.actor_id, entry.note) == (other.user_id, "cover")
    assert (entry.object_id, opened.reason) == (str(opened.pk), REASON)


def test_number_and_reason_first_then_what_fits_best(world: World, signed_in: SignIn) -> None:
    patient, other = world.enrolled(world.member("project_worker")), world.member("project_worker")
    client = signed_in(other)
    first = client.get("/break-glass/").content.decode()
    assert 'name="purpose"' not in first
    sent = {"nhs_number": patient.nhs_number, "reason": REASON}
    second = client.post("/break-glass/", sent).content.decode()
    assert 'name="purpose"' in second
    assert patient.family_name not in second
    assert not BreakGlass.objects.exists()
    once = "0b1c5f52-7f3c-4f7e-9c2e-2f5a3a0f7c11"
    for _ in range(2):
        opened = client.post("/break-glass/", {**sent, "purpose": "cover", "once": once})
        assert patient.family_name in opened.content.decode()
    assert BreakGlass.objects.count() == 1


@pytest.mark.parametrize("typed", ["", "9", "999 999 9999", "Siskin", "\x00", "9" * 400])
def test_a_number_nobody_here_has_says_the_same_as_any_other(
    world: World, signed_in: SignIn, typed: str
) -> None:
    world.patient(nhs_number="")
    client = signed_in(world.member("gp"))
    answer = client.post(
        "/break-glass/", {"nhs_number": typed, "reason": REASON, "purpose": "cover"}
    )
    assert answer.status_code in {200, 400, 422}
    assert not BreakGlass.objects.exists()


def test_every_miss_is_in_the_trail(world: World, signed_in: SignIn) -> None:
    elsewhere = world.patient(practice=world.other_practice)
    client = signed_in(world.member("gp"))
    client.post("/break-glass/", {"nhs_number": elsewhere.nhs_number, "reason": REASON})
    entry = Entry.objects.get(action="read.break_glass", outcome="refused")
    assert elsewhere.nhs_number not in entry.note


def test_the_privacy_officer_reviews_each_and_nobody_reviews_their_own(
    world: World, signed_in: SignIn
) -> None:
    patient, other = world.enrolled(world.member("project_worker")), world.member("project_worker")
    opening = open_it(other, patient)
    officer = world.member("privacy_officer")
    client = signed_in(officer)
    queue = client.get("/break-glass/review/").content.decode()
    assert f"Opening {opening.pk}" in queue
    assert patient.family_name not in queue
    assert patient.nhs_number not in queue
    own = Membership.objects.create(
        user=other.user, organisation=world.provider, role="privacy_officer",
        starts=timezone.localdate(),
    )  # fmt: skip
    assert signed_in(own).get(f"/break-glass/review/{opening.pk}/").status_code == 404
    with pytest.raises(Refused, match="who did not open"):
        break_glass.review(by=actor_for(own), opening=opening.pk, found="All fine")
    administrator = actor_for(world.member("system_administrator"))
    with pytest.raises(Refused, match="A privacy officer"):
        break_glass.review(by=administrator, opening=opening.pk, found="All fine")
    elsewhere = world.member("privacy_officer", world.other_provider)
    with pytest.raises(Refused, match="not in your organisation"):
        break_glass.review(by=actor_for(elsewhere), opening=opening.pk, found="All fine")
    client.post(f"/break-glass/review/{opening.pk}/", {"review": "Right: cover was agreed."})
    opening.refresh_from_db()
    assert opening.reviewed_by == officer.user
    with pytest.raises(Refused, match="reviewed already"):
        break_glass.review(by=actor_for(officer), opening=opening.pk, found="Again")


def test_the_typed_reason_is_kept_with_the_opening_and_never_in_the_trail(world: World) -> None:
    patient, other = world.enrolled(world.member("project_worker")), world.member("project_worker")
    opened = open_it(other, patient, "Her sister Ivy rang, she seems very low")
    assert opened.reason.startswith("Her sister")
    assert Entry.objects.get(action="patients.break_glass_opened").note == "cover"
    assert not Entry.objects.filter(note__icontains="sister").exists()
