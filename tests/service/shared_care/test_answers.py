"""An answer comes back to whoever asked, and stays until somebody says they saw it (COM-2, H24)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from tests.service.access.story import Story
from tests.service.conftest import World, actor_for
from tests.service.shared_care.examples_advice import new
from tests.service.shared_care.test_tasks import MONDAY, Room, at

from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.audit.actor import system_actor
from unhurried.service.audit.models import Entry
from unhurried.service.audit.refused import Refused
from unhurried.service.outbox.models import Message
from unhurried.service.patients import operations as patients
from unhurried.service.patients.models import Cover, Episode, Restriction
from unhurried.service.shared_care.clocks.reminding import remind_of_waiting
from unhurried.service.shared_care.models import Answer, Task
from unhurried.service.shared_care.operations import advice, messages, tasks
from unhurried.service.shared_care.operations import answers as operations
from unhurried.service.shared_care.queries import answers as queries
from unhurried.service.shared_care.waits import waiting_for

SignIn = Callable[[Membership], Client]
WORDS = "Rang them about the kestrel, who sleeps well"


@pytest.fixture
def room(world: World) -> Room:
    worker = world.member("project_worker")
    return Room(world, worker, world.member("gp"), world.enrolled(worker))


def _finished(room: Room, outcome: str = WORDS, **more: object) -> Answer:
    made = room.ask(**more)
    by = actor_for(room.gp if made.to == "practice" else room.worker)
    tasks.finish(by=by, task=made, version=made.version, outcome=outcome)
    return Answer.objects.get(task=made)


def _words(member: Membership) -> list[str]:
    return [each.words for each in queries.answered(actor_for(member)).lines]


def _seen(member: Membership, answer: Answer) -> Answer:
    return operations.see(by=actor_for(member), answer=answer)


# -- it comes back ---------------------------------------------------------------------------


def test_a_task_answered_stands_on_the_askers_first_page(room: Room, signed_in: SignIn) -> None:
    answer = _finished(room)
    client = signed_in(room.worker)
    shown = client.get("/").content.decode()
    assert "Answered" in shown
    assert room.gp.user.full_name in shown
    assert WORDS in shown
    client.get("/")
    client.get(queries.page_of(answer))  # reading it is not saying so
    assert WORDS in client.get("/").content.decode()
    client.post(f"/answers/{answer.uuid}/seen/")
    assert WORDS not in client.get("/").content.decode()


def test_what_was_not_possible_comes_back_and_what_one_withdrew_does_not(room: Room) -> None:
    first, second = room.ask(), room.ask()
    tasks.decline(by=actor_for(room.gp), task=first, version=1, outcome="No slot before May")
    tasks.withdraw(by=actor_for(room.worker), task=second, version=1)
    assert _words(room.worker) == ["No slot before May"]
    assert not Answer.objects.filter(task=second).exists()


def test_a_reply_comes_back_to_who_wrote_and_not_to_its_own_side(room: Room) -> None:
    first = messages.open_thread(
        by=actor_for(room.worker), patient=room.patient, subject="Sleep", text="How are nights?"
    )
    assert not Answer.objects.exists()  # nobody asked anything of whom it is for
    messages.reply(by=actor_for(room.gp), thread=first.thread, text="Better since Sunday")
    assert _words(room.worker) == ["Better since Sunday"]
    assert _words(room.gp) == []


def test_writing_back_about_a_task_comes_back_to_who_asked(room: Room) -> None:
    task = room.ask()
    messages.open_thread(
        by=actor_for(room.gp), patient=room.patient, subject="About it", text="Which medicine?",
        task=task,
    )  # fmt: skip
    assert _words(room.worker) == ["Which medicine?"]


def test_who_writes_on_has_seen_what_they_opened_and_no_newer_one(room: Room) -> None:
    first = messages.open_thread(
        by=actor_for(room.worker), patient=room.patient, subject="Sleep", text="How are nights?"
    )
    messages.reply(by=actor_for(room.gp), thread=first.thread, text="One")
    messages.note_read(by=actor_for(room.worker), thread=first.thread)
    messages.reply(by=actor_for(room.gp), thread=first.thread, text="Two")
    messages.reply(by=actor_for(room.worker), thread=first.thread, text="Thanks")
    assert _words(room.worker) == ["Two"]


def test_advice_comes_back_and_seen_here_is_read_there(world: World) -> None:
    story = Story(world)
    made = new(story)
    advice.answer(
        by=actor_for(story.consultant), request=made, answer="Begin low.", if_then="",
        may_read="yes", version=made.version,
    )  # fmt: skip
    assert _words(story.worker) == ["Begin low."]
    answer = Answer.objects.get(request=made)
    _seen(story.worker, answer)
    made.refresh_from_db()
    assert made.read_by == story.worker
    assert _words(story.worker) == []


def test_advice_read_on_its_own_page_is_seen(world: World) -> None:
    story = Story(world)
    made = new(story)
    advice.answer(
        by=actor_for(story.consultant), request=made, answer="Begin low.", if_then="",
        may_read="yes", version=made.version,
    )  # fmt: skip
    advice.mark_read(by=actor_for(story.worker), request=made)
    assert _words(story.worker) == []


# -- said once, by the right side ------------------------------------------------------------


def test_seen_once_is_one_row_of_the_trail_however_often_it_is_sent(room: Room) -> None:
    answer = _finished(room)
    with clock.at(MONDAY):
        operations.see(by=actor_for(room.worker), answer=answer, key="k" * 32)
    with clock.at(at(1)):
        operations.see(by=actor_for(room.worker), answer=answer, key="k" * 32)
    answer.refresh_from_db()
    assert (answer.closed_at, answer.seen_by) == (MONDAY, room.worker)
    assert Entry.objects.filter(action="shared_care.answer_seen").count() == 1


def test_only_the_side_that_asked_says_so(room: Room) -> None:
    answer = _finished(room)
    with pytest.raises(Refused):
        _seen(room.gp, answer)
    answer.refresh_from_db()
    assert answer.closed_at is None


def test_the_first_to_say_so_is_kept(room: Room) -> None:
    answer = _finished(room, to="provider", by=actor_for(room.gp))
    colleague = room.world.member("gp")
    _seen(room.gp, answer)
    _seen(colleague, answer)
    answer.refresh_from_db()
    assert answer.seen_by == room.gp


# -- never lost ------------------------------------------------------------------------------


def test_who_covers_sees_it_and_whoever_has_the_person_next(room: Room) -> None:
    answer = _finished(room)
    covering, manager = room.world.member("project_worker"), room.world.member("service_manager")
    assert _words(covering) == []
    today = clock.today()
    cover = Cover.objects.create(
        worker=room.worker, covering=covering, starts=today, ends=today + timedelta(days=5)
    )
    assert _words(covering) == [WORDS]
    cover.delete()
    episode = Episode.objects.get(patient=room.patient)
    patients.change_project_worker(
        by=actor_for(manager), episode=episode, to=covering, reason="They left"
    )
    assert (_words(covering), _words(room.worker)) == ([WORDS], [])
    assert _seen(covering, answer).seen_by == covering


def test_a_colleague_sees_it_when_the_gp_who_asked_is_gone_or_shut_out(room: Room) -> None:
    _finished(room, to="provider", by=actor_for(room.gp))
    colleague = room.world.member("gp")
    assert (_words(room.gp), _words(colleague)) == ([WORDS], [])
    shut = Restriction.objects.create(patient=room.patient, user=room.gp.user, asked_at=clock.now())
    assert (_words(room.gp), _words(colleague)) == ([], [WORDS])
    shut.delete()
    Membership.objects.filter(pk=room.gp.pk).update(ends=date(2025, 1, 1))
    assert _words(colleague) == [WORDS]


def test_a_colleague_sees_it_when_it_was_not_seen_in_time(room: Room) -> None:
    with clock.at(MONDAY):
        _finished(room, to="provider", by=actor_for(room.gp))
    colleague = room.world.member("gp")
    with clock.at(at(1)):
        assert _words(colleague) == []
    with clock.at(at(2, 18)):
        assert _words(colleague) == [WORDS]


def test_the_practice_keeps_it_once_the_care_has_ended(room: Room) -> None:
    answer = _finished(room)
    patients.end_episode(
        by=actor_for(room.worker), episode=Episode.objects.get(patient=room.patient), reason="Done"
    )
    assert (_words(room.worker), _words(room.gp)) == ([], [WORDS])
    assert [each.kind for each in waiting_for(actor_for(room.gp))] == ["answer"]
    assert _seen(room.gp, answer).seen_by == room.gp


def test_the_practice_reads_no_words_of_who_keeps_them_from_their_gp(room: Room) -> None:
    _finished(room, to="provider", by=actor_for(room.gp))
    patients.record_consent(
        by=actor_for(room.worker), patient=room.patient, kind="sharing", party="gp", given=False,
        how="spoken",
    )  # fmt: skip
    assert _words(room.gp) == [""]


# -- its clock -------------------------------------------------------------------------------


def test_one_mail_a_stage_and_none_once_seen(room: Room) -> None:
    manager = room.world.member("service_manager")
    with clock.at(MONDAY):
        answer = _finished(room)
    with clock.at(at(1)):
        remind_of_waiting(by=system_actor("test"))
    assert not Message.objects.filter(about__startswith="answer:").exists()
    with clock.at(at(2, 19)):
        remind_of_waiting(by=system_actor("test"))
        remind_of_waiting(by=system_actor("test"))
    with clock.at(at(4, 13)):
        remind_of_waiting(by=system_actor("test"))
    told = Message.objects.filter(about__startswith="answer:").order_by("pk")
    assert [each.to for each in told] == [room.worker.user.email, manager.user.email]
    found = [each for each in waiting_for(actor_for(manager)) if each.kind == "answer"]
    assert [(each.person, each.href) for each in found] == [(str(room.patient), "")]
    _seen(room.worker, answer)
    with clock.at(at(9)):
        assert remind_of_waiting(by=system_actor("test")) == 0


def test_many_answers_show_the_oldest_and_how_many_more(room: Room, signed_in: SignIn) -> None:
    for _ in range(queries.SHOWN + 2):
        _finished(room)
    shown = queries.answered(actor_for(room.worker))
    assert (len(shown.lines), shown.more) == (queries.SHOWN, 2)
    client = signed_in(room.worker)
    assert "2 more, and all answers" in client.get("/").content.decode()
    inbox = client.get("/shared-care/?show=answered").content.decode()
    assert inbox.count("I have seen it") == queries.SHOWN + 2
    assert Task.objects.count() == queries.SHOWN + 2
