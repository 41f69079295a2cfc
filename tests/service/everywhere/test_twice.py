"""Every form sent twice: one effect and the same answer; sent again with other words: 422."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, connections
from django.test import Client
from tests.service.access.story import Story
from tests.service.everywhere.conftest import SignIn
from tests.service.everywhere.filling import WORDS
from tests.service.everywhere.posts import POSTS, WRITES_NOTHING, address
from tests.service.everywhere.sending import Forms, send, undone, writes

# What a look alone adds to, and what a session keeps.
BESIDE = frozenset({"audit.Entry", "sessions.Session", "joining.ReplyAttempt"})


# Done once, but the second answer is another: what the form was about is no longer there to be
# done, and the view says so before it comes to the key.
ANSWERED_OTHERWISE = {
    "accounts:decide_role": "404: decided, so it waits no longer",
    "patients:end_carer": "404: ended",
    "patients:episode_end": "404: there is no open episode",
    "patients:episode_worker": "the form again: the worker chosen is the worker now",
    "joining:withdraw_referral": "409: closed already",
    "team:cannot_take_on": "404: no longer asked to take the person on",
    "shared_care:pass_on_advice": "409: with a colleague now, and no longer theirs to see",
    "shared_care:advice_not_for_me": "409: with who asked now, and no longer theirs to see",
    "joining:choose": "the page again: nobody of those ticked waits",
    "joining:reminders": "the page again: no reminder is due",
}


def rows() -> dict[str, int]:
    """How many rows there are of everything."""
    return {
        each._meta.label: each._default_manager.count()
        for each in apps.get_models()
        if each._meta.managed and each._meta.label not in BESIDE
    }


def test_sent_twice_is_done_once_and_answered_alike(story: Story, signed_in: SignIn) -> None:
    wrong = []
    forms = Forms(story, signed_in)
    for name in POSTS:
        if name in WRITES_NOTHING:
            continue
        with forms.ready(name) as (client, where, post):
            once = str(uuid.uuid4())
            first = send(client, where, post.sent, once=once)
            there = rows()
            for each in post.files:
                for file in post.sent[each]:
                    file.seek(0)
            second = send(client, where, post.sent, once=once)
            more = {k: (there[k], v) for k, v in rows().items() if v != there[k]}
            if second.writes or more:
                wrong.append(f"{name}: done again: {second.writes} writes, {more}")
            alike = (second.status, second.where) == (first.status, first.where)
            if second.status >= 500 or alike == (name in ANSWERED_OTHERWISE):
                wrong.append(f"{name}: {first.status} {first.where}, then {second.status} "
                             f"{second.where}")  # fmt: skip
    assert not wrong, "\n".join(["", *wrong])


def test_sent_again_with_other_words_is_not_done(story: Story, signed_in: SignIn) -> None:
    wrong = []
    forms = Forms(story, signed_in)
    for name in POSTS:
        with forms.ready(name) as (client, where, post):
            changed = {
                key: f"{WORDS}, changed" for key, value in post.sent.items() if value == WORDS
            }
            if not changed:
                continue
            once = str(uuid.uuid4())
            send(client, where, post.sent, once=once)
            second = send(client, where, {**post.sent, **changed}, once=once)
            said_no = second.status in {404, 409, 422} or name in ANSWERED_OTHERWISE
            if second.writes or not said_no:
                wrong.append(f"{name}: {second.status}, {second.writes} writes")
    assert not wrong, "\n".join(["", *wrong])


@pytest.mark.parametrize("key", ["none", "x", "0" * 5_000, "' OR 1=1--"])
def test_a_form_without_a_key_or_with_an_odd_one_is_no_fault(
    story: Story, signed_in: SignIn, key: str
) -> None:
    wrong = []
    forms = Forms(story, signed_in)
    for name in sorted(POSTS)[:: 1 if key == "none" else 3]:
        with forms.ready(name) as (client, where, post):
            sent = send(client, where, post.sent, once=key)
            if sent.status >= 500:
                wrong.append(f"{name}: {sent.status}")
    assert not wrong, "\n".join(["", *wrong])


AT_ONCE = (
    "patients:write_note", "patients:raise_alert", "patients:episode_pause", "patients:cover",
    "patients:consent_service", "identification:decide", "identification:undo", "joining:refer",
    "joining:choose", "joining:record_reply", "joining:join", "joining:edit_wording",
    "accounts:give_role", "accounts:end_role", "web:break_glass", "outbox:retry",
    "worksheets:start", "worksheets:add", "worksheets:correct", "worksheets:week",
)  # fmt: skip
THREADS = 4


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", AT_ONCE)
def test_sent_at_once_by_several_is_done_once(
    request: pytest.FixtureRequest, signed_in: SignIn, name: str
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite of the tests lives in one connection's memory")
    story: Story = request.getfixturevalue("story")
    post = POSTS[name](story)
    where, once = address(name, post), str(uuid.uuid4())
    clients = [signed_in(post.may) for _ in range(THREADS)]
    with undone():
        alone = send(clients[0], where, post.sent).writes
    for each in clients:
        each.raise_request_exception = False
    before = writes()
    answers = _at_once([_sending(each, where, {**post.sent, "once": once}) for each in clients])
    done = writes() - before
    assert all(status < 500 for status, _ in answers), answers
    assert len(set(answers)) == 1 or name in ANSWERED_OTHERWISE, answers
    assert done == alone > 0


def _sending(client: Client, where: str, sent: dict[str, Any]) -> Callable[[], tuple[int, str]]:
    def send_it() -> tuple[int, str]:
        answer = client.post(where, sent)
        return answer.status_code, answer.headers.get("Location", "")

    return send_it


def _at_once(doing: list[Callable[[], tuple[int, str]]]) -> list[tuple[int, str]]:
    ready = threading.Barrier(len(doing), timeout=30)
    answers: list[tuple[int, str]] = []

    def run(each: Callable[[], tuple[int, str]]) -> None:
        try:
            ready.wait()
            answers.append(each())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(each,), daemon=True) for each in doing]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(answers) == len(doing)
    return answers


def test_the_forms_sent_at_once_are_known() -> None:
    assert set(AT_ONCE) <= set(POSTS)
