"""Read OMOP CDM 5.3/5.4 (CSV or Parquet) into the canonical tables (ID-1).

Used: person, drug_exposure, condition_occurrence, death, observation_period, care_site, the rows of
observation and procedure_occurrence with a code screening looks for, and concept for the names and
codes the others mention. All in SQL; a row is used, or rejected with its number.

Registration: a person's first observation period gives the start. Its last end counts as leaving
only when nothing was recorded about them afterwards and either it is more than `LEFT_AFTER` days
before the last event of the whole data, or most people's periods end on one later day, which must
then be the day of the extract. Many sources end a period at the last visit or at the extract, and
nobody may be left out for that.

A dispensing is an issue unless the same medicine was prescribed to the same person in the two weeks
before: then the prescription counts, once.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from importlib import resources
from pathlib import Path

import duckdb

from unhurried.records.canonical import RAW_CHARACTERS, Records, add_file, add_rows, open_tables
from unhurried.records.dates import epoch_day
from unhurried.records.finish import finish
from unhurried.records.omop.entries import (
    ENTRIES,
    note_concepts,
    say_what_is_wanted,
    worth_keeping,
)
from unhurried.records.omop.judge import MACROS, MENTIONED, judge
from unhurried.records.omop.tables import (
    COLUMNS,
    CONCEPT,
    Found,
    bring_in_concepts,
    bring_in_table,
    find_tables,
)

LEFT_AFTER = 60  # days
DISPENSED_WITHIN = 14  # days

# What makes two rows of a table the same; a second row with the same key and other content
# leaves nobody able to say which is right.
KEYS = {"person": "person_id", "drug_exposure": "nullif(issue_id, '')"}

IN_TURN = ("person", "drug_exposure", "condition_occurrence", "death", "observation_period")


def read(source: Path, *, today: date, progress: Callable[[str], None] | None = None) -> Records:
    """Read an OMOP folder; `today` is the last day an event can have.

    Raises UnusableInput, with one sentence that says what to do, when a needed table or column is
    missing or a file cannot be read.
    """
    found, others = find_tables(source)
    connection = open_tables()
    try:
        return _read(connection, found, others, today, progress)
    except BaseException:
        connection.close()
        raise


def _read(
    connection: duckdb.DuckDBPyConnection,
    found: dict[str, Found],
    others: tuple[str, ...],
    today: date,
    progress: Callable[[str], None] | None,
) -> Records:
    connection.execute(MACROS)
    files = _bring_in_tables(connection, found, progress)
    if progress:
        progress("Checking every row")
    for table in (*IN_TURN, *(each for each in ENTRIES if each in files)):
        judge(connection, table, today)
        if table in KEYS:
            _refuse_second_rows(connection, table)
    _refuse_dispensings(connection)
    notes = (*_notes(connection, found, others), *_note_strangers(connection, files))
    _fill(connection, files, today)
    for table, number in files.items():
        _close_account(connection, table, number)
    accounting, more = finish(connection)
    return Records(
        connection=connection, accounting=accounting, notes=(*more, *notes), format="omop"
    )


def _bring_in_tables(
    connection: duckdb.DuckDBPyConnection,
    found: dict[str, Found],
    progress: Callable[[str], None] | None,
) -> dict[str, int]:
    """Bring in every table there is; the number each has in the account."""
    files: dict[str, int] = {}

    def bring_in(table: str, *, keep: str = "TRUE") -> None:
        if progress:
            progress(f"Reading {found[table].name}")
        rows = bring_in_table(connection, found[table], keep=keep)
        files[table] = add_file(connection, found[table].name, rows_in=rows)

    for table in (*IN_TURN, "care_site"):
        if table in found:
            bring_in(table)
        else:
            _make_empty(connection, table)
    _bring_in_words(connection, found)
    for table in ENTRIES:
        if table in found:
            bring_in(table, keep=worth_keeping(table))
    return files


def _make_empty(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    names = COLUMNS[table].replace("|", " ").split()
    columns = ", ".join(f"{name} VARCHAR" for name in names)
    connection.execute(f"CREATE TEMP TABLE omop_{table} (record BIGINT, bad VARCHAR, {columns})")


def _bring_in_words(connection: duckdb.DuckDBPyConnection, found: dict[str, Found]) -> None:
    connection.execute(MENTIONED)
    say_what_is_wanted(connection)
    if CONCEPT in found:
        bring_in_concepts(connection, found[CONCEPT])
        connection.execute("UPDATE omop_concept SET concept_id = omop_id(concept_id)")
    else:
        columns = ", ".join(f"{n} VARCHAR" for n in COLUMNS[CONCEPT].replace("|", "").split())
        connection.execute(f"CREATE TEMP TABLE omop_concept ({columns})")
    note_concepts(connection)
    text = resources.files(__package__).joinpath("drug-types.csv").read_text(encoding="utf-8")
    types = [(row["concept_id"], row["use"], row["reason"])
             for row in csv.DictReader(text.splitlines())]  # fmt: skip
    connection.execute(
        "CREATE TEMP TABLE omop_drug_types (concept_id VARCHAR, use VARCHAR, reason VARCHAR)"
    )
    add_rows(connection, "omop_drug_types", types)


def _refuse_second_rows(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Exact repeats of a key count once; the same key with other content counts not at all."""
    key = KEYS[table]
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE omop_seconds AS
        SELECT record, COUNT(DISTINCT raw) OVER (PARTITION BY {key}) > 1 AS differs,
            row_number() OVER (PARTITION BY {key} ORDER BY record) AS nth
        FROM judged_{table} WHERE {key} IN (
            SELECT {key} FROM judged_{table} WHERE {key} IS NOT NULL
            GROUP BY {key} HAVING COUNT(*) > 1)
    """)
    connection.execute(f"""
        UPDATE judged_{table} j SET fault = CASE WHEN s.differs THEN 'conflict' ELSE 'repeat' END,
            reason = CASE WHEN s.differs THEN 'The same id stands for different content, so none of'
                          || ' its rows is used.' ELSE 'This row only repeats a row already read.'
                     END
        FROM omop_seconds s WHERE j.record = s.record AND (s.differs OR s.nth > 1)
            AND (j.fault IS NULL OR NOT s.differs)
    """)


def _refuse_dispensings(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(f"""
        UPDATE judged_drug_exposure SET fault = 'dispensing', reason = 'This is the dispensing of a'
            || ' prescription that is counted already.'
        WHERE fault IS NULL AND use = 'dispensing' AND record IN (
            SELECT d.record FROM judged_drug_exposure d JOIN judged_drug_exposure p
                ON d.person_id = p.person_id AND d.concept = p.concept AND p.fault IS NULL
                AND p.use = 'prescription' AND d.use = 'dispensing'
                AND d.day BETWEEN p.day AND p.day + {DISPENSED_WITHIN})
    """)


def _fill(connection: duckdb.DuckDBPyConnection, files: dict[str, int], today: date) -> None:
    _fill_issues_and_diagnoses(connection, files)
    _fill_people(connection, files["person"], today)
    _fill_practices(connection)


def _fill_issues_and_diagnoses(
    connection: duckdb.DuckDBPyConnection, files: dict[str, int]
) -> None:
    connection.execute(
        "INSERT INTO incoming_issues SELECT ?, record, person_id, issue_id, day, product, code,"
        " directions, quantity_thousandths, days_supply FROM judged_drug_exposure"
        " WHERE fault IS NULL ORDER BY record",
        [files["drug_exposure"]],
    )
    for table in ("condition_occurrence", *ENTRIES):
        if table in files:
            connection.execute(
                "INSERT INTO incoming_diagnoses SELECT ?, record, person_id, code, term, day"
                f" FROM judged_{table} WHERE fault IS NULL ORDER BY record",
                [files[table]],
            )


def _fill_people(connection: duckdb.DuckDBPyConnection, file: int, today: date) -> None:
    """A death without a usable date is taken to be on the day of the last issue."""
    connection.execute(
        f"""
        INSERT INTO incoming_people
        WITH events AS (
            SELECT person_id, MAX(day) AS last_event, MAX(day) FILTER (issued) AS last_issue FROM (
                SELECT person_id, day, TRUE AS issued FROM incoming_issues
                UNION ALL SELECT person_id, day, FALSE FROM incoming_diagnoses) GROUP BY person_id),
        registered AS (
            SELECT person_id, MIN(began) AS began, MAX(ended) AS ended
            FROM judged_observation_period WHERE fault IS NULL GROUP BY person_id),
        dead AS (
            SELECT person_id, MIN(died) AS died FROM judged_death
            WHERE fault IS NULL OR fault = 'death_date' GROUP BY person_id),
        closing AS (
            SELECT CASE WHEN COUNT(*) FILTER (ended = last_end) * 2 > COUNT(*)
                        THEN MAX(last_end) END AS closed_on
            FROM (SELECT ended, MAX(ended) OVER () AS last_end FROM registered)),
        whole AS (SELECT MAX(last_event) AS last_day FROM events)
        SELECT ?, CASE WHEN p.fault IS NULL THEN p.record END, p.person_id, p.nhs_number,
            CASE WHEN p.fault IS NULL THEN p.born END, p.sex,
            COALESCE(nullif(trim(s.care_site_source_value), ''), p.care_site_id),
            CASE WHEN d.person_id IS NOT NULL THEN COALESCE(d.died, e.last_issue, ?) END,
            r.began, CASE WHEN d.person_id IS NULL AND COALESCE(e.last_event, r.ended) <= r.ended
                AND (r.ended + {LEFT_AFTER} < w.last_day OR r.ended < c.closed_on)
                THEN r.ended END, NULL
        FROM judged_person p CROSS JOIN whole w CROSS JOIN closing c
        LEFT JOIN events e USING (person_id)
        LEFT JOIN registered r USING (person_id) LEFT JOIN dead d USING (person_id)
        LEFT JOIN (SELECT omop_id(care_site_id) AS id, ANY_VALUE(care_site_source_value)
                       AS care_site_source_value FROM omop_care_site WHERE bad IS NULL GROUP BY id)
            s ON s.id = p.care_site_id
        WHERE p.person_id IN (FROM omop_people) AND p.fault IS DISTINCT FROM 'repeat'
        ORDER BY p.record
        """,
        [file, epoch_day(today)],
    )


def _fill_practices(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("""
        INSERT INTO practices
        SELECT p.practice, MIN(trim(c.care_site_name))
        FROM (SELECT DISTINCT practice FROM incoming_people WHERE practice IS NOT NULL) p
        LEFT JOIN omop_care_site c ON p.practice
            IN (omop_id(c.care_site_id), trim(c.care_site_source_value))
        GROUP BY p.practice ORDER BY p.practice
    """)


def _close_account(connection: duckdb.DuckDBPyConnection, table: str, number: int) -> None:
    """List the rejects of a table, and count its rows that are used but stand in no other."""
    if table == "care_site":
        query = f"SELECT record, 'shape', bad, care_site_id FROM omop_{table} WHERE bad IS NOT NULL"
    else:
        query = f"SELECT record, fault, reason, raw FROM judged_{table} WHERE fault IS NOT NULL"
    connection.execute(
        f"INSERT INTO rejects SELECT f.name, r.*, FROM files f, ({query}) r(record, code, reason,"
        f" raw) WHERE f.file = {number} ORDER BY r.record"
    )
    connection.execute(
        f"UPDATE rejects SET raw = COALESCE(left(raw, {RAW_CHARACTERS}), '')"
        " WHERE raw IS NULL OR length(raw) > ?",
        [RAW_CHARACTERS],
    )
    if table in ENTRIES:
        connection.execute(
            "UPDATE files SET rows_used_otherwise = rows_in - (SELECT COUNT(*) FROM"
            f" omop_{table}) WHERE file = {number}"
        )
    if table in ("care_site", "death", "observation_period"):
        connection.execute(
            "UPDATE files SET rows_used_otherwise = rows_in - (SELECT COUNT(*) FROM"
            f" ({query})) WHERE file = {number}"
        )


def _note_strangers(
    connection: duckdb.DuckDBPyConnection, files: dict[str, int]
) -> tuple[str, ...]:
    judged = " UNION ALL ".join(
        f"SELECT person_id AS p FROM judged_{table} WHERE fault = 'no_person'"
        for table in files
        if table not in ("person", "care_site")
    )
    query = f"SELECT COUNT(DISTINCT p), COUNT(p) FROM ({judged})"
    people, rows = (int(each) for each in connection.execute(query).fetchall()[0])
    if not people:
        return ()
    note = (
        f"{people:,} people are named by other tables but are not in the person table; their"
        f" {rows:,} rows were rejected. Part of the export may be missing: check it, and export it"
        " again with everyone."
    )
    return (note,)


def _notes(
    connection: duckdb.DuckDBPyConnection, found: dict[str, Found], others: tuple[str, ...]
) -> tuple[str, ...]:
    def count(query: str) -> int:
        return int(connection.execute(query).fetchall()[0][0])

    notes = []
    undated = count(
        "SELECT COUNT(DISTINCT person_id) FROM judged_death WHERE died IS NULL"
        " AND (fault IS NULL OR fault = 'death_date')"
    )
    partial = count(
        "SELECT COUNT(*) FROM judged_person WHERE fault IS NULL AND partial_birth"
        " AND born IS NOT NULL"
    )
    unsure = count(
        "SELECT COUNT(*) FROM judged_person WHERE fault IS NULL AND partial_birth AND born IS NULL"
    )
    refills = count("SELECT COUNT(*) FROM judged_drug_exposure WHERE fault IS NULL AND refills")
    if CONCEPT not in found:
        notes.append(
            "There is no concept table: medicines are known only by their source values, where"
            " these are words."
        )
    if partial:
        notes.append(
            f"{partial:,} dates of birth are partial: the age shown is the lowest it can be."
        )
    if unsure:
        notes.append(
            f"{unsure:,} dates of birth are partial and leave open whether the person is an adult:"
            " not known."
        )
    if undated:
        notes.append(
            f"{undated:,} people are recorded as having died, without a usable date: the day of"
            " their last issue stands for it."
        )
    if refills:
        notes.append(f"{refills:,} rows allow repeat supplies; each counts as the one issue it is.")
    if others:
        notes.append(f"Tables screening does not use: {', '.join(sorted(others))}.")
    return tuple(notes)
