"""What a carrier is: it sends, and it says whether something was sent.

A carrier tells three failures apart, because only some may be tried again blindly.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Protocol


class Unreachable(Exception):  # noqa: N818 - read as a sentence
    """Nothing was handed over; the carrier can be tried again later."""


class NotAccepted(Exception):  # noqa: N818 - read as a sentence
    """The carrier said no, and will say no again: someone has to put it right."""


class PerhapsAccepted(Exception):  # noqa: N818 - read as a sentence
    """The line broke after handing over; ask the carrier before doing anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What a carrier is given: never more than it needs."""

    reference: str
    channel: str
    to: str
    subject: str
    body: str
    document: bytes
    day: date  # the day it was due, which names the folder of the files carrier

    @property
    def is_calendar(self) -> bool:
        """Is the document an entry for a calendar (RFC 5545), not a letter on paper?"""
        return self.document.startswith(b"BEGIN:VCALENDAR")


class Answer(Enum):
    """What a carrier says when asked about a reference it was perhaps given."""

    NEVER_SEEN = "never seen"
    CANNOT_TELL = "cannot tell"


class Carrier(Protocol):
    """One way out of the service."""

    name: str
    # True when sending takes milliseconds and cannot hang: the check before sending, the sending
    # and the note of it are then one transaction, so that nothing can change in between.
    at_hand: bool

    def send(self, parcel: Parcel) -> str:
        """Hand the parcel over; the carrier's own number for it.

        Raises Unreachable, NotAccepted or PerhapsAccepted.
        """
        ...

    def find(self, parcel: Parcel) -> str | Answer:
        """The carrier's number for a parcel it has, or why there is none. Raises Unreachable."""
        ...
