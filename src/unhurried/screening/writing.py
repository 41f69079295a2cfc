"""The files a screening leaves behind; a spreadsheet must never run what a record holds (ID-4)."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import cast

from unhurried.screening.listing import Person
from unhurried.screening.outcome import Outcome
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
SPECIAL = (",", '"', "\n", "\r")
MARK = "\x1f"  # between the cells of a column while it is looked through
ROWS_AT_ONCE = 500


def neutral(value: object) -> object:
    """A cell that a spreadsheet shows and never works out; numbers stay numbers."""
    if isinstance(value, str) and value[:1] in FORMULA_STARTS:
        return f"'{value}"
    return value


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write one CSV file: UTF-8, one heading row, dates as 2026-11-03, unknown as empty."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(_lines([header]))
        every = iter(rows)
        while block := list(islice(every, ROWS_AT_ONCE)):
            file.write(_lines(block))


def _lines(rows: Sequence[Sequence[object]]) -> str:
    """Rows as CSV: unknown is empty, dates are 2026-11-03.

    Column by column, because most columns need no quotation marks and no neutral cells at all:
    a cell at a time, as the csv module does it, costs as much as finding the people did.
    """
    columns = [_column(values) for values in zip(*rows, strict=True)]
    return "\n".join([*map(",".join, zip(*columns, strict=True)), ""])


def _column(values: Sequence[object]) -> Sequence[str]:
    """The cells of a column as they stand in the file."""
    kinds = set(map(type, values))
    if kinds == {str}:
        cells = cast("Sequence[str]", values)
    else:
        shown = map(neutral, values) if str in kinds else values
        cells = ["" if value is None else str(value) for value in shown]
    text = MARK + MARK.join(cells)
    if any(MARK + start in text for start in FORMULA_STARTS) and cells is values:
        cells = [str(neutral(cell)) for cell in cells]
    if any(special in text for special in SPECIAL):
        return list(map(_quoted, cells))
    return cells


def _quoted(cell: str) -> str:
    if '"' in cell:
        return '"' + cell.replace('"', '""') + '"'
    return f'"{cell}"' if "," in cell or "\n" in cell or "\r" in cell else cell


def joined(values: Iterable[str]) -> str:
    """Several values in one cell; a semicolon within a value becomes a comma."""
    return "; ".join([value.replace(";", ",") for value in values])


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


def write_all(screening: Outcome, counts: dict[str, object], out: Path, first: int | None) -> None:
    """Write every file into the folder, which is made when it is not there.

    `counts` is what summary.json says.
    The files are written aside and put in place only when all are whole, so that a run which is
    stopped leaves the folder as it was.
    """
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".writing-") as aside:
        _write_each(screening, Path(aside), first)
        counted = json.dumps(counts, indent=2, ensure_ascii=False)
        (Path(aside) / "summary.json").write_text(counted + "\n", encoding="utf-8")
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
            (person_id, row.in_or_out, row.code, row.tier, words, row.requirement)
            for _, person_id, row, words in screening.worded()
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
