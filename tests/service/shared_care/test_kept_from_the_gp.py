"""Nothing a person restricted is written to their GP or a specialist in any room (H17)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.service.access.story import Story
from tests.service.conftest import World, actor_for
from tests.service.shared_care.examples_advice import new

from unhurried.service.audit import clock
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.models import Cover, Note
from unhurried.service.patients.operations import write_note
from unhurried.service.shared_care.models import AdviceRequest, Task, ThreadMessage
from unhurried.service.shared_care.operations import advice, messages, tasks

TOLD = "Her brother sleeps in the kestrel shed since the quarrel"
REPEATED = "She says her brother sleeps in the kestrel shed"
KEPT = "kept from the GP, as the record stands"
Write = Callable[[Story, str], object]


@pytest.fixture
def story(world: World) -> Story:
    made = Story(world)
    write_note(
        by=actor_for(made.worker), patient=made.patient, text=TOLD,
        visibility=Note.Visibility.RESTRICTED,
    )  # fmt: skip
    return made


def _ask(story: Story, **more: object) -> Task:
    values: dict[str, object] = {
        "by": actor_for(story.worker), "patient": story.patient, "to": "practice", "kind": "ring",
        "sentence": "Please ring her", "person_knows": "agrees", **more,
    }  # fmt: skip
    return tasks.ask(**values)  # type: ignore[arg-type]


def _of_us(story: Story) -> Task:
    return _ask(story, by=actor_for(story.gp), to="provider")


def _thread(story: Story) -> ThreadMessage:
    return messages.open_thread(
        by=actor_for(story.gp), patient=story.patient, subject="Nights", text="How are they?"
    )


def _plan(story: Story, text: str) -> Task:
    task = _of_us(story)
    day = task.due + timedelta(days=7)
    return tasks.plan_task(
        by=actor_for(story.worker), task=task, due=day, version=1, reason=text
    )  # fmt: skip


def _reply_to_specialist(story: Story, text: str) -> AdviceRequest:
    asked = new(story)
    back = advice.ask_back(
        by=actor_for(story.consultant), request=asked, text="For how long?", version=asked.version
    )
    return advice.reply(by=actor_for(story.worker), request=back, text=text, version=back.version)


WRITES: dict[str, Write] = {
    "a task": lambda s, t: _ask(s, sentence=t),
    "more words of a task": lambda s, t: _ask(s, words=t),
    "done": lambda s, t: tasks.finish(
        by=actor_for(s.worker), task=_of_us(s), version=1, outcome=t
    ),
    "not possible": lambda s, t: tasks.decline(
        by=actor_for(s.worker), task=_of_us(s), version=1, outcome=t
    ),
    "no longer needed": lambda s, t: tasks.withdraw(
        by=actor_for(s.worker), task=_ask(s), version=1, outcome=t
    ),
    "another day": _plan,
    "a message": lambda s, t: messages.open_thread(
        by=actor_for(s.worker), patient=s.patient, subject="Nights", text=t
    ),
    "a subject": lambda s, t: messages.open_thread(
        by=actor_for(s.worker), patient=s.patient, subject=t, text="More when we speak"
    ),
    "a reply": lambda s, t: messages.reply(
        by=actor_for(s.worker), thread=_thread(s).thread, text=t
    ),
    "a question to a specialist": lambda s, t: new(s, question=t),
    "what was tried": lambda s, t: new(s, tried=t),
    "a reply to a specialist": _reply_to_specialist,
}  # fmt: skip


@pytest.mark.parametrize("name", WRITES)
def test_words_of_a_restricted_note_are_refused_and_others_go(story: Story, name: str) -> None:
    with pytest.raises(Refused, match=KEPT):
        WRITES[name](story, REPEATED)
    assert WRITES[name](story, "Could we speak about Tuesday?")


def test_who_cannot_read_the_note_learns_nothing_of_it(story: Story) -> None:
    covering, today = story.world.member("project_worker"), clock.today()
    Cover.objects.create(
        worker=story.worker, covering=covering, starts=today, ends=today + timedelta(days=3)
    )
    for who in (covering, story.gp):
        assert messages.open_thread(
            by=actor_for(who), patient=story.patient, subject="Nights", text=REPEATED
        ).pk


def test_words_the_gp_has_anyway_may_be_said_again(story: Story) -> None:
    write_note(
        by=actor_for(story.worker), patient=story.patient, text=REPEATED,
        visibility=Note.Visibility.SHARED_WITH_GP,
    )  # fmt: skip
    assert _ask(story, words="Her brother sleeps in the kestrel shed").pk
