"""Screen a practice or a region: the two ways in (ID-1, ID-4)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb

from unhurried.clinical.opioids.factors import factor_set
from unhurried.records.canonical import Records
from unhurried.screening.criteria import Criteria
from unhurried.screening.engines import EngineMissing
from unhurried.screening.engines.duckdb import DuckDBEngine
from unhurried.screening.outcome import Source
from unhurried.screening.parameters import parameters
from unhurried.screening.pipeline import Engine, read_and_screen
from unhurried.screening.result import Screening

ENGINES = ("duckdb", "spark")
PARQUET = ("issues", "medicines", "people", "diagnoses", "practices")
# What a table may leave out; everything else must be there.
OPTIONAL = {"people": ("stated_age", "nhs_number"), "diagnoses": ("term",)}


def screen(
    records: Records,
    criteria: Criteria,
    *,
    as_of: date,
    factors: str = "fpm-2020",
    engine: str = "duckdb",
) -> Screening:
    """Find the people the criteria describe in records that were read.

    Raises UnknownFactorSet for a factor set there is no table of, and EngineMissing, with a
    sentence, when the engine is unknown or cannot run here.
    """
    source = Source(records.connection, accounting=records.accounting, notes=records.notes)
    return _screen(source, criteria, as_of=as_of, factors=factors, engine=engine)


def screen_parquet(
    folder: Path,
    criteria: Criteria,
    *,
    as_of: date,
    factors: str = "fpm-2020",
    engine: str = "duckdb",
) -> Screening:
    """Screen canonical tables kept as Parquet files, without ever holding all issues in memory.

    The folder holds issues.parquet, medicines.parquet, people.parquet, diagnoses.parquet and
    practices.parquet. Raises as `screen` does, and FileNotFoundError for a file that is missing.
    """
    connection = open_parquet(folder)
    source = Source(connection, folder=folder)
    return _screen(source, criteria, as_of=as_of, factors=factors, engine=engine)


def open_parquet(folder: Path) -> duckdb.DuckDBPyConnection:
    """The canonical tables of a folder as views; nothing is read yet."""
    connection = duckdb.connect(config={"preserve_insertion_order": False})
    for name in PARQUET:
        path = folder / f"{name}.parquet"
        if not path.exists():
            raise FileNotFoundError(
                f"There is no {path.name} in {folder.name}: a folder of canonical Parquet files "
                f"holds {', '.join(PARQUET)}."
            )
        quoted = str(path).replace("'", "''")
        there = {
            str(row[0])
            for row in connection.execute(
                f"DESCRIBE SELECT * FROM read_parquet('{quoted}')"
            ).fetchall()
        }
        empty = "".join(
            f', NULL AS "{column}"' for column in OPTIONAL.get(name, ()) if column not in there
        )
        connection.execute(f"CREATE VIEW {name} AS SELECT *{empty} FROM read_parquet('{quoted}')")
    return connection


def _screen(
    source: Source, criteria: Criteria, *, as_of: date, factors: str, engine: str
) -> Screening:
    table = factor_set(factors)
    runner = _engine(engine, source, parameters(criteria, as_of))
    readings = read_and_screen(runner, criteria, table)
    return Screening(
        connection=runner.results(),
        criteria=criteria,
        factors=table,
        as_of=as_of,
        engine=runner.name,
        readings=readings,
        source=source,
    )


def _engine(name: str, source: Source, values: dict[str, int]) -> Engine:
    if name == "duckdb":
        return DuckDBEngine(source.connection, values)
    if name == "spark":
        from unhurried.screening.engines.spark import SparkEngine

        return SparkEngine(source.connection, values, folder=source.folder)
    raise EngineMissing(f"There is no engine called {name}: choose {' or '.join(ENGINES)}.")
