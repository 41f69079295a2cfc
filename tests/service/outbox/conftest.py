"""Messages to send, a carrier to send them with, and checks that go or stop."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from unhurried.service.audit.actor import system_actor
from unhurried.service.audit.operations import write
from unhurried.service.outbox import registry
from unhurried.service.outbox.carriers import Answer, Parcel, choice
from unhurried.service.outbox.models import Message
from unhurried.service.outbox.operations import post

_numbers = itertools.count(1)


class FakeCarrier:
    """A carrier whose answers a test decides: `does` is called with each parcel."""

    name, at_hand = "fake", False

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.asked: list[str] = []
        self.does: Callable[[Parcel], None] = lambda _: None
        self.answer: Callable[[Parcel], str | Answer] | None = None

    def send(self, parcel: Parcel) -> str:
        self.does(parcel)
        self.taken.append(parcel.reference)
        return f"fake-{parcel.reference}"

    def find(self, parcel: Parcel) -> str | Answer:
        self.asked.append(parcel.reference)
        if self.answer:
            return self.answer(parcel)
        return f"fake-{parcel.reference}" if parcel.reference in self.taken else Answer.NEVER_SEEN


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Path:
    """A folder of the test's own for what is sent and what is attached."""
    settings.DATA, settings.FILES = tmp_path, tmp_path / "files"
    settings.FILES.mkdir()
    return tmp_path


@pytest.fixture
def carrier(monkeypatch: pytest.MonkeyPatch, settings: Any) -> FakeCarrier:
    """Text messages go through a fake carrier."""
    fake = FakeCarrier()
    monkeypatch.setitem(choice.ALLOWED, "sms", ("files", "fake"))
    monkeypatch.setitem(choice._MAKERS, "fake", lambda _: fake)
    settings.OUTBOX = settings.OUTBOX | {"sms": "fake"}
    return fake


@pytest.fixture
def says() -> Iterator[list[str]]:
    """What the check of the purpose `test.message` says: the last of this list, or nothing."""
    said: list[str] = []
    registry._checks["test.message"] = lambda _: said[-1] if said else ""
    yield said
    del registry._checks["test.message"]


def send_to(**values: Any) -> Message:
    """Post a text message, or what `values` say."""
    facts: dict[str, Any] = {
        "purpose": "test.message", "about": str(next(_numbers)), "channel": "sms",
        "to": "07700 900123", "body": "Hello",
    }  # fmt: skip
    with write("test.posted", by=system_actor("test")) as doing:
        message = post(**(facts | values))
        doing.about(message)
    return message
