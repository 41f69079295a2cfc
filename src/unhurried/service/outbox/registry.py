"""What each kind of message is called, and what is asked about it at the moment of sending."""

from __future__ import annotations

from collections.abc import Callable

from unhurried.service.outbox.models import Message

Check = Callable[[Message], str]
_checks: dict[str, Check] = {}
_words: dict[str, str] = {}
_always: dict[str, Check] = {}


def check_before_sending(purpose: str, words: str = "") -> Callable[[Check], Check]:
    """Mark the function asked just before a message of this purpose is sent.

    It returns "" to let the message go, or a sentence saying why it must not: has the person
    died, withdrawn, moved, asked not to be contacted? `words` is what lists call the message.
    """

    def register(check: Check) -> Check:
        known = _checks.get(purpose)
        if known is not None and known.__qualname__ != check.__qualname__:
            raise ValueError(f"{purpose} already has a check, {known.__qualname__}")
        _checks[purpose] = check
        if words:
            _words[purpose] = words
        return check

    return register


def check_all_before_sending(check: Check) -> Check:
    """Mark a function asked before every message, whatever its purpose, beside that one's own."""
    _always[f"{check.__module__}.{check.__qualname__}"] = check
    return check


def why_none_leaves(message: Message) -> str:
    """Why no message like this may leave now, or ""."""
    return next((why for check in _always.values() if (why := check(message))), "")


def check_of(purpose: str) -> Check | None:
    """The check of this purpose, or None."""
    return _checks.get(purpose)


def words_for(purpose: str) -> str:
    """What lists call a message of this purpose."""
    plain = purpose.rpartition(".")[2].replace("_", " ")
    return _words.get(purpose) or plain.capitalize()
