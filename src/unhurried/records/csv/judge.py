"""One verdict for each row of table `raw`: it can be used, or the code and reason of its reject."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources

import duckdb

from unhurried.records.canonical import UnusableInput
from unhurried.records.column_map import FileKind
from unhurried.records.csv.columns import CODED, MEDICINE
from unhurried.records.csv.meanings import DATES, Meanings
from unhurried.records.nhs_number import DAMAGED as DAMAGED_NUMBER

CHECKED = ("nhs_number", *DATES, "quantity")  # a reason in their meanings rejects the row
CODES = ("snomed", "read")
VOIDING = ("status", "deleted")


@cache
def sentences() -> dict[str, str]:
    """The sentence for every code of a reject, where its column gave none of its own."""
    with resources.files(__package__).joinpath("reasons.csv").open(encoding="utf-8") as lines:
        return {row["code"]: row["reason"] for row in csv.DictReader(lines)}


def judge(
    connection: duckdb.DuckDBPyConnection,
    kind: FileKind,
    roles: Mapping[str, str],
    meanings: Meanings,
) -> int:
    """Fill table `bad` (row, code, reason) for the rows that cannot be used; return how many.

    `roles` is role -> heading as it stands in the file.
    """
    troubled = meanings.troubled
    checks = [*_shape(roles), *_person(roles, troubled), *_content(kind, roles, troubled)]
    whens = " ".join(f"WHEN {condition} THEN {code}" for condition, code in checks)
    own = " ".join(f"WHEN {_code(role)} THEN t_{role}.reason" for role in troubled)
    given = f"CASE code {own} END" if own else "NULL"
    joins = "".join(
        f" LEFT JOIN (SELECT text, reason FROM m_{role} WHERE reason IS NOT NULL) AS t_{role}"
        f" ON t_{role}.text = raw.{role}"
        for role in troubled
    )
    made = connection.execute(
        "CREATE OR REPLACE TEMP TABLE bad AS SELECT row, code, reason FROM (SELECT raw.row,"
        f" CASE {whens} END AS code, {given} AS reason"
        f" FROM (SELECT rowid AS row, * FROM raw WHERE rowid IN ({_doubtful(kind, roles, troubled)}"
        f")) AS raw{joins}) WHERE code IS NOT NULL"
    )
    return int(made.fetchall()[0][0])


def _doubtful(kind: FileKind, roles: Mapping[str, str], troubled: Sequence[str]) -> str:
    """SQL for every row that may be refused, and few others: quick questions, one column each.

    A blank row names nobody, and a repeated heading begins with the first heading.
    """
    first, heading = next(iter(roles.items()))
    quoted = heading.replace("'", "''")
    asked = [
        "raw.bad IS NOT NULL OR raw.missing OR raw.extra",
        f"raw.{first} = '{quoted}'",
        *(condition for condition, _ in _person(roles, ())),
        *(condition for condition, _ in _content(kind, roles, ())),
        *(
            f"raw.{role} IN (SELECT text FROM m_{role} WHERE reason IS NOT NULL)"
            for role in troubled
        ),
    ]
    return " UNION ALL ".join(f"SELECT raw.rowid FROM raw WHERE {each}" for each in asked)


NO_CONTENT = ("blank_row", "repeated_heading", "too_few_columns")


def refuse_grouped(connection: duckdb.DuckDBPyConnection, file: str, rows: int) -> None:
    """Refuse a report (of so many rows) grouped by patient: only the first of a group names them.

    Whose the other rows are is not told plainly enough to fill it in. Raises UnusableInput.
    """
    nobody, empty = connection.execute(
        f"SELECT COUNT(*) FILTER (code = 'person'), COUNT(*) FILTER (code IN {NO_CONTENT}) FROM bad"
    ).fetchall()[0]
    rows -= empty
    if 2 * nobody <= rows:
        return
    first = connection.execute(
        "SELECT COALESCE(code, '') FROM raw LEFT JOIN bad ON bad.row = raw.rowid"
        f" WHERE code IS NULL OR code NOT IN {NO_CONTENT} ORDER BY raw.rowid LIMIT 1"
    ).fetchall()
    if first[0][0] != "person":
        raise UnusableInput(
            f"{file} names the patient only on the first row of each group ({nobody:,} of"
            f" {rows:,} rows have neither a patient ID nor an NHS number): set the report to repeat"
            " the patient's number on every row and export it again."
        )


Check = tuple[str, str]  # SQL of the condition, SQL of the code


def _code(role: str) -> str:
    if role in CODES:
        return "'code'"
    return "'entered_in_error'" if role in VOIDING else f"'{role}'"


def _shape(roles: Mapping[str, str]) -> list[Check]:
    repeated = " AND ".join(
        f"raw.{role} = '{heading.replace(chr(39), chr(39) * 2)}'"
        for role, heading in list(roles.items())[:3]
    )
    return [
        ("raw.bad IS NOT NULL", "raw.bad"),
        (repeated, "'repeated_heading'"),
        (_all_blank(roles, roles), "'blank_row'"),
        ("raw.missing", "'too_few_columns'"),
        ("raw.extra", "'too_many_columns'"),
    ]


def _person(roles: Mapping[str, str], troubled: Sequence[str]) -> list[Check]:
    checks = [(f"t_{role}.reason IS NOT NULL", _code(role)) for role in VOIDING if role in troubled]
    return [*checks, (_all_blank(roles, ("patient_id", "nhs_number")), "'person'")]


def _content(kind: FileKind, roles: Mapping[str, str], troubled: Sequence[str]) -> list[Check]:
    checks = [
        (f"t_{role}.reason IS NOT NULL" + _but_named(role, roles), _code(role))
        for role in (*CHECKED, *CODES)
        if role in troubled
    ]
    if kind == "issues":
        checks.append((_all_blank(roles, ("issue_date",)), "'issue_date'"))
        checks.append((_all_blank(roles, MEDICINE), "'medicine'"))
    if kind == "problems":
        checks.append((_all_blank(roles, CODED), "'code'"))
    return checks


def _but_named(role: str, roles: Mapping[str, str]) -> str:
    """SQL: a damaged NHS number is only not known where a patient ID says whose row it is."""
    if role != "nhs_number" or "patient_id" not in roles:
        return ""
    blank = _all_blank(roles, ("patient_id",))
    return f" AND (t_nhs_number.reason <> '{DAMAGED_NUMBER}' OR ({blank}))"


def _all_blank(roles: Mapping[str, str], names: Iterable[str]) -> str:
    # Trimming every text is slow; only those that begin with a blank (all sort before "!") need it.
    return " AND ".join(
        f"(raw.{name} IS NULL OR (raw.{name} < '!' AND trim(raw.{name}) = ''))"
        for name in names
        if name in roles
    )
