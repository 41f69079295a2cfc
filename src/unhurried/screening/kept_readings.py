"""What the clinical rules made of a store's medicines and pairs, kept beside its issues.

The pairs stand in a Parquet file, which the engine reads by itself: a screening of everyone needs
no pair in Python until it is asked for words.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple
from functools import cache, cached_property
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import duckdb

from unhurried.clinical.opioids.factors import FactorSet
from unhurried.screening.definition.inputs import INPUTS
from unhurried.screening.engines.tables import fill
from unhurried.screening.interpret import Medicine, Medicines, Pair
from unhurried.screening.kinds import Kind
from unhurried.screening.pipeline import Readings

COLUMNS = INPUTS["pairs"] | {"understood": "boolean"}
LISTED = ", ".join(COLUMNS)


class KeptPairs(Mapping[int, Pair]):
    """Pairs by their number, fetched from a table when the first is asked for."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, table: str) -> None:
        """Fetch from this table, also after the connection has been closed."""
        self._connection = connection.cursor()
        self._table = table

    @cached_property
    def _pairs(self) -> dict[int, Pair]:
        rows = self._connection.execute(f'SELECT {LISTED} FROM "{self._table}"').fetchall()
        return {row[0]: Pair(*row) for row in rows}

    def __getitem__(self, pair: int) -> Pair:
        """The pair of this number."""
        return self._pairs[pair]

    def __iter__(self) -> Iterator[int]:
        """All numbers."""
        return iter(self._pairs)

    def __len__(self) -> int:
        """How many pairs there are."""
        return len(self._pairs)


def put(connection: duckdb.DuckDBPyConnection, table: str, pairs: Iterable[Pair]) -> None:
    """Make a table of pairs that every connection to this database sees."""
    fill(connection, "pairs_read", COLUMNS, list(pairs))
    connection.execute(f'CREATE OR REPLACE TABLE "{table}" AS FROM pairs_read')


def keep(connection: duckdb.DuckDBPyConnection, readings: Readings, stem: Path) -> dict[str, str]:
    """Write readings to files whose names begin with `stem`; return the names by what they hold."""
    medicines, pairs = stem.with_suffix(".json"), stem.with_suffix(".parquet")
    content = {
        "ingredients": readings.medicines.ingredients,
        "medicines": [astuple(each) for each in readings.medicines.by_number.values()],
    }
    medicines.write_text(json.dumps(content), encoding="utf-8")
    fill(connection, "pairs_read", COLUMNS, list(readings.pairs.values()))
    connection.execute(f"COPY pairs_read TO '{_quoted(pairs)}' (FORMAT parquet)")
    return {"readings": medicines.name, "pairs_read": pairs.name}


def kept(
    connection: duckdb.DuckDBPyConnection, table: str, medicines: Path, pairs: Path
) -> Readings:
    """Readings from their files; `table` is made and holds the pairs."""
    content = json.loads(medicines.read_text(encoding="utf-8"))
    connection.execute(
        f"CREATE OR REPLACE TABLE \"{table}\" AS FROM read_parquet('{_quoted(pairs)}')"
    )
    found = {row[0]: _medicine(*row) for row in content["medicines"]}
    return Readings(
        Medicines(found, tuple(content["ingredients"]), {}), KeptPairs(connection, table)
    )


def _medicine(
    medicine: int, written: str, kind: int, ingredient: int, line: int, request_line: int
) -> Medicine:
    return Medicine(
        medicine=medicine,
        written=written,
        kind=Kind(kind),
        ingredient=ingredient,
        line=line,
        request_line=request_line,
    )


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def rules(factors: FactorSet) -> str:
    """A fingerprint of the rules that readings follow: other rules, read again."""
    return f"{factors.name} {factors.version} {_clinical_fingerprint()}"


@cache
def _clinical_fingerprint() -> str:
    whole = hashlib.sha256()
    for file in sorted(_files_of(resources.files("unhurried.clinical")), key=str):
        whole.update(file.read_bytes())
    return whole.hexdigest()


def _files_of(folder: Traversable) -> Iterable[Traversable]:
    for each in folder.iterdir():
        if each.is_dir():
            yield from _files_of(each)
        elif each.name.endswith((".py", ".csv")):
            yield each
