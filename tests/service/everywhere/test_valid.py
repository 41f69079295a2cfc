"""The table of forms is whole, and each of its sendings is done: the others here rest on it."""

from __future__ import annotations

import re

from django.urls import reverse
from tests.service.access.examples import EXAMPLES
from tests.service.access.story import Story
from tests.service.access.test_every_view import doors
from tests.service.everywhere.conftest import SignIn
from tests.service.everywhere.posts import POSTS, WRITES_NOTHING
from tests.service.everywhere.sending import Forms, send, undone

# Pages that show forms of other addresses, and take none themselves.
PAGES = frozenset({"accounts:account"})


def test_every_form_of_the_service_is_in_the_table(story: Story, signed_in: SignIn) -> None:
    missing = []
    for route in doors():
        if route.name in POSTS or route.name in PAGES:
            continue
        example = EXAMPLES[route.name](story) if route.kwargs else None
        where = reverse(route.name, kwargs=example.kwargs if example else None)
        client = signed_in(example.may if example else story.worker)
        with undone():
            answer = client.post(where, {})
        if answer.status_code not in {405, 404} and b"csrfmiddlewaretoken" in answer.content:
            missing.append(route.name)
    assert not missing, f"add a line to posts.py for {missing}"


def test_each_form_does_what_it_is_for(story: Story, signed_in: SignIn) -> None:
    wrong = []
    forms = Forms(story, signed_in)
    for name in POSTS:
        with forms.ready(name) as (client, where, post):
            sent = send(client, where, post.sent)
            if sent.done == (name in WRITES_NOTHING) or sent.status >= 500:
                words = re.sub(r"<[^>]+>|\s+", " ", sent.body.split("<main")[-1])
                wrong.append(f"{name}: {sent.status}, {sent.writes} writes: {words[:400]}")
    assert not wrong, "\n".join(["", *wrong])
