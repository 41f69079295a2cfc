"""Each distinct text of a column is interpreted once, in Python, and joined back as a small table.

For a role there is a table `m_<role>` (text, value, reason): `value` NULL is not known, `reason`
is a sentence when rows with that text must be rejected. The table of issue dates also has the time
of day, which tells two issues of one day apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

import duckdb

from unhurried.records.canonical import add_rows
from unhurried.records.column_map import FileKind, Order
from unhurried.records.csv.codes import DAMAGED, diagnosis_code, medicine_code
from unhurried.records.csv.combined import take_apart
from unhurried.records.dates import (
    Kind,
    is_part_of_a_date,
    plain_format,
    read_dates,
    sql_plain_day,
    sql_shows_day_first,
)
from unhurried.records.nhs_number import read_nhs_number, sql_valid_digits
from unhurried.records.quantities import is_void, read_age, read_days, read_quantity, read_sex

Meaning = tuple[str, object, str | None]

DATES: dict[str, Kind] = {
    "issue_date": "issue",
    "date_of_birth": "birth",
    "date_of_death": "other",
    "registered": "other",
    "deregistered": "other",
    "problem_date": "other",
}
TYPES = {
    "quantity": "BIGINT",
    "days_supply": "INTEGER",
    "age": "INTEGER",
    "sex": "VARCHAR",
    "nhs_number": "VARCHAR",
    "dmd": "VARCHAR",
    "bnf": "VARCHAR",
    "snomed": "VARCHAR",
    "read": "VARCHAR",
    "status": "VARCHAR",
    "deleted": "VARCHAR",
} | dict.fromkeys(DATES, "INTEGER")
FEW_ROWS = 2_000  # so many texts are read in Python before SQL has been planned
NO_ISSUE_DATE = "The row has no date of issue."
VOID = "The extract marks this row as entered in error, deleted or never issued."


def _quantity(text: str) -> Meaning:
    quantity = read_quantity(text)
    reason = "The quantity is negative." if quantity.negative else None
    return text, quantity.thousandths, reason


def _nhs_number(text: str) -> Meaning:
    number = read_nhs_number(text)
    return text, number.digits, number.reason or None


def _diagnosis(text: str) -> Meaning:
    code = diagnosis_code(text)
    return text, code, DAMAGED if code is None else None


_ONE_BY_ONE: dict[str, Callable[[str], Meaning]] = {
    "quantity": _quantity,
    "nhs_number": _nhs_number,
    "snomed": _diagnosis,
    "read": _diagnosis,
    "days_supply": lambda text: (text, read_days(text), None),
    "age": lambda text: (text, read_age(text), None),
    "sex": lambda text: (text, read_sex(text), None),
    "dmd": lambda text: (text, medicine_code(text), None),
    "bnf": lambda text: (text, medicine_code(text), None),
    "status": lambda text: (text, None, VOID if is_void(text) else None),
    "deleted": lambda text: (text, None, VOID if is_void(text, "deleted") else None),
}


@dataclass(frozen=True, slots=True)
class Meanings:
    """The roles that have a table of meanings, and what is special about some of them."""

    roles: tuple[str, ...] = ()
    troubled: tuple[str, ...] = ()  # a text of theirs is a reason to reject rows
    unread: tuple[str, ...] = ()  # a text of theirs is not known, and its rows are used
    timed: bool = False  # some issues have a time of day


Row = tuple[str, object, str | None, int]  # text, value, reason, seconds


def interpret(
    connection: duckdb.DuckDBPyConnection,
    roles: Iterable[str],
    *,
    rows: int,
    headings: dict[str, str],
    kind: FileKind,
    today: date,
    order: Order | None,
) -> Meanings:
    """Make the table of meanings for every role of table `raw` (of so many rows) that needs one.

    Raises UnusableInput when a column of dates can only be month first.
    """
    done = {}
    for role in roles:
        if role in DATES:
            column = _Dates(connection, role, headings[role], kind, today, order)
            done[role] = column.read_few() if rows <= FEW_ROWS else column.read_many()
        elif role == "nhs_number" and rows > FEW_ROWS:
            left = _plainly(connection, role, sql_valid_digits("text"))
            done[role] = _add(connection, role, [(*_nhs_number(text), 0) for text in left])
        elif role in TYPES:
            texts = _texts(connection, role)
            done[role] = _make(connection, role, [(*_ONE_BY_ONE[role](t), 0) for t in texts])
    return Meanings(
        tuple(done),
        tuple(role for role, rows in done.items() if any(row[2] is not None for row in rows)),
        tuple(r for r, rows in done.items() if any(row[1] is row[2] is None for row in rows)),
        any(row[3] for row in done.get("issue_date", ())),
    )


def _texts(connection: duckdb.DuckDBPyConnection, role: str) -> list[str]:
    rows = connection.execute(f"SELECT DISTINCT {role} FROM raw").fetchall()
    return [text for (text,) in rows if text]


def _make(connection: duckdb.DuckDBPyConnection, role: str, rows: list[Row]) -> list[Row]:
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE m_{role} AS {_unnested(role)}", _columns(rows)
    )
    return rows


def _add(connection: duckdb.DuckDBPyConnection, role: str, rows: list[Row]) -> list[Row]:
    if rows:
        connection.execute(f"INSERT INTO m_{role} {_unnested(role)}", _columns(rows))
    return rows


def _unnested(role: str) -> str:
    return (
        f"SELECT unnest($1::VARCHAR[]) AS text, unnest($2::{TYPES[role]}[]) AS value,"
        " unnest($3::VARCHAR[]) AS reason, unnest($4::INTEGER[]) AS seconds"
    )


def _columns(rows: list[Row]) -> list[list[object]]:
    return [[row[place] for row in rows] for place in range(4)]


def _plainly(connection: duckdb.DuckDBPyConnection, role: str, value: str) -> list[str]:
    """Make the table with the texts for which `value`, SQL of `text`, is not NULL; the others."""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE m_{role} AS SELECT text, {value} AS value,"
        " NULL::VARCHAR AS reason, 0 AS seconds"
        f" FROM (SELECT DISTINCT {role} AS text FROM raw WHERE {role} <> '')"
    )
    left = connection.execute(f"DELETE FROM m_{role} WHERE value IS NULL RETURNING text")
    return [text for (text,) in left.fetchall()]


@dataclass(frozen=True, slots=True)
class _Dates:
    """A column of dates."""

    connection: duckdb.DuckDBPyConnection
    role: str
    heading: str
    section: FileKind
    today: date
    order: Order | None

    def read_few(self) -> list[Row]:
        """Read every text in Python."""
        rows = self._read(_texts(self.connection, self.role), lambda: False)
        return _make(self.connection, self.role, rows)

    def read_many(self) -> list[Row]:
        """Read texts like the first in SQL, and the others in Python."""
        first = f"SELECT {self.role} FROM raw WHERE {self.role} <> '' LIMIT 1"
        sample = self.connection.execute(first).fetchall()
        form = plain_format(sample[0][0], self.order) if sample else None
        if form is None:
            return self.read_few()
        value = sql_plain_day("text", form, today=self.today, kind=DATES[self.role])
        left = _plainly(self.connection, self.role, value)
        shown = f"FROM m_{self.role} WHERE {sql_shows_day_first('text', form)} LIMIT 1"
        rows = self._read(left, lambda: bool(self.connection.execute(shown).fetchall()))
        return _add(self.connection, self.role, rows)

    def _read(self, texts: list[str], day_first_elsewhere: Callable[[], bool]) -> list[Row]:
        read = read_dates(
            texts,
            heading=self.heading,
            section=self.section,
            today=self.today,
            kind=DATES[self.role],
            order=self.order,
            day_first_elsewhere=day_first_elsewhere,
        )
        blank = NO_ISSUE_DATE if self.role == "issue_date" else None
        rows: list[Row] = [
            (text, day, blank if day is None else None, read.seconds.get(text, 0))
            for text, day in read.days.items()
        ]
        return [
            *rows,
            *((text, None, self._fault(text, r), 0) for text, r in read.problems.items()),
        ]

    def _fault(self, text: str, reason: str) -> str | None:
        """A problem may be recorded with its month or year only: it is kept, its day not known."""
        partial = self.role == "problem_date" and is_part_of_a_date(text, today=self.today)
        return None if partial else reason


def split_combined(connection: duckdb.DuckDBPyConnection) -> None:
    """Make table `m_combined` (text, product, directions, thousandths) for the joint column."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE m_combined (text VARCHAR, product VARCHAR,"
        " directions VARCHAR, thousandths BIGINT)"
    )
    rows = connection.execute("SELECT DISTINCT product_with_directions FROM raw").fetchall()
    add_rows(connection, "m_combined", [(text, *take_apart(text)) for (text,) in rows if text])
