"""Lists of advice and of review meetings ask the database as often for many people as for few."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings
from tests.service.access.story import Story
from tests.service.conftest import World
from tests.service.shared_care.meetings_story import planned

from unhurried.service.accounts.models import Membership
from unhurried.service.patients.models import Consent
from unhurried.service.shared_care.models import (
    AdviceRequest,
    MeetingInvite,
    MeetingItem,
    ReviewMeeting,
)

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)  # a Monday


@pytest.fixture
def story(world: World, settings: Settings, tmp_path: Path) -> Iterator[Story]:
    """A worker, a GP, a manager and specialists."""
    settings.FILES = tmp_path / "files"
    with time_machine.travel(NOW, tick=False):
        yield Story(world)


def more(story: Story, meeting: ReviewMeeting, count: int) -> None:
    """More people who share, each with a question that is late and on the agenda, and meetings."""
    now, world = timezone.now(), story.world
    people = [world.enrolled(story.worker) for _ in range(count)]
    Consent.objects.bulk_create(
        Consent(
            patient=each,
            kind="sharing",
            party="specialist",
            given=True,
            at=now,
            how="spoken",
            taken_by=story.worker.user,
        )
        for each in people
    )
    AdviceRequest.objects.bulk_create(
        AdviceRequest(
            patient=each, practice=world.practice, provider=world.provider, asked_at=now,
            asked_by=story.worker, hospital=world.hospital, role="pain_consultant",
            question="Which first?", wants="next", opened_at=now, late_from=now,
        )
        for each in people
    )  # fmt: skip
    MeetingItem.objects.bulk_create(
        MeetingItem(
            patient=each, meeting=meeting, added_by=story.worker, why="Why", question="What?",
            present=False, wished="not_asked", opened_at=now,
        )
        for each in people
    )  # fmt: skip
    for _ in people:
        other = ReviewMeeting.objects.create(
            provider=world.provider, organiser=story.worker, should_by=now.date(), minutes=60,
            changed_at=now, opened_at=now,
        )  # fmt: skip
        other.practices.set([world.practice])
        for member in (story.worker, story.consultant):
            MeetingInvite.objects.create(meeting=other, member=member, invited_at=now)
        world.enrolled(story.worker)


def test_no_list_asks_more_when_there_is_more(
    story: Story, signed_in: Callable[[Membership], Client]
) -> None:
    meeting = planned(story, story.gp, story.consultant, story.manager)
    at = f"/meetings/{meeting.uuid}/"
    addresses = ["/", "/advice/", "/advice/?view=late", "/meetings/", at, f"{at}agenda/"]
    roles = (story.worker, story.gp, story.manager, story.consultant)
    clients = {each.role: signed_in(each) for each in roles}

    def asked() -> dict[tuple[str, str], int]:
        found = {}
        for role, client in clients.items():
            for where in addresses:
                with CaptureQueriesContext(connection) as queries:
                    assert client.get(where).status_code == 200
                found[role, where] = len(queries)
        return found

    more(story, meeting, 2)
    asked()  # the first look of somebody is noted once
    few = asked()
    more(story, meeting, 12)
    assert {key: (few[key], now) for key, now in asked().items() if now > few[key]} == {}
