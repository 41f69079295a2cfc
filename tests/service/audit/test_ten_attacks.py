"""Someone who owns the database removes the triggers and changes the trail: what is noticed?

Ten attacks. The chain itself shows seven. Three leave a trail that is whole in itself: its end
cut off, an old backup put back (which is a cut end), and a tail written anew with right hashes.
Those are noticed only with checkpoints kept elsewhere, and are tried both with and without.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from unhurried.service.audit import triggers
from unhurried.service.audit.actor import system_actor
from unhurried.service.audit.chain import hash_of
from unhurried.service.audit.checkpoints import (
    Checkpoint,
    UnusableCheckpoint,
    checkpoint_now,
    following,
    read_line,
    read_lines,
)
from unhurried.service.audit.models import Entry
from unhurried.service.audit.operations import saw, saw_many
from unhurried.service.audit.verifying import Report, verify

BY = system_actor("test")
Rows = list[Entry]


@pytest.fixture
def trail(db: None) -> tuple[Rows, list[Checkpoint]]:
    """Ten rows with a checkpoint after the third, seventh and tenth, and the guards taken away."""
    kept: list[Checkpoint] = []
    for number in range(1, 11):
        saw("identity", by=BY, patient_id=number)
        if number in {3, 7, 10}:
            kept.append(following(checkpoint_now(), kept))
    triggers.remove(connection)
    return list(Entry.objects.order_by("seq")), kept


def found(report: Report) -> tuple[str, int | None] | None:
    """The kind and row of the first problem, but for the guards this test took away."""
    first = next((each for each in report.problems if each.kind != "triggers"), None)
    return (first.kind, first.seq) if first else None


def edit_a_field(rows: Rows) -> int:
    Entry.objects.filter(seq=rows[4].seq).update(actor_name="somebody else")
    return rows[4].seq


def delete_a_row(rows: Rows) -> int:
    Entry.objects.filter(seq=rows[4].seq).delete()
    return rows[5].seq


def swap_two(rows: Rows) -> int:
    one, other = rows[3].seq, rows[5].seq
    for old, new in ((one, 10_000), (other, one), (10_000, other)):
        Entry.objects.filter(seq=old).update(seq=new)
    return one


def insert_in_the_middle(rows: Rows) -> int:
    for row in reversed(rows[5:]):
        Entry.objects.filter(seq=row.seq).update(seq=row.seq + 1)
    extra = Entry.objects.get(seq=rows[4].seq)
    extra.seq, extra.previous_hash, extra.patient_id = rows[5].seq, rows[4].hash, 99
    extra.hash = hash_of(extra)
    extra.save(force_insert=True)
    return rows[5].seq + 1


def clock_back(rows: Rows) -> int:
    """A row timed an hour early, with everything after it hashed as if it were so."""
    previous = rows[7].hash
    for row in rows[8:]:
        row.at -= timedelta(hours=1)
        row.previous_hash = previous
        previous = row.hash = hash_of(row)
        row.save()
    return rows[8].seq


def duplicate_seq(rows: Rows) -> int:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE audit_entry DROP CONSTRAINT audit_entry_pkey")
        else:
            cursor.execute("ALTER TABLE audit_entry RENAME TO audit_before")
            cursor.execute("CREATE TABLE audit_entry AS SELECT * FROM audit_before")
        cursor.execute("SELECT * FROM audit_entry LIMIT 0")
        columns = ", ".join(each[0] for each in cursor.description if each[0] != "once_key")
        cursor.execute(
            f"INSERT INTO audit_entry ({columns}) SELECT {columns} FROM audit_entry WHERE seq = %s",
            [rows[4].seq],
        )
    return rows[4].seq


SEEN_BY_THE_CHAIN: dict[Callable[[Rows], int], str] = {
    edit_a_field: "changed",
    delete_a_row: "order",
    swap_two: "order",
    insert_in_the_middle: "order",
    clock_back: "clock",
    duplicate_seq: "duplicate",
}


def truncate_the_tail(rows: Rows) -> tuple[str, int]:
    Entry.objects.filter(seq__gt=rows[7].seq).delete()
    return "cut", rows[9].seq


def write_the_tail_anew(rows: Rows) -> tuple[str, int]:
    rows[4].patient_id = 99
    previous = rows[3].hash
    for row in rows[4:]:
        row.previous_hash = previous
        previous = row.hash = hash_of(row)
        row.save()
    return "rewritten", rows[6].seq


def restore_an_old_backup(rows: Rows) -> tuple[str, int]:
    """The trail is yesterday's, and life has gone on since: other rows in the places of the old."""
    Entry.objects.filter(seq__gt=rows[4].seq).delete()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = 'audit_entry'",
                           [rows[4].seq])  # fmt: skip
    else:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('audit_entry', 'seq'), %s)", [rows[4].seq]
            )
    saw_many("identity", by=BY, patient_ids=[77, 78, 79])
    return "rewritten", rows[6].seq


SEEN_ONLY_WITH_CHECKPOINTS = [truncate_the_tail, write_the_tail_anew, restore_an_old_backup]


def test_an_untouched_trail_is_well(trail: tuple[Rows, list[Checkpoint]]) -> None:
    rows, kept = trail
    report = verify(checkpoints=kept)
    assert found(report) is None
    assert (report.rows, report.checkpoints_met, report.last_hash) == (10, 3, rows[9].hash)
    assert [each.kind for each in report.problems] == ["triggers"]


@pytest.mark.parametrize("attack", SEEN_BY_THE_CHAIN, ids=lambda each: each.__name__)
@pytest.mark.parametrize("with_checkpoints", [True, False])
def test_the_chain_names_the_row(
    attack: Callable[[Rows], int], with_checkpoints: bool, trail: tuple[Rows, list[Checkpoint]]
) -> None:
    rows, kept = trail
    row = attack(rows)
    report = verify(checkpoints=kept if with_checkpoints else ())
    assert found(report) == (SEEN_BY_THE_CHAIN[attack], row)
    assert str(row) in report.problems[0].sentence


@pytest.mark.parametrize("attack", SEEN_ONLY_WITH_CHECKPOINTS, ids=lambda each: each.__name__)
def test_checkpoints_show_what_the_chain_cannot(
    attack: Callable[[Rows], tuple[str, int]], trail: tuple[Rows, list[Checkpoint]]
) -> None:
    rows, kept = trail
    expected = attack(rows)
    assert found(verify(checkpoints=kept)) == expected
    assert found(verify()) is None, "without checkpoints this cannot be seen, and we say so"


def test_a_replaced_checkpoint_is_named(trail: tuple[Rows, list[Checkpoint]]) -> None:
    _rows, kept = trail
    forged = replace(kept[1], hash="f" * 64)
    lines = [each.line() for each in kept]
    with pytest.raises(UnusableCheckpoint, match=r"Line 3 .* does not follow"):
        read_lines("\n".join([lines[0], forged.line(), lines[2]]))
    with pytest.raises(UnusableCheckpoint, match=r"Line 2 .* does not follow"):
        read_lines("\n".join([lines[0], lines[2]]))
    with pytest.raises(UnusableCheckpoint, match="changed after"):
        read_line(lines[1].replace(kept[1].hash, "f" * 64))
    assert found(verify(checkpoints=[kept[0], forged, kept[2]])) == ("rewritten", forged.seq)
    fewer = replace(kept[2], count=2)
    assert found(verify(checkpoints=[kept[1], fewer])) == ("checkpoints", fewer.seq)
    other = replace(kept[2], count=9)
    assert found(verify(checkpoints=[other])) == ("count", other.seq)


@pytest.mark.parametrize(
    "line", ["", "{}", "[1]", "null", "{" * 99_999, '{"mark": 1, "seq": 2}', "\ud800", "\x00"]
)
def test_a_line_that_is_no_checkpoint_gets_a_sentence(line: str) -> None:
    with pytest.raises(UnusableCheckpoint, match="not a checkpoint"):
        read_line(line)


def test_verifying_from_a_checkpoint_reads_only_what_came_after(
    trail: tuple[Rows, list[Checkpoint]],
) -> None:
    rows, kept = trail
    report = verify(since=kept[1], checkpoints=kept)
    assert (report.rows, report.checkpoints_met, found(report)) == (3, 1, None)
    Entry.objects.filter(seq=rows[1].seq).update(note="before the checkpoint")
    assert found(verify(since=kept[1])) is None
    assert found(verify()) == ("changed", rows[1].seq)
    Entry.objects.filter(seq=rows[6].seq).delete()
    assert found(verify(since=kept[1])) == ("gone", rows[6].seq)


def test_numbers_left_out_by_writes_that_were_undone_are_no_tampering(db: None) -> None:
    for number in range(3):
        saw("identity", by=BY, patient_id=number)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SELECT nextval(pg_get_serial_sequence('audit_entry', 'seq'))")
            else:
                cursor.execute(
                    "UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'audit_entry'"
                )
    report = verify()
    assert (report.rows, report.problems) == (3, ())
    assert report.last_seq - Entry.objects.order_by("seq").values_list("seq", flat=True)[0] == 4


def test_an_empty_trail_is_well_and_its_checkpoint_holds(db: None) -> None:
    empty = checkpoint_now()
    assert (empty.seq, empty.count) == (0, 0)
    saw("identity", by=BY)
    assert not verify(since=empty, checkpoints=[empty]).problems
