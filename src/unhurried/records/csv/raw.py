"""A file's rows as text in a DuckDB table: the fast way when it can be trusted, else the exact way.

The fast way is DuckDB's own CSV reader. Its number of rows must equal the number of lines counted
independently; files with anything unusual (other encodings, NUL bytes, mixed ends of line, empty
lines, quoted newlines, doubtful quotation marks, gzip) go the careful way: no row is lost silently.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

import duckdb

from unhurried.records.canonical import ROWS_AT_ONCE
from unhurried.records.csv.careful import careful_rows, decode
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

    @property
    def record(self) -> str:
        """SQL for the row number a person sees in the file."""
        return f"(rowid + {self.sniffed.heading_row + 1})" if self.fast else "record"


def bring_in(
    connection: duckdb.DuckDBPyConnection, sniffed: Sniffed, roles: Mapping[str, int]
) -> Raw:
    """Read a file into table `raw`: one text column for each role (role -> position)."""
    found = scan(sniffed)
    if _plain(sniffed, found) and _fast(connection, sniffed, roles, found):
        return Raw(sniffed, _lines_below_headings(sniffed, found), True)
    return _careful(connection, sniffed, roles)


def _plain(sniffed: Sniffed, found: Scan) -> bool:
    ends_agree = found.carriage_returns in (0, found.line_ends_crlf) and found.line_ends_crlf in (
        0,
        found.line_feeds,
    )
    return (
        sniffed.encoding == "utf-8"
        and not sniffed.gzipped
        and not found.nulls
        and ends_agree
        and found.line_feeds > 0
        and not any("\n" in heading for heading in sniffed.headings)
    )


def _lines_below_headings(sniffed: Sniffed, found: Scan) -> int:
    return found.line_feeds + (not found.ends_with_newline) - sniffed.heading_row


def _fast(
    connection: duckdb.DuckDBPyConnection,
    sniffed: Sniffed,
    roles: Mapping[str, int],
    found: Scan,
) -> bool:
    width = len(sniffed.headings)
    names = [f"c{place}" for place in range(width + SPARE)]
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    chosen = ", ".join(f"c{place} AS {role}" for role, place in roles.items())
    extra = " OR ".join(f"c{place} <> ''" for place in range(width, width + SPARE))
    line_end = "\\r\\n" if found.line_ends_crlf else "\\n"
    try:
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {TABLE} AS SELECT {chosen}, NULL::VARCHAR AS bad,"
            f" c{width - 1} IS NULL AS missing, COALESCE({extra}, FALSE) AS extra"
            f" FROM read_csv(?, auto_detect = false, header = false, skip = {sniffed.heading_row},"
            " delim = ?, quote = '\"', escape = '\"', null_padding = true, strict_mode = true,"
            f" nullstr = '{ABSENT}', new_line = '{line_end}', columns = {{{columns}}})",
            [str(sniffed.path), sniffed.separator],
        )
    except duckdb.Error:
        return False
    counted = int(connection.execute(f"SELECT COUNT(*) FROM {TABLE}").fetchall()[0][0])
    return counted == _lines_below_headings(sniffed, found)


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
        place = 0
        for record in wanted:
            line = next(islice(stream, record - place - 1, None), b"")
            place = record
            texts[record] = decode(line.rstrip(b"\r\n"))[0]
    return texts
