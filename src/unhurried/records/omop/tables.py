"""The tables of an OMOP folder, found by name and brought in as text with their row numbers (ID-1).

Names are taken without regard to case; each is .csv (plain or .gz, comma or tab) or .parquet.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from unhurried.records.canonical import UnusableInput
from unhurried.records.csv.raw import bring_in
from unhurried.records.csv.sniff import HEAD, SEPARATORS, Sniffed, opened, sniff

ENDINGS = (".csv", ".csv.gz", ".tsv", ".tsv.gz", ".txt", ".txt.gz", ".parquet")
PERSON = "person"
DRUGS = "drug_exposure"
CONCEPT = "concept"

# The columns we read; those before the bar must be there.
COLUMNS = {
    PERSON: "person_id year_of_birth | gender_concept_id month_of_birth day_of_birth"
    " birth_datetime care_site_id person_source_value gender_source_value",
    DRUGS: "person_id drug_concept_id drug_exposure_start_date | drug_exposure_id"
    " drug_type_concept_id quantity days_supply sig drug_source_value drug_source_concept_id"
    " refills",
    "condition_occurrence": "person_id condition_concept_id condition_start_date |"
    " condition_source_value condition_source_concept_id",
    "observation": "person_id observation_concept_id observation_date |"
    " observation_source_value observation_source_concept_id value_as_string value_as_concept_id",
    "procedure_occurrence": "person_id procedure_concept_id procedure_date |"
    " procedure_source_value procedure_source_concept_id",
    "death": "person_id death_date |",
    "observation_period": "person_id observation_period_start_date observation_period_end_date |",
    "care_site": "care_site_id | care_site_name care_site_source_value",
    CONCEPT: "concept_id concept_name vocabulary_id concept_code |",
}


@dataclass(frozen=True, slots=True)
class Found:
    """One table and the file it is in."""

    table: str
    path: Path
    name: str


def find_tables(source: Path) -> tuple[dict[str, Found], tuple[str, ...]]:
    """The tables we read, by name, and the names of other files; raises UnusableInput."""
    files = [source] if source.is_file() else sorted(p for p in source.rglob("*") if p.is_file())
    found: dict[str, Found] = {}
    others: list[str] = []
    for path in files:
        ending = next((each for each in ENDINGS if path.name.lower().endswith(each)), None)
        if ending is None:
            continue
        table = path.name.lower().removesuffix(ending)
        if table not in COLUMNS:
            others.append(path.name)
            continue
        name = path.name if source.is_file() else path.relative_to(source).as_posix()
        if table in found:
            message = f"{source.name} has two files for the table {table}: leave only one of them."
            raise UnusableInput(message)
        found[table] = Found(table, path, name)
    for needed in (PERSON, DRUGS):
        if needed not in found:
            message = f"{source.name} has no table {needed}: add {needed}.csv or {needed}.parquet."
            raise UnusableInput(message)
    return found, tuple(others)


def bring_in_table(
    connection: duckdb.DuckDBPyConnection, found: Found, *, keep: str = "TRUE"
) -> int:
    """Make the temporary table omop_<table> (record, bad, the columns as text); rows in the file.

    Of the rows whose shape is right, only those are kept for which the SQL `keep` is true.
    """
    needed, wanted = (part.split() for part in COLUMNS[found.table].split("|"))
    into = f"CREATE OR REPLACE TEMP TABLE omop_{found.table} AS SELECT * FROM (SELECT"
    kept = f") WHERE bad IS NOT NULL OR ({keep})"
    if found.path.suffix.lower() == ".parquet":
        have = _parquet_columns(connection, found)
        _check(found, needed, have)
        columns = _as_text({each: f'"{have[each]}"' for each in have}, [*needed, *wanted])
        query = "file_row_number + 1 AS record, NULL::VARCHAR AS bad"
        query += f", {columns} FROM read_parquet(?, file_row_number = true)"
        _run(connection, f"{into} {query}{kept}", found)
        counted = _run(connection, "SELECT COUNT(*) FROM read_parquet(?)", found).fetchall()
        return int(counted[0][0])
    sniffed = _sniff(found)
    have = {each.strip().lower(): each for each in sniffed.headings}
    _check(found, needed, have)
    places = _places(sniffed, {each: have[each] for each in (*needed, *wanted) if each in have})
    raw = bring_in(connection, sniffed, places)
    columns = _as_text({each: f"raw.{each}" for each in have}, [*needed, *wanted])
    bad = "CASE WHEN bad IS NOT NULL THEN bad WHEN missing THEN 'It has too few columns.'"
    bad += " WHEN extra THEN 'It has too many columns.' END AS bad"
    connection.execute(f"{into} {raw.record} AS record, {bad}, {columns} FROM raw{kept}")
    connection.execute("DROP TABLE raw")
    return raw.rows


def bring_in_concepts(connection: duckdb.DuckDBPyConnection, found: Found) -> None:
    """Make omop_concept with the concepts that are mentioned or looked for, and no more."""
    needed = COLUMNS[CONCEPT].split("|", maxsplit=1)[0].split()
    if found.path.suffix.lower() == ".parquet":
        have = _parquet_columns(connection, found)
        reader = "read_parquet(?)"
    else:
        sniffed = _sniff(found)
        have = {each.strip().lower(): each for each in sniffed.headings}
        # Athena writes tab-separated files whose names hold bare quotation marks.
        quote = "" if sniffed.separator == "\t" else '"'
        reader = (
            f"read_csv(?, delim = '{sniffed.separator}', quote = '{quote}', escape = '{quote}',"
            " header = true, all_varchar = true, null_padding = true, ignore_errors = true)"
        )
    _check(found, needed, have)
    columns = _as_text({each: f'"{have[each]}"' for each in have}, needed)
    _run(
        connection,
        f"CREATE OR REPLACE TEMP TABLE omop_concept AS SELECT {columns} FROM {reader}"
        f' WHERE omop_id("{have["concept_id"]}"::VARCHAR) IN (FROM omop_mentioned)'
        f' OR omop_id("{have["concept_code"]}"::VARCHAR) IN (SELECT code FROM omop_listed_codes'
        " UNION ALL SELECT code FROM omop_negations)",
        found,
    )


def _check(found: Found, needed: Iterable[str], have: Iterable[str]) -> None:
    absent = [each for each in needed if each not in have]
    if absent:
        message = f"{found.name} has no column {absent[0]}: export it as OMOP CDM 5.3 or 5.4."
        raise UnusableInput(message)


def _parquet_columns(connection: duckdb.DuckDBPyConnection, found: Found) -> dict[str, str]:
    rows = _run(connection, "DESCRIBE SELECT * FROM read_parquet(?)", found).fetchall()
    return {str(row[0]).lower(): str(row[0]) for row in rows}


def _run(
    connection: duckdb.DuckDBPyConnection, query: str, found: Found
) -> duckdb.DuckDBPyConnection:
    try:
        return connection.execute(query, [str(found.path)])
    except duckdb.InterruptException:
        raise
    except duckdb.Error:
        kind = "Parquet" if found.path.suffix.lower() == ".parquet" else "CSV"
        message = f"{found.name} is damaged or not {kind} at all: export it again."
        raise UnusableInput(message) from None


def _sniff(found: Found) -> Sniffed:
    """How to read a table; its headings are its first line, whatever words its rows hold."""
    sniffed = sniff(found.path, found.name)
    with opened(sniffed.path, gzipped=sniffed.gzipped) as stream:
        head = stream.read(HEAD)
    encoding = "utf-8-sig" if sniffed.encoding == "utf-8" else sniffed.encoding
    line = head.decode(encoding, "replace").splitlines()[:1]
    first = {each: tuple(next(csv.reader(line, delimiter=each), ())) for each in SEPARATORS}
    separator = max(SEPARATORS, key=lambda each: len(first[each]))
    return replace(sniffed, separator=separator, headings=first[separator], heading_row=1)


def _places(sniffed: Sniffed, have: dict[str, str]) -> dict[str, int]:
    headings = list(sniffed.headings)
    return {name: headings.index(heading) for name, heading in have.items() if name.isidentifier()}


def _as_text(expressions: dict[str, str], wanted: Iterable[str]) -> str:
    return ", ".join(
        f"{expressions[each]}::VARCHAR AS {each}" if each in expressions
        else f"NULL::VARCHAR AS {each}"
        for each in wanted
    )  # fmt: skip
