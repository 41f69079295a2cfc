"""The one way to write: a transaction, an audit row, and one effect however often it is sent.

Rows are chained: one writer at a time adds to the end (`lock_chain`), in the order in which the
writes finish; a write inside another comes before it. Numbers may have gaps on PostgreSQL, where
a write that was undone uses one up; the chain is by `previous_hash`, so a gap is no break.

An audit row says who, what and whose; never what a note, a diary or a letter says.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, models, transaction

from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.chain import FIRST, hash_of
from unhurried.service.audit.models import Entry
from unhurried.service.audit.plain import plain

LOCK = 7_301_844  # PostgreSQL advisory lock: one chain, one writer at a time


class SentTwiceDifferently(Exception):  # noqa: N818 - read as a sentence
    """The same form was sent again with other contents; nothing was done the second time."""


@dataclass(slots=True)
class Write:
    """One write in progress; `about` says what it was done to."""

    action: str
    by: Actor
    replay_of: str = ""
    object_type: str = ""
    object_id: str = ""
    patient_id: int | None = None
    note: str = ""

    def about(self, thing: models.Model, *, patient_id: int | None = None, note: str = "") -> None:
        """Say which object was written, whose record it belongs to, and anything worth noting.

        `note` is a few words of the service's own (a state, a count, a template's version): never
        what someone typed.
        """
        self.object_type = thing._meta.model_name or ""
        self.object_id = str(thing.pk)
        self.patient_id = patient_id
        self.note = note


@contextmanager
def write(action: str, *, by: Actor, key: str = "", body: object = "") -> Iterator[Write]:
    """Carry out one operation: everything inside happens once, with its audit row, or not at all.

    `action` is `app.what_was_done`. `key` comes from the form (`once`): when the same actor sends
    it again, `replay_of` is the id of the object the first time made and the caller returns that
    object instead of doing anything. `body` is what was sent (plain values, lists and the like);
    the same key with another body raises SentTwiceDifferently. Raises RuntimeError when `about`
    was not called.
    """
    with transaction.atomic():
        lock_chain()
        once_key = _digest((by.user_id or by.name, action, key)) if key else None
        digest = _digest(body) if key else ""
        earlier = None
        if once_key:
            known = Entry.objects.filter(once_key=once_key)
            earlier = known.values_list("once_body", "object_id").first()
        if earlier is not None:
            if earlier[0] != digest:
                raise SentTwiceDifferently(
                    "This form was already sent, with other contents. Look at what was saved, "
                    "then change it there."
                )
            yield Write(action=action, by=by, replay_of=earlier[1])
            return
        doing = Write(action=action, by=by)
        yield doing
        if not doing.object_type:
            raise RuntimeError(f"{action} did not say what it was about")
        _append([
            _entry(
                action, by, doing.object_type, doing.object_id, doing.patient_id,
                note=doing.note, once_key=once_key, once_body=digest,
            )
        ])  # fmt: skip


def saw(
    what: str, *, by: Actor, object_id: object = "", patient_id: int | None = None,
    outcome: str = "done", note: str = "",
) -> None:  # fmt: skip
    """Record that `by` read something (`what` is an object of the access matrix).

    Called before the page is made: when the row cannot be written, there is no page.
    """
    with transaction.atomic():
        lock_chain()
        _append([
            _entry(f"read.{what}", by, what, str(object_id), patient_id, note=note, outcome=outcome)
        ])  # fmt: skip


def saw_many(what: str, *, by: Actor, patient_ids: Iterable[int], note: str = "") -> None:
    """Record that `by` read a list: one row for each patient on it, in one statement or a few.

    An empty list is recorded too, with no patient.
    """
    people: list[int | None] = list(dict.fromkeys(patient_ids))
    with transaction.atomic():
        lock_chain()
        _append([
            _entry(f"read.{what}", by, what, "", patient, note=note) for patient in people or [None]
        ])  # fmt: skip


def lock_chain() -> None:
    """Make audited writes wait for each other (SQLite's immediate transactions already do)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _entry(  # noqa: PLR0913 - the facts of a row
    action: str, by: Actor, object_type: str, object_id: str, patient_id: int | None, *,
    note: str = "", outcome: str = "done", once_key: str | None = None, once_body: str = "",
) -> Entry:  # fmt: skip
    """A row not yet chained."""
    return Entry(
        at=clock.now(), actor_id=by.user_id, actor_name=by.name[:200], role=by.role,
        organisation_id=by.organisation_id, membership_id=by.membership_id, action=action[:80],
        object_type=object_type[:60], object_id=plain_text(object_id)[:60], patient_id=patient_id,
        outcome=outcome, note=plain_text(note)[:500], request_id=by.request_id, once_key=once_key,
        once_body=once_body,
    )  # fmt: skip


def _append(entries: list[Entry]) -> None:
    """Add rows to the end of the chain; the caller holds the lock."""
    last = Entry.objects.order_by("-seq").values_list("hash", flat=True).first() or FIRST
    for entry in entries:
        entry.previous_hash = last
        last = entry.hash = hash_of(entry)
    if len(entries) == 1:
        entries[0].save(force_insert=True)
    else:
        Entry.objects.bulk_create(entries)


def plain_text(text: str) -> str:
    """One line of text every database can keep: no control characters, no lone surrogates."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return " ".join("".join(c if c.isprintable() else " " for c in whole).split())


def _digest(value: object) -> str:
    return hashlib.sha256(plain(value).encode("utf-8", "backslashreplace")).hexdigest()
