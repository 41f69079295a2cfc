"""From incoming rows to canonical tables: who is who, exact repeats, dense numbers (ID-1).

Rules, in this order:

1. One id with two dates of birth, or two NHS numbers: nobody can say whose rows they are, so every
   row of that id is rejected (`identity`).
2. Two ids with the same NHS number and the same date of birth are one person (the smaller id is
   kept). The same NHS number with different or unknown dates of birth is never joined.
3. A row that says exactly what an earlier row said about the same person (the same day, medicine,
   directions, quantity, supply and issue id) is a repeat and counts once. Two issues that differ
   only in their issue id are two issues.
4. Several rows about one person are merged: the current or latest registration gives the practice,
   any known date of death counts, and two different sexes are "not known".
"""

from __future__ import annotations

import duckdb

from unhurried.records.canonical import Accounting, account

KINDS = ("people", "issues", "diagnoses")
TOLD_APART = "different or missing dates of birth: they were kept apart, please check them"

# What makes two rows of a kind the same row.
SAME = {
    "people": (
        "person_id", "nhs_number", "born", "sex", "practice", "died", "registered_from",
        "registered_to", "stated_age",
    ),
    "issues": (
        "person_id", "issue_id", "day", "product", "code", "directions", "quantity_thousandths",
        "days_supply",
    ),
    "diagnoses": ("person_id", "code", "term", "day"),
}  # fmt: skip


def finish(connection: duckdb.DuckDBPyConnection) -> tuple[Accounting, tuple[str, ...]]:
    """Fill the canonical tables from the incoming ones; return the account and notes in words.

    Rejects added here have an empty `raw`, for the reader to fill from (file, record) if it can.
    The incoming tables are emptied.
    """
    notes = _reject_mixed_identities(connection) + _join_same_people(connection)
    for kind in KINDS:
        _reject_repeats(connection, kind)
    accounting = account(connection, _rows_used(connection))
    _fill_people(connection)
    _fill_issues(connection)
    _fill_diagnoses(connection)
    return accounting, notes


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(connection.execute(query).fetchall()[0][0])


def _reject_mixed_identities(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE mixed AS SELECT person_id FROM incoming_people"
        " GROUP BY person_id HAVING MIN(born) <> MAX(born) OR MIN(nhs_number) <> MAX(nhs_number)"
    )
    mixed = _count(connection, "SELECT COUNT(*) FROM mixed")
    if not mixed:
        return ()
    for kind in KINDS:
        connection.execute(
            "INSERT INTO rejects SELECT f.name, i.record, 'identity',"
            " 'Two people share this number (two dates of birth or two NHS numbers are given for"
            " it): give each person their own patient ID.', ''"
            f" FROM incoming_{kind} i JOIN files f USING (file)"
            " WHERE i.person_id IN (FROM mixed) AND i.record IS NOT NULL"
        )
        connection.execute(f"DELETE FROM incoming_{kind} WHERE person_id IN (FROM mixed)")
    note = (
        f"{mixed} patient number{'' if mixed == 1 else 's'} shared by two people (different dates"
        " of birth or NHS numbers): all their rows were rejected, none were joined."
    )
    return (note,)


def _join_same_people(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE numbered AS SELECT person_id, MIN(nhs_number) AS nhs_number,"
        " MIN(born) AS born FROM incoming_people GROUP BY person_id"
    )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE joined AS SELECT person_id, kept_id FROM (SELECT person_id,"
        " MIN(person_id) OVER (PARTITION BY nhs_number, born) AS kept_id FROM numbered"
        " WHERE nhs_number IS NOT NULL AND born IS NOT NULL) WHERE person_id <> kept_id"
    )
    joined = _count(connection, "SELECT COUNT(*) FROM joined")
    apart = _count(
        connection,
        "SELECT COUNT(*) FROM (SELECT nhs_number FROM numbered WHERE nhs_number IS NOT NULL"
        " GROUP BY nhs_number HAVING COUNT(*) > 1"
        " AND (COUNT(DISTINCT born) > 1 OR COUNT(*) > COUNT(born)))",
    )
    notes = []
    if joined:
        for kind in KINDS:
            connection.execute(
                f"UPDATE incoming_{kind} SET person_id = joined.kept_id FROM joined"
                f" WHERE incoming_{kind}.person_id = joined.person_id"
            )
        notes.append(
            f"{joined} patient ID{'' if joined == 1 else 's'} with the same NHS number and date of"
            " birth as another patient ID: read as one person."
        )
    if apart:
        notes.append(
            f"{apart} NHS number{'' if apart == 1 else 's'} shared by patient IDs with"
            f" {TOLD_APART}."
        )
    return tuple(notes)


def _reject_repeats(connection: duckdb.DuckDBPyConnection, kind: str) -> None:
    columns = ", ".join(SAME[kind])
    # Grouping by a hash is cheap; only rows whose hash occurs twice are compared in full.
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE suspects AS SELECT hash({columns}) AS h"
        f" FROM incoming_{kind} WHERE record IS NOT NULL GROUP BY h HAVING COUNT(*) > 1"
    )
    if not _count(connection, "SELECT COUNT(*) FROM suspects"):
        return
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE repeats AS SELECT row, file, record FROM (SELECT"
        f" rowid AS row, file, record, row_number() OVER (PARTITION BY {columns}"
        f" ORDER BY file, record) AS nth FROM incoming_{kind}"
        f" WHERE record IS NOT NULL AND hash({columns}) IN (FROM suspects)) WHERE nth > 1"
    )
    connection.execute(
        "INSERT INTO rejects SELECT f.name, r.record, 'repeat',"
        " 'This row only repeats a row already read.', ''"
        " FROM repeats r JOIN files f USING (file) ORDER BY r.file, r.record"
    )
    connection.execute(f"DELETE FROM incoming_{kind} WHERE rowid IN (SELECT row FROM repeats)")


def _rows_used(connection: duckdb.DuckDBPyConnection) -> dict[int, int]:
    union = " UNION ALL ".join(
        f"SELECT file FROM incoming_{kind} WHERE record IS NOT NULL" for kind in KINDS
    )
    rows = connection.execute(f"SELECT file, COUNT(*) FROM ({union}) GROUP BY file").fetchall()
    return {int(file): int(rows) for file, rows in rows}


def _fill_people(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE who AS
        SELECT person_id, row_number() OVER (ORDER BY person_id) - 1 AS person
        FROM (SELECT person_id FROM incoming_people UNION SELECT person_id FROM incoming_issues
              UNION SELECT person_id FROM incoming_diagnoses)
    """)
    # The latest registration speaks for the person: still open, then latest start, then last read.
    latest = (
        "(registered_to IS NULL)::INTEGER, COALESCE(registered_to, 0),"
        " COALESCE(registered_from, -999999), file, COALESCE(record, 0), COALESCE(practice, '')"
    )
    connection.execute(f"""
        INSERT INTO people
        WITH merged AS (
            SELECT person_id, MIN(nhs_number) AS nhs_number, MIN(born) AS born,
                CASE WHEN MIN(NULLIF(sex, 'not known')) = MAX(NULLIF(sex, 'not known'))
                     THEN MIN(NULLIF(sex, 'not known')) END AS sex,
                ARG_MAX(practice, ROW({latest})) AS practice, MIN(died) AS died,
                ARG_MAX_NULL(registered_from, ROW({latest})) AS registered_from,
                ARG_MAX_NULL(registered_to, ROW({latest})) AS registered_to,
                MIN(stated_age) AS stated_age
            FROM incoming_people GROUP BY person_id)
        SELECT person, person_id, nhs_number, born, COALESCE(sex, 'not known'), practice, died,
            registered_from, registered_to, CASE WHEN born IS NULL THEN stated_age END
        FROM who LEFT JOIN merged USING (person_id) ORDER BY person
    """)


def _fill_issues(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("""
        INSERT INTO medicines
        SELECT row_number() OVER (ORDER BY product, code) - 1, product, code
        FROM (SELECT DISTINCT product, code FROM incoming_issues)
    """)
    connection.execute("""
        INSERT INTO issues
        SELECT w.person, i.rowid, i.day, m.medicine, i.directions, i.quantity_thousandths,
            i.days_supply
        FROM incoming_issues i JOIN who w USING (person_id) JOIN medicines m USING (product, code)
    """)
    connection.execute("TRUNCATE incoming_issues")
    connection.execute("TRUNCATE incoming_people")


def _fill_diagnoses(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("""
        INSERT INTO diagnoses
        SELECT w.person, i.code, i.term, i.day
        FROM incoming_diagnoses i JOIN who w USING (person_id)
    """)
    connection.execute("TRUNCATE incoming_diagnoses")
