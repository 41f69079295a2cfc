"""A session: when it began, when it was last used, and which second factor was given in it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping

from django.conf import settings
from django.http import HttpRequest

MEMBERSHIP = "membership"
SECOND_FACTOR = "second_factor"
SIGNED_IN_AT = "signed_in_at"
SEEN_AT = "seen_at"
EVERY = 60  # seconds between two notes of "last used"


def second_factor_of(records: Iterable[Mapping[str, object]]) -> str:
    """The second factor among allauth's records of this sign-in; "" for none."""
    for record in records:
        if record.get("method") == "mfa":
            return str(record.get("type") or "mfa")
        if record.get("method") == "openid" and record.get("two_factors"):
            return str(record.get("provider"))
    return ""


def begin(request: HttpRequest, *, second_factor: str) -> None:
    """Note the start of a session; whatever an earlier one knew about roles is forgotten."""
    now = time.time()
    request.session.pop(MEMBERSHIP, None)
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = now
    request.session[SECOND_FACTOR] = second_factor


def is_over(request: HttpRequest) -> bool:
    """Has this session been left alone too long, or lasted longer than a working day?

    Notes that it is in use, at most once a minute.
    """
    now = time.time()
    began = request.session.setdefault(SIGNED_IN_AT, now)
    seen = request.session.setdefault(SEEN_AT, now)
    if now - began > settings.SESSION_HOURS * 3600 or now - seen > settings.IDLE_MINUTES * 60:
        return True
    if now - seen > EVERY:
        request.session[SEEN_AT] = now
    return False
