"""A carrier for tests that takes every e-mail."""

from __future__ import annotations

from typing import Any

import pytest

from unhurried.service.outbox.carriers import Parcel, choice


class Taken:
    """A carrier that takes everything and keeps the references."""

    name, at_hand = "taken", True

    def __init__(self) -> None:
        self.references: list[str] = []

    def send(self, parcel: Parcel) -> str:
        """Take it."""
        self.references.append(parcel.reference)
        return parcel.reference

    def find(self, parcel: Parcel) -> str | None:
        """Was it taken already?"""
        return parcel.reference if parcel.reference in self.references else None


@pytest.fixture
def settings_outbox(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Taken:
    """E-mail goes to a carrier that keeps what it took."""
    taken = Taken()
    monkeypatch.setitem(choice.ALLOWED, "email", ("files", "taken"))
    monkeypatch.setitem(choice._MAKERS, "taken", lambda _: taken)
    settings.OUTBOX = settings.OUTBOX | {"email": "taken"}
    return taken
