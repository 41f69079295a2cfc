"""The fictional service is lived through the same operations as a real one: its story holds up."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pytest_django import Settings

from unhurried.demo.service.story import tell
from unhurried.service.accounts.models import Membership
from unhurried.service.accounts.queries import actor_of_membership
from unhurried.service.audit.models import Entry
from unhurried.service.audit.verifying import verify
from unhurried.service.identification.models import Candidate
from unhurried.service.joining.models import Invitation, Referral
from unhurried.service.outbox.models import Message
from unhurried.service.patients.models import Consent, Episode, Patient
from unhurried.service.planning.models import Assessment, Item
from unhurried.service.sessions.models import Session
from unhurried.service.shared_care import queries as shared_care
from unhurried.service.shared_care.models import (
    AccessProblem,
    AdviceRequest,
    Discussion,
    RecordSummary,
    ReviewMeeting,
    Task,
)
from unhurried.service.shared_care.models.answers import Answer
from unhurried.service.team.models import Claim, SupervisionMeeting
from unhurried.service.worksheets.models import Worksheet

TODAY = date(2026, 11, 22)

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture
def told(db: None, tmp_path: Path, settings: Settings) -> None:
    """The story, told in a folder of its own with fewer people."""
    settings.EXTRACTS_FOLDER = str(tmp_path / "extracts")
    settings.FILES, settings.DATA = tmp_path / "files", tmp_path
    settings.UNHURRIED_TEST_NUMBERS = True
    tell(tmp_path, today=TODAY, people=500)


def test_the_story_holds_up(told: None) -> None:
    enrolled = Episode.objects.filter(state="enrolled")
    assert 5 <= enrolled.count() <= 34
    for episode in enrolled:
        assert episode.project_worker is not None
        assert Consent.objects.filter(
            patient_id=episode.patient_id, kind="service", given=True
        ).exists()
    assert Referral.objects.exists()
    assert Invitation.objects.exists()
    assert Candidate.objects.filter(choice="").exists()
    # those who met have talked, planned and kept worksheets, some in other words than "yes"
    met = set(Session.objects.values_list("patient_id", flat=True))
    assert met
    assert set(Assessment.objects.values_list("episode__patient_id", flat=True)) <= met
    assert Item.objects.filter(status="not_yet").exists()
    assert Worksheet.objects.exists()
    # worker, practice and specialists asked each other: answered, and some of it still open
    for asked in (Task, AdviceRequest, AccessProblem, Discussion):
        assert asked._default_manager.filter(closed_at=None).exists(), asked
        assert asked._default_manager.exclude(closed_at=None).exists(), asked
    assert {"held", "finding"} <= set(ReviewMeeting.objects.values_list("state", flat=True))
    assert set(Claim.objects.values_list("state", flat=True)) == {"accepted", "sent"}
    assert SupervisionMeeting.objects.filter(state="not_held").exists()
    assert all("timeline" in each.pack for each in AdviceRequest.objects.all())
    assert set(RecordSummary.objects.values_list("state", flat=True)) == {"sent", "filed"}
    # each GP opens the demo to something asked of them and a message nobody has read
    for held in Membership.objects.filter(role="gp"):
        waits = shared_care.to_do(actor_of_membership(held))
        assert (waits.tasks_for_us, waits.unread) == (1, 1), held.user.full_name
    # what was answered was seen, but for the last days' answer: a worker finds it
    assert 1 <= Answer.objects.filter(closed_at=None).count() <= 2
    # nobody waits unsent but for reminders of meetings to come, and nothing is in the future
    last = Entry.objects.latest("seq")
    waiting = Message.objects.filter(state__in=["waiting", "sending", "failed"])
    assert not waiting.filter(due_at__lte=last.at).exists()
    assert not waiting.exclude(purpose="sessions.reminder").exists()
    assert last.at.date() <= TODAY
    assert verify().problems == ()  # no row before the one it follows, in time either
    # every person came in through the one door that leaves a trail
    trailed = Entry.objects.filter(action="patients.person_registered").values("patient_id")
    assert not Patient.objects.exclude(pk__in=trailed).exists()
    assert all(
        each.nhs_number.startswith("999") for each in Patient.objects.all() if each.nhs_number
    )
