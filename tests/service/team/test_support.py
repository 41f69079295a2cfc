"""Support a worker asks for: the same day, and the manager when nobody is there (SUP-1)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from tests.service.conftest import actor_for
from tests.service.team.supervising import HOUR, PRIVATE, SignIn, Team, days, team, text_of

from unhurried.service.audit import clock
from unhurried.service.audit.actor import system_actor
from unhurried.service.audit.refused import Refused
from unhurried.service.outbox.models import Message
from unhurried.service.shared_care.clocks.reminding import remind_of_waiting
from unhurried.service.team.models import Supervises
from unhurried.service.team.operations import support
from unhurried.service.team.queries import supervision as queries
from unhurried.service.team.queries.today import to_do

__all__ = ["team"]


def test_support_goes_to_the_supervisor_and_then_to_the_manager_without_the_words(
    team: Team, signed_in: SignIn
) -> None:
    worker, manager = actor_for(team.worker), actor_for(team.manager)
    with clock.at(days(1)):  # ten o'clock here
        asked = support.ask_for_support(by=worker, words=PRIVATE)
        with pytest.raises(Refused, match="asked already"):
            support.ask_for_support(by=worker, words="again")
        sent = Message.objects.get(purpose="team.support")
        assert sent.to == team.supervisor.user.email
        assert PRIVATE not in sent.body
        assert [each.words for each in queries.support(actor_for(team.supervisor))] == [PRIVATE]
        assert queries.support(manager) == []
        assert to_do(actor_for(team.supervisor)).support_asked == 1
    with clock.at(days(1) + 8 * HOUR):  # six in the evening: nobody answered
        assert [each.words for each in queries.support(manager)] == [""]
        assert to_do(manager).support_asked == 1
    with clock.at(days(2)):
        support.answer_support(by=manager, request=asked, answer="I rang; we meet at noon")
        assert queries.support(manager) == []
        done = queries.support(worker, waiting=False)
        assert [each.answer for each in done] == ["I rang; we meet at noon"]
        assert support.check_still_asked(sent)
        with pytest.raises(Refused, match="already"):
            support.answer_support(by=actor_for(team.supervisor), request=asked, answer="Again")
    page = text_of(signed_in(team.manager), f"/supervision/support/{asked.uuid}/")
    assert PRIVATE not in page


def test_without_a_supervisor_the_manager_is_asked_at_once(team: Team) -> None:
    alone = team.world.member("project_worker")
    with clock.at(days(1)):
        support.ask_for_support(by=actor_for(alone))
        assert len(queries.support(actor_for(team.manager))) == 1
        assert Message.objects.get(purpose="team.support").to == team.manager.user.email


def test_support_asked_of_a_supervisor_who_left_is_the_managers_at_once(team: Team) -> None:
    with clock.at(days(1) + 7 * HOUR):  # five in the afternoon: late tomorrow
        asked = support.ask_for_support(by=actor_for(team.worker), words=PRIVATE)
    team.supervisor.ends = days(2).date()
    team.supervisor.save()
    with clock.at(days(2)):
        assert [each.words for each in queries.support(actor_for(team.manager))] == [""]
        assert asked.late_from is not None
    with clock.at(asked.late_from + HOUR):
        remind_of_waiting(by=system_actor("clocks"))
        sent = Message.objects.filter(about__startswith="support:")
        assert {each.to for each in sent} == {team.manager.user.email}


def test_who_has_no_supervisor_is_told_that_the_manager_was_asked(
    team: Team, signed_in: SignIn
) -> None:
    client = signed_in(team.world.member("project_worker"))
    answer = client.post("/supervision/support/", {"words": ""}, follow=True)
    assert "Your manager has been asked" in answer.content.decode()


def test_whoever_asks_for_support_reads_until_when_they_may_wait(
    team: Team, signed_in: SignIn
) -> None:
    evening = datetime(2026, 12, 24, 16, 0, tzinfo=UTC)  # Christmas Eve, after three
    Supervises.objects.update(starts=evening.date() - timedelta(days=90))
    client = signed_in(team.worker)
    with clock.at(evening):
        shown = re.sub(r"\s+", " ", text_of(client, "/supervision/support/"))
    assert "no answer by 29 December 2026 at 12:00" in shown
