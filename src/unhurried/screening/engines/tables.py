"""Tables made in DuckDB from rows in Python, by column: row by row would take far longer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb

from unhurried.screening.definition.inputs import TYPES


def fill(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    columns: Mapping[str, str],
    rows: Sequence[Sequence[object]],
) -> None:
    """Make (or replace) a temporary table with these typed columns and rows."""
    by_column = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    lists = {f"c{place}": list(values) for place, values in enumerate(by_column)}
    chosen = ", ".join(
        f'unnest($c{place}::{TYPES[kind]}[]) AS "{column}"'
        for place, (column, kind) in enumerate(columns.items())
    )
    connection.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" AS SELECT {chosen}', lists)
