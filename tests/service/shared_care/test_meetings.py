"""Review meetings: times that can be meant, the poll, calendar files, the clock (MDT-1, MDT-2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
import time_machine
from pytest_django import Settings
from tests.service.access.story import Story
from tests.service.conftest import World
from tests.service.shared_care.meetings_story import (
    NOW,
    THURSDAY,
    TUESDAY,
    begun,
    by,
    mails,
    set_at,
)

from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.audit.actor import system_actor
from unhurried.service.audit.refused import Refused
from unhurried.service.outbox.models import Message
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.shared_care.clocks.reminding import remind_of_waiting
from unhurried.service.shared_care.meeting_mail import check_still_so
from unhurried.service.shared_care.models import ReviewMeeting
from unhurried.service.shared_care.operations import meetings as operations
from unhurried.service.shared_care.operations import polls
from unhurried.service.shared_care.queries import meetings as queries
from unhurried.service.shared_care.queries.invited import may_be_invited
from unhurried.service.shared_care.queries.meeting_figures import meeting_figures
from unhurried.service.shared_care.rules import meetings as rules
from unhurried.service.shared_care.rules.meetings import Slot, Unusual
from unhurried.service.shared_care.waits import (
    waiting_for,
)


@pytest.fixture
def story(world: World, settings: Settings, tmp_path: Path) -> Iterator[Story]:
    """A worker, a GP, a manager and specialists, on a Monday morning."""
    settings.FILES = tmp_path / "files"
    with time_machine.travel(NOW, tick=False):
        yield Story(world)


# -- which times can be meant ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "at", "said"),
    [
        (date(2026, 12, 25), time(10), "bank holiday"),
        (date(2026, 11, 7), time(10), "weekend"),
        (date(2026, 11, 10), time(7, 30), "outside working hours"),
        (date(2026, 11, 10), time(17, 30), "outside working hours"),
        (date(2026, 11, 10), time(17), ""),
        (date(2026, 11, 10), time(8), ""),
    ],
)
def test_a_time_most_people_would_not_mean_is_warned_about(
    world: World, day: date, at: time, said: str
) -> None:
    slot = Slot(day, at)
    if not said:
        rules.check_slots([slot], 60, NOW, anyway=False)
        return
    with pytest.raises(Unusual, match=said):
        rules.check_slots([slot], 60, NOW, anyway=False)
    rules.check_slots([slot], 60, NOW, anyway=True)


def test_the_hour_the_clocks_leave_out_is_refused_and_the_hour_twice_is_the_first() -> None:
    with pytest.raises(Refused, match="The clocks go forward"):
        rules.moment_of(Slot(date(2027, 3, 28), time(1, 30)))
    twice = rules.moment_of(Slot(date(2026, 10, 25), time(1, 30)))
    assert twice == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_ten_oclock_stays_ten_oclock_when_the_clocks_change() -> None:
    before = rules.moment_of(Slot(date(2026, 10, 23), time(10)))
    after = rules.moment_of(Slot(date(2026, 10, 26), time(10)))
    assert (before.hour, after.hour) == (9, 10)


@pytest.mark.parametrize(
    ("slots", "said"),
    [
        ([], "at least one"),
        ([TUESDAY, TUESDAY], "twice"),
        ([Slot(date(2026, 11, 2), time(8, 30))], "has passed"),
        ([Slot(date(2026, 10, 30), time(10))], "from today on"),
        ([Slot(date(2028, 1, 4), time(10))], "within a year"),
    ],
)
def test_a_time_nobody_can_mean_is_refused(slots: list[Slot], said: str) -> None:
    with pytest.raises(Refused, match=said):
        rules.check_slots(slots, 60, NOW, anyway=True)


# -- finding a time --------------------------------------------------------------------------


def proposed(story: Story, *members: Membership) -> ReviewMeeting:
    """A meeting with two times to answer."""
    made = begun(story, *members)
    return polls.propose_times(
        by=by(story.worker), meeting=made, slots=[TUESDAY, THURSDAY], minutes=45, where="",
        version=made.version,
    )  # fmt: skip


def test_each_says_what_suits_and_one_time_is_chosen(story: Story) -> None:
    meeting = proposed(story, story.gp, story.consultant)
    first, second = queries.open_times(meeting)
    for member, said in (
        (story.worker, "yes"), (story.gp, "if_need_be"), (story.consultant, "yes")
    ):  # fmt: skip
        assert queries.to_do(by(member)).to_answer == 1
        polls.answer_times(
            by=by(member), meeting=meeting, answers={first.pk: said, second.pk: "no"}
        )
        assert queries.to_do(by(member)).to_answer == 0
    lines = queries.poll(meeting, queries.invited_to(meeting))
    assert [(each.yes, each.if_need_be, each.no) for each in lines] == [(2, 1, 0), (0, 0, 3)]
    assert [each.everybody for each in lines] == [True, False]
    done = polls.choose_time(
        by=by(story.worker), meeting=meeting, time=first.pk, version=meeting.version
    )
    assert (done.state, done.starts_at) == ("planned", first.starts_at)
    assert queries.to_do(by(story.gp)).next_week == 0  # it is in eight days
    with clock.at(NOW + timedelta(days=2)):
        assert queries.to_do(by(story.gp)).next_week == 1


def test_only_somebody_invited_answers_and_only_to_times_that_stand(story: Story) -> None:
    meeting = proposed(story, story.gp)
    first = queries.open_times(meeting)[0]
    with pytest.raises(Refused, match="not invited"):
        polls.answer_times(by=by(story.manager), meeting=meeting, answers={first.pk: "yes"})
    with pytest.raises(Refused, match="times have changed"):
        polls.answer_times(by=by(story.gp), meeting=meeting, answers={first.pk + 999: "yes"})
    with pytest.raises(Refused, match="if need be"):
        polls.answer_times(by=by(story.gp), meeting=meeting, answers={first.pk: "maybe"})


def test_more_times_ask_everybody_again(story: Story) -> None:
    meeting = proposed(story, story.gp)
    first = queries.open_times(meeting)[0]
    polls.answer_times(by=by(story.gp), meeting=meeting, answers={first.pk: "no"})
    polls.propose_times(
        by=by(story.worker), meeting=meeting, slots=[Slot(date(2026, 11, 17), time(9))],
        minutes=45, where="", version=meeting.version,
    )  # fmt: skip
    assert queries.to_do(by(story.gp)).to_answer == 1
    assert queries.my_answers(by(story.gp), meeting) == {first.pk: "no"}
    assert (
        Message.objects.filter(to=story.gp.user.email, subject__contains="which time").count() == 2
    )


# -- who arranges ----------------------------------------------------------------------------


def test_a_meeting_is_of_practices_the_service_works_with(story: Story) -> None:
    world = story.world
    with pytest.raises(Refused, match="own practice"):
        operations.begin_meeting(
            by=by(story.gp), provider=world.provider, practices=[world.other_practice]
        )
    elsewhere = world.member("project_worker", world.other_provider)
    with pytest.raises(Refused, match="own service"):
        operations.begin_meeting(
            by=by(elsewhere), provider=world.provider, practices=[world.practice]
        )
    with pytest.raises(Refused, match="work with this service"):
        operations.begin_meeting(
            by=by(story.worker), provider=world.provider, practices=[world.hospital]
        )
    with pytest.raises(Refused, match="arranges meetings"):
        operations.begin_meeting(
            by=by(story.consultant), provider=world.provider, practices=[world.practice]
        )


def test_one_meeting_to_come_for_the_same_practices(story: Story) -> None:
    begun(story)
    with pytest.raises(Refused, match="already"):
        begun(story)


def test_a_gp_of_another_practice_cannot_be_invited(story: Story) -> None:
    meeting = begun(story)
    other = story.world.member("gp", story.world.other_practice)
    assert other.pk not in set(may_be_invited(meeting).values_list("pk", flat=True))
    with pytest.raises(Refused, match="Choose people"):
        operations.invite(
            by=by(story.worker), meeting=meeting, members=[other], version=meeting.version
        )


def test_two_people_who_set_the_time_at_once_are_both_shown(story: Story) -> None:
    meeting = begun(story)
    set_at(story, meeting)
    with pytest.raises(ChangedMeanwhile) as conflict:
        set_at(story, meeting, THURSDAY)
    saved = conflict.value.current
    assert isinstance(saved, ReviewMeeting)
    assert saved.starts_at == rules.moment_of(TUESDAY)


# -- the clock, and the next one -------------------------------------------------------------


def test_a_meeting_held_is_followed_by_one_to_be_planned(story: Story) -> None:
    meeting = set_at(story, begun(story, story.gp, story.consultant))
    with pytest.raises(Refused, match="has not begun"):
        operations.hold(
            by=by(story.worker), meeting=meeting, took_part=[], also_there="",
            version=meeting.version,
        )  # fmt: skip
    with time_machine.travel(datetime(2026, 11, 10, 11, tzinfo=UTC), tick=False):
        assert queries.to_do(by(story.worker)).to_record == 1
        there = [each.pk for each in queries.invited_to(meeting)][:2]
        with pytest.raises(Refused, match="who took part"):
            operations.hold(
                by=by(story.worker), meeting=meeting, took_part=[], also_there=" ",
                version=meeting.version,
            )  # fmt: skip
        held = operations.hold(
            by=by(story.worker), meeting=meeting, took_part=there, also_there="A student",
            version=meeting.version,
        )  # fmt: skip
        following = held.followed_by
        assert following.state == "to_plan"
        assert following.should_by == date(2026, 12, 8)  # four weeks after
        assert {each.invite.member_id for each in queries.invited_to(following)} == {
            story.worker.pk, story.gp.pk, story.consultant.pk
        }  # fmt: skip
        with pytest.raises(Refused, match="held"):
            operations.not_held(
                by=by(story.worker), meeting=held, reason="ill", version=held.version
            )


def test_the_manager_sees_when_nobody_plans_the_next_one(story: Story) -> None:
    meeting = begun(story)  # to be held by Monday 30 November
    assert meeting.should_by == date(2026, 11, 30)
    manager = by(story.manager)
    with clock.at(datetime(2026, 11, 30, 17, 59, tzinfo=UTC)):
        (waits,) = [each for each in waiting_for(manager) if each.kind == "meeting"]
        assert waits.stage == ""
        assert queries.to_do(manager).not_planned == 0
    with clock.at(datetime(2026, 11, 30, 18, 1, tzinfo=UTC)):
        (waits,) = [each for each in waiting_for(manager) if each.kind == "meeting"]
        assert (waits.stage, waits.owner) == ("late", story.worker.user.full_name)
        assert queries.to_do(manager).not_planned == 1
        assert remind_of_waiting(by=system_actor("clocks")) == 1
        assert remind_of_waiting(by=system_actor("clocks")) == 0
    with clock.at(datetime(2026, 12, 3, 12, 1, tzinfo=UTC)):  # the third working day, at noon
        (waits,) = [each for each in waiting_for(manager) if each.kind == "meeting"]
        assert waits.stage == "passed_on"
        assert remind_of_waiting(by=system_actor("clocks")) == 1
    told = list(Message.objects.filter(purpose="shared_care.waits").values_list("to", flat=True))
    assert told == [story.worker.user.email, story.manager.user.email]


def test_what_is_due_on_a_bank_holiday_is_late_on_the_next_working_day(story: Story) -> None:
    with time_machine.travel(datetime(2026, 11, 27, 10, tzinfo=UTC), tick=False):
        meeting = begun(story)
    assert meeting.should_by == date(2026, 12, 25)
    assert meeting.late_from == datetime(2026, 12, 29, 18, tzinfo=UTC)


def test_one_not_held_is_due_at_once_and_is_counted_without_blame(story: Story) -> None:
    meeting = set_at(story, begun(story, story.gp))
    with time_machine.travel(datetime(2026, 12, 7, 9, tzinfo=UTC), tick=False):
        done = operations.not_held(
            by=by(story.manager), meeting=meeting, reason="no_time", because="Half term",
            version=meeting.version,
        )  # fmt: skip
        assert done.followed_by.should_by == date(2026, 12, 7)
        with pytest.raises(Refused, match="what kept"):
            operations.not_held(
                by=by(story.manager), meeting=done.followed_by, reason="laziness",
                version=done.followed_by.version,
            )  # fmt: skip
        figures = meeting_figures(story.world.provider.pk, date(2026, 9, 1))
    assert (figures.planned, figures.held, figures.not_held) == (1, 0, 1)
    assert figures.reasons == (("No time suited enough people", 1),)


def test_planned_and_held_and_who_took_part_are_counted_by_role(story: Story) -> None:
    meeting = set_at(story, begun(story, story.gp, story.consultant))
    with time_machine.travel(datetime(2026, 11, 10, 11, tzinfo=UTC), tick=False):
        there = [
            each.pk for each in queries.invited_to(meeting)
            if each.invite.member_id != story.consultant.pk
        ]  # fmt: skip
        operations.hold(
            by=by(story.worker), meeting=meeting, took_part=there, also_there="",
            version=meeting.version,
        )  # fmt: skip
    with clock.at(datetime(2027, 1, 4, 11, tzinfo=UTC)):
        figures = meeting_figures(story.world.provider.pk, date(2026, 11, 2))
        assert meeting_figures(story.world.other_provider.pk, date(2026, 1, 1)).planned == 0
    assert (figures.usual, figures.planned, figures.held, figures.in_writing) == (2, 1, 1, 0)
    assert {(each.role, each.invited, each.took_part) for each in figures.participation} == {
        ("project_worker", 1, 1), ("gp", 1, 1), ("pain_consultant", 1, 0)
    }  # fmt: skip


# -- in writing ------------------------------------------------------------------------------


def test_writing_instead_takes_the_time_back_and_has_its_last_day(story: Story) -> None:
    meeting = set_at(story, begun(story, story.gp))
    until = date(2026, 11, 13)
    written = operations.write_instead(
        by=by(story.worker), meeting=meeting, until=until, version=meeting.version
    )
    assert (written.state, written.starts_at) == ("writing", None)
    assert written.late_from == datetime(2026, 11, 13, 18, tzinfo=UTC)
    kinds = [each.about.split(":")[1] for each in mails(story.gp)]
    assert kinds == ["set", "ended", "write"]
    assert "in writing" in check_still_so(mails(story.gp)[0])
    assert queries.to_do(by(story.gp)).to_write == 1
    with pytest.raises(Refused, match="from today on"):
        operations.write_instead(
            by=by(story.worker), meeting=written, until=date(2026, 11, 1), version=written.version
        )
    back = set_at(story, written)
    assert (back.state, back.in_writing, back.write_until) == ("planned", False, None)


def test_what_was_planned_adds_up(story: Story) -> None:
    """Planned is what was held, what had a time and was not, and what nobody has written down."""
    never = begun(story, story.gp)
    first = operations.not_held(
        by=by(story.worker), meeting=never, reason="no_time", version=never.version
    )
    second = operations.not_held(
        by=by(story.worker), meeting=set_at(story, first.followed_by), reason="ill", version=2
    )
    set_at(story, second.followed_by)
    with clock.at(datetime(2026, 11, 11, 9, tzinfo=UTC)):
        found = meeting_figures(story.world.provider.pk, date(2026, 11, 1))
    assert (found.planned, found.held, found.not_held) == (2, 0, 2)
    assert (found.never_planned, found.to_record) == (1, 1)
