"""The everyday engine: the compiled SQL, step by step, with no Ibis in sight."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

import duckdb

from unhurried.screening.definition.inputs import INPUTS
from unhurried.screening.engines.tables import fill

_PLACEHOLDER = re.compile(r"\$([a-z_]+)\b")
VIEWS = frozenset({"relevant"})  # read once only, so it need not be kept


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
        self._values = values

    def fill(self, name: str, rows: Sequence[Sequence[object]]) -> None:
        """Make an input table from rows in the order of its columns."""
        fill(self.connection, name, INPUTS[name], rows)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """The rows of a query over what is there so far."""
        return self.connection.execute(query).fetchall()

    def step(self, name: str) -> None:
        """Make one table of the definition."""
        text = compiled_steps()[name]
        values = {each: self._values[each] for each in set(_PLACEHOLDER.findall(text))}
        what = "VIEW" if name in VIEWS else "TABLE"
        self.connection.execute(f'CREATE OR REPLACE TEMP {what} "{name}" AS\n{text}', values)

    def forget(self, *names: str) -> None:
        """Let go of tables that no later step reads."""
        for name in names:
            what = "VIEW" if name in VIEWS else "TABLE"
            self.connection.execute(f'DROP {what} IF EXISTS temp."{name}"')

    def results(self) -> duckdb.DuckDBPyConnection:
        """The connection that holds the finished tables."""
        return self.connection
