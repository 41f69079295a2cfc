"""The everyday engine: the compiled SQL, step by step, with no Ibis in sight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

import duckdb

from unhurried.screening.definition.inputs import INPUTS
from unhurried.screening.engines.tables import fill

VIEWS = frozenset({"relevant"})  # read once only, so it need not be kept
_STATEMENTS: dict[str, duckdb.Statement] = {}


@cache
def compiled_steps() -> Mapping[str, str]:
    """The query of every step by name, in order."""
    folder = resources.files("unhurried.screening.compiled")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".sql")), key=str)
    return {
        file.name.removesuffix(".sql").partition("_")[2]: file.read_text(encoding="utf-8")
        for file in files
    }


class DuckDBEngine:
    """Runs steps in a connection of its own, beside the source's tables."""

    name = "duckdb"

    def __init__(self, source: duckdb.DuckDBPyConnection, values: Mapping[str, int]) -> None:
        """Work beside the tables of `source`, with these parameter values."""
        self.connection = source.cursor()
        # DuckDB would draw a bar of its own after two seconds, into a pipe as well.
        self.connection.execute("SET enable_progress_bar = false")
        self._values = values

    def fill(self, name: str, rows: Sequence[Sequence[object]]) -> None:
        """Make an input table from rows in the order of its columns."""
        fill(self.connection, name, INPUTS[name], rows)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """The rows of a query over what is there so far."""
        return self.connection.execute(query).fetchall()

    def step(self, name: str) -> None:
        """Make one table of the definition."""
        statement = self._parsed(name)
        values = {each: self._values[each] for each in statement.named_parameters}
        self.connection.execute(statement, values)

    def _parsed(self, name: str) -> duckdb.Statement:
        """The statement of a step, parsed once a process: for one person that is a fifth of it."""
        statement = _STATEMENTS.get(name)
        if statement is None:
            what = "VIEW" if name in VIEWS else "TABLE"
            text = f'CREATE OR REPLACE TEMP {what} "{name}" AS\n{compiled_steps()[name]}'
            (statement,) = self.connection.extract_statements(text)
            _STATEMENTS[name] = statement
        return statement

    def forget(self, *names: str) -> None:
        """Let go of tables that no later step reads."""
        for name in names:
            what = "VIEW" if name in VIEWS else "TABLE"
            self.connection.execute(f'DROP {what} IF EXISTS temp."{name}"')

    def results(self) -> duckdb.DuckDBPyConnection:
        """The connection that holds the finished tables."""
        return self.connection
