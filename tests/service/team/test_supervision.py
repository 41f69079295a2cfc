"""Supervision (SUP-1): planned against held, late in time, private."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.service.conftest import actor_for
from tests.service.team.supervising import HOUR, PRIVATE, START, SignIn, Team, days, team, text_of

from unhurried.service.audit import clock
from unhurried.service.audit.actor import system_actor
from unhurried.service.audit.models import Entry
from unhurried.service.audit.refused import Refused
from unhurried.service.outbox.models import Message
from unhurried.service.patients.access import visible_patients
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.models import Restriction
from unhurried.service.shared_care.clocks.reminding import remind_of_waiting
from unhurried.service.shared_care.waits import (
    waiting_for,
)
from unhurried.service.team.models import Supervises, SupervisionClock
from unhurried.service.team.operations import supervision as operations
from unhurried.service.team.operations import support
from unhurried.service.team.operations.supervision_clock import keep_all_times
from unhurried.service.team.queries import supervision as queries
from unhurried.service.team.queries.today import to_do
from unhurried.service.team.rules.supervision import late_from

__all__ = ["team"]


def test_late_is_the_interval_or_no_day_agreed() -> None:
    day = START.date()
    assert late_from(day, None, planned=True).date() == days(29).date()
    assert late_from(day, 2, planned=True).date() == days(15).date()
    assert late_from(day, None, planned=False).date() == days(8).date()
    # the clocks go back on 25 October: the new day still begins at midnight here
    assert late_from(day, None, planned=True).hour == 0


def test_the_clock_follows_what_is_planned_and_held(team: Team) -> None:
    assert team.kept().late_from == late_from(START.date(), None, planned=False)
    with clock.at(days(1)):
        team.plan(days(10))
        assert team.kept().late_from == late_from(START.date(), None, planned=True)
    with clock.at(days(2)):
        team.held(days(2) + HOUR)
        assert team.kept().opened_at == days(2) + HOUR
        assert team.kept().late_from == late_from(days(2).date(), None, planned=True)
    with clock.at(days(13)):  # nobody said how it was on day 10, and nothing else is planned
        assert keep_all_times(by=system_actor("clocks")) == 1
        assert keep_all_times(by=system_actor("clocks")) == 0
        assert team.kept().late_from == late_from(days(2).date(), None, planned=False)


def test_a_worker_nobody_wrote_about_is_counted_and_one_who_left_is_not(team: Team) -> None:
    new = team.world.member("project_worker")
    with clock.at(days(1)):
        keep_all_times(by=system_actor("clocks"))
        assert SupervisionClock.objects.get(worker=new).closed_at is None
    new.ends = days(2).date()
    new.save()
    with clock.at(days(3)):
        keep_all_times(by=system_actor("clocks"))
        assert SupervisionClock.objects.get(worker=new).closed_at is not None


def test_who_concerns_it_sees_what_is_late_and_is_written_to_once(team: Team) -> None:
    stranger = team.world.member("project_worker")
    with clock.at(days(8) + HOUR):
        for member in (team.worker, team.supervisor, team.manager):
            found = [each for each in waiting_for(actor_for(member)) if each.kind == "supervision"]
            assert [(each.owner, each.stage) for each in found] == [
                (team.supervisor.user.full_name, "late")
            ]
            assert to_do(actor_for(member)).supervision_late == 1
        assert not [each for each in waiting_for(actor_for(stranger)) if each.kind == "supervision"]
        remind_of_waiting(by=system_actor("clocks"))
        remind_of_waiting(by=system_actor("clocks"))
        sent = Message.objects.filter(about__startswith="supervision:")
        assert {each.to for each in sent} == {team.worker.user.email, team.supervisor.user.email}
        assert sent.count() == 2
    with clock.at(days(14)):
        remind_of_waiting(by=system_actor("clocks"))
        assert sent.filter(to=team.manager.user.email).count() == 1
        team.held(days(13))
        assert not [each for each in waiting_for(actor_for(team.manager))
                    if each.kind == "supervision"]  # fmt: skip


def test_an_agreed_interval_is_kept(team: Team) -> None:
    with clock.at(days(1)):
        team.plan(days(20))
        operations.assign_supervisor(
            by=actor_for(team.manager), worker=team.worker, supervisor=team.supervisor,
            starts=days(1).date(), weeks=2, version=team.kept().version,
        )  # fmt: skip
    assert team.kept().late_from == late_from(START.date(), 2, planned=True)
    assert Supervises.objects.count() == 1


def test_another_supervisor_from_a_day_on(team: Team) -> None:
    other = team.world.member("clinical_supervisor")
    patient = team.world.enrolled(team.worker)
    with clock.at(days(1)):
        kept, later = team.plan(days(2)), team.plan(days(9))
        operations.assign_supervisor(
            by=actor_for(team.manager), worker=team.worker, supervisor=other,
            starts=days(5).date(), weeks=None, version=team.kept().version,
        )  # fmt: skip
        assert patient in visible_patients(actor_for(team.supervisor), "identity")
        assert patient not in visible_patients(actor_for(other), "identity")
    later.refresh_from_db()
    kept.refresh_from_db()
    assert (kept.state, later.state) == ("planned", "not_held")
    with clock.at(days(5)):
        assert patient not in visible_patients(actor_for(team.supervisor), "identity")
        assert patient in visible_patients(actor_for(other), "identity")


def test_two_managers_at_once(team: Team) -> None:
    version = team.kept().version
    assert version == 1
    with clock.at(days(1)), pytest.raises(ChangedMeanwhile):
        operations.assign_supervisor(
            by=actor_for(team.manager), worker=team.worker, supervisor=None,
            starts=days(1).date(), weeks=None, version=0,
        )  # fmt: skip


def test_the_worker_alone_says_how_they_are_and_a_signed_record_stays(team: Team) -> None:
    with clock.at(days(3)):
        meeting = team.plan(days(2))
        record = operations.record_supervision
        record(by=actor_for(team.worker), meeting=meeting, minutes=45, discussed="One", agreed="A",
               worker_is=PRIVATE, version=1)  # fmt: skip
        found = record(by=actor_for(team.supervisor), meeting=meeting, minutes=45, agreed="A",
                       discussed="One and two", worker_is="Other words", version=2)  # fmt: skip
        assert (found.worker_is, found.discussed) == (PRIVATE, "One and two")
        with pytest.raises(ChangedMeanwhile):
            record(by=actor_for(team.worker), meeting=meeting, minutes=45, discussed="",
                   agreed="", version=2)  # fmt: skip
        with pytest.raises(Refused, match="supervisor signs"):
            operations.sign_supervision(by=actor_for(team.worker), meeting=meeting, version=3)
        operations.sign_supervision(by=actor_for(team.supervisor), meeting=meeting, version=3)
        with pytest.raises(Refused, match="signed"):
            record(by=actor_for(team.worker), meeting=meeting, minutes=45, discussed="",
                   agreed="", version=4)  # fmt: skip


def test_a_stranger_can_do_nothing_with_it(team: Team) -> None:
    stranger = actor_for(team.world.member("clinical_supervisor"))
    with clock.at(days(3)):
        meeting = team.plan(days(2))
        with pytest.raises(Refused):
            operations.mark_not_held(by=stranger, meeting=meeting, because="other", version=1)
        with pytest.raises(Refused):
            operations.plan_supervision(
                by=stranger, worker=team.worker, starts_at=days(4), minutes=60
            )
        with pytest.raises(Refused, match="at that time"):
            team.plan(days(2) + HOUR / 2)
        assert queries.own_meeting(stranger, meeting.uuid) is None


def test_moves_are_noted_with_who_asked(team: Team) -> None:
    with clock.at(days(1)):
        meeting = team.plan(days(2))
        operations.move_supervision(
            by=actor_for(team.worker), meeting=meeting, starts_at=days(4), minutes=30,
            asked_by="supervisor", version=1,
        )  # fmt: skip
        seen = queries.meeting_seen(actor_for(team.supervisor), meeting.uuid)
    assert seen is not None
    assert seen.moves == ((days(2), "The supervisor"),)
    assert seen.meeting.starts_at == days(4)


def test_those_talked_about_are_told_and_whom_one_may_not_know_stays_unsaid(team: Team) -> None:
    known, hidden = (team.world.enrolled(team.worker) for _ in range(2))
    elsewhere = team.world.enrolled(team.world.member("project_worker"))
    with clock.at(days(3)):
        meeting = team.plan(days(2))
        operations.record_supervision(
            by=actor_for(team.worker), meeting=meeting, minutes=45, discussed="", agreed="",
            people=[known, hidden, elsewhere], version=1,
        )  # fmt: skip
        Restriction.objects.create(patient=hidden, user=team.supervisor.user, asked_at=clock.now())
        seen = queries.meeting_seen(actor_for(team.supervisor), meeting.uuid)
        assert seen is not None
        assert seen.people == (known,)
        assert Entry.objects.filter(action="read.supervision", patient_id=known.pk).exists()
        assert not Entry.objects.filter(action="read.supervision", patient_id=hidden.pk).exists()
        operations.record_supervision(
            by=actor_for(team.supervisor), meeting=meeting, minutes=45, discussed="", agreed="",
            people=[], version=2,
        )  # fmt: skip
        mine = queries.meeting_seen(actor_for(team.worker), meeting.uuid)
        assert mine is not None
        assert mine.people == (hidden,)


def test_the_manager_sees_days_and_nothing_that_was_said(team: Team, signed_in: SignIn) -> None:
    now = clock.now()
    Supervises.objects.update(starts=(now - timedelta(days=9)).date())
    meeting = team.plan(now - 2 * HOUR)
    operations.record_supervision(
        by=actor_for(team.worker), meeting=meeting, minutes=45, discussed=PRIVATE, agreed=PRIVATE,
        worker_is=PRIVATE, version=1,
    )  # fmt: skip
    client = signed_in(team.manager)
    shown = text_of(client, "/supervision/")
    assert "1 held of 1 planned" in shown
    assert PRIVATE not in shown
    assert client.get(f"/supervision/{meeting.uuid}/").status_code == 404
    for reader in (team.worker, team.supervisor):
        shown = text_of(signed_in(reader), f"/supervision/{meeting.uuid}/")
        assert PRIVATE in shown
        assert "Log my time:" in shown
    figures = queries.supervision_figures(team.manager.organisation_id)
    assert [(each.planned, each.held, each.not_held) for each in figures] == [(1, 1, 0)]


def test_a_supervisor_who_left_supervises_nobody(team: Team) -> None:
    patient = team.world.enrolled(team.worker)
    team.supervisor.ends = days(5).date()
    team.supervisor.save()
    with clock.at(days(5)):
        assert patient not in visible_patients(actor_for(team.supervisor), "identity")
        support.ask_for_support(by=actor_for(team.worker))
        assert Message.objects.get(purpose="team.support").to == team.manager.user.email
        assert queries.standings(actor_for(team.manager))[0].supervisor is None
        with pytest.raises(Refused, match="Nobody supervises"):
            team.plan(days(6))


def test_the_list_asks_as_often_for_many_workers(
    team: Team, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def ask() -> None:
        with django_assert_num_queries(2):
            queries.standings(actor_for(team.manager))

    ask()
    for _ in range(5):
        worker = team.world.member("project_worker")
        Supervises.objects.create(
            worker=worker, supervisor=team.supervisor, starts=START.date(), assigned_at=START
        )
    ask()


def test_another_services_manager_knows_nothing(team: Team) -> None:
    other = actor_for(team.world.member("service_manager", team.world.other_provider))
    with clock.at(days(30)):
        support.ask_for_support(by=actor_for(team.worker))
    with clock.at(days(40)):
        assert queries.standings(other) == []
        assert queries.support(other) == []
        assert waiting_for(other) == []
        with pytest.raises(Refused):
            operations.assign_supervisor(
                by=other, worker=team.worker, supervisor=None, starts=days(40).date(), weeks=None,
                version=team.kept().version,
            )  # fmt: skip


def test_the_pages_of_each(team: Team, signed_in: SignIn) -> None:
    Supervises.objects.update(starts=clock.today() - timedelta(days=9))
    answer = signed_in(team.worker).get("/supervision/")
    assert b"I need support now" in answer.content
    assert team.supervisor.user.full_name.encode() in answer.content
    assert team.worker.user.full_name.encode() in signed_in(team.supervisor).get(
        f"/supervision/plan/?worker={team.worker.pk}"
    ).content  # fmt: skip
    client = signed_in(team.manager)
    assert client.get(f"/supervision/workers/{team.worker.pk}/").status_code == 200
    assert client.get(f"/supervision/workers/{team.supervisor.pk}/").status_code == 404


def test_whose_account_is_shut_is_counted_no_more(team: Team) -> None:
    team.worker.user.is_active = False
    team.worker.user.save()
    with clock.at(days(3)):
        assert keep_all_times(by=system_actor("clocks")) == 1
        assert keep_all_times(by=system_actor("clocks")) == 0
        assert team.kept().closed_at is not None


def test_nobody_moves_a_supervision_into_another_supervisors_time(team: Team) -> None:
    other = team.world.member("clinical_supervisor")
    with clock.at(days(1)):
        meeting = team.plan(days(2))
        operations.assign_supervisor(
            by=actor_for(team.manager), worker=team.worker, supervisor=other,
            starts=days(5).date(), weeks=None, version=team.kept().version,
        )  # fmt: skip
        values: dict[str, Any] = {
            "by": actor_for(team.supervisor),
            "meeting": meeting,
            "asked_by": "worker",
        }
        with pytest.raises(Refused, match="no supervision on that day"):
            operations.move_supervision(**values, starts_at=days(6), minutes=60, version=1)
        moved = operations.move_supervision(**values, starts_at=days(4), minutes=60, version=1)
    assert moved.starts_at == days(4)


def test_why_something_moved_or_fell_out_is_in_no_trail(team: Team) -> None:
    with clock.at(days(1)):
        meeting = team.plan(days(2))
        by = actor_for(team.worker)
        operations.move_supervision(
            by=by, meeting=meeting, starts_at=days(3), minutes=60, asked_by="worker", version=1
        )
        operations.mark_not_held(by=by, meeting=meeting, because="worker_away", version=2)
    notes = Entry.objects.filter(action__startswith="team.supervision_").values_list("note")
    assert {note for (note,) in notes} <= {""}


def test_words_to_one_supervisor_are_not_for_the_next(team: Team) -> None:
    other = team.world.member("clinical_supervisor")
    with clock.at(days(1)):
        asked = support.ask_for_support(by=actor_for(team.worker), words=PRIVATE)
        support.answer_support(by=actor_for(team.supervisor), request=asked, answer="We spoke")
        operations.assign_supervisor(
            by=actor_for(team.manager), worker=team.worker, supervisor=other,
            starts=days(2).date(), weeks=None, version=team.kept().version,
        )  # fmt: skip
    with clock.at(days(2)):
        assert queries.support_of(actor_for(other), asked.uuid) is None
        assert queries.support_of(actor_for(team.supervisor), asked.uuid) is not None
        waits = support.ask_for_support(by=actor_for(team.worker))
        assert queries.support_of(actor_for(other), waits.uuid) is not None


def test_who_comes_next_is_shown_before_it_is_changed(team: Team, signed_in: SignIn) -> None:
    other, today = team.world.member("clinical_supervisor"), clock.today()
    Supervises.objects.update(starts=today - timedelta(days=9))
    operations.assign_supervisor(
        by=actor_for(team.manager), worker=team.worker, supervisor=other,
        starts=today + timedelta(days=9), weeks=None, version=team.kept().version,
    )  # fmt: skip
    where = f"/supervision/workers/{team.worker.pk}/"
    shown = text_of(signed_in(team.manager), where)
    assert f"it is {other.user.full_name} , as settled before" in re.sub(r"\s+", " ", shown)
