"""What is open about a person whose care has ended: it has a keeper, who can finish it (H23)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from tests.service.conftest import World, actor_for
from tests.service.shared_care.summary_story import After, after_a_session

from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.access import READ_AFTER_ENDING, visible_patients
from unhurried.service.patients.models import Episode
from unhurried.service.patients.operations import end_episode
from unhurried.service.shared_care.models import ThreadMessage
from unhurried.service.shared_care.operations import messages
from unhurried.service.shared_care.operations import summaries as operations
from unhurried.service.shared_care.queries import messages as read
from unhurried.service.shared_care.queries import summaries as queries

SignIn = Callable[[Membership], Client]


@pytest.fixture
def after(world: World) -> After:
    made = after_a_session(world)
    made.shares()
    return made


def _ended(after: After) -> None:
    episode = Episode.objects.get(patient=after.patient)
    end_episode(by=after.by, episode=episode, reason="As planned")


def test_a_summary_begun_stays_with_its_worker_who_can_still_send_it(
    after: After, signed_in: SignIn
) -> None:
    row = after.save(worked_on="Pacing")
    _ended(after)
    assert [each.begun for each in queries.to_write(after.by)] == [True]
    page = signed_in(after.worker).get(f"/people/{after.patient.uuid}/summaries/{row.uuid}/")
    assert "Send it to the practice" in page.content.decode()
    assert after.send(row).state == "sent"
    assert queries.to_do(after.doctor).to_file == 1


def test_nothing_else_is_written_by_them_and_no_summary_for_ever(after: After) -> None:
    after.save(worked_on="Pacing")
    _ended(after)
    for thing in ("gp_task", "gp_message", "note", "session"):
        assert not visible_patients(after.by, thing, "c").exists()
    with clock.at(clock.now() + READ_AFTER_ENDING + timedelta(days=1)):
        assert queries.to_write(after.by) == []


def test_one_begun_long_ago_is_not_forgotten(after: After) -> None:
    after.save(worked_on="Pacing")
    with clock.at(clock.now() + timedelta(days=200)):
        assert [each.begun for each in queries.to_write(after.by)] == [True]


def test_one_that_came_back_is_the_practices_to_put_on_the_record(after: After) -> None:
    sent = after.send(after.save(worked_on="Pacing"))
    row = operations.return_summary(by=after.doctor, summary=sent, because="Which pacing?")
    with pytest.raises(Refused, match="does not wait for the practice"):
        operations.file_summary(by=after.doctor, summary=row)
    _ended(after)
    assert queries.to_do(after.by).sent_back == 0
    assert queries.to_do(after.doctor).to_file == 1
    assert operations.file_summary(by=after.doctor, summary=row).state == "filed"
    assert queries.to_do(after.doctor).to_file == 0


def test_a_message_to_the_service_is_the_practices_to_look_at_again(after: After) -> None:
    first = messages.open_thread(
        by=after.doctor, patient=after.patient, subject="Sleep", text="How are the nights?"
    )
    messages.note_read(by=after.doctor, thread=first.thread)
    assert not read.unread(after.doctor).exists()
    _ended(after)
    assert list(read.unread(after.doctor)) == [first]
    colleague = actor_for(after.world.member("gp"))
    messages.note_read(by=colleague, thread=first.thread)
    assert not read.unread(after.doctor).exists()
    assert ThreadMessage.objects.get().closed_at is not None
