"""Odd input in every field of every form, and in every query: no fault, no change unsaid.

The fields are those the views ask for; a new field is tried the moment a view reads it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.service.access.examples import EXAMPLES
from tests.service.access.story import Story
from tests.service.access.test_every_view import doors
from tests.service.access.walking import guarded_routes
from tests.service.everywhere.conftest import SignIn
from tests.service.everywhere.filling import Post
from tests.service.everywhere.odd import REFUSED_AT_THE_DOOR, SCRIPT, TEXTS, VALUES
from tests.service.everywhere.posts import OPEN, POSTS
from tests.service.everywhere.sending import Forms, Sent, listening, send, undone, writes

from unhurried.service.accounts.policy import grant_for

MARK = "Kestrel {}"


def problems(what: str, sent: Sent) -> list[str]:
    """What is wrong with an answer, whatever was sent."""
    found = []
    if sent.status >= 500:
        found.append(f"{what}: {sent.status}")
    if SCRIPT in sent.body:
        found.append(f"{what}: the script stands in the page")
    if str(1337 * 7331) in sent.body:
        found.append(f"{what}: the template was carried out")
    if "Set-Cookie: a=b" in sent.where:
        found.append(f"{what}: a header was forged")
    return found


def silently_changed(what: str, sent: Sent, value: str) -> list[str]:
    """Done, but not as sent."""
    if sent.done and value.strip() and not sent.keeps(value):
        return [f"{what}: done, but {value[:30]!r} was not kept so"]
    return []


@dataclass
class Form:
    """One form made ready; each attempt starts from there."""

    name: str
    client: Client
    where: str
    post: Post

    def attempt(self, changes: dict[str, Any]) -> Sent:
        """Send the valid form with these changes; what it did is put back."""
        return self.send({**self.post.sent, **changes})

    def send(self, what: dict[str, Any]) -> Sent:
        """Send exactly this; what it did is put back."""
        with undone():
            return send(self.client, self.where, what)

    def fields(self) -> tuple[list[str], list[str]]:
        """The names the view asks for: those that keep free text, and the others."""
        with listening("POST") as asked:
            self.attempt({})
        names = sorted((asked | set(self.post.sent)) - set(self.post.files))
        free = []
        for each in names:
            if isinstance(self.post.sent.get(each, ""), list):
                continue
            mark = MARK.format(each)
            sent = self.attempt({each: mark})
            if sent.done and sent.keeps(mark):
                free.append(each)
        return free, [each for each in names if each not in free]


# Every string in every field takes minutes: by default each form is sent a share of them, another
# one each, so that every string is tried on many forms.
SHARE = 1 if os.environ.get("UNHURRIED_HYPOTHESIS") == "deep" else 16


def _share(strings: dict[str, str], turn: int) -> list[tuple[str, str]]:
    return list(strings.items())[turn % SHARE :: SHARE]


# Forms of the same view: one of them stands for all.
ALIKE = frozenset(
    f"patients:{do}_{kind}"
    for do in ("consent", "withdraw")
    for kind in ("service", "research_contact", "evaluation")
)


@pytest.mark.parametrize("part", range(4))
def test_odd_input_in_every_field(story: Story, signed_in: SignIn, part: int) -> None:
    wrong: list[str] = []
    forms = Forms(story, signed_in)
    for turn, name in enumerate(sorted(set(POSTS) - ALIKE)):
        if turn % 4 != part:
            continue
        with forms.ready(name) as (client, where, post):
            form = Form(name, client, where, post)
            free, others = form.fields()
            for kind, text in _share(TEXTS, turn) if free else ():
                wrong += _together(form, free, kind, text)
            wrong += _each(form, others, turn)
            wrong += _lists_and_gaps(form, [*free, *others])
    assert not wrong, "\n".join(["", *wrong])


def _together(form: Form, free: list[str], kind: str, text: str) -> list[str]:
    """The text in all the free fields at once; one by one when that was refused."""
    sent = form.attempt(dict.fromkeys(free, text))
    what = f"{form.name}, {kind} in {', '.join(free)}"
    wrong = problems(what, sent)
    if sent.done or len(free) == 1:
        return wrong + silently_changed(what, sent, text)
    for field in free:
        alone = form.attempt({field: text})
        what = f"{form.name}, {kind} in {field}"
        wrong += problems(what, alone) + silently_changed(what, alone, text)
    return wrong


def _each(form: Form, fields: list[str], turn: int) -> list[str]:
    """Odd values in fields that want something certain: each in one field, in turn."""
    wrong = []
    values = {**VALUES, **{kind: TEXTS[kind] for kind in ("300 characters", "a script", "lines")}}
    for number, (kind, value) in enumerate(_share(values, turn) if fields else ()):
        field = fields[number % len(fields)]
        wrong += problems(f"{form.name}, {kind} in {field}", form.attempt({field: value}))
    return wrong


def _lists_and_gaps(form: Form, fields: list[str]) -> list[str]:
    """Everything twice, everything missing, each one missing."""
    whole = form.post.sent
    twice = {k: v if isinstance(v, list) else [v, "other"] for k, v in whole.items()}
    wrong = problems(f"{form.name}, everything twice", form.send(twice))
    wrong += problems(f"{form.name}, nothing at all", form.send({}))
    for field in fields:
        rest = {k: v for k, v in whole.items() if k != field}
        wrong += problems(f"{form.name}, without {field}", form.send(rest))
    return wrong


# -- queries ---------------------------------------------------------------------------------


def test_odd_input_in_every_query(story: Story, signed_in: SignIn) -> None:
    wrong: list[str] = []
    asked_for: set[str] = set()
    odd = {**TEXTS, **VALUES}
    del odd["100 KB"]
    for route in doors():
        example = EXAMPLES[route.name](story) if route.kwargs else None
        where = reverse(route.name, kwargs=example.kwargs if example else None)
        client = signed_in(example.may if example else _who(story, route.name))
        client.raise_request_exception = False
        with listening("GET") as names:
            if client.get(where).status_code == 405:
                continue
        asked_for |= names
        for kind, text in _share(odd, len(route.name)) if names else ():
            before = writes()
            answer = client.get(where, dict.fromkeys(names, text))
            body = b"".join(answer).decode(errors="replace")
            sent = Sent(answer.status_code, answer.headers.get("Location", ""), body, 0, [])
            wrong += problems(f"{route.name}?{','.join(sorted(names))}: {kind}", sent)
            if writes() != before:
                wrong.append(f"{route.name}: a look changed something ({kind})")
    assert {"q", "page", "view", "person"} <= asked_for
    assert not wrong, "\n".join(["", *wrong])


def _who(story: Story, name: str) -> Any:
    """Somebody who is let in where no thing stands in the address."""
    if name in POSTS:
        return POSTS[name](story).may
    for may in (story.gp, story.worker, story.manager, story.officer, story.administrator):
        access = next(each.access for each in guarded_routes() if each.name == name)
        if grant_for(may.role, *access):
            return may
    return story.staff


# -- the door --------------------------------------------------------------------------------


def test_what_is_no_text_is_refused_at_every_form(story: Story, signed_in: SignIn) -> None:
    wrong = []
    forms = Forms(story, signed_in)
    for number, name in enumerate(POSTS):
        with forms.ready(name) as (client, where, _):
            for kind in (list(REFUSED_AT_THE_DOOR)[number % 4],):
                before = writes()
                body = b"text=" + REFUSED_AT_THE_DOOR[kind]
                answer = client.post(where, body, "application/x-www-form-urlencoded")
                if answer.status_code != 400 or writes() != before:
                    wrong.append(f"{name}, {kind}: {answer.status_code}")
    assert not wrong, "\n".join(["", *wrong])


URLENCODED = "application/x-www-form-urlencoded"
ODDITIES: dict[str, tuple[dict[str, Any], set[int]]] = {
    "another kind of content": ({"content_type": "text/xml", "data": b"<a/>"}, {200, 400, 415}),
    "JSON": ({"content_type": "application/json", "data": b'{"a":'}, {200, 400, 415}),
    "no boundary": ({"content_type": "multipart/form-data", "data": b"--x"}, {400}),
    "a boundary that is none": (
        {"content_type": "multipart/form-data; boundary=\"a\x07b\"", "data": b"--a"}, {400}
    ),
    "cut off": (
        {"content_type": "multipart/form-data; boundary=x",
         "data": b'--x\r\nContent-Disposition: form-data; name="te'}, {200, 400}
    ),
    "a charset nobody knows": (
        {"content_type": f"{URLENCODED}; charset=klingon", "data": b"text=a"}, {200, 400, 415}
    ),
    "UTF-16": ({"content_type": f"{URLENCODED}; charset=utf-16", "data": b"\xff\xfet"}, {400}),
    "a length that is none": (
        {"content_type": URLENCODED, "data": b"text=a", "CONTENT_LENGTH": "many"}, {200, 400}
    ),
    "1,001 fields": (
        {"content_type": URLENCODED, "data": b"&".join(b"f%d=" % n for n in range(1001))}, {400}
    ),
    "another host": ({"content_type": URLENCODED, "data": b"", "HTTP_HOST": "evil.example"}, {400}),
    "a forwarded host": (
        {"content_type": URLENCODED, "data": b"", "HTTP_X_FORWARDED_HOST": "evil.example"}, {200}
    ),
    "another method": (
        {"content_type": URLENCODED, "data": b"", "HTTP_X_HTTP_METHOD_OVERRIDE": "DELETE"}, {200}
    ),
    "a giant header": (
        {"content_type": URLENCODED, "data": b"", "HTTP_X_LONG": "x" * 100_000}, {200}
    ),
    "a giant cookie": (
        {"content_type": URLENCODED, "data": b"", "HTTP_REFERER": "http://" + "x" * 70_000}, {200}
    ),
}  # fmt: skip


def test_oddities_of_http(story: Story, signed_in: SignIn) -> None:
    wrong = []
    forms = Forms(story, signed_in)
    with forms.ready("patients:write_note") as (client, where, _):
        before = writes()
        for kind, (more, expected) in ODDITIES.items():
            answer = client.generic("POST", where, **more)
            if answer.status_code not in expected or writes() != before:
                wrong.append(f"{kind}: {answer.status_code}")
            if "evil.example" in answer.content.decode() + str(answer.headers):
                wrong.append(f"{kind}: the other host stands in the answer")
    assert not wrong, "\n".join(["", *wrong])


PATHS = [
    "/people/%2e%2e/%2e%2e/etc/passwd",
    "/people/..%2f..%2fsettings.py",
    "/static/%2e%2e/x",
    "/static/..%5c..%5cx",
    "/people/%FF/",
    "/people/%C0%AE/",
    "/%ED%A0%80/",
    "/people//",
    "//evil.example/people/",
    "/people/;jsessionid=1/",
    "/people/%0d%0aSet-Cookie:a=b/",
    "/people/" + "9" * 400 + "/",
    "/members/99999999999999999999/end/",
    "/break-glass/review/99999999999999999999/",
    "/joining/workers/99999999999999999999/",
    "/members/agreements/99999999999999999999/end/",
    "/members/-1/end/",
    "/reply/%00/",
    "/reply/" + "x" * 500 + "/",
    "/reply/%3Cscript%3Ealert(1)%3C%2Fscript%3E/",
    "/sign-in/with/none/",
    "/finding/none/",
    "/wording/none/",
]


def test_odd_paths_are_answered(story: Story, signed_in: SignIn) -> None:
    wrong = []
    for may in (story.administrator, story.officer, story.worker, None):
        client = signed_in(may) if may else Client()
        client.raise_request_exception = False
        client.defaults["HTTP_HOST"] = "localhost"
        for path in PATHS:
            answer = client.get(path)
            body = b"".join(answer).decode(errors="replace")
            if answer.status_code not in {200, 301, 302, 400, 404} or SCRIPT in body:
                wrong.append(f"{path}: {answer.status_code}")
            leads = answer.headers.get("Location", "")
            if leads.startswith(("//", "http")) or "Set-Cookie:a" in str(answer.headers):
                wrong.append(f"{path}: {leads or answer.headers}")
    assert not wrong, "\n".join(["", *wrong])


def test_a_number_too_large_for_the_database_is_not_found_in_a_persons_record(
    story: Story, signed_in: SignIn
) -> None:
    client = signed_in(story.worker)
    client.raise_request_exception = False
    for verb in (client.get, client.post):
        for number in (2**31, 2**63, 10**30):
            where = f"/people/{story.patient.uuid}/carers/{number}/end/"
            assert verb(where).status_code in {404, 405}


def test_odd_input_in_forms_open_to_all(story: Story, signed_in: SignIn) -> None:
    wrong = []
    worker = signed_in(story.worker)
    worker.raise_request_exception = False
    for name, usual in OPEN.items():
        for kind, text in _share({**TEXTS, **VALUES}, len(name)):
            with undone():
                client = Client(raise_request_exception=False)
                if name == "accounts:choose_role":
                    client = worker
                for field in usual:
                    sent = send(client, reverse(name), {**usual, field: text})
                    wrong += problems(f"{name}, {kind} in {field}", sent)
                    if sent.where and not sent.where.startswith("/"):
                        wrong.append(f"{name}, {kind} in {field}: leads to {sent.where}")
    assert not wrong, "\n".join(["", *wrong])
