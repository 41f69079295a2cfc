"""Calendar files and mails of review meetings: who is sent which, and which still leave (MDT-1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import time_machine
from pytest_django import Settings
from tests.service.access.story import Story
from tests.service.conftest import World
from tests.service.shared_care.meetings_story import (
    NOW,
    THURSDAY,
    begun,
    by,
    event_of,
    mails,
    set_at,
)

from unhurried.service.accounts.models import Membership
from unhurried.service.outbox.carriers.contract import Parcel
from unhurried.service.outbox.carriers.files import FilesCarrier
from unhurried.service.shared_care.meeting_mail import check_still_so
from unhurried.service.shared_care.operations import meetings as operations
from unhurried.service.shared_care.rules import meetings as rules


@pytest.fixture
def story(world: World, settings: Settings, tmp_path: Path) -> Iterator[Story]:
    """A worker, a GP, a manager and specialists, on a Monday morning."""
    settings.FILES = tmp_path / "files"
    with time_machine.travel(NOW, tick=False):
        yield Story(world)


def test_moving_sends_the_same_entry_with_a_higher_sequence(story: Story) -> None:
    meeting = set_at(story, begun(story, story.gp))
    moved = set_at(story, meeting, THURSDAY)
    first, second = map(event_of, mails(story.gp))
    assert first["uid"] == second["uid"]
    assert (first["sequence"], second["sequence"]) == (1, 2)
    organiser = 'ORGANIZER;CN="Review meeting":mailto:nobody@meetings.invalid'
    assert organiser in str(first["text"])
    assert organiser in str(second["text"])
    assert second["starts"] == rules.moment_of(THURSDAY)
    old, new = mails(story.gp)
    assert "another time" in check_still_so(old)
    assert check_still_so(new) == ""
    operations.not_held(by=by(story.worker), meeting=moved, reason="ill", version=moved.version)
    ended = event_of(mails(story.gp)[-1])
    assert (ended["method"], ended["status"], ended["sequence"]) == ("CANCEL", "CANCELLED", 3)
    assert "planned" not in check_still_so(mails(story.gp)[-1])
    assert "not held" in check_still_so(new)


def test_no_message_names_anybody_talked_about(story: Story) -> None:
    person = story.patient
    set_at(story, begun(story, story.gp))
    for each in mails(story.gp):
        text = each.subject + each.body + str(event_of(each)["text"])
        assert person.family_name not in text
        assert person.nhs_number not in text


def test_who_is_no_longer_invited_or_has_left_is_sent_nothing(story: Story) -> None:
    meeting = set_at(story, begun(story, story.gp, story.consultant))
    (to_gp,) = mails(story.gp)
    operations.invite(
        by=by(story.worker), meeting=meeting, members=[story.worker, story.consultant],
        version=meeting.version,
    )  # fmt: skip
    assert "no longer invited" in check_still_so(to_gp)
    assert event_of(mails(story.gp)[-1])["method"] == "CANCEL"
    (to_consultant,) = mails(story.consultant)
    Membership.objects.filter(pk=story.consultant.pk).update(ends=date(2026, 11, 1))
    assert "do not work there" in check_still_so(to_consultant)


def test_a_calendar_file_goes_with_its_words_in_a_folder_too(tmp_path: Path) -> None:
    parcel = Parcel(
        reference="r1", channel="email", to="a@example.org", subject="S", body="Hello",
        document=b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", day=date(2026, 11, 2),
    )  # fmt: skip
    carrier = FilesCarrier(tmp_path)
    where = carrier.send(parcel)
    text = (tmp_path / where).read_text()
    assert "Hello" in text
    assert "BEGIN:VCALENDAR" in text
    asked: Any = Parcel(**{**{n: getattr(parcel, n) for n in Parcel.__slots__}, "document": b"x"})
    assert carrier.find(asked) == where


def test_asked_again_after_all_the_calendar_takes_it_in_again(story: Story) -> None:
    meeting = set_at(story, begun(story, story.gp, story.consultant))
    (waiting,) = mails(story.consultant)
    for people in ([story.worker, story.consultant], [story.worker, story.consultant, story.gp]):
        meeting = operations.invite(
            by=by(story.worker), meeting=meeting, members=people, version=meeting.version
        )
    said = [(each["method"], each["sequence"]) for each in map(event_of, mails(story.gp))]
    assert said == [("PUBLISH", 1), ("CANCEL", 2), ("PUBLISH", 3)]
    assert [bool(check_still_so(each)) for each in mails(story.gp)] == [True, False, False]
    assert check_still_so(waiting) == ""  # nothing changed for whoever was asked all along
