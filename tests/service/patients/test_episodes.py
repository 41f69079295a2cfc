"""Time with the service: its states, its worker, cover and handover (FUN-4; H23)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from tests.service.conftest import World, actor_for

from unhurried.service.accounts.models import Agreement, Membership
from unhurried.service.audit.models import Entry
from unhurried.service.audit.refused import Refused
from unhurried.service.patients import operations, queries, rules
from unhurried.service.patients.models import Consent, Episode, Patient

State = Episode.State


def agree(patient: Patient, worker: Membership) -> None:
    operations.record_consent(
        by=actor_for(worker), patient=patient, kind="service", given=True, how="signed"
    )


def referred(world: World, worker: Membership) -> Episode:
    return operations.open_episode(
        by=actor_for(worker), patient=world.patient(), provider=world.provider
    )


def enrolled(world: World, worker: Membership) -> Episode:
    episode = referred(world, worker)
    agree(episode.patient, worker)
    return operations.enrol_episode(by=actor_for(worker), episode=episode, project_worker=worker)


def test_from_referral_to_ending_and_back_again(world: World) -> None:
    worker = world.member("project_worker")
    by = actor_for(worker)
    episode = enrolled(world, worker)
    assert operations.pause(by=by, episode=episode, reason="in hospital").state == State.PAUSED
    assert operations.resume(by=by, episode=episode).state == State.ENROLLED
    ended = operations.end_episode(by=by, episode=episode, reason="doing what they wanted")
    assert (ended.state, ended.version) == (State.ENDED, 5)
    again = operations.open_episode(by=by, patient=episode.patient, provider=world.provider)
    assert again.pk != episode.pk
    actions = Entry.objects.filter(patient_id=episode.patient_id).values_list("action", flat=True)
    for action in ("opened", "enrolled", "paused", "resumed", "ended"):
        assert f"patients.episode_{action}" in actions


@pytest.mark.parametrize("state", [State.REFERRED, State.ENROLLED, State.PAUSED])
def test_any_state_may_end(world: World, state: str) -> None:
    worker = world.member("project_worker")
    episode = referred(world, worker) if state == State.REFERRED else enrolled(world, worker)
    if state == State.PAUSED:
        operations.pause(by=actor_for(worker), episode=episode, reason="away")
    done = operations.end_episode(by=actor_for(worker), episode=episode, reason="moved away")
    assert done.state == State.ENDED
    with pytest.raises(Refused, match="already ended"):
        operations.end_episode(by=actor_for(worker), episode=episode, reason="again")


def test_what_is_out_of_order_is_refused(world: World) -> None:
    worker = world.member("project_worker")
    by = actor_for(worker)
    episode = referred(world, worker)
    with pytest.raises(Refused, match="consent"):
        operations.enrol_episode(by=by, episode=episode, project_worker=worker)
    with pytest.raises(Refused, match="Only someone enrolled"):
        operations.pause(by=by, episode=episode, reason="away")
    with pytest.raises(Refused, match="no pause"):
        operations.resume(by=by, episode=episode)
    with pytest.raises(Refused, match="already with the service"):
        operations.open_episode(by=by, patient=episode.patient, provider=world.provider)
    with pytest.raises(Refused, match="does not run the service"):
        operations.open_episode(by=by, patient=world.patient(), provider=world.other_provider)
    enrolled_one = enrolled(world, worker)
    with pytest.raises(Refused, match="not new"):
        operations.enrol_episode(by=by, episode=enrolled_one, project_worker=worker)
    with pytest.raises(Refused, match="reason"):
        operations.end_episode(by=by, episode=enrolled_one, reason="  ")


def test_the_worker_must_be_the_providers_and_have_room(world: World) -> None:
    worker = world.member("project_worker", capacity=1)
    enrolled(world, worker)
    second = referred(world, worker)
    agree(second.patient, worker)
    by = actor_for(worker)
    wrong = [
        (worker, "no room"),
        (world.member("project_worker", world.other_provider), "works for this provider"),
        (world.member("project_worker", ended=True), "works for this provider"),
        (world.member("service_manager"), "works for this provider"),
    ]
    for other, sentence in wrong:
        with pytest.raises(Refused, match=sentence):
            operations.enrol_episode(by=by, episode=second, project_worker=other)
    free = world.member("project_worker", capacity=1)
    assert list(queries.workers_with_room(world.provider.pk)) == [free]
    operations.enrol_episode(by=by, episode=second, project_worker=free)


def test_another_worker_takes_over_and_the_first_sees_nothing(world: World) -> None:
    first, second = world.member("project_worker"), world.member("project_worker")
    episode = enrolled(world, first)
    operations.change_project_worker(
        by=actor_for(first), episode=episode, to=second, reason="maternity leave"
    )
    from unhurried.service.patients.access import visible_patients

    assert not visible_patients(actor_for(first), "note").exists()
    assert visible_patients(actor_for(second), "note").get() == episode.patient


def test_who_is_left_without_a_worker_is_listed(world: World) -> None:
    worker = world.member("project_worker")
    episode = enrolled(world, worker)
    assert not queries.active_without_worker(world.provider.pk)
    worker.ends = timezone.localdate()
    worker.save()
    assert list(queries.active_without_worker(world.provider.pk)) == [episode]


def test_two_years_are_announced_and_a_lost_agreement_listed(world: World) -> None:
    worker = world.member("project_worker")
    episode = enrolled(world, worker)
    assert not queries.near_two_years(world.provider.pk)
    Episode.objects.update(enrolled_at=timezone.now() - timedelta(days=660))
    assert list(queries.near_two_years(world.provider.pk)) == [episode]
    assert not queries.moved_without_agreement(world.provider.pk)
    Agreement.objects.update(ends=timezone.localdate())
    assert list(queries.moved_without_agreement(world.provider.pk)) == [episode]


def test_sent_twice_has_one_effect(world: World) -> None:
    worker = world.member("project_worker")
    episode = enrolled(world, worker)
    for _ in range(2):
        paused = operations.pause(by=actor_for(worker), episode=episode, reason="away", key="k")
    assert paused.version == 3


def test_cover_is_bounded(world: World) -> None:
    manager = actor_for(world.member("service_manager"))
    worker, other = world.member("project_worker"), world.member("project_worker")
    today = timezone.localdate()
    for starts, ends, who in [
        (today, today, other),
        (today - timedelta(days=5), today, other),
        (today, today + timedelta(days=200), other),
        (today, today + timedelta(days=5), worker),
        (today, today + timedelta(days=5), world.member("gp")),
    ]:
        with pytest.raises(Refused):
            operations.arrange_cover(
                by=manager, worker=worker, covering=who, starts=starts, ends=ends
            )


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.dates(date(2026, 1, 1), date(2030, 1, 1)))
def test_age_grows_by_one_a_year(born: date, today: date) -> None:
    age = rules.age_on(born, today)
    assert age * 365 <= (today - born).days <= (age + 1) * 366
    assert rules.age_on(born, today + timedelta(days=1)) - age in {0, 1}


def test_someone_born_on_29_february() -> None:
    born = date(2008, 2, 29)
    assert [rules.age_on(born, each) for each in (date(2026, 2, 28), date(2026, 3, 1))] == [17, 18]
    assert rules.age_on(born, date(2028, 2, 29)) == 20


def test_a_refusal_of_the_service_stays_a_refusal(world: World) -> None:
    worker = world.member("project_worker")
    episode = referred(world, worker)
    agree(episode.patient, worker)
    operations.withdraw_consent(by=actor_for(worker), patient=episode.patient, kind="service")
    assert Consent.objects.get().withdrawn_at is not None
    with pytest.raises(Refused, match="consent"):
        operations.enrol_episode(by=actor_for(worker), episode=episode, project_worker=worker)
