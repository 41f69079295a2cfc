"""The tables every reader fills, and the account of what became of every row (ID-1).

A reader opens a connection with `open_tables`, names each file with `add_file`, puts what it could
read into the `incoming_*` tables and what it could not into `rejects`, and calls
`unhurried.records.finish.finish`, which settles who is who, takes out exact repeats and fills the
canonical tables that screening reads.

Days are epoch days. NULL means not known. `people.person` is dense, in order of `person_id`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import duckdb

from unhurried.records.column_map import ColumnMap

RAW_CHARACTERS = 500  # how much of a rejected row is kept for the person who has to mend it
ROWS_AT_ONCE = 50_000
SEXES = ("female", "male", "other", "not known")

CANONICAL = """
CREATE TABLE people (
    person BIGINT, person_id VARCHAR, nhs_number VARCHAR, born INTEGER, sex VARCHAR,
    practice VARCHAR, died INTEGER, registered_from INTEGER, registered_to INTEGER,
    stated_age INTEGER);
CREATE TABLE issues (
    person BIGINT, issue BIGINT, day INTEGER, medicine INTEGER, directions VARCHAR,
    quantity_thousandths BIGINT, days_supply INTEGER);
CREATE TABLE medicines (medicine INTEGER, product VARCHAR, code VARCHAR);
CREATE TABLE diagnoses (person BIGINT, code VARCHAR, term VARCHAR, day INTEGER);
CREATE TABLE practices (practice VARCHAR, name VARCHAR);
CREATE TABLE rejects (
    file VARCHAR, record INTEGER, code VARCHAR, reason VARCHAR, raw VARCHAR);
"""

# What a reader fills. `file` is the number `add_file` gave; `record` is the row a person would find
# in that file, or NULL for facts about a person that came along on another row (not accounted).
# `nhs_number` is ten checked digits or NULL; `sex` is one of SEXES or NULL. The code of a medicine
# is '' or 'dmd:..', 'bnf:..', 'rxnorm:..'; the code of a diagnosis is the bare SNOMED CT (or Read)
# code. `directions`, `issue_id`, `code` and `term` may be ''.
INCOMING = """
CREATE TABLE files (
    file INTEGER PRIMARY KEY, name VARCHAR, rows_in BIGINT, rows_used_otherwise BIGINT);
CREATE TEMP TABLE incoming_people (
    file INTEGER, record INTEGER, person_id VARCHAR, nhs_number VARCHAR, born INTEGER, sex VARCHAR,
    practice VARCHAR, died INTEGER, registered_from INTEGER, registered_to INTEGER,
    stated_age INTEGER);
CREATE TEMP TABLE incoming_issues (
    file INTEGER, record INTEGER, person_id VARCHAR, issue_id VARCHAR, day INTEGER,
    product VARCHAR, code VARCHAR, directions VARCHAR, quantity_thousandths BIGINT,
    days_supply INTEGER);
CREATE TEMP TABLE incoming_diagnoses (
    file INTEGER, record INTEGER, person_id VARCHAR, code VARCHAR, term VARCHAR, day INTEGER);
"""

# Files whose rows about people cannot say that a registration ended: an empty end there means
# "not known", not "still open".
INCOMING += """
CREATE TEMP TABLE silent_files (file INTEGER);
"""

# The same issues with numbers for people and medicines. A reader of very many rows may fill these
# itself; `finish` turns incoming issues into them and makes `issues` a view of them, since copying
# every row to give it final numbers costs more than giving numbers when rows are asked for.
# `issue_hash` is the hash of the issue id.
KEYED = """
CREATE TABLE person_keys (key INTEGER, person_id VARCHAR);
CREATE TABLE medicine_keys (key INTEGER, product VARCHAR, code VARCHAR);
CREATE TABLE keyed_issues (
    file INTEGER, record INTEGER, person_key INTEGER, medicine_key INTEGER, issue_hash UBIGINT,
    day INTEGER, directions VARCHAR, quantity_thousandths BIGINT, days_supply INTEGER);
"""


class UnusableInput(Exception):  # noqa: N818 - read as a sentence: "this input is unusable"
    """The source as a whole cannot be used; its text says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileAccount:
    """What became of the rows of one file; repeats are among the rejected.

    Rows of kinds that screening does not use (a FHIR Encounter, say) are counted beside the
    equation: they are neither among the rows in nor among the rejected.
    """

    file: str
    rows_in: int
    rows_used: int
    rows_rejected: int
    rows_repeated: int = 0
    rows_of_other_kinds: int = 0

    @property
    def balanced(self) -> bool:
        """True when every row read was either used or rejected."""
        return self.rows_in == self.rows_used + self.rows_rejected


@dataclass(frozen=True, slots=True)
class Accounting:
    """Rows in = rows used + rows rejected, file by file and together."""

    files: tuple[FileAccount, ...]

    @property
    def rows_in(self) -> int:
        """Rows found in all files (headings are not rows)."""
        return sum(each.rows_in for each in self.files)

    @property
    def rows_used(self) -> int:
        """Rows that stand in the canonical tables, or agree with one that does."""
        return sum(each.rows_used for each in self.files)

    @property
    def rows_rejected(self) -> int:
        """Rows listed in `rejects`, each once, with a reason."""
        return sum(each.rows_rejected for each in self.files)

    @property
    def rows_repeated(self) -> int:
        """The rejected rows that only repeat a row already read."""
        return sum(each.rows_repeated for each in self.files)

    @property
    def rows_of_other_kinds(self) -> int:
        """Rows found beside those of the equation, of kinds that screening does not use."""
        return sum(each.rows_of_other_kinds for each in self.files)

    @property
    def balanced(self) -> bool:
        """True when the equation holds for every file."""
        return all(each.balanced for each in self.files)


@dataclass(slots=True, kw_only=True)
class Records:
    """A source that was read: the canonical tables and the account of every row."""

    connection: duckdb.DuckDBPyConnection
    accounting: Accounting
    notes: tuple[str, ...]
    format: str
    column_maps: tuple[ColumnMap, ...] = field(default=())

    def close(self) -> None:
        """Let go of the tables."""
        self.connection.close()


def open_tables() -> duckdb.DuckDBPyConnection:
    """Open an empty set of canonical and incoming tables in memory (nothing is written to disk)."""
    connection = duckdb.connect(
        ":memory:",
        config={"autoinstall_known_extensions": False, "autoload_known_extensions": False},
    )
    # DuckDB draws a bar of its own after two seconds, even into a pipe.
    connection.execute("SET enable_progress_bar = false")
    connection.execute(CANONICAL)
    connection.execute(INCOMING)
    connection.execute(KEYED)
    return connection


def add_file(
    connection: duckdb.DuckDBPyConnection, name: str, *, rows_in: int, used_otherwise: int = 0
) -> int:
    """Enter a file in the account and return its number.

    `used_otherwise` counts its rows that are used but stand in none of the incoming tables
    (the name of a practice, say).
    """
    rows = connection.execute(
        "INSERT INTO files SELECT COALESCE(MAX(file), 0) + 1, ?, ?, ? FROM files RETURNING file",
        [name, rows_in, used_otherwise],
    ).fetchall()
    return int(rows[0][0])


def add_rows(
    connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Sequence[object]]
) -> None:
    """Append rows (all columns, in order) to a table; a thousand times faster than executemany."""
    if not rows:
        return
    types = [row[1] for row in connection.execute(f"DESCRIBE {table}").fetchall()]
    lists = ", ".join(f"unnest(${n}::{type_}[])" for n, type_ in enumerate(types, start=1))
    for start in range(0, len(rows), ROWS_AT_ONCE):
        part = rows[start : start + ROWS_AT_ONCE]
        columns = [list(column) for column in zip(*part, strict=True)]
        connection.execute(f"INSERT INTO {table} SELECT {lists}", columns)


def account(connection: duckdb.DuckDBPyConnection, used: dict[int, int]) -> Accounting:
    """Draw up the account from the rows counted as used (by file number) and the rejects listed."""
    rejected = {
        name: (int(rows), int(repeats))
        for name, rows, repeats in connection.execute(
            "SELECT file, COUNT(*), COUNT(*) FILTER (WHERE code = 'repeat')"
            " FROM rejects GROUP BY file"
        ).fetchall()
    }
    files = connection.execute(
        "SELECT file, name, rows_in, rows_used_otherwise FROM files ORDER BY file"
    ).fetchall()
    return Accounting(
        tuple(
            FileAccount(
                file=name,
                rows_in=int(rows_in),
                rows_used=used.get(file, 0) + int(otherwise),
                rows_rejected=rejected.get(name, (0, 0))[0],
                rows_repeated=rejected.get(name, (0, 0))[1],
            )
            for file, name, rows_in, otherwise in files
        )
    )
