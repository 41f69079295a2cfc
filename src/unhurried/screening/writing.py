"""The files a screening leaves behind; a spreadsheet must never run what a record holds (ID-4)."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from unhurried.screening.listing import Person
from unhurried.screening.outcome import Outcome
from unhurried.screening.summary import summary
from unhurried.screening.words import milligrams

CANDIDATES = (
    "person_id", "rank", "tier", "age", "sex", "practice", "episode_start", "episode_end",
    "days_exposed", "issues", "ome_min", "ome_max", "ome_status", "ome_as_at", "products",
    "flags", "reasons", "directions", "trend", "early_requests", "paracetamol_mg_per_day",
)  # fmt: skip
APPROACHING = (
    "person_id", "age", "sex", "practice", "episode_start", "episode_end", "days_exposed",
    "issues", "ome_min", "ome_max", "ome_status", "ome_as_at", "products",
)  # fmt: skip
REASONS = ("person_id", "in_or_out", "code", "tier", "reason", "requirement")
EPISODES = ("person_id", "episode", "episode_start", "episode_end", "issues", "current")
REJECTS = ("file", "record", "code", "reason", "raw")

FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")


def neutral(value: object) -> object:
    """A cell that a spreadsheet shows and never works out; numbers stay numbers."""
    if isinstance(value, str) and value[:1] in FORMULA_STARTS:
        return f"'{value}"
    return value


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write one CSV file: UTF-8, one heading row, dates as 2026-11-03, unknown as empty."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([_cell(value) for value in row] for row in rows)


def _cell(value: object) -> object:
    if isinstance(value, str):
        return neutral(value)
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else value


def joined(values: Iterable[str]) -> str:
    """Several values in one cell; a semicolon within a value becomes a comma."""
    return "; ".join(value.replace(";", ",") for value in values)


def _exposure(person: Person) -> tuple[object, ...]:
    return (
        person.age,
        person.sex,
        person.practice,
        person.episode_start,
        person.episode_end,
        person.days_exposed,
        person.issues,
        milligrams(person.ome_min),
        milligrams(person.ome_max),
        person.ome_status,
        person.ome_as_at,
        joined(each.name for each in person.products),
    )


def _candidate_rows(screening: Outcome, first: int | None) -> Iterable[Sequence[object]]:
    for each in screening.candidates(first):
        yield (
            each.person.person_id,
            each.rank,
            each.tier,
            *_exposure(each.person),
            joined(each.flags),
            joined(each.reasons),
            joined(product.directions for product in each.person.products),
            each.trend,
            each.early_requests,
            each.paracetamol_mg,
        )


def _reject_rows(screening: Outcome) -> Iterable[Sequence[object]]:
    if screening.source.accounting is None:
        return ()
    return screening.source.connection.execute(
        f"SELECT {', '.join(REJECTS)} FROM rejects ORDER BY file, record"
    ).fetchall()


def write_all(screening: Outcome, out: Path, first: int | None) -> None:
    """Write every file into the folder, which is made when it is not there.

    The files are written aside and put in place only when all are whole, so that a run which is
    stopped leaves the folder as it was.
    """
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".writing-") as aside:
        _write_each(screening, Path(aside), first)
        for path in sorted(Path(aside).iterdir()):
            path.replace(out / path.name)


def _write_each(screening: Outcome, out: Path, first: int | None) -> None:
    write_table(out / "candidates.csv", CANDIDATES, _candidate_rows(screening, first))
    write_table(
        out / "approaching.csv",
        APPROACHING,
        ((each.person_id, *_exposure(each)) for each in screening.approaching()),
    )
    write_table(
        out / "reasons.csv",
        REASONS,
        (
            (row.person_id, row.in_or_out, row.code, row.tier, row.words, row.requirement)
            for row in screening.reasons()
        ),
    )
    write_table(
        out / "episodes.csv",
        EPISODES,
        (
            (e.person_id, e.number, e.start, e.end, e.issues, "yes" if e.current else "no")
            for e in screening.episodes(first)
        ),
    )
    write_table(out / "rejects.csv", REJECTS, _reject_rows(screening))
    counted = json.dumps(summary(screening), indent=2, ensure_ascii=False)
    (out / "summary.json").write_text(counted + "\n", encoding="utf-8")
