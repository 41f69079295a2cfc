"""Each distinct text of a column is interpreted once, in Python, and joined back as a small table.

For a role there is a table `m_<role>` (text, value, reason): `value` NULL is not known, `reason`
is a sentence when rows with that text must be rejected. The table of issue dates also has the time
of day, which tells two issues of one day apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

import duckdb

from unhurried.records.canonical import add_rows
from unhurried.records.csv.codes import DAMAGED, diagnosis_code, medicine_code
from unhurried.records.csv.combined import take_apart
from unhurried.records.dates import Kind, Order, read_dates
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


def interpret(
    connection: duckdb.DuckDBPyConnection,
    roles: Iterable[str],
    *,
    headings: dict[str, str],
    today: date,
    order: Order | None,
) -> tuple[str, ...]:
    """Make the table of meanings for every role of table `raw` that needs one; return their roles.

    Raises UnusableInput when a column of dates can only be month first.
    """
    done = [role for role in roles if role in TYPES]
    for role in done:
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE m_{role} (text VARCHAR, value {TYPES[role]},"
            " reason VARCHAR, seconds INTEGER)"
        )
        if role == "nhs_number":
            connection.execute(
                f"INSERT INTO m_{role} SELECT text, {sql_valid_digits('text')} AS digits, NULL, 0"
                f" FROM (SELECT DISTINCT {role} AS text FROM raw) WHERE digits IS NOT NULL"
            )
        texts = _texts(connection, role)
        if role in DATES:
            rows = _dates(texts, role, headings[role], today, order)
        else:
            rows = [(*_ONE_BY_ONE[role](text), 0) for text in texts]
        plain = [row[:2] for row in rows if row[2] is None and not row[3]]
        _add_plain(connection, role, plain)
        add_rows(connection, f"m_{role}", [row for row in rows if row[2] is not None or row[3]])
    return tuple(done)


def _add_plain(
    connection: duckdb.DuckDBPyConnection, role: str, rows: list[tuple[object, ...]]
) -> None:
    connection.execute(
        f"INSERT INTO m_{role} (text, value, seconds) SELECT unnest($1::VARCHAR[]),"
        f" unnest($2::{TYPES[role]}[]), 0",
        [[row[0] for row in rows], [row[1] for row in rows]],
    )


def _texts(connection: duckdb.DuckDBPyConnection, role: str) -> list[str]:
    known = f" WHERE {role} NOT IN (SELECT text FROM m_{role})" if role == "nhs_number" else ""
    rows = connection.execute(f"SELECT DISTINCT {role} FROM raw{known}").fetchall()
    return [text for (text,) in rows if text]


def _dates(
    texts: list[str], role: str, heading: str, today: date, order: Order | None
) -> list[tuple[object, ...]]:
    read = read_dates(texts, heading=heading, today=today, kind=DATES[role], order=order)
    blank = NO_ISSUE_DATE if role == "issue_date" else None
    known = [
        (text, day, blank if day is None else None, read.seconds.get(text, 0))
        for text, day in read.days.items()
    ]
    return [*known, *((text, None, reason, 0) for text, reason in read.problems.items())]


def split_combined(connection: duckdb.DuckDBPyConnection) -> None:
    """Make table `m_combined` (text, product, directions, thousandths) for the joint column."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE m_combined (text VARCHAR, product VARCHAR,"
        " directions VARCHAR, thousandths BIGINT)"
    )
    rows = connection.execute("SELECT DISTINCT product_with_directions FROM raw").fetchall()
    add_rows(connection, "m_combined", [(text, *take_apart(text)) for (text,) in rows if text])
