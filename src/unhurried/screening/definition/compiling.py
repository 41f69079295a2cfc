"""From the definition to the DuckDB SQL that is checked in (development time only).

Ibis nests one query for every clause. Nested lists of columns cost more to plan than a practice's
issues cost to screen, so sqlglot folds the inner queries into the outer ones here. Two tests hold
the outcome: every merged query against the one Ibis wrote, on the same rows, and Spark's result,
which runs the queries as Ibis wrote them.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
from sqlglot import exp
from sqlglot.optimizer.merge_subqueries import merge_subqueries
from sqlglot.optimizer.pushdown_projections import pushdown_projections
from sqlglot.optimizer.qualify import qualify

from unhurried.screening.definition.inputs import INPUTS, TYPES
from unhurried.screening.definition.steps import PLACEHOLDER, Step, steps

Schema = dict[str, dict[str, str]]


def _bracketed(query: exp.Query) -> exp.Query:
    """Brackets round every operation inside another one.

    Merging moves expressions in the tree and drops brackets on the way; the tree is right and its
    text would not be ("a AND b OR c").
    """
    for inner in list(query.find_all(exp.Binary, exp.Not)):
        outer = inner.parent
        alike = isinstance(inner, exp.Connector) and type(inner) is type(outer)
        within = isinstance(outer, (exp.Binary, exp.Unary)) and not isinstance(outer, exp.Paren)
        if within and not alike:
            brackets = exp.Paren()
            inner.replace(brackets)
            brackets.set("this", inner)
    return query


def _merged(query: exp.Query, schema: Schema) -> exp.Query:
    # A copy, because sqlglot adds to the mapping it is given.
    known: dict[str, object] = {table: dict(columns) for table, columns in schema.items()}
    qualified = qualify(query, schema=known, dialect="duckdb", quote_identifiers=True)
    merged: exp.Query = merge_subqueries(pushdown_projections(qualified))
    return _bracketed(merged)


def _needs_cast(connection: duckdb.DuckDBPyConnection, step: Step) -> list[str]:
    """Columns that DuckDB would give another type than the definition declares."""
    text = step.query("duckdb").sql("duckdb")
    text = PLACEHOLDER.sub("1::BIGINT", text)  # as DuckDB takes a whole number from Python
    described = connection.execute(f"DESCRIBE {text}").fetchall()
    declared = {name: TYPES[kind] for name, kind in _declared(step).items()}
    return [str(name) for name, kind, *_ in described if declared[str(name)] != str(kind)]


def _declared(step: Step) -> dict[str, str]:
    small = {"int8": "int32", "int16": "int32"}
    return {
        name: small.get(str(kind), str(kind)) for name, kind in step.expression.schema().items()
    }


def compiled() -> Iterator[tuple[str, str]]:
    """File name and text of every step, as `screening/compiled` holds them."""
    connection = duckdb.connect()
    schema: Schema = {}
    for name, columns in INPUTS.items():
        _declare(connection, schema, name, columns)
    for place, step in enumerate(steps(), start=1):
        query = _merged(step.typed("duckdb", _needs_cast(connection, step)), schema)
        _declare(connection, schema, step.name, _declared(step))
        header = (
            f"-- {step.name}: {step.purpose}\n"
            "-- Compiled from unhurried.screening.definition by tools/compile_screening.py: "
            "change it there.\n"
        )
        yield f"{place:02d}_{step.name}.sql", f"{header}{query.sql('duckdb', pretty=True)}\n"


def _declare(
    connection: duckdb.DuckDBPyConnection, schema: Schema, name: str, columns: dict[str, str]
) -> None:
    typed = {column: TYPES[kind] for column, kind in columns.items()}
    listed = ", ".join(f'"{column}" {kind}' for column, kind in typed.items())
    connection.execute(f'CREATE TABLE "{name}" ({listed})')
    schema[name] = typed
