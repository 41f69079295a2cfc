"""Agendas: who is talked about, who sees it, what is decided, telling them (COM-4, MDT-1)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from pytest_django import Settings
from tests.service.access.story import Story
from tests.service.conftest import World, actor_for
from tests.service.shared_care.examples_advice import new, shares
from tests.service.shared_care.meetings_story import HELD_AT, NOW, added, decided, hold, planned

from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.access import visible_patients
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.models import Consent, Episode, Patient, SafetyAlert
from unhurried.service.patients.operations import record_consent, withdraw_consent
from unhurried.service.shared_care.operations import agenda as operations
from unhurried.service.shared_care.operations import meetings
from unhurried.service.shared_care.operations.tasks import ask
from unhurried.service.shared_care.queries import agenda as queries


@pytest.fixture
def story(world: World, settings: Settings, tmp_path: Path) -> Iterator[Story]:
    """A worker and the person they work with, at one practice."""
    settings.FILES = tmp_path / "files"
    with time_machine.travel(NOW, tick=False):
        yield Story(world)


# -- the agenda ------------------------------------------------------------------------------


def test_people_with_a_reason_come_first_with_each_reason_in_words(story: Story) -> None:
    meeting = planned(story)
    quiet = story.world.enrolled(story.worker)
    SafetyAlert.objects.create(
        patient=story.patient, kind="self_harm", raised_by=story.worker, raised_at=NOW,
        responsible=story.world.practice,
    )  # fmt: skip
    long_ago = NOW - timedelta(days=700)
    Episode.objects.filter(patient=story.patient).update(enrolled_at=long_ago)
    first, second = queries.flagged(actor_for(story.worker), meeting)
    assert first.person == story.patient
    assert first.reasons == (
        "An alert about their safety is open", "Two years with the service come round"
    )  # fmt: skip
    assert (second.person, second.reasons) == (quiet, ())


def _no_reasons(_: Collection[int]) -> dict[int, str]:
    return {}


def test_a_task_passed_on_and_a_later_steps_source_are_reasons(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "_sources", dict(queries._sources))
    queries.agenda_source("dose", lambda people: dict.fromkeys(people, "The dose went up"))
    with pytest.raises(ValueError, match="a source already"):
        queries.agenda_source("dose", _no_reasons)
    ask(
        by=actor_for(story.worker), patient=story.patient, to="practice", kind="result",
        sentence="Please look at the result", person_knows="knows",
    )  # fmt: skip
    assert queries.reasons_for(actor_for(story.worker), story.patient) == ["The dose went up"]
    with clock.at(NOW + timedelta(days=20)):
        assert queries.reasons_for(actor_for(story.worker), story.patient) == [
            "Something asked about them had no answer, and was passed on", "The dose went up"
        ]  # fmt: skip


def test_nobody_of_another_worker_practice_or_service_can_be_put_on(story: Story) -> None:
    meeting, world = planned(story), story.world
    colleague = world.member("project_worker")
    theirs = world.enrolled(colleague)
    elsewhere = world.patient(practice=world.other_practice)
    Episode.objects.create(
        patient=elsewhere, practice=world.other_practice, provider=world.provider,
        project_worker=story.worker, state="enrolled", opened_at=NOW, enrolled_at=NOW,
    )  # fmt: skip
    people = [each.person for each in queries.flagged(actor_for(story.worker), meeting)]
    assert theirs not in people
    assert elsewhere not in people
    with pytest.raises(Refused, match="practice does not take part"):
        added(story, meeting, patient=elsewhere)
    with pytest.raises(Refused, match="not with the service"):
        added(story, meeting, patient=world.patient())
    added(story, meeting)
    with pytest.raises(Refused, match="on this agenda already"):
        added(story, meeting)


def test_only_their_worker_says_that_they_know(story: Story) -> None:
    meeting = planned(story, story.gp)
    with pytest.raises(Refused, match="project worker tells them"):
        added(story, meeting, story.gp, they_know=True)
    item = added(story, meeting, story.gp)
    story.person  # noqa: B018 - with an account of their own
    me = actor_for(story.person)
    assert queries.told_beforehand(me, story.patient) == []
    operations.amend_item(
        by=actor_for(story.worker), item=item, why=item.why, question=item.question,
        wished="yes", they_know=True, version=item.version,
    )  # fmt: skip
    assert queries.told_beforehand(me, story.patient) == [item]
    with pytest.raises(ChangedMeanwhile):
        operations.amend_item(
            by=actor_for(story.gp), item=item, why="Other", question="Other?", wished="no",
            they_know=True, version=item.version,
        )  # fmt: skip


# -- who sees whom ---------------------------------------------------------------------------


def opens(member: Membership, patient: Patient, thing: str = "meeting_item") -> bool:
    """Is this person's record open to them?"""
    return visible_patients(actor_for(member), thing).filter(pk=patient.pk).exists()


def test_a_specialist_sees_a_person_only_with_consent_and_while_invited(story: Story) -> None:
    meeting = planned(story, story.consultant)
    item = added(story, meeting)
    consultant = actor_for(story.consultant)
    assert not opens(story.consultant, story.patient)  # never asked about sharing
    agenda = queries.agenda_of(consultant, meeting)
    assert (agenda.items, agenda.hidden) == ((), 1)
    shares(story)
    assert opens(story.consultant, story.patient)
    assert not opens(story.psychiatrist, story.patient)  # not invited
    assert queries.agenda_of(consultant, meeting).items == (item,)
    withdraw_consent(
        by=actor_for(story.worker), patient=story.patient, kind="sharing", party="specialist"
    )
    assert not opens(story.consultant, story.patient)
    assert queries.agenda_of(consultant, meeting).hidden == 1


def test_taken_off_or_no_longer_invited_a_specialist_sees_nothing_more(story: Story) -> None:
    meeting = planned(story, story.consultant)
    shares(story)
    item = added(story, meeting)
    operations.comment(by=actor_for(story.consultant), item=item, text="Try pacing first")
    operations.take_off(by=actor_for(story.worker), item=item, version=item.version)
    assert not opens(story.consultant, story.patient)
    added(story, meeting)
    assert opens(story.consultant, story.patient)
    meetings.invite(
        by=actor_for(story.worker), meeting=meeting, members=[story.worker],
        version=meeting.version,
    )  # fmt: skip
    assert not opens(story.consultant, story.patient)


def test_after_the_meeting_a_specialist_reads_on_for_a_time_and_writes_no_more(
    story: Story,
) -> None:
    meeting = planned(story, story.consultant)
    shares(story)
    item = added(story, meeting)
    with time_machine.travel(HELD_AT, tick=False):
        decided(story, item)
        hold(story, meeting)
        assert opens(story.consultant, story.patient)
        item.refresh_from_db()
        with pytest.raises(Refused, match="over"):
            operations.comment(by=actor_for(story.consultant), item=item, text="One more thing")
    with clock.at(HELD_AT + timedelta(days=29)):
        assert opens(story.consultant, story.patient)
    with clock.at(HELD_AT + timedelta(days=31)):
        assert not opens(story.consultant, story.patient)


def test_a_manager_knows_how_many_and_never_who(story: Story) -> None:
    meeting = planned(story, story.manager)
    added(story, meeting)
    agenda = queries.agenda_of(actor_for(story.manager), meeting)
    assert (agenda.items, agenda.hidden) == ((), 1)
    assert queries.flagged(actor_for(story.manager), meeting) == []


def test_a_practice_does_not_read_what_the_person_keeps_from_their_gp(story: Story) -> None:
    meeting = planned(story, story.gp)
    item = added(story, meeting)
    assert queries.agenda_of(actor_for(story.gp), meeting).items == (item,)
    record_consent(
        by=actor_for(story.worker), patient=story.patient, kind=Consent.Kind.SHARING,
        given=False, how="spoken", party="gp",
    )  # fmt: skip
    assert queries.agenda_of(actor_for(story.gp), meeting).items == ()
    assert queries.item_of(actor_for(story.gp), story.patient, item.uuid) is None


@pytest.mark.parametrize(
    "gone", [{"state": "ended", "ended_at": NOW}, {"provider": "elsewhere"}, {"died": True}]
)
def test_once_the_person_left_the_service_a_specialist_sees_them_no_more(
    story: Story, gone: dict[str, Any]
) -> None:
    shares(story)
    meeting = planned(story, story.consultant)
    added(story, meeting)
    assert opens(story.consultant, story.patient)
    if "died" in gone:
        Patient.objects.update(date_of_death=date(2026, 11, 2))
    else:
        provider = {"provider": story.world.other_provider} if "provider" in gone else {}
        Episode.objects.update(**{**gone, **provider})
    assert not opens(story.consultant, story.patient)
    assert queries.agenda_of(actor_for(story.consultant), meeting).items == ()


def test_a_gp_is_not_told_of_advice_the_person_keeps_from_them(story: Story) -> None:
    new(story)
    late = "A specialist's answer is late"
    with clock.at(NOW + timedelta(days=60)):
        assert queries.reasons_for(actor_for(story.gp), story.patient) == [late]
        record_consent(
            by=actor_for(story.worker), patient=story.patient, kind=Consent.Kind.SHARING,
            given=False, how="spoken", party="gp",
        )  # fmt: skip
        assert queries.reasons_for(actor_for(story.gp), story.patient) == []
        assert queries.reasons_for(actor_for(story.worker), story.patient) == [late]


def test_words_offered_for_the_agenda_say_nothing_of_an_alert(story: Story) -> None:
    SafetyAlert.objects.create(
        patient=story.patient, kind="self_harm", raised_by=story.worker, raised_at=NOW,
        responsible=story.world.practice,
    )  # fmt: skip
    long_ago = NOW - timedelta(days=700)
    Episode.objects.filter(patient=story.patient).update(enrolled_at=long_ago)
    offered = queries.to_begin_with(actor_for(story.worker), story.patient)
    assert offered == "Two years with the service come round"
