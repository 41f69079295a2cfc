"""Whose record opens for whom, and when it closes again (reliability 1.3, 1.8; CON-6)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from tests.service.conftest import World, actor_for

from unhurried.service.accounts.models import Agreement, BreakGlass, Membership
from unhurried.service.accounts.policy import Grant
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.refused import Refused
from unhurried.service.patients import access, operations, queries
from unhurried.service.patients.models import Episode, Patient


def sees(actor: Actor, patient: Patient, thing: str = "note", action: str = "r") -> bool:
    return access.visible_patients(actor, thing, action).filter(pk=patient.pk).exists()


def break_glass(member: Membership, patient: Patient, hours: float = 1) -> None:
    now = timezone.now()
    BreakGlass.objects.create(
        user=member.user, membership=member, patient_id=patient.pk, reason="cover", purpose="care",
        opened_at=now - timedelta(minutes=5), until=now + timedelta(hours=hours),
    )  # fmt: skip


def test_a_role_that_ended_yesterday_opens_nothing(world: World) -> None:
    worker = world.member("project_worker")
    patient = world.enrolled(worker)
    gp = world.member("gp")
    for member in (worker, gp):
        actor = actor_for(member)
        assert sees(actor, patient)
        member.ends = timezone.localdate()
        member.save()
        assert not sees(actor, patient)


def test_an_agreement_that_ended_closes_every_record_of_the_provider(world: World) -> None:
    worker = world.member("project_worker")
    patient, ended = world.enrolled(worker), world.enrolled(worker)
    Episode.objects.filter(patient=ended).update(state="ended", ended_at=timezone.now())
    manager = actor_for(world.member("service_manager"))
    assert sees(actor_for(worker), patient)
    assert sees(actor_for(worker), ended)
    assert sees(manager, patient, "identity")
    Agreement.objects.filter(practice=world.practice).update(ends=timezone.localdate())
    assert not sees(actor_for(worker), patient)
    assert not sees(actor_for(worker), ended)
    assert not sees(manager, patient, "identity")


def test_an_ended_episode_is_read_for_thirty_days_and_not_written(world: World) -> None:
    worker = world.member("project_worker")
    patient = world.enrolled(worker)
    episode = Episode.objects.get(patient=patient)
    operations.end_episode(by=actor_for(worker), episode=episode, reason="moved on")
    assert sees(actor_for(worker), patient)
    assert not sees(actor_for(worker), patient, "note", "c")
    Episode.objects.update(ended_at=timezone.now() - timedelta(days=31))
    assert not sees(actor_for(worker), patient)


def test_cover_opens_and_closes_with_its_days(world: World) -> None:
    worker, second = world.member("project_worker"), world.member("project_worker")
    patient = world.enrolled(worker)
    today = timezone.localdate()
    cover = operations.arrange_cover(
        by=actor_for(worker), worker=worker, covering=second,
        starts=today, ends=today + timedelta(days=7),
    )  # fmt: skip
    assert sees(actor_for(second), patient)
    assert sees(actor_for(second), patient, "note", "c")
    assert sees(actor_for(worker), patient)
    operations.end_cover(by=actor_for(worker), cover=cover)
    assert not sees(actor_for(second), patient)


def test_the_person_can_keep_a_member_of_staff_out(world: World) -> None:
    worker = world.member("project_worker")
    patient = world.enrolled(worker)
    gp, other_gp = world.member("gp"), world.member("gp")
    asked = operations.restrict(by=actor_for(worker), patient=patient, user=gp.user)
    assert not sees(actor_for(gp), patient)
    assert sees(actor_for(other_gp), patient)
    operations.lift_restriction(by=actor_for(worker), restriction=asked)
    assert sees(actor_for(gp), patient)
    with pytest.raises(Refused, match="project worker"):
        operations.restrict(by=actor_for(gp), patient=patient, user=worker.user)


def test_break_glass_reads_within_ones_organisation_and_never_restricted_notes(
    world: World,
) -> None:
    worker, second = world.member("project_worker"), world.member("project_worker")
    elsewhere = world.member("project_worker", world.other_provider)
    far_gp = world.member("gp", world.other_practice)
    patient = world.enrolled(worker)
    for member in (second, elsewhere, far_gp):
        assert not sees(actor_for(member), patient)
        break_glass(member, patient)
    assert sees(actor_for(second), patient)
    assert not sees(actor_for(second), patient, "note", "c")
    assert not sees(actor_for(second), patient, "restricted_note")
    assert not sees(actor_for(elsewhere), patient)
    assert not sees(actor_for(far_gp), patient)
    BreakGlass.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert not sees(actor_for(second), patient)


def test_after_a_move_the_old_practice_sees_nothing_and_the_alert_goes_along(
    world: World,
) -> None:
    worker = world.member("project_worker")
    patient = world.enrolled(worker)
    gp = world.member("gp")
    alert = operations.raise_alert(by=actor_for(gp), patient=patient, kind="overdose")
    operations.acknowledge_alert(by=actor_for(gp), alert=alert, action_taken="called")
    operations.move_practice(
        by=actor_for(world.member("practice_staff")), patient=patient, to=world.other_practice
    )
    patient.refresh_from_db()
    new_gp = actor_for(world.member("gp", world.other_practice))
    assert not sees(actor_for(gp), patient, "identity")
    assert sees(new_gp, patient, "identity")
    assert sees(actor_for(worker), patient)
    assert not queries.waiting_alerts(actor_for(gp))
    [waits] = queries.waiting_alerts(new_gp)
    assert (waits.owner, waits.acknowledged) == (world.other_practice.name, False)


def test_a_carer_sees_what_is_shared_until_its_end(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = world.member("project_worker")
    patient = world.enrolled(worker)
    member = world.member("carer")
    by = actor_for(worker)
    carer = operations.add_carer(
        by=by, patient=patient, name="Robin Marsh", relationship="partner", user=member.user
    )
    cells = {
        ("carer", thing): Grant(thing, "carer", frozenset("r"), "relationship")
        for thing in ("note", "medicines")
    }
    monkeypatch.setattr(access, "grant_for", lambda role, thing, _action: cells.get((role, thing)))
    party = f"carer:{carer.pk}:note"
    tomorrow = timezone.localdate() + timedelta(days=1)

    def share(**more: object) -> None:
        operations.record_consent(
            by=by, patient=patient, kind="sharing", how="signed", party=party,
            **{"given": True, "ends": tomorrow, **more},  # type: ignore[arg-type]
        )  # fmt: skip

    actor = actor_for(member)
    assert not sees(actor, patient)
    with pytest.raises(Refused, match="end"):
        share(ends=None)
    share()
    assert sees(actor, patient)
    assert not sees(actor, patient, "medicines")
    operations.withdraw_consent(by=by, patient=patient, kind="sharing", party=party)
    assert not sees(actor, patient)
    share()
    share(given=False, ends=None)
    assert not sees(actor, patient)
    share()
    from unhurried.service.audit import clock

    with clock.at(timezone.now() + timedelta(days=1)):
        assert not sees(actor, patient)
    assert sees(actor, patient)
    operations.end_carer(by=by, carer=carer)
    assert not sees(actor, patient)


def test_a_patient_sees_their_own_record_only(world: World) -> None:
    member = world.member("patient", world.provider)
    patient, other = world.patient(user=member.user), world.patient()
    assert sees(actor_for(member), patient, "identity")
    assert not sees(actor_for(member), other, "identity")


@pytest.mark.parametrize("role", ["commissioner", "evaluator", "system_administrator"])
def test_some_roles_open_no_record_ever(world: World, role: str) -> None:
    worker = world.member("project_worker")
    patient = world.enrolled(worker)
    actor = actor_for(world.member(role))
    for thing in ("identity", "note", "safety_alert", "medicines", "consent_research_contact"):
        assert not sees(actor, patient, thing)
    assert not access.things_open_to(actor, patient)


def test_what_is_open_is_the_same_asked_once_or_thing_by_thing(world: World) -> None:
    worker = world.member("project_worker")
    patient = world.enrolled(worker)
    second = world.member("project_worker")
    break_glass(second, patient)
    members = [worker, second, *(world.member(each) for each in ("gp", "practice_staff"))]
    from unhurried.service.accounts.policy import objects

    for member in members:
        actor = actor_for(member)
        for action in "rcus":
            one_by_one = {each for each in objects() if sees(actor, patient, each, action)}
            assert access.things_open_to(actor, patient, action) == one_by_one


def test_before_it_starts_nothing_opens(world: World) -> None:
    gp = world.member("gp")
    patient = world.patient()
    gp.starts = timezone.localdate() + timedelta(days=1)
    gp.save()
    assert not sees(actor_for(gp), patient, "identity")
    assert patient.date_of_birth == date(1960, 5, 17)
