"""Advice of specialists: whose record opens for how long, the clock, to and fro (MDT-3, H24)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.http import Http404
from django.utils import timezone
from tests.service.access.story import Story
from tests.service.conftest import World, actor_for
from tests.service.shared_care.examples_advice import new, shares

from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.audit.actor import system_actor
from unhurried.service.audit.refused import Refused
from unhurried.service.outbox.models import Message
from unhurried.service.patients.access import open_record
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.ending import contact_ended
from unhurried.service.patients.models import Restriction
from unhurried.service.patients.operations import record_consent, withdraw_consent
from unhurried.service.shared_care.advice_mail import check_still_asked, specialists_asked
from unhurried.service.shared_care.clocks.advice import tells
from unhurried.service.shared_care.clocks.reminding import remind_of_waiting
from unhurried.service.shared_care.models import AdviceRequest
from unhurried.service.shared_care.operations import advice as operations
from unhurried.service.shared_care.queries import advice as queries
from unhurried.service.shared_care.queries.advice_figures import (
    advice_times,
    working_days_between,
)
from unhurried.service.shared_care.queries.advice_told import own_advice
from unhurried.service.shared_care.times import LATE
from unhurried.service.shared_care.waits import (
    waiting_for,
)

MONDAY = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)


@pytest.fixture
def story(world: World) -> Story:
    """A worker, their person, a consultant and a psychiatrist of a hospital."""
    return Story(world)


def sees(member: Membership, story: Story, action: str = "r") -> bool:
    """Does this person's record open for them?"""
    try:
        open_record(actor_for(member), story.patient.uuid, "advice_request", action)
    except Http404:
        return False
    return True


def answered(story: Story, made: AdviceRequest, may_read: str = "yes") -> AdviceRequest:
    """The question, answered by the consultant."""
    return operations.answer(
        by=actor_for(story.consultant), request=made, answer="Begin low.", if_then="",
        may_read=may_read, version=made.version,
    )  # fmt: skip


def told(story: Story) -> str:
    """What the person reads on their own place."""
    found = own_advice(actor_for(story.person), story.patient)
    return " ".join(sentence for each in found for sentence in each.sentences)


# -- whose record opens ----------------------------------------------------------------------


def test_a_specialist_opens_a_record_only_while_asked_and_for_a_time_after(story: Story) -> None:
    assert not sees(story.consultant, story)
    made = new(story)
    assert sees(story.consultant, story)
    assert sees(story.consultant, story, "s")
    assert not sees(story.psychiatrist, story)
    answered(story, made)
    assert sees(story.consultant, story)
    assert not sees(story.consultant, story, "s")
    with clock.at(clock.now() + timedelta(days=31)):
        assert not sees(story.consultant, story)


def test_asked_of_a_role_it_opens_for_whoever_holds_it_there_until_somebody_answers(
    story: Story,
) -> None:
    colleague = story.world.member("pain_consultant")
    elsewhere = story.world.member("pain_consultant", story.world.other_hospital)
    made = new(story, specialist=None)
    assert sees(story.consultant, story)
    assert sees(colleague, story)
    assert not sees(elsewhere, story)
    answered(story, made)
    assert sees(story.consultant, story)
    assert not sees(colleague, story)


def test_withdrawing_consent_closes_it_at_once_and_tells_the_asker_why(story: Story) -> None:
    made = new(story)
    withdraw_consent(
        by=actor_for(story.worker), patient=story.patient, kind="sharing", party="specialist"
    )
    assert not sees(story.consultant, story)
    assert waiting_for(actor_for(story.consultant)) == []
    mine = [each for each in waiting_for(actor_for(story.worker)) if each.kind == "advice"]
    assert "does not share with specialists" in mine[0].next_step
    assert "stop sharing" in told(story)
    with pytest.raises(Refused, match="says yes"):
        operations.ask_another(
            by=actor_for(story.worker), request=made, hospital=story.world.hospital,
            role="addiction_psychiatrist", specialist=story.psychiatrist, version=made.version,
        )  # fmt: skip


def test_nothing_is_asked_before_the_person_says_yes(story: Story) -> None:
    record_consent(
        by=actor_for(story.worker), patient=story.patient, kind="sharing", given=False,
        how="spoken", party="specialist",
    )  # fmt: skip
    with pytest.raises(Refused, match="May we ask a specialist"):
        new(story)
    assert not AdviceRequest.objects.exists()
    assert not sees(story.consultant, story)


def test_a_specialist_sees_the_questions_asked_of_them_and_no_others(story: Story) -> None:
    mine = new(story)
    other = new(
        story, role="addiction_psychiatrist", specialist=story.psychiatrist, question="Another?"
    )
    seen = queries.requests_of(actor_for(story.consultant), story.patient)
    assert [each.pk for each in seen] == [mine.pk]
    assert queries.request_of(actor_for(story.consultant), story.patient, other.uuid) is None


def test_somebody_the_person_does_not_want_to_look_is_not_asked(story: Story) -> None:
    shares(story)
    Restriction.objects.create(
        patient=story.patient, user=story.consultant.user, asked_at=clock.now()
    )
    with pytest.raises(Refused, match="choose somebody else"):
        new(story)


def test_a_practice_reads_the_services_questions_unless_the_person_keeps_them(
    story: Story,
) -> None:
    made = new(story)
    gp = actor_for(story.gp)
    assert [each.pk for each in queries.requests_of(gp, story.patient)] == [made.pk]
    record_consent(
        by=actor_for(story.worker), patient=story.patient, kind="sharing", given=False,
        how="spoken", party="gp",
    )  # fmt: skip
    assert queries.requests_of(gp, story.patient) == []


# -- to and fro ------------------------------------------------------------------------------


def test_while_something_is_asked_back_the_clock_is_the_askers(story: Story) -> None:
    with clock.at(MONDAY):
        made = new(story)
    first_late = made.late_from
    with clock.at(MONDAY + timedelta(days=1)):
        back = operations.ask_back(
            by=actor_for(story.consultant), request=made, text="How is sleep?", version=1
        )
        assert waiting_for(actor_for(story.consultant)) == []
        assert [each.owner for each in waiting_for(actor_for(story.worker))] == [
            "the team that asked"
        ]
        assert "Now we are the ones to answer" in told(story)
    with clock.at(MONDAY + timedelta(days=2)):
        again = operations.reply(
            by=actor_for(story.worker), request=back, text="Poor.", version=back.version
        )
    assert again.late_from is not None
    assert first_late is not None
    assert again.late_from > first_late
    assert [each.kind for each in queries.steps_of(again)] == ["asked", "asked_back", "replied"]


def test_passed_on_the_clock_goes_on_and_only_the_colleague_sees_it(story: Story) -> None:
    made = new(story)
    passed = operations.pass_on(
        by=actor_for(story.consultant), request=made, to=story.psychiatrist, text="", version=1
    )
    assert passed.late_from == made.late_from
    assert not sees(story.consultant, story)
    assert sees(story.psychiatrist, story, "s")
    with pytest.raises(Refused, match="same hospital"):
        operations.pass_on(
            by=actor_for(story.psychiatrist), request=passed, text="", version=passed.version,
            to=story.world.member("pain_consultant", story.world.other_hospital),
        )  # fmt: skip


def test_not_for_me_comes_back_to_who_asked_and_stays_open(story: Story) -> None:
    made = new(story)
    back = operations.not_for_me(
        by=actor_for(story.consultant), request=made, because="Ask a surgeon.", version=1
    )
    assert back.closed_at is None
    assert not sees(story.consultant, story)
    assert queries.to_do(actor_for(story.worker)).back == 1


def test_two_who_answer_at_once_the_second_is_told(story: Story) -> None:
    made = new(story)
    answered(story, made)
    with pytest.raises(ChangedMeanwhile):
        answered(story, made)


def test_the_same_form_twice_asks_once(story: Story) -> None:
    made = new(story)
    for _ in range(2):
        operations.withdraw(
            by=actor_for(story.worker), request=made, because="Solved.", version=1, key="k" * 36
        )
    assert made.steps.filter(kind="withdrawn").count() == 1


def test_when_contact_ends_nobody_is_asked_any_more(story: Story) -> None:
    made = new(story)
    contact_ended(story.patient, "They left the practice.", actor_for(story.worker))
    made.refresh_from_db()
    assert made.state == "withdrawn"
    assert not sees(story.consultant, story)


# -- a specialist who never answers ----------------------------------------------------------


def test_who_never_answers_is_reminded_then_others_hear_then_somebody_else_is_asked(
    story: Story,
) -> None:
    with clock.at(MONDAY):
        made = new(story)
        manager = story.manager
    with clock.at(datetime(2026, 11, 6, 12, 0, tzinfo=UTC)):
        assert remind_of_waiting(by=system_actor("clocks")) == 0
        assert "We hope for an answer by 9 November 2026" in told(story)
    with clock.at(datetime(2026, 11, 10, 9, 0, tzinfo=UTC)):
        assert remind_of_waiting(by=system_actor("clocks")) == 1
        assert remind_of_waiting(by=system_actor("clocks")) == 0
        assert queries.to_do(actor_for(story.consultant)).late == 1
        assert "It is 1 day late. We have asked again." in told(story)
    late = Message.objects.filter(purpose="shared_care.waits")
    assert [each.to for each in late] == [story.consultant.user.email]
    with clock.at(datetime(2026, 11, 13, 9, 0, tzinfo=UTC)):
        remind_of_waiting(by=system_actor("clocks"))
        reached = set(late.values_list("to", flat=True))
        assert {story.worker.user.email, manager.user.email} <= reached
        known = waiting_for(actor_for(manager))
        assert [each.person for each in known] == [str(story.patient)]
        assert known[0].href == ""
        made.refresh_from_db()
        moved = operations.ask_another(
            by=actor_for(story.worker), request=made, hospital=story.world.hospital,
            role="addiction_psychiatrist", specialist=story.psychiatrist, version=made.version,
        )  # fmt: skip
        assert not sees(story.consultant, story)
        assert sees(story.psychiatrist, story, "s")
        assert moved.late_from is not None
        assert moved.late_from > clock.now()
        assert "we asked somebody else" in told(story)
        figures = {each.role: each for each in advice_times(story.world.provider.pk)}
        assert figures[""].late == 1
        assert figures[""].took_part == 0


def test_a_message_to_a_specialist_names_nobody_and_is_not_sent_too_late(story: Story) -> None:
    made = new(story)
    message = Message.objects.get(purpose="shared_care.advice")
    assert story.patient.family_name not in message.subject + message.body
    assert check_still_asked(message) == ""
    operations.withdraw(by=actor_for(story.worker), request=made, because="Solved.", version=1)
    assert "does not wait" in check_still_asked(message)


# -- what the person sees --------------------------------------------------------------------


def test_the_person_reads_advice_once_it_is_theirs(story: Story) -> None:
    made = answered(story, new(story), "after_talk")
    actor = actor_for(story.person)
    assert [each.readable for each in own_advice(actor, story.patient)] == [False]
    assert "talks it through" in told(story)
    operations.release(by=actor_for(story.worker), request=made)
    shown = own_advice(actor, story.patient)
    assert [each.answer for each in shown] == ["Begin low."]


def test_figures_count_working_days_and_who_took_part(story: Story) -> None:
    with clock.at(MONDAY):
        made = new(story)
    with clock.at(MONDAY + timedelta(days=7)):
        answered(story, made)
        every = advice_times(story.world.provider.pk)[0]
    assert (every.asked, every.answered, every.took_part, every.late) == (1, 1, 1, 0)
    assert every.middle_days == 5
    assert advice_times(story.world.other_provider.pk)[0].asked == 0
    christmas = datetime(2026, 12, 24, 9, 0, tzinfo=UTC)
    assert working_days_between(christmas, christmas + timedelta(days=5)) == 1


def test_whom_the_person_shuts_out_is_not_written_to_and_the_asker_is_told(story: Story) -> None:
    made = new(story)
    assert [each.pk for each in specialists_asked(made)] == [story.consultant.pk]
    Restriction.objects.create(
        patient=story.patient, user=story.consultant.user, asked_at=timezone.now()
    )
    assert specialists_asked(made) == []
    (mail,) = Message.objects.filter(purpose="shared_care.advice")
    assert check_still_asked(mail)
    told = [each.email for each in tells(made, LATE)]
    assert told == [story.worker.user.email]
