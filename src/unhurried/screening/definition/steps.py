"""The steps in their order, and their text for an engine."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import ibis
import sqlglot as sg
from ibis.expr.types import Table
from sqlglot import exp

from unhurried.screening.definition import (
    current,
    eligibility,
    episodes,
    issues,
    patterns,
    ranking,
    reasons,
)
from unhurried.screening.definition.inputs import INPUTS
from unhurried.screening.definition.parameters import MARKS, Parameters, Tables

Build = Callable[[Tables], Table]

BUILDS: tuple[Build, ...] = (
    issues.found,
    issues.relevant,
    issues.supply,
    issues.later,
    issues.pair_use,
    issues.considered,
    eligibility.conditions,
    eligibility.eligible,
    episodes.starts,
    episodes.episodes,
    episodes.exposed,
    episodes.shown,
    episodes.shown_episodes,
    current.latest,
    current.parts,
    current.doses,
    patterns.regimens,
    patterns.trends,
    patterns.alongside,
    patterns.early,
    patterns.facts,
    eligibility.listed_people,
    reasons.reasons_in,
    reasons.reasons,
    ranking.candidates,
    ranking.approaching,
)

_GLOT = {"duckdb": "duckdb", "pyspark": "spark"}
_TYPES = {"int8": "INT", "int16": "INT", "int32": "INT", "int64": "BIGINT", "boolean": "BOOLEAN",
          "string": "TEXT"}  # fmt: skip
PLACEHOLDER = re.compile(r"\$([a-z_]+)\b")
_MARK = re.compile(r"\b(" + "|".join(str(mark) for mark in MARKS.values()) + r")\b")
_NAME_OF = {str(mark): name for name, mark in MARKS.items()}


@dataclass(frozen=True, slots=True)
class Step:
    """One named table of the definition: what for, and how it is made from those before."""

    name: str
    purpose: str
    expression: Table

    @property
    def columns(self) -> dict[str, str]:
        """The declared type of every column."""
        return {name: _TYPES[str(kind)].lower() for name, kind in self.expression.schema().items()}

    def query(self, dialect: str, values: Mapping[str, int] | None = None) -> exp.Query:
        """The query for an engine, with the parameters' values or $name placeholders for them."""

        def shown(mark: re.Match[str]) -> str:
            name = _NAME_OF[mark.group(0)]
            return f"${name}" if values is None else str(values[name])

        text = str(ibis.to_sql(self.expression, dialect=dialect))
        query = sg.parse_one(_MARK.sub(shown, text), read=_GLOT[dialect])
        if not isinstance(query, exp.Query):
            raise TypeError(f"{self.name} is not a query")
        return query

    def typed(
        self,
        dialect: str,
        columns: Iterable[str] | None = None,
        values: Mapping[str, int] | None = None,
    ) -> exp.Query:
        """The query with these columns (or all) cast to their declared types.

        Engines widen sums in their own ways; a cast at the end makes them agree.
        """
        wanted = set(self.columns if columns is None else columns)
        query = self.query(dialect, values)
        if not wanted:
            return query
        outer = [
            exp.alias_(exp.cast(exp.column(name, quoted=True), kind), name, quoted=True)
            if name in wanted
            else exp.column(name, quoted=True)
            for name, kind in self.columns.items()
        ]
        return exp.select(*outer).from_(query.subquery("step"))


@cache
def steps() -> tuple[Step, ...]:
    """The whole definition, built once; Ibis checks every name and type while building."""
    parameters = Parameters({name: ibis.literal(mark, "int32") for name, mark in MARKS.items()})
    inputs = {name: ibis.table(columns, name=name) for name, columns in INPUTS.items()}
    tables = Tables(inputs, parameters)
    made = []
    for build in BUILDS:
        name = build.__name__
        expression = build(tables)
        tables[name] = ibis.table(expression.schema(), name=name)
        purpose = (build.__doc__ or "").strip().splitlines()[0]
        made.append(Step(name, purpose, expression))
    return tuple(made)


def spark_text(values: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """Name and Spark SQL of every step, with the parameters' values put in."""
    for step in steps():
        yield step.name, step.typed("pyspark", values=values).sql("spark")
