"""One way to write: once, with its row, or not at all; and reads that are cheap to record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from unhurried.service.audit.actor import Actor, system_actor
from unhurried.service.audit.models import Entry
from unhurried.service.audit.operations import (
    SentTwiceDifferently,
    plain_text,
    saw,
    saw_many,
    write,
)
from unhurried.service.audit.plain import plain
from unhurried.service.audit.verifying import verify
from unhurried.service.jobs.models import Job
from unhurried.service.jobs.operations import enqueue

BY = Actor(user_id=7, name="Sam P.", role="project_worker", organisation_id=1)
pytestmark = pytest.mark.django_db


def make(key: str = "", body: object = "") -> Job | None:
    with write("test.made", by=BY, key=key, body=body) as doing:
        if doing.replay_of:
            return Job.objects.get(pk=doing.replay_of)
        job = enqueue("test", {}, by=BY)
        doing.about(job, patient_id=3)
    return job


def test_the_same_form_sent_twice_has_one_effect() -> None:
    assert make("k" * 36, ("a", 1)) == make("k" * 36, ("a", 1))
    assert Job.objects.count() == Entry.objects.count() == 1


def test_the_same_key_with_other_contents_does_nothing() -> None:
    make("k", ("a", 1))
    with pytest.raises(SentTwiceDifferently, match="already sent"):
        make("k", ("a", 2))
    assert Job.objects.count() == 1


def test_the_key_is_each_persons_own_and_may_hold_anything() -> None:
    for key in ("a\x00b", "\ud800", "k" * 10_000, "k" * 9_999 + "l"):
        make(key)
    assert Job.objects.count() == 4
    with write("test.made", by=system_actor("other"), key="a\x00b") as doing:
        assert not doing.replay_of
        doing.about(enqueue("test", {}, by=BY))


def fail_after(effect: Callable[..., Job]) -> None:
    with write("test.made", by=BY) as doing:
        doing.about(effect("test", {}, by=BY))
        raise RuntimeError("on purpose")


def test_a_write_that_fails_leaves_neither_effect_nor_row() -> None:
    with pytest.raises(RuntimeError, match="on purpose"):
        fail_after(enqueue)
    assert not Job.objects.exists()
    assert not Entry.objects.exists()


def test_a_write_that_does_not_say_what_it_was_about_is_undone() -> None:
    with pytest.raises(RuntimeError, match="about"), write("test.made", by=BY):
        enqueue("test", {}, by=BY)
    assert not Job.objects.exists()


def test_a_write_within_a_write_leaves_both_rows_in_order() -> None:
    with write("test.outer", by=BY) as outer:
        job = make()
        saw("identity", by=BY, patient_id=3)
        outer.about(job or Job())
    assert list(Entry.objects.values_list("action", flat=True)) == [
        "test.made", "read.identity", "test.outer",
    ]  # fmt: skip
    assert not verify().problems


def test_an_inner_write_that_fails_can_be_borne_by_the_outer_one() -> None:
    with write("test.outer", by=BY) as outer:
        with pytest.raises(RuntimeError, match="on purpose"):
            fail_after(enqueue)
        outer.about(enqueue("test", {}, by=BY))
    assert [each.action for each in Entry.objects.all()] == ["test.outer"]
    assert not verify().problems


def statements(captured: CaptureQueriesContext) -> list[str]:
    ours = [each["sql"] for each in captured.captured_queries]
    return [sql for sql in ours if not sql.startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))]


def test_the_price_of_a_write_and_of_a_read_is_a_few_statements() -> None:
    lock = 1 if connection.vendor == "postgresql" else 0
    with CaptureQueriesContext(connection) as captured:
        make("key", "body")
    assert len(statements(captured)) == 1 + 3 + lock  # the job; key, last hash, row
    with CaptureQueriesContext(connection) as captured:
        saw("identity", by=BY, patient_id=1)
    assert len(statements(captured)) == 2 + lock


def test_a_list_costs_the_same_however_many_are_on_it() -> None:
    counts = []
    for many in (5, 50):
        with CaptureQueriesContext(connection) as captured:
            saw_many("caseload", by=BY, patient_ids=range(many))
        counts.append(len(statements(captured)))
    assert counts[0] == counts[1] <= 3
    assert Entry.objects.count() == 55
    assert Entry.objects.filter(patient_id=3, action="read.caseload").count() == 2
    assert not verify().problems


def test_a_long_list_keeps_the_order_of_the_chain() -> None:
    saw_many("caseload", by=BY, patient_ids=range(1000))
    saw_many("caseload", by=BY, patient_ids=[])
    report = verify()
    assert (report.rows, report.problems) == (1001, ())
    assert Entry.objects.filter(patient_id=None).count() == 1


def test_what_was_typed_into_an_address_does_not_break_the_trail() -> None:
    saw("identity", by=BY, object_id="a\x00\ud800" * 100, note="two\r\nlines \x1b[31m" * 100)
    assert Entry.objects.get().note.startswith("two lines [31m")
    assert not verify().problems


@given(st.text())
def test_any_text_becomes_one_storable_line(text: str) -> None:
    line = plain_text(text)
    assert line.isprintable()
    assert line == plain_text(line)
    line.encode()


def test_a_page_is_refused_when_the_look_cannot_be_recorded(monkeypatch: Any) -> None:
    def full(*_: object, **__: object) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr(Entry, "save", full)
    with pytest.raises(DatabaseError):
        saw("identity", by=BY, patient_id=1)


@dataclass
class Sent:
    name: str
    day: date


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((1, "2"), ("1", 2)),
        (["ab", "c"], ["a", "bc"]),
        ({"a": None}, {"a": "None"}),
        (True, 1),
        (Decimal("1.0"), Decimal("1.00")),
        (Sent("a", date(2026, 1, 1)), Sent("a", date(2026, 1, 2))),
        (["a,str:'b'"], ["a", "b"]),
        (b"a", "a"),
        (frozenset({1}), [1]),
    ],
)
def test_what_is_different_has_a_different_text(one: object, other: object) -> None:
    assert plain(one) != plain(other)
    assert plain(one) == plain(one)


def test_the_order_of_a_mapping_does_not_matter_and_files_are_refused() -> None:
    assert plain({"a": 1, "b": UUID(int=3)}) == plain({"b": UUID(int=3), "a": 1})
    with pytest.raises(TypeError, match="plain values"):
        plain(object())
