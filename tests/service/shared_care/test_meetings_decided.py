"""What a review meeting decides: actions, telling the person, the next agenda (COM-4, MDT-1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings
from tests.service.access.story import Story
from tests.service.conftest import World, actor_for
from tests.service.shared_care.examples_advice import shares
from tests.service.shared_care.meetings_story import (
    HELD_AT,
    NOT_TOLD,
    NOW,
    WAS_THERE,
    added,
    decided,
    hold,
    planned,
)

from unhurried.service.accounts.models import Agreement
from unhurried.service.audit import clock
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.ending import contact_ended
from unhurried.service.patients.models import Episode, Patient
from unhurried.service.shared_care.models import MeetingItem, ReviewMeeting, Task
from unhurried.service.shared_care.operations import agenda as operations
from unhurried.service.shared_care.operations import meetings
from unhurried.service.shared_care.operations.agenda import Action
from unhurried.service.shared_care.queries import agenda as queries
from unhurried.service.shared_care.queries.meetings import to_do
from unhurried.service.shared_care.rules.presence import Said
from unhurried.service.shared_care.waits import (
    waiting_for,
)


@pytest.fixture
def story(world: World, settings: Settings, tmp_path: Path) -> Iterator[Story]:
    """A worker and the person they work with, at one practice."""
    settings.FILES = tmp_path / "files"
    with time_machine.travel(NOW, tick=False):
        yield Story(world)


def test_an_action_becomes_a_task_of_the_team_asked(story: Story) -> None:
    item = added(story, planned(story, story.gp))
    with pytest.raises(Refused, match="not begun"):
        decided(story, item)
    with time_machine.travel(HELD_AT, tick=False):
        done = decided(
            story, item, WAS_THERE,
            actions=[
                Action("Look at the tablets together", "practice", "review", story.gp.pk),
                Action("Ring them on Friday", "provider", "ring", due=date(2026, 11, 13)),
            ],
        )  # fmt: skip
    first, second = Task.objects.order_by("pk")
    assert (first.to, first.meant_for, first.kind) == ("practice", story.gp, "review")
    assert (second.to, second.due) == ("provider", date(2026, 11, 13))
    assert first.person_knows == "knows"
    assert [each.task for each in queries.actions_of(done)] == [first, second]


def test_one_action_that_cannot_be_undoes_the_whole_decision(story: Story) -> None:
    item = added(story, planned(story))
    with time_machine.travel(HELD_AT, tick=False):
        with pytest.raises(Refused, match="Nobody works on"):
            decided(
                story, item,
                actions=[Action("Ring them", "provider", "ring", due=date(2026, 11, 14))],
            )  # fmt: skip
        item.refresh_from_db()
        assert item.decided_at is None
        assert not Task.objects.exists()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (Said(present=False, wished="", told="not_yet"), "wanted to be there"),
        (Said(present=False, wished="no", told="told"), "the day they were told"),
        (Said(present=True, wished="yes", told="rather_not"), "They were there"),
    ],
)
def test_no_decision_without_the_three_answers_about_the_person(
    story: Story, said: Said, sentence: str
) -> None:
    item = added(story, planned(story))
    with (
        time_machine.travel(HELD_AT, tick=False),
        pytest.raises(Refused, match=sentence),
    ):
        decided(story, item, said)


def test_who_was_not_told_waits_and_reads_it_only_once_told(story: Story) -> None:
    item = added(story, planned(story))
    story.person  # noqa: B018 - with an account of their own
    me, manager = actor_for(story.person), actor_for(story.manager)
    with time_machine.travel(HELD_AT, tick=False):
        item = decided(story, item)
        assert queries.items_of_person(me, story.patient) == []
        assert to_do(actor_for(story.worker)).to_tell == 1
    late = datetime(2026, 11, 17, 18, 1, tzinfo=UTC)  # five working days later, in the evening
    with time_machine.travel(late, tick=False):
        for actor in (actor_for(story.worker), manager):
            (waits,) = [each for each in waiting_for(actor) if each.kind == "meeting_item"]
            assert waits.stage == "late"
            assert "Go on" not in str(waits)
        operations.tell(
            by=actor_for(story.worker), item=item, told="told", on=date(2026, 11, 17),
            what="We go on as now, and meet on Friday.",
        )  # fmt: skip
        (mine,) = queries.items_of_person(me, story.patient)
        assert mine.decision == "Go on as now"
        assert not [each for each in waiting_for(manager) if each.kind == "meeting_item"]
        with pytest.raises(Refused, match="noted already"):
            operations.tell(by=actor_for(story.worker), item=item, told="rather_not")


def test_who_was_there_reads_it_at_once_and_who_would_rather_not_is_left_alone(
    story: Story,
) -> None:
    meeting = planned(story)
    item = added(story, meeting)
    story.person  # noqa: B018 - with an account of their own
    me = actor_for(story.person)
    other = story.world.enrolled(story.worker)
    second = added(story, meeting, patient=other)
    with time_machine.travel(HELD_AT, tick=False):
        decided(story, item, WAS_THERE)
        assert [each.pk for each in queries.items_of_person(me, story.patient)] == [item.pk]
        second = decided(story, second)
        operations.tell(by=actor_for(story.worker), item=second, told="rather_not")
        assert to_do(actor_for(story.worker)).to_tell == 0


def test_nobody_is_told_anything_after_their_death(story: Story) -> None:
    item = added(story, planned(story))
    with time_machine.travel(HELD_AT, tick=False):
        decided(story, item)
        Patient.objects.filter(pk=story.patient.pk).update(date_of_death=date(2026, 11, 10))
        assert to_do(actor_for(story.worker)).to_tell == 0


def test_who_was_not_reached_stands_on_the_next_agenda_with_their_words(story: Story) -> None:
    meeting = planned(story)
    item = added(story, meeting, wished="yes", they_know=True)
    with time_machine.travel(HELD_AT, tick=False):
        held = hold(story, meeting)
        item.refresh_from_db()
        assert item.put_off_at == timezone.now()
        following: MeetingItem = item.carried_to
        assert following.meeting == held.followed_by
        assert (following.question, following.wished, following.they_know) == (
            item.question, "yes", True
        )  # fmt: skip
        with pytest.raises(Refused, match="no longer stand"):
            decided(story, item)


def test_in_writing_each_writes_and_the_worker_sums_up(story: Story) -> None:
    meeting = planned(story, story.gp, story.consultant)
    shares(story)
    item = added(story, meeting)
    meeting = meetings.write_instead(
        by=actor_for(story.worker), meeting=meeting, until=date(2026, 11, 6),
        version=meeting.version,
    )  # fmt: skip
    operations.comment(by=actor_for(story.consultant), item=item, text="Pacing before tablets")
    operations.comment(by=actor_for(story.gp), item=item, text="I agree")
    with pytest.raises(Refused, match="Write a line"):
        operations.comment(by=actor_for(story.gp), item=item, text="  ")
    other = story.world.member("pain_consultant")
    with pytest.raises(Refused, match="not invited"):
        operations.comment(by=actor_for(other), item=item, text="Me, too")
    with pytest.raises(Refused, match="writes down what was decided"):
        operations.decide(
            by=actor_for(story.consultant), item=item, said="", decision="Mine",
            presence=NOT_TOLD, version=item.version,
        )  # fmt: skip
    item = decided(story, item)
    assert [each.by for each in queries.comments_on(item)] == [story.consultant, story.gp]
    with clock.at(datetime(2026, 11, 6, 18, 1, tzinfo=UTC)):
        (waits,) = [
            each for each in waiting_for(actor_for(story.manager)) if each.kind == "meeting"
        ]
        assert (waits.stage, waits.next_step) == ("late", "Sum up what was written")


@pytest.mark.parametrize("gone", ["died", "ended", "moved", "elsewhere"])
def test_nobody_is_carried_on_whom_the_next_meeting_cannot_be_about(
    story: Story, gone: str
) -> None:
    meeting = planned(story)
    item = added(story, meeting)
    people, episodes = Patient.objects.all(), Episode.objects.all()
    if gone == "died":
        people.update(date_of_death=date(2026, 11, 9))
    elif gone == "moved":
        people.update(practice=story.world.other_practice)
    elif gone == "ended":
        episodes.update(state="ended", ended_at=timezone.now())
    else:
        episodes.update(provider=story.world.other_provider)
    with time_machine.travel(HELD_AT, tick=False):
        held = hold(story, meeting)
    item.refresh_from_db()
    assert not held.followed_by.items.exists()
    assert item.taken_off_at == item.closed_at == HELD_AT
    assert item.put_off_at is None


def test_who_died_or_left_the_practice_is_off_every_agenda_at_once(story: Story) -> None:
    item = added(story, planned(story))
    contact_ended(story.patient, "They have died.", actor_for(story.worker))
    item.refresh_from_db()
    assert (item.taken_off_at, item.taken_off_because) == (timezone.now(), "They have died.")


def test_no_next_meeting_where_no_practice_is_served_any_more(story: Story) -> None:
    meeting = planned(story)
    with time_machine.travel(HELD_AT, tick=False):
        Agreement.objects.update(ends=HELD_AT.date())
        hold(story, meeting)
    assert not ReviewMeeting.objects.filter(closed_at=None).exists()
