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
   any known date of death counts, and two different sexes are "not known". Facts that came along
   on another row (an issue) know nothing of registration: they only fill what is not known.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from unhurried.records.canonical import Accounting, account

TOLD_APART = "different or missing dates of birth: they were kept apart, please check them"

# Kind of row -> its table, and SQL for "is about one of these people" ({} is a list or query).
ROWS = {
    "people": ("incoming_people", "person_id IN ({})"),
    "issues": (
        "keyed_issues",
        "person_key IN (SELECT key FROM person_keys WHERE person_id IN ({}))",
    ),
    "diagnoses": ("incoming_diagnoses", "person_id IN ({})"),
}
# What makes two rows of a kind the same row.
SAME = {
    "people": (
        "person_id", "nhs_number", "born", "sex", "practice", "died", "registered_from",
        "registered_to", "stated_age",
    ),
    "issues": (
        "person_key", "issue_hash", "day", "medicine_key", "directions", "quantity_thousandths",
        "days_supply",
    ),
    "diagnoses": ("person_id", "code", "term", "day"),
}  # fmt: skip
# The few of those columns that tell nearly every two rows apart.
TELLING = {
    "people": ("person_id",),
    "issues": ("person_key", "day", "medicine_key", "quantity_thousandths"),
    "diagnoses": ("person_id", "code", "day"),
}


def finish(connection: duckdb.DuckDBPyConnection) -> tuple[Accounting, tuple[str, ...]]:
    """Make the canonical tables from the incoming ones; return the account and notes in words.

    Rejects added here have an empty `raw`, for the reader to fill from (file, record) if it can.
    The incoming tables are emptied.
    """
    _key_incoming_issues(connection)
    notes = _settle_identities(connection)
    several = _some(connection, "FROM identities WHERE n > 1")
    for kind in ROWS:
        if several or kind != "people":
            _reject_repeats(connection, kind)
    accounting = account(connection, _rows_used(connection))
    _fill_people(connection)
    _fill_issues(connection)
    _fill_diagnoses(connection)
    return accounting, notes


def reject_people(connection: duckdb.DuckDBPyConnection, people: str, reason: str) -> None:
    """Reject (`identity`) every incoming row about these people; `people` is SQL giving ids."""
    for table, about in ROWS.values():
        which = about.format(people)
        connection.execute(
            "INSERT INTO rejects SELECT f.name, i.record, 'identity', ?, ''"
            f" FROM {table} i JOIN files f USING (file) WHERE {which} AND i.record IS NOT NULL",
            [reason],
        )
        connection.execute(f"DELETE FROM {table} WHERE {which}")
    connection.execute(f"DELETE FROM person_keys WHERE person_id IN ({people})")


def rename_people(connection: duckdb.DuckDBPyConnection, names: str) -> None:
    """Give people another id; `names` is a table (person_id, kept_id)."""
    for table in ("incoming_people", "incoming_diagnoses", "person_keys"):
        connection.execute(
            f"UPDATE {table} SET person_id = n.kept_id FROM {names} n"
            f" WHERE {table}.person_id = n.person_id"
        )
    # One person may now have several keys: the smallest speaks for all.
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE same_keys AS SELECT key, kept FROM (SELECT key, MIN(key)"
        " OVER (PARTITION BY person_id) AS kept FROM person_keys) WHERE key <> kept"
    )
    connection.execute(
        "UPDATE keyed_issues SET person_key = kept FROM same_keys WHERE person_key = key"
    )
    connection.execute("DELETE FROM person_keys WHERE key IN (SELECT key FROM same_keys)")


def key_people(connection: duckdb.DuckDBPyConnection, people: str) -> None:
    """Give a key to everyone who has none; `people` is SQL giving a column `person_id`."""
    connection.execute(
        "INSERT INTO person_keys SELECT row_number() OVER () + (SELECT COALESCE(MAX(key), 0)"
        f" FROM person_keys), person_id FROM (SELECT DISTINCT person_id FROM ({people}))"
        " WHERE person_id NOT IN (SELECT person_id FROM person_keys)"
    )


def key_medicines(connection: duckdb.DuckDBPyConnection, medicines: str) -> None:
    """Give a key to every medicine that has none; `medicines` is SQL giving (product, code)."""
    connection.execute(
        "INSERT INTO medicine_keys SELECT row_number() OVER () + (SELECT COALESCE(MAX(key), 0)"
        " FROM medicine_keys), product, code FROM (SELECT DISTINCT product, code FROM"
        f" ({medicines}) m ANTI JOIN medicine_keys USING (product, code))"
    )


@contextmanager
def in_row_order(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Keep rows in the order of the first table of a join, so that two runs number issues alike."""
    connection.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")
    try:
        yield
    finally:
        connection.execute("RESET disabled_optimizers")


def _key_incoming_issues(connection: duckdb.DuckDBPyConnection) -> None:
    if not connection.execute("FROM incoming_issues LIMIT 1").fetchall():
        return
    key_people(connection, "SELECT person_id FROM incoming_issues")
    key_medicines(connection, "SELECT product, code FROM incoming_issues")
    with in_row_order(connection):
        connection.execute("""
            INSERT INTO keyed_issues
            SELECT file, record, p.key, m.key, hash(issue_id), day, directions,
                quantity_thousandths, days_supply
            FROM incoming_issues JOIN person_keys p USING (person_id)
                JOIN medicine_keys m USING (product, code)
        """)
    connection.execute("TRUNCATE incoming_issues")


def _some(connection: duckdb.DuckDBPyConnection, query: str) -> bool:
    return bool(connection.execute(f"{query} LIMIT 1").fetchall())


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(connection.execute(query).fetchall()[0][0])


def _settle_identities(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Rules 1 and 2; leaves table `identities`, one row for each id that has rows about it."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE identities AS SELECT person_id,"
        " MIN(nhs_number) AS nhs_number, MIN(born) AS born, COUNT(*) AS n,"
        " COALESCE(MIN(born) <> MAX(born) OR MIN(nhs_number) <> MAX(nhs_number), FALSE) AS mixed"
        " FROM incoming_people GROUP BY person_id"
    )
    mixed, numbers, different = connection.execute(
        "SELECT COUNT(*) FILTER (mixed), COUNT(nhs_number), COUNT(DISTINCT nhs_number)"
        " FROM identities"
    ).fetchall()[0]
    notes = _reject_mixed(connection, int(mixed)) if mixed else ()
    return (*notes, *_join_same_people(connection)) if numbers > different else notes


def _reject_mixed(connection: duckdb.DuckDBPyConnection, mixed: int) -> tuple[str, ...]:
    reject_people(
        connection,
        "SELECT person_id FROM identities WHERE mixed",
        "Two people share this number (two dates of birth or two NHS numbers are given for it):"
        " give each person their own patient ID.",
    )
    connection.execute("DELETE FROM identities WHERE mixed")
    note = (
        f"{mixed} patient number{'' if mixed == 1 else 's'} shared by two people (different dates"
        " of birth or NHS numbers): all their rows were rejected, none were joined."
    )
    return (note,)


def _join_same_people(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE joined AS SELECT person_id, kept_id FROM (SELECT person_id,"
        " MIN(person_id) OVER (PARTITION BY nhs_number, born) AS kept_id FROM identities"
        " WHERE nhs_number IS NOT NULL AND born IS NOT NULL) WHERE person_id <> kept_id"
    )
    joined = _count(connection, "SELECT COUNT(*) FROM joined")
    apart = _count(
        connection,
        "SELECT COUNT(*) FROM (SELECT nhs_number FROM identities WHERE nhs_number IS NOT NULL"
        " GROUP BY nhs_number HAVING COUNT(*) > 1"
        " AND (COUNT(DISTINCT born) > 1 OR COUNT(*) > COUNT(born)))",
    )
    notes = []
    if joined:
        rename_people(connection, "joined")
        connection.execute(
            "UPDATE identities SET n = 2 WHERE person_id IN (SELECT kept_id FROM joined)"
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
    table, columns = ROWS[kind][0], ", ".join(SAME[kind])
    # Grouping by a hash of a few columns is cheap; only rows whose hash occurs twice are compared
    # in full.
    telling = f"hash({', '.join(TELLING[kind])})"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE suspects AS SELECT {telling} AS h"
        f" FROM {table} WHERE record IS NOT NULL GROUP BY h HAVING COUNT(*) > 1"
    )
    if not _some(connection, "FROM suspects"):
        return
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE repeats AS SELECT row, file, record FROM (SELECT"
        f" rowid AS row, file, record, row_number() OVER (PARTITION BY {columns}"
        f" ORDER BY file, record) AS nth FROM {table}"
        f" WHERE record IS NOT NULL AND {telling} IN (FROM suspects)) WHERE nth > 1"
    )
    if not _some(connection, "FROM repeats"):
        return
    connection.execute(
        "INSERT INTO rejects SELECT f.name, r.record, 'repeat',"
        " 'This row only repeats a row already read.', ''"
        " FROM repeats r JOIN files f USING (file) ORDER BY r.file, r.record"
    )
    connection.execute(f"DELETE FROM {table} WHERE rowid IN (SELECT row FROM repeats)")


def _rows_used(connection: duckdb.DuckDBPyConnection) -> dict[int, int]:
    union = " UNION ALL ".join(
        f"SELECT file, COUNT(record) AS n FROM {table} GROUP BY file" for table, _ in ROWS.values()
    )
    rows = connection.execute(f"SELECT file, SUM(n) FROM ({union}) GROUP BY file").fetchall()
    return {int(file): int(rows) for file, rows in rows}


def _fill_people(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE who AS
        SELECT person_id, row_number() OVER (ORDER BY person_id) - 1 AS person
        FROM (SELECT person_id FROM incoming_people UNION SELECT person_id FROM person_keys
              UNION SELECT person_id FROM incoming_diagnoses)
    """)
    # The latest registration speaks for the person: still open, then latest start, then last read.
    # An empty end means "still open" only on a row that can speak of it, never on an issue.
    latest = (
        "speaks, (registered_to IS NULL AND speaks)::INTEGER, COALESCE(registered_to, 0),"
        " COALESCE(registered_from, -999999), file, COALESCE(record, 0), COALESCE(practice, '')"
    )
    connection.execute(f"""
        INSERT INTO people
        WITH several AS (SELECT person_id FROM identities WHERE n > 1),
        merged AS (
            SELECT person_id, MIN(nhs_number) AS nhs_number, MIN(born) AS born,
                CASE COUNT(DISTINCT own_sex) WHEN 0 THEN
                    CASE COUNT(DISTINCT told_sex) WHEN 1 THEN MIN(told_sex) END
                    WHEN 1 THEN MIN(own_sex) END AS sex,
                ARG_MAX(practice, ROW({latest})) AS practice, MIN(died) AS died,
                ARG_MAX_NULL(registered_from, ROW({latest})) AS registered_from,
                ARG_MAX_NULL(registered_to, ROW({latest})) AS registered_to,
                MIN(stated_age) AS stated_age
            FROM (SELECT *, NULLIF(sex, 'not known') AS told_sex,
                    record IS NOT NULL AND file NOT IN (FROM silent_files) AS speaks,
                    CASE WHEN record IS NOT NULL THEN told_sex END AS own_sex
                FROM incoming_people WHERE person_id IN (FROM several)) GROUP BY person_id
            UNION ALL
            SELECT person_id, nhs_number, born, NULLIF(sex, 'not known'), practice, died,
                registered_from, registered_to, stated_age
            FROM incoming_people WHERE person_id NOT IN (FROM several))
        SELECT person, person_id, nhs_number, born, COALESCE(sex, 'not known'), practice, died,
            registered_from, registered_to, CASE WHEN born IS NULL THEN stated_age END
        FROM who LEFT JOIN merged USING (person_id) ORDER BY person
    """)


def _fill_issues(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("""
        CREATE OR REPLACE TABLE numbered_medicines AS
        SELECT key, (row_number() OVER (ORDER BY product, code) - 1)::INTEGER AS medicine, product,
            code
        FROM medicine_keys
    """)
    connection.execute("INSERT INTO medicines SELECT medicine, product, code"
                       " FROM numbered_medicines ORDER BY medicine")  # fmt: skip
    connection.execute("""
        CREATE OR REPLACE TABLE numbered_people AS
        SELECT key, person FROM person_keys JOIN who USING (person_id)
    """)
    connection.execute("DROP TABLE issues")
    connection.execute("""
        CREATE VIEW issues AS
        SELECT p.person, i.rowid AS issue, i.day, m.medicine, i.directions,
            i.quantity_thousandths, i.days_supply
        FROM keyed_issues i JOIN numbered_people p ON p.key = i.person_key
            JOIN numbered_medicines m ON m.key = i.medicine_key
    """)
    for table in ("incoming_people", "person_keys", "medicine_keys"):
        connection.execute(f"TRUNCATE {table}")


def _fill_diagnoses(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("""
        INSERT INTO diagnoses
        SELECT w.person, i.code, i.term, i.day
        FROM incoming_diagnoses i JOIN who w USING (person_id)
    """)
    connection.execute("TRUNCATE incoming_diagnoses")
