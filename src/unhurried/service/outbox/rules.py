"""What may be posted and tried again."""

from __future__ import annotations

import unicodedata

from unhurried.service.audit.refused import Refused
from unhurried.service.outbox.models import Message

LONGEST_BODY = 100_000


def check_can_be_sent(*, channel: str, to: str, subject: str, body: str, document: str) -> None:
    """Refuse what no carrier could send, with a sentence saying what to put right."""
    if channel not in Message.Channel.values:
        raise ValueError(f"{channel!r} is not a channel")
    if not to.strip():
        raise Refused("There is no address to send this to.")
    if len(to) > 300 or len(subject) > 300 or len(body) > LONGEST_BODY:
        raise Refused("The address, the subject or the text is too long to be sent.")
    if channel != Message.Channel.LETTER and not to.isprintable():
        raise Refused("The address holds a character that cannot be part of an address.")
    if any(_unusable(text) for text in (to, subject, body)):
        raise Refused("The text holds a character that cannot be stored or printed.")
    if channel == Message.Channel.LETTER and not document and not body:
        raise Refused("There is no letter to send yet: prepare it first.")


def check_may_retry(message: Message) -> None:
    """Only what could not be sent may be tried again: what was stopped stays stopped."""
    if message.state != Message.State.FAILED:
        raise Refused("Only a message that could not be sent can be tried again.")


def _unusable(text: str) -> bool:
    return any(character == "\x00" or unicodedata.category(character) == "Cs" for character in text)
