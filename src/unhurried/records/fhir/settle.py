"""Which version counts, and what belongs to whom: from staged FHIR rows to the incoming tables.

Versions of one resource (same kind, same id), in whatever order they were found:

- identical content counts once; the rest are repeats;
- otherwise the newest counts (by `meta.lastUpdated`, else by `meta.versionId`) and the rest are
  rejected as older; if the newest says "entered in error", the resource is gone;
- where nobody can tell which is newest, all of them are rejected.

References: "Patient/1", its full address in a Bundle, `urn:uuid:`, or an NHS number that one
patient has. A full address that no Bundle gives is followed by its last part only when the whole
source comes from one server.

Registration: the open episode of care, else the one that began last, gives the first day. Someone
has left when their record is no longer in use, or, where nothing is said about that, when all their
episodes of care have ended. Leaving without a date is put on the day of the last issue.
"""

from __future__ import annotations

from datetime import date

import duckdb

from unhurried.records.dates import epoch_day

OWNED = ("fhir_issues", "fhir_conditions", "fhir_registrations")  # rows that belong to a person
# Rejected for one field only: what else the row says about the person still holds.
ONE_FIELD = ("nhs_number", "birth_date", "death_date", "sex")
KINDS = ("fhir_people", *OWNED, "fhir_medicines", "fhir_organizations")

VERDICTS = """
CREATE TEMP TABLE fhir_verdicts AS
WITH several AS (
    SELECT kind, key FROM fhir_seen GROUP BY kind, key HAVING COUNT(*) > 1),
ranked AS (
    SELECT *, CASE WHEN COUNT(updated) OVER same_id = COUNT(*) OVER same_id THEN updated
                   WHEN COUNT(version) OVER same_id = COUNT(*) OVER same_id THEN version
              END AS standing
    FROM fhir_seen JOIN several USING (kind, key)
    WINDOW same_id AS (PARTITION BY kind, key)),
newest AS (
    SELECT *, standing IS NOT DISTINCT FROM MAX(standing) OVER (PARTITION BY kind, key) AS top
    FROM ranked),
chosen AS (
    SELECT kind, key, CASE WHEN COUNT(DISTINCT digest) FILTER (top) = 1
                           THEN ANY_VALUE(digest) FILTER (top) END AS digest_of_newest
    FROM newest GROUP BY kind, key)
SELECT file, record,
    CASE WHEN digest_of_newest IS NULL THEN 'conflict'
         WHEN digest <> digest_of_newest THEN 'older_version'
         WHEN row_number() OVER (PARTITION BY kind, key, digest ORDER BY file, record) > 1
         THEN 'repeat' END AS verdict
FROM newest JOIN chosen USING (kind, key)
"""

REFUSE_BY_VERDICT = """
INSERT INTO fhir_refused
SELECT file, record, verdict, CASE verdict
    WHEN 'repeat' THEN 'This row only repeats a row already read.'
    WHEN 'older_version' THEN 'A newer version of the same resource was read instead.'
    ELSE 'The same id stands for different content, and no version or date of change says which is'
         || ' the newest, so none of them is used.' END, ''
FROM fhir_verdicts v
WHERE verdict IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM fhir_refused r
                    WHERE r.file = v.file AND r.record = v.record AND verdict <> 'repeat')
"""

ADDRESSES = """
CREATE OR REPLACE TEMP TABLE {table} AS
SELECT DISTINCT ON (ref) ref, key FROM (
    SELECT url AS ref, key, 1 AS nth FROM {source} WHERE url IS NOT NULL
    UNION ALL SELECT '{kind}/' || key, key, 2 FROM {source} WHERE key <> '' {more})
ORDER BY ref, nth
"""
BY_NHS_NUMBER = """
    UNION ALL SELECT 'nhs:' || nhs_number, MIN(key), 3 FROM fhir_people
    WHERE nhs_number IS NOT NULL GROUP BY nhs_number HAVING COUNT(*) = 1
"""


def settle(connection: duckdb.DuckDBPyConnection, today: date) -> dict[int, int]:
    """Fill the incoming tables, practices and rejects; return rows used otherwise, by file."""
    connection.execute(VERDICTS)
    # A refused row that is also a repeat is listed once, as the repeat it is.
    connection.execute(
        "DELETE FROM fhir_refused WHERE (file, record) IN"
        " (SELECT (file, record) FROM fhir_verdicts WHERE verdict = 'repeat')"
    )
    connection.execute(REFUSE_BY_VERDICT)
    _drop_refused(connection, *KINDS, "fhir_passed")
    _address(connection, "fhir_people", "Patient", more=BY_NHS_NUMBER)
    _address(connection, "fhir_medicines", "Medication")
    _address(connection, "fhir_organizations", "Organization")
    _refuse_strangers(connection)
    _fill(connection, today)
    connection.execute(
        "INSERT INTO rejects SELECT f.name, r.record, r.code, r.reason, r.raw"
        " FROM fhir_refused r JOIN files f USING (file) ORDER BY r.file, r.record"
    )
    return _used_otherwise(connection)


def _address(
    connection: duckdb.DuckDBPyConnection, source: str, kind: str, *, more: str = ""
) -> None:
    table = f"{source}_by_address"
    connection.execute(ADDRESSES.format(table=table, source=source, kind=kind, more=more))
    if _one_server(connection, kind):
        connection.execute(
            f"INSERT INTO {table} SELECT DISTINCT a.ref, t.key FROM fhir_asked a"
            f" JOIN {table} t ON t.ref = '{kind}/' || split_part(a.ref, '/', -1)"
            f" WHERE a.ref NOT IN (SELECT ref FROM {table})"
        )


def _one_server(connection: duckdb.DuckDBPyConnection, kind: str) -> bool:
    """Note every full web address asked for; True when all of the source's are of one server."""
    asked = {
        "Patient": " UNION ".join(f"SELECT subject FROM {table}" for table in OWNED),
        "Medication": "SELECT medicine FROM fhir_issues",
        "Organization": "SELECT practice FROM fhir_people",
    }[kind]
    given = " UNION ".join(f"SELECT url FROM {table}" for table in KINDS)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE fhir_asked AS SELECT DISTINCT ref FROM ({asked}) a(ref)"
        " WHERE ref LIKE 'http%'"
    )
    if not _any(connection, "fhir_asked"):
        return False
    rows = connection.execute(
        "SELECT COUNT(DISTINCT regexp_replace(ref, '/[A-Za-z]+/[^/]*$', '')) FROM"
        f" (SELECT ref FROM fhir_asked UNION {given}) g(ref) WHERE ref LIKE 'http%'"
    ).fetchall()
    return int(rows[0][0]) == 1


def _refuse_strangers(connection: duckdb.DuckDBPyConnection) -> None:
    owned = " UNION ALL ".join(f"SELECT file, record, subject FROM {table}" for table in OWNED)
    connection.execute(f"""
        CREATE TEMP TABLE fhir_strangers AS
        SELECT t.*, split_part(t.subject, '/', -1) IN
            (SELECT key FROM fhir_seen WHERE kind = 'Patient') AS rejected
        FROM ({owned}) t ANTI JOIN fhir_people_by_address a ON t.subject = a.ref
    """)
    connection.execute("""
        INSERT INTO fhir_refused
        SELECT file, record, 'no_person', CASE WHEN rejected
            THEN 'The record of the patient it belongs to was rejected: mend that row first.'
            ELSE 'The patient it belongs to (' || left(subject, 100) || ') is not in the data:'
                || ' export that patient too, then read it again.' END, ''
        FROM fhir_strangers
    """)
    _drop_refused(connection, *OWNED)
    connection.execute("""
        INSERT INTO fhir_refused
        SELECT t.file, t.record, 'no_medicine',
            'The medicine it points to is not in the data, or was rejected: '
            || left(t.medicine, 100) || '.', ''
        FROM fhir_issues t ANTI JOIN fhir_medicines_by_address a ON t.medicine = a.ref
        WHERE t.medicine IS NOT NULL
    """)
    _drop_refused(connection, "fhir_issues")


def _drop_refused(connection: duckdb.DuckDBPyConnection, *tables: str) -> None:
    if not _any(connection, "fhir_refused"):
        return
    for table in tables:
        spared = f"AND code NOT IN {ONE_FIELD}" if table == "fhir_people" else ""
        connection.execute(
            f"DELETE FROM {table} WHERE (file, record) IN (SELECT (file, record) FROM fhir_refused"
            f" WHERE TRUE {spared} UNION ALL SELECT (file, record) FROM fhir_verdicts"
            " WHERE verdict IS NOT NULL)"
        )


def _any(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    return bool(connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchall())


def _fill(connection: duckdb.DuckDBPyConnection, today: date) -> None:
    connection.execute("""
        INSERT INTO incoming_issues
        SELECT i.file, i.record, a.key, i.key, i.day, COALESCE(m.product, i.product),
            COALESCE(m.code, i.code), i.directions, i.quantity, i.days
        FROM fhir_issues i JOIN fhir_people_by_address a ON i.subject = a.ref
        LEFT JOIN fhir_medicines_by_address b ON i.medicine = b.ref
        LEFT JOIN fhir_medicines m ON m.key = b.key
    """)
    connection.execute("""
        INSERT INTO incoming_diagnoses
        SELECT c.file, c.record, a.key, c.code, c.term, c.day
        FROM fhir_conditions c JOIN fhir_people_by_address a ON c.subject = a.ref
    """)
    # A death without a date is taken to be on the day of the last issue: never later than it was
    # noticed, and never so early that it hides what was issued before.
    connection.execute(
        """
        INSERT INTO incoming_people
        WITH registered AS (
            SELECT a.key, ARG_MAX(began, ROW((ended IS NULL)::INTEGER, began)) AS began,
                CASE WHEN BOOL_AND(ended IS NOT NULL) THEN MAX(ended) END AS ended
            FROM fhir_registrations JOIN fhir_people_by_address a ON subject = ref GROUP BY a.key)
        SELECT p.file, CASE WHEN (p.file, p.record) NOT IN
            (SELECT (file, record) FROM fhir_refused) THEN p.record END, p.key, p.nhs_number,
            p.born, p.sex,
            COALESCE(o.ods, o.key, p.ods, CASE WHEN p.practice LIKE 'Organization/%'
                                               THEN split_part(p.practice, '/', -1) END),
            CASE WHEN p.undated_death THEN COALESCE(last.day, $today) ELSE p.died END, r.began,
            CASE WHEN p.in_use IS FALSE THEN COALESCE(r.ended, last.day, $today)
                 WHEN p.in_use IS NULL THEN r.ended END, NULL
        FROM fhir_people p LEFT JOIN registered r USING (key)
        LEFT JOIN fhir_organizations_by_address b ON p.practice = b.ref
        LEFT JOIN fhir_organizations o ON o.key = b.key
        LEFT JOIN (SELECT person_id, MAX(day) AS day FROM incoming_issues GROUP BY person_id) last
            ON last.person_id = p.key
        """,
        {"today": epoch_day(today)},
    )
    connection.execute("""
        INSERT INTO practices
        SELECT p.practice, MIN(o.name) FROM (SELECT DISTINCT practice FROM incoming_people) p
        LEFT JOIN fhir_organizations o ON p.practice = COALESCE(o.ods, o.key)
        WHERE p.practice IS NOT NULL GROUP BY p.practice ORDER BY p.practice
    """)


def _used_otherwise(connection: duckdb.DuckDBPyConnection) -> dict[int, int]:
    rows = connection.execute(
        "SELECT file, COUNT(*) FROM (SELECT file FROM fhir_medicines"
        " UNION ALL SELECT file FROM fhir_organizations"
        " UNION ALL SELECT file FROM fhir_registrations UNION ALL SELECT file FROM fhir_passed)"
        " GROUP BY file"
    ).fetchall()
    return {int(file): int(count) for file, count in rows}
