"""A file's rows as text in a DuckDB table: the fast way when it can be trusted, else the exact way.

The fast way is DuckDB's own CSV reader. Its number of rows must equal the number of lines counted
independently; files with anything unusual (other encodings, NUL bytes, mixed ends of line, empty
lines, doubtful quotation marks, gzip) go the careful way: no row is lost silently.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

import duckdb

from unhurried.records.canonical import ROWS_AT_ONCE
from unhurried.records.csv.careful import (
    DoubtfulError,
    careful_rows,
    counted_records,
    decode,
)
from unhurried.records.csv.sniff import Scan, Sniffed, opened, scan

TABLE = "raw"
SPARE = 3  # columns beyond the headings, to notice rows that are too long
ABSENT = "\\x01\\x02"  # stands for "no such field"; an empty field stays ''


@dataclass(frozen=True, slots=True)
class Raw:
    """Where the rows are: table `raw` with one column a role, and `bad`, `missing` and `extra`."""

    sniffed: Sniffed
    rows: int
    fast: bool
    one_line_each: bool = True

    @property
    def record(self) -> str:
        """SQL for the row number a person sees in the file."""
        return f"(rowid + {self.sniffed.heading_row + 1})" if self.fast else "record"


def bring_in(
    connection: duckdb.DuckDBPyConnection, sniffed: Sniffed, roles: Mapping[str, int]
) -> Raw:
    """Read a file into table `raw`: one text column for each role (role -> position)."""
    found = scan(sniffed)
    if _plain(sniffed, found):
        counted = _fast(connection, sniffed, roles)
        if counted == found.lines - sniffed.heading_row:
            return Raw(sniffed, counted, True)
        if counted and counted == _records_below_headings(sniffed):
            return Raw(sniffed, counted, True, one_line_each=False)
    return _careful(connection, sniffed, roles)


def _plain(sniffed: Sniffed, found: Scan) -> bool:
    return (
        sniffed.encoding == "utf-8"
        and not sniffed.gzipped
        and not found.nulls
        and not found.lone_returns
        and found.carriage_returns in (0, found.line_feeds)
        and found.line_feeds > 0
        and not any("\n" in heading for heading in sniffed.headings)
    )


def _records_below_headings(sniffed: Sniffed) -> int | None:
    """How many records there are by an independent count, or None when that is doubtful."""
    try:
        return sum(1 for _ in counted_records(sniffed)) - sniffed.heading_row
    except DoubtfulError:
        return None


def _fast(
    connection: duckdb.DuckDBPyConnection,
    sniffed: Sniffed,
    roles: Mapping[str, int],
) -> int | None:
    """Fill table `raw` by DuckDB's reader; return its number of rows, or None when it refuses."""
    width = len(sniffed.headings)
    names = [f"c{place}" for place in range(width + SPARE)]
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    chosen = ", ".join(f"c{place} AS {role}" for role, place in roles.items())
    extra = " OR ".join(f"c{place} <> ''" for place in range(width, width + SPARE))
    query = (
        f"CREATE OR REPLACE TEMP TABLE {TABLE} AS SELECT {chosen}, NULL::VARCHAR AS bad,"
        f" c{width - 1} IS NULL AS missing,"
        f" CASE WHEN c{width} IS NULL THEN FALSE ELSE COALESCE({extra}, FALSE) END AS extra"
        f" FROM read_csv(?, auto_detect = false, header = false, skip = {sniffed.heading_row},"
        " delim = ?, quote = '\"', escape = '\"', null_padding = true, strict_mode = true,"
        f" nullstr = '{ABSENT}', columns = {{{columns}}}, parallel = ?)"
    )
    # The parallel reader refuses quoted newlines together with padding; the other one does not.
    for parallel in (True, False):
        try:
            connection.execute(query, [str(sniffed.path), sniffed.separator, parallel])
        except duckdb.InterruptException:
            raise
        except duckdb.Error:
            continue
        return int(connection.execute(f"SELECT COUNT(*) FROM {TABLE}").fetchall()[0][0])
    return None


def _careful(
    connection: duckdb.DuckDBPyConnection, sniffed: Sniffed, roles: Mapping[str, int]
) -> Raw:
    width = len(sniffed.headings)
    chosen = ", ".join(f"fields[{place + 1}] AS {role}" for role, place in roles.items())
    split = (
        f"SELECT record, {chosen}, bad, len(fields) < {width} AS missing,"
        f" array_to_string(fields[{width + 1}:], '') <> '' AS extra FROM (SELECT"
        " unnest($1::INTEGER[]) AS record, string_split(unnest($2::VARCHAR[]), chr(31)) AS fields,"
        " unnest($3::VARCHAR[]) AS bad)"
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {TABLE} AS {split} LIMIT 0", [[0], [""], [""]]
    )
    rows = careful_rows(sniffed)
    total = 0
    while batch := list(islice(rows, ROWS_AT_ONCE)):
        records, fields, problems, _ = map(list, zip(*batch, strict=True))
        connection.execute(f"INSERT INTO {TABLE} {split}", [records, fields, problems])
        total += len(batch)
    return Raw(sniffed, total, False)


def raw_text(raw: Raw, records: Iterable[int]) -> dict[int, str]:
    """The text of some records as they stand in the file, by row number."""
    wanted = sorted(set(records))
    if not wanted:
        return {}
    if not raw.fast:
        keep = set(wanted)
        rows = careful_rows(raw.sniffed)
        return {record: text for record, _, _, text in rows if record in keep}
    texts = {}
    with opened(raw.sniffed.path, gzipped=False) as stream:
        every = iter(stream) if raw.one_line_each else counted_records(raw.sniffed)
        place = 0
        for record in wanted:
            line = next(islice(every, record - place - 1, None), b"")
            place = record
            texts[record] = line if isinstance(line, str) else decode(line.rstrip(b"\r\n"))[0]
    return texts
