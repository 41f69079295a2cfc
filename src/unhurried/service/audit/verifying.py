"""Reading the whole trail again: is every row as it was written, and is none gone?

Streams plain values, never models: a year's rows are many. What only outside checkpoints can
show: an end cut off (or an old backup put back, which is the same), and a tail written anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db import connection

from unhurried.service.audit.chain import CHAINED, FIRST, hash_of_facts
from unhurried.service.audit.checkpoints import Checkpoint
from unhurried.service.audit.models import Entry
from unhurried.service.audit.triggers import TABLE, missing

STEP = 20_000
SLACK = timedelta(seconds=5)  # a clock put right by this much is nothing to report
_AT = CHAINED.index("at") + 1
_PREVIOUS = CHAINED.index("previous_hash") + 1


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: at which row, of which kind, and a sentence about it."""

    seq: int | None
    kind: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a verification found. All is well when `problems` is empty."""

    rows: int
    last_seq: int
    last_hash: str
    checkpoints_met: int
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True)
class _Walk:
    """Where the reading has come to."""

    seq: int
    hash: str
    at: str = ""
    rows: int = 0
    met: int = 0
    waiting: list[Checkpoint] = field(default_factory=list)
    earlier: int = 0  # rows before the ones read


def verify(
    *, since: Checkpoint | None = None, checkpoints: Sequence[Checkpoint] = (),
    tell: Callable[[int], None] = lambda _: None,
) -> Report:  # fmt: skip
    """Read the trail, from the beginning or from a checkpoint, and stop at the first bad row.

    `tell` is called with the number of rows read, now and then.
    """
    walk = _Walk(seq=since.seq if since else 0, hash=since.hash if since else FIRST)
    walk.earlier = since.count if since else 0
    kept = sorted(checkpoints, key=lambda each: each.seq)
    walk.waiting = [each for each in kept if each.seq > walk.seq]
    problem = _first_problem(kept) or (_start(since) if since else None)
    if problem is None:
        walk.waiting = [each for each in walk.waiting if each.seq]
        problem = _read(walk, tell)
    if problem is None and walk.waiting:
        problem = _cut_off(walk.waiting[0], walk)
    problems = [problem] if problem else []
    gone = missing(connection)
    if gone:
        sentence = f"The trail is not guarded: {', '.join(gone)} are missing from the database."
        problems.append(Problem(None, "triggers", sentence))
    return Report(
        rows=walk.rows, last_seq=walk.seq, last_hash=walk.hash, checkpoints_met=walk.met,
        problems=tuple(problems),
    )  # fmt: skip


def _read(walk: _Walk, tell: Callable[[int], None]) -> Problem | None:
    """Read row after row; the first thing wrong."""
    for row in _rows_after(walk.seq):
        problem = _wrong_with(row, walk)
        if problem:
            return problem
        walk.seq, walk.hash, walk.at = row[0], row[-1], row[_AT]
        walk.rows += 1
        if walk.waiting and walk.waiting[0].seq <= walk.seq:
            problem = _against_checkpoint(walk)
            if problem:
                return problem
        if walk.rows % STEP == 0:
            tell(walk.rows)
    return None


def _rows_after(seq: int) -> Iterator[tuple[Any, ...]]:
    """The rows' values in order, the time as the text that was hashed.

    SQLite keeps times as text in UTC; reading them as such is several times as fast as making
    dates of them, which nobody needs.
    """
    if connection.vendor != "sqlite":
        rows = Entry.objects.filter(seq__gt=seq) if seq else Entry.objects.all()
        values = rows.order_by("seq").values_list("seq", *CHAINED, "hash")
        for row in values.iterator(chunk_size=STEP // 10):
            yield (row[0], row[1].isoformat(), *row[2:])
        return
    columns = ", ".join(CHAINED[1:])
    where = "WHERE seq > %s" if seq else "WHERE %s IS NOT NULL"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT seq, replace(at, ' ', 'T') || '+00:00', {columns}, hash FROM {TABLE} "
            f"{where} ORDER BY seq",
            [seq],
        )
        while chunk := cursor.fetchmany(STEP // 10):
            yield from chunk


def _wrong_with(row: tuple[Any, ...], walk: _Walk) -> Problem | None:
    """What is wrong with one row, given the one before it."""
    seq, at = row[0], row[_AT]
    if walk.rows and seq == walk.seq:
        return Problem(seq, "duplicate", f"Two rows have the number {seq}.")
    if hash_of_facts(row[1:-1]) != row[-1]:
        return Problem(seq, "changed", f"Row {seq} is not as it was written.")
    if row[_PREVIOUS] != walk.hash:
        before = f"row {walk.seq}" if walk.rows or walk.seq else "the beginning"
        return Problem(
            seq, "order",
            f"Row {seq} does not follow {before}: rows between them were removed, put in or moved.",
        )  # fmt: skip
    if at < walk.at and (back := _moment(walk.at) - _moment(at)) > SLACK:
        return Problem(
            seq, "clock", f"Row {seq} is timed {back} before the row it follows: a clock was put "
            "back, or the trail was written with a false time.",
        )  # fmt: skip
    return None


def _moment(at: str) -> datetime:
    return datetime.fromisoformat(at)


def _against_checkpoint(walk: _Walk) -> Problem | None:
    """Compare the row just read with the checkpoint kept of it."""
    while walk.waiting and walk.waiting[0].seq <= walk.seq:
        kept = walk.waiting.pop(0)
        if kept.seq != walk.seq:
            return _gone(kept)
        if kept.hash != walk.hash:
            return Problem(
                walk.seq, "rewritten",
                f"Row {walk.seq} is not the one in the checkpoint of {kept.at}: the trail up to "
                "there was written anew, or the checkpoint was replaced.",
            )  # fmt: skip
        if kept.count != walk.earlier + walk.rows:
            return Problem(
                walk.seq, "count",
                f"The checkpoint of {kept.at} counted {kept.count:,} rows up to row {walk.seq}; "
                f"there are {walk.earlier + walk.rows:,}.",
            )  # fmt: skip
        walk.met += 1
    return None


def _start(since: Checkpoint) -> Problem | None:
    """Is the row of the checkpoint to start from there, and the same?"""
    if since.seq == 0:
        return None
    found = Entry.objects.filter(seq=since.seq).values_list("hash", flat=True).first()
    if found is None:
        return _gone(since)
    if found != since.hash:
        return Problem(
            since.seq, "rewritten",
            f"Row {since.seq} is not the one in the checkpoint of {since.at}: the trail up to "
            "there was written anew, or the checkpoint was replaced.",
        )  # fmt: skip
    return None


def _gone(kept: Checkpoint) -> Problem:
    return Problem(
        kept.seq, "gone",
        f"Row {kept.seq}, which was the last one at {kept.at}, is gone: the trail was cut or an "
        "old backup was put back, or the checkpoint was replaced.",
    )  # fmt: skip


def _cut_off(kept: Checkpoint, walk: _Walk) -> Problem:
    return Problem(
        kept.seq, "cut",
        f"The trail ends at row {walk.seq}, but at {kept.at} it went on to row {kept.seq}: its end "
        "was cut off, or an old backup was put back.",
    )  # fmt: skip


def _first_problem(kept: Iterable[Checkpoint]) -> Problem | None:
    """Checkpoints that contradict each other."""
    for one, other in pairwise(kept):
        same = one.seq == other.seq and (one.hash, one.count) != (other.hash, other.count)
        fewer = one.seq < other.seq and one.count >= other.count
        if same or fewer:
            return Problem(
                other.seq, "checkpoints",
                f"The checkpoints of {one.at} and {other.at} contradict each other: "
                "one of them was replaced.",
            )  # fmt: skip
    return None
