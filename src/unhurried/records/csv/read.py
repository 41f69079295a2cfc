"""A CSV extract, one file or a folder, into the canonical tables (ID-1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

import duckdb

from unhurried.records.canonical import (
    RAW_CHARACTERS,
    Accounting,
    Records,
    UnusableInput,
    add_rows,
    open_tables,
)
from unhurried.records.column_map import KINDS, ColumnMap, FileKind
from unhurried.records.csv.columns import kind_of, mapped, settle
from unhurried.records.csv.doubles import check_doubles
from unhurried.records.csv.identity import resolve
from unhurried.records.csv.load import Loaded, Source, load
from unhurried.records.csv.raw import raw_text
from unhurried.records.csv.sniff import sniff
from unhurried.records.finish import finish

ENDINGS = (".csv", ".tsv", ".txt", ".tab", ".csv.gz", ".tsv.gz", ".txt.gz")
MOST_RAW_TEXTS = 100_000  # more rejects than this in a file are listed without their text


def find_files(source: Path) -> list[Path]:
    """The files of a CSV extract: the file itself, or those of a folder that look like CSV."""
    if not source.is_dir():
        return [source]
    return sorted(
        path
        for path in source.iterdir()
        if path.is_file()
        and not path.name.startswith((".", "~"))
        and path.name.lower().endswith(ENDINGS)
    )


def recognise(
    source: Path, column_map: ColumnMap | None = None
) -> tuple[list[Source], tuple[str, ...]]:
    """Recognise the files of a source by their columns; also notes on files left unread.

    Raises UnusableInput when there is nothing to read or no file with one row per issue.
    """
    sources: list[Source] = []
    left: list[str] = []
    files = find_files(source)
    if not files:
        raise UnusableInput(f"{source.name} holds no CSV files: put the extract's files in it.")
    for path in files:
        sniffed = sniff(path, path.name, column_map)
        kind = kind_of(sniffed.headings, column_map)
        if kind is None:
            seen = ", ".join(f"“{heading.strip()[:40]}”" for heading in sniffed.headings[:20])
            left.append(f"{path.name} (columns {seen})")
            continue
        columns = settle(path.name, sniffed.headings, kind, column_map)
        if not mapped(column_map, kind):
            check_doubles(sniffed, kind, columns.columns)
        sources.append(Source(sniffed=sniffed, kind=kind, columns=columns))
    if not any(each.kind == "issues" for each in sources):
        found = "; ".join(left or [f"{each.sniffed.name} ({each.kind})" for each in sources])
        raise UnusableInput(
            f"No file with one row per prescription issue was recognised among {found}: save a"
            " column map that names the patient, date and medicine columns."
        )
    sources.sort(key=lambda each: (KINDS.index(each.kind), each.sniffed.name))
    return sources, tuple(f"{each} was not recognised and not read." for each in left)


def read(
    source: Path,
    *,
    column_map: ColumnMap | None = None,
    today: date,
    progress: Callable[[str], None] | None = None,
) -> Records:
    """Read a CSV extract. Raises UnusableInput with one sentence saying what to do."""
    sources, notes = recognise(source, column_map)
    connection = open_tables()
    try:
        # Keeping rows in order costs a second thread as much work as it does, and with one thread
        # two runs number people, medicines and issues alike.
        connection.execute("SET threads = 1")
        loaded = []
        for each in sources:
            if progress:
                progress(f"Reading {each.sniffed.name}")
            loaded.append(load(connection, each, today=today))
        _need_rows(sources, loaded)
        if any("nhs_number" in each.columns.columns for each in sources):
            resolve(connection)
        accounting, more = finish(connection)
        more = (*more, *_unusable(connection, sources, accounting))
        if accounting.rows_rejected:
            _fill_raw(connection, loaded)
        connection.execute("RESET threads")
    except BaseException:
        connection.close()
        raise
    notes = (*notes, *(note for each in loaded for note in each.notes), *more)
    return Records(
        connection=connection,
        accounting=accounting,
        notes=notes,
        format="csv",
        column_maps=(_used_map(sources),),
    )


def _need_rows(sources: Iterable[Source], loaded: Iterable[Loaded]) -> None:
    pairs = [pair for pair in zip(sources, loaded, strict=True) if pair[0].kind == "issues"]
    if not any(each.raw.rows for _, each in pairs):
        raise UnusableInput(
            f"{pairs[0][0].sniffed.name} has headings but no rows: export the search again."
        )


def _unusable(
    connection: duckdb.DuckDBPyConnection, sources: Iterable[Source], accounting: Accounting
) -> tuple[str, ...]:
    """A sentence for each kind of file of which not one row could be used.

    Raises UnusableInput when that kind is issues: an empty list would look like a practice where
    nobody takes opioids.
    """
    notes = []
    for kind in KINDS:
        names = [each.sniffed.name for each in sources if each.kind == kind]
        accounts = [each for each in accounting.files if each.file in names]
        rows = sum(each.rows_in for each in accounts)
        if not rows or any(each.rows_used for each in accounts):
            continue
        sentence = _none_used(connection, names, rows)
        if kind == "issues":
            raise UnusableInput(sentence)
        notes.append(sentence)
    return tuple(notes)


def _none_used(connection: duckdb.DuckDBPyConnection, names: list[str], rows: int) -> str:
    """Why none of these rows could be used: the commonest reason, and where it is seen first."""
    file, count, record, reason = connection.execute(
        "SELECT MIN(file), COUNT(*), ARG_MIN(record, (file, record)),"
        " ARG_MIN(reason, (file, record)) FROM rejects WHERE file IN (SELECT unnest(?))"
        " GROUP BY code ORDER BY code = 'blank_row', COUNT(*) DESC, code LIMIT 1",
        [names],
    ).fetchall()[0]
    where = names[0] if len(names) == 1 else f"{len(names)} files ({', '.join(names[:3])})"
    first = f"row {record}" if len(names) == 1 else f"row {record} of {file}"
    advice = "" if "export it again" in reason else "; put that right and export the search again"
    return (
        f"None of the {rows:,} rows of {where} could be used: {count:,} for this reason (first on"
        f" {first}): {reason.rstrip('.')}{advice}."
    )


def _used_map(sources: Iterable[Source]) -> ColumnMap:
    kinds: dict[FileKind, object] = {}
    for each in sources:
        kinds.setdefault(each.kind, each.columns)
    return ColumnMap(kinds)  # type: ignore[arg-type]


def _fill_raw(connection: duckdb.DuckDBPyConnection, loaded: Iterable[Loaded]) -> None:
    """Give every reject the text of its row, and put the rejects in order of file and row."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE texts (file VARCHAR, record INTEGER, raw VARCHAR)"
    )
    for each in loaded:
        name = each.raw.sniffed.name
        records = connection.execute(
            "SELECT record FROM rejects WHERE file = ? ORDER BY record LIMIT ?",
            [name, MOST_RAW_TEXTS],
        ).fetchall()
        texts = raw_text(each.raw, (record for (record,) in records))
        add_rows(
            connection,
            "texts",
            [(name, record, text[:RAW_CHARACTERS]) for record, text in texts.items()],
        )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE ordered AS SELECT r.file, r.record, r.code, r.reason,"
        " COALESCE(t.raw, r.raw) AS raw FROM rejects r LEFT JOIN texts t USING (file, record)"
        " JOIN files f ON f.name = r.file ORDER BY f.file, r.record"
    )
    connection.execute("TRUNCATE rejects")
    connection.execute("INSERT INTO rejects FROM ordered")
    connection.execute("DROP TABLE ordered")
