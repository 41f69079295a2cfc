"""Sending forms again and again from the same start: what each sending did is undone after it."""

from __future__ import annotations

import contextlib
import unicodedata
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.db import connection, transaction
from django.http import QueryDict
from django.test import Client
from tests.service.access.story import Story
from tests.service.everywhere.filling import Post
from tests.service.everywhere.posts import POSTS, address

from unhurried.service.audit.models import Entry

Maker = Callable[[Any], Client]


@contextlib.contextmanager
def undone() -> Iterator[None]:
    """Everything inside is put back at the end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@dataclass
class Sent:
    """What one sending came to."""

    status: int
    where: str
    body: str
    writes: int
    kept: list[Any]

    @property
    def done(self) -> bool:
        """Was anything done?"""
        return self.writes > 0

    def keeps(self, text: str) -> bool:
        """Was this text written somewhere exactly so (NFC, without blanks at its ends)?

        Or each of its lines, where a field takes one thing a line.
        """
        if any(_same(each, text) for each in self.kept):
            return True
        lines = [line for line in text.splitlines() if line.strip()]
        return len(lines) > 1 and all(self.keeps(line) for line in lines)


def _same(kept: Any, text: str) -> bool:
    if not isinstance(kept, str):
        return False
    wanted = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()
    return unicodedata.normalize("NFC", kept.replace("\r\n", "\n")).strip() == wanted


@dataclass
class Forms:
    """Every form of POSTS with its sender signed in, in one story."""

    story: Story
    sign_in: Maker
    clients: dict[int, Client] = field(default_factory=dict)

    @contextlib.contextmanager
    def ready(self, name: str) -> Iterator[tuple[Client, str, Post]]:
        """The sender, the address and the valid sending; all is put back at the end."""
        with undone():
            story = Story(self.story.world, self.story.made)
            story.__dict__.update(self.story.__dict__)
            post = POSTS[name](story)
            client = self.sign_in(post.may)
            client.raise_request_exception = False
            yield client, address(name, post), post

    def names(self) -> list[str]:
        """All of them."""
        return list(POSTS)


def send(client: Client, where: str, sent: dict[str, Any], *, once: str = "") -> Sent:
    """Send a form with a key of its own (or this one); faults are answered, not raised."""
    key = {} if once == "none" else {"once": once or str(uuid.uuid4())}
    kept: list[Any] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE")):
            for row in params if many else [params]:
                kept.extend(row or ())
        return execute(sql, params, many, context)

    before = writes()
    with connection.execute_wrapper(watch):
        answer = client.post(where, {**sent, **key})
    return Sent(
        answer.status_code, answer.headers.get("Location", ""),
        answer.content.decode(errors="replace"), writes() - before, kept,
    )  # fmt: skip


def writes() -> int:
    """How many things were done so far."""
    return Entry.objects.exclude(action__startswith="read.").count()


class Asked(QueryDict):
    """What was sent, which remembers the names it was asked for."""

    names: set[str]

    def __getitem__(self, key: str) -> Any:
        self.names.add(key)
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self.names.add(key)
        return super().get(key, default)

    def getlist(self, key: str, default: Any = None) -> Any:
        self.names.add(key)
        return super().getlist(key, default)

    def __contains__(self, key: object) -> bool:
        self.names.add(str(key))
        return super().__contains__(key)


@contextlib.contextmanager
def listening(to: str) -> Iterator[set[str]]:
    """The names a view asks for in `GET` or `POST`."""
    names: set[str] = set()
    real = WSGIRequest.__dict__[to]

    def asked(request: Any) -> Any:
        found = real.__get__(request, WSGIRequest)
        wrapped = Asked(mutable=True)
        for key, values in found.lists():
            wrapped.setlist(key, values)
        wrapped.names = names
        return wrapped

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WSGIRequest, to, property(asked, getattr(real, "fset", None)))
        yield names
    names.discard("csrfmiddlewaretoken")
    names.discard("once")
