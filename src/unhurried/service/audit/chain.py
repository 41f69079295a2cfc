"""The hash chain: each row carries the hash of the row before it and of itself."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

import orjson

from unhurried.service.audit.models import Entry

FIRST = "0" * 64
CHAINED = (
    "at", "actor_id", "actor_name", "role", "organisation_id", "membership_id", "action",
    "object_type", "object_id", "patient_id", "outcome", "note", "request_id", "once_key",
    "once_body", "previous_hash",
)  # fmt: skip


def hash_of(entry: Entry) -> str:
    """The SHA-256 over the row's facts and the hash before it, as hexadecimal."""
    return hash_of_facts([getattr(entry, name) for name in CHAINED])


def hash_of_facts(facts: Sequence[object]) -> str:
    """The hash over the values of CHAINED in order.

    They are written as a JSON list without spaces, in UTF-8, times in UTC as ISO 8601, so that
    anyone can compute it again with a standard library. The same moment written in another time
    zone has the same hash: a database gives it back in UTC.
    """
    plain = [each.astimezone(UTC) if isinstance(each, datetime) else each for each in facts]
    return hashlib.sha256(orjson.dumps(plain)).hexdigest()
