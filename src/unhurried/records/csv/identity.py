"""Rows that name a person only by NHS number: which patient ID they belong to, if any (ID-1)."""

from __future__ import annotations

import duckdb

from unhurried.records.csv.judge import sentences
from unhurried.records.finish import reject_people, rename_people

MARK = "chr(31)"


def by_number(patient_id: str | None, nhs_number: str | None, born: str) -> str:
    """SQL for the person of a row: the patient ID, else a mark made of NHS number and birth."""
    mark = f"{MARK} || {nhs_number} || {MARK} || COALESCE(({born})::VARCHAR, '')"
    if patient_id is None:
        return mark
    trimmed = f"trim({patient_id})"
    return f"COALESCE(NULLIF({trimmed}, ''), {mark})" if nhs_number else trimmed


def resolve(connection: duckdb.DuckDBPyConnection) -> None:
    """Replace the marks by patient IDs, or by the NHS number where no patient ID goes with it.

    A number that belongs to several patient IDs, or to one with another date of birth, gives
    rejects: nobody is joined to somebody else's records.
    """
    union = " UNION ".join(
        f"SELECT person_id FROM {table} WHERE person_id[1] = {MARK}"
        for table in ("incoming_people", "incoming_diagnoses", "person_keys")
    )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE marks AS SELECT person_id,"
        f" split_part(person_id, {MARK}, 2) AS nhs_number,"
        f" TRY_CAST(split_part(person_id, {MARK}, 3) AS INTEGER) AS born FROM ({union})"
    )
    if not connection.execute("FROM marks LIMIT 1").fetchall():
        return
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE resolved AS
        WITH known AS (
            SELECT nhs_number, person_id, MIN(born) AS born FROM incoming_people
            WHERE nhs_number IS NOT NULL AND person_id[1] <> {MARK}
            GROUP BY nhs_number, person_id),
        matched AS (
            SELECT m.person_id, ANY_VALUE(m.nhs_number) AS nhs_number,
                COUNT(known.person_id) AS ids, MIN(known.person_id) AS kept_id,
                COUNT(known.born) AS births, MIN(known.born) AS first, MAX(known.born) AS last,
                ANY_VALUE(m.born) AS born
            FROM marks m LEFT JOIN known ON known.nhs_number = m.nhs_number GROUP BY m.person_id)
        SELECT person_id, CASE
            WHEN ids = 0 THEN nhs_number
            WHEN (ids = 1 OR (births = ids AND first = last))
                AND COALESCE(born = first, TRUE) THEN kept_id
            END AS kept_id
        FROM matched
    """)
    reject_people(
        connection,
        "SELECT person_id FROM resolved WHERE kept_id IS NULL",
        sentences()["identity"],
    )
    rename_people(connection, "resolved")
