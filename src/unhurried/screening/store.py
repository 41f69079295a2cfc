"""A store of the issues that matter: a few per cent of the records, kept for the next time.

A folder of Parquet files sorted by person, and a small manifest that names them. New files are
written beside the old ones and the manifest is replaced last, so a store that is interrupted is
still the store it was. What the clinical rules made of each medicine and pair is kept too, under
a fingerprint of those rules, and read again when they change.

A store holds the medicines that were looked for when it was made: after a change of the product
tables that adds medicines, make it again from the extract.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from unhurried.clinical.opioids.factors import FactorSet, factor_set
from unhurried.records.canonical import Records
from unhurried.records.dates import calendar_day
from unhurried.screening import kept_readings
from unhurried.screening.criteria import Criteria
from unhurried.screening.definition.inputs import INPUTS
from unhurried.screening.engines import EngineMissing
from unhurried.screening.engines.duckdb import DuckDBEngine
from unhurried.screening.engines.tables import fill
from unhurried.screening.interpret import PairReader, read_medicines
from unhurried.screening.keeping import EMPTY, ISSUE, listed_files, merge, take_in
from unhurried.screening.outcome import Source
from unhurried.screening.parameters import parameters
from unhurried.screening.pipeline import Readings, pair_row, put_codes, put_rules, work
from unhurried.screening.result import Screening
from unhurried.screening.run import open_parquet

MANIFEST = "store.json"
FORMAT = 1
MOST_PARTS = 16  # of issues, before they are merged into one
DEFAULT_FACTORS = "fpm-2020"
KEPT_NOTE = (
    "Screened from kept issues: the rows and rejects of each extract were accounted for when it "
    "was read, not here."
)
ONE_ENGINE = (
    "A store is screened with duckdb, not {engine}: leave the engine away, or screen the extract "
    "itself with {engine}."
)
PEOPLE = ", ".join(INPUTS["people"])
KEPT_READINGS = ("readings", "pairs_read")
RELEVANT = {
    "person": "int64",
    "day": "int32",
    "pair": "int32",
    "quantity_thousandths": "int64",
    "days_supply": "int32",
}


class StoreError(Exception):
    """A store cannot be opened or used; its text says why and what to do."""


def is_store(folder: Path) -> bool:
    """Whether a folder is a store of relevant issues."""
    return (folder / MANIFEST).is_file()


class Store:
    """The relevant issues of a practice or a region, ready to be screened again."""

    def __init__(self, folder: Path, manifest: dict[str, Any]) -> None:
        """Use `Store.open`, `Store.save` or `Store.save_parquet`."""
        self.folder = folder
        self._manifest = manifest
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._small: duckdb.DuckDBPyConnection | None = None
        self._readings: dict[str, Readings] = {}

    @classmethod
    def open(cls, folder: Path) -> Store:
        """Open a store. Raises StoreError when the folder is not one this version can read."""
        try:
            manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise StoreError(
                f"{folder.name} is not a store of relevant issues: make one from an extract first."
            ) from error
        if manifest.get("format") != FORMAT:
            raise StoreError(
                f"The store {folder.name} was made by another version: make it again from the "
                "extract."
            )
        return cls(folder, manifest)

    @classmethod
    def save(cls, records: Records, folder: Path) -> Store:
        """Make a store from records that were read, in place of one that may be there.

        Raises StoreError when the folder holds anything else.
        """
        return cls._made(records.connection, folder, records.notes)

    @classmethod
    def save_parquet(cls, source: Path, folder: Path) -> Store:
        """Make a store from a folder of canonical Parquet files."""
        with open_parquet(source) as connection:
            return cls._made(connection, folder)

    @classmethod
    def _made(
        cls, connection: duckdb.DuckDBPyConnection, folder: Path, notes: Sequence[str] = ()
    ) -> Store:
        generation = 0
        if is_store(folder):
            generation = int(cls.open(folder)._manifest["generation"])
        elif folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise StoreError(
                f"{folder.name} holds other things: choose a new folder for the store."
            )
        folder.mkdir(parents=True, exist_ok=True)
        empty = {"format": FORMAT, "generation": generation, "files": {}, "last_day": None}
        store = cls(folder, empty)
        store._take_in(connection, notes)
        return store

    def append(self, records: Records) -> int:
        """Add what is new in an extract; return how many issues were.

        Extracts may overlap and may arrive in any order.
        """
        return self._take_in(records.connection, records.notes)

    def last_issue_day(self) -> date:
        """The day the extracts taken in end, stray dates aside, as for a fresh read.

        Raises StoreError when there was no issue at all.
        """
        day = self._manifest["last_day"]
        if day is None:
            raise StoreError(f"The store {self.folder.name} holds no issues: add an extract.")
        return calendar_day(day)

    def screen(
        self,
        criteria: Criteria,
        *,
        as_of: date,
        factors: str = DEFAULT_FACTORS,
        engine: str = "duckdb",
    ) -> Screening:
        """Screen everyone in the store: the same result as from the extracts themselves.

        Raises EngineMissing for another engine: a store is small enough for one machine.
        """
        if engine != DuckDBEngine.name:
            raise EngineMissing(ONE_ENGINE.format(engine=engine))
        table = factor_set(factors)
        readings = self._read(table)
        runner = DuckDBEngine(self._open_tables(), parameters(criteria, as_of))
        runner.connection.execute(f'CREATE TEMP VIEW pairs AS FROM main."pairs {table.name}"')
        runner.connection.execute("CREATE TEMP VIEW relevant AS FROM kept_issues")
        return self._finish(runner, criteria, as_of, table, readings)

    def screen_person(
        self, person_id: str, criteria: Criteria, *, as_of: date, factors: str = DEFAULT_FACTORS
    ) -> Screening:
        """Screen one person, as when a record is opened.

        Raises LookupError when the store does not know the person.
        """
        kept = self._open_tables()
        own = kept.execute(f"SELECT {PEOPLE} FROM people WHERE person_id = ?", [person_id])
        rows = own.fetchall()
        if not rows:
            raise LookupError(f"Nobody in the store has the person id {person_id}.")
        person = int(rows[0][0])
        readings = self._read(factor_set(factors))
        noted = kept.execute(f"SELECT person, code, day FROM diagnoses WHERE person = {person}")
        diagnoses = noted.fetchall()
        query = f"SELECT {ISSUE} FROM kept_issues WHERE person = {person}"
        issues = kept.execute(query).fetchall()
        pairs = {row[2] for row in issues} & readings.pairs.keys()
        engine = DuckDBEngine(self._open_small(), parameters(criteria, as_of))
        engine.fill("people", rows)
        engine.fill("diagnoses", diagnoses)
        engine.fill("pairs", [pair_row(readings.pairs[pair]) for pair in pairs])
        fill(engine.connection, "own_issues", RELEVANT, issues)
        # A view, so that the last step that reads it may drop it as in every other run.
        engine.connection.execute("CREATE TEMP VIEW relevant AS FROM own_issues")
        return self._finish(engine, criteria, as_of, factor_set(factors), readings)

    def close(self) -> None:
        """Let go of the files."""
        for each in (self._connection, self._small):
            if each is not None:
                each.close()
        self._connection = self._small = None

    def _files(self, name: str) -> list[Path]:
        return [self.folder / each for each in self._manifest["files"].get(name, [])]

    def _open_tables(self) -> duckdb.DuckDBPyConnection:
        if self._connection is None:
            connection = duckdb.connect(config={"preserve_insertion_order": False})
            for name in EMPTY:
                view = "kept_issues" if name == "issues" else f"kept_{name}"
                connection.execute(f"CREATE VIEW {view} AS FROM {listed_files(self._files(name))}")
                if name not in {"issues", "pairs"}:
                    connection.execute(f"CREATE VIEW {name} AS FROM {view}")
            put_codes(_Main(connection))
            self._connection = connection
        return self._connection

    def _open_small(self) -> duckdb.DuckDBPyConnection:
        """A database for one person at a time: planning is most of its work, so it plans less."""
        if self._small is None:
            small = duckdb.connect(config={"threads": 1})
            named = small.execute("SELECT * FROM duckdb_optimizers()").fetchall()
            small.execute(f"SET disabled_optimizers = '{','.join(name for (name,) in named)}'")
            put_codes(_Main(small))
            self._small = small
        return self._small

    def _finish(
        self,
        engine: DuckDBEngine,
        criteria: Criteria,
        as_of: date,
        factors: FactorSet,
        readings: Readings,
    ) -> Screening:
        put_rules(engine, criteria)
        work(engine)
        return Screening(
            connection=engine.results(),
            criteria=criteria,
            factors=factors,
            as_of=as_of,
            engine=engine.name,
            readings=readings,
            source=Source(self._open_tables(), notes=(KEPT_NOTE, *self._manifest.get("notes", []))),
        )

    def _read(self, factors: FactorSet) -> Readings:
        """What the clinical rules say of every pair: as kept, or read again where they changed."""
        readings = self._readings.get(factors.name)
        if readings is not None:
            return readings
        main, table = self._open_tables(), f"pairs {factors.name}"
        files = [self.folder / self._manifest.get(name, "none") for name in KEPT_READINGS]
        same = self._manifest.get("rules") == kept_readings.rules(factors)
        if same and all(file.is_file() for file in files):
            readings = kept_readings.kept(main, table, *files)
        else:
            readings = self._read_again(factors)
            kept_readings.put(main, table, readings.pairs.values())
        self._readings[factors.name] = readings
        return readings

    def _read_again(self, factors: FactorSet) -> Readings:
        main = self._open_tables()
        medicines = read_medicines(main.execute("FROM kept_medicines").fetchall())
        query = "SELECT pair, medicine, directions FROM kept_pairs ORDER BY pair"
        rows = [row for row in main.execute(query).fetchall() if row[1] in medicines.by_number]
        pairs = PairReader(medicines, factors).read(rows)
        return Readings(medicines, {pair.pair: pair for pair in pairs})

    def _take_in(self, connection: duckdb.DuckDBPyConnection, notes: Sequence[str]) -> int:
        generation = int(self._manifest["generation"]) + 1
        kept = {name: self._files(name) for name in EMPTY}
        new = {name: self.folder / f"{name}-{generation}.parquet" for name in EMPTY}
        count, last = take_in(connection, kept, new)
        parts = [*kept["issues"], new["issues"]]
        if len(parts) > MOST_PARTS:
            whole = self.folder / f"issues-{generation}-merged.parquet"
            merge(parts, whole)
            parts = [whole]
        files = {name: [path.name] for name, path in new.items()}
        files["issues"] = [path.name for path in parts]
        days = [day for day in (self._manifest["last_day"], last) if day is not None]
        self.close()
        self._readings.clear()
        self._manifest = {
            "format": FORMAT,
            "generation": generation,
            "files": files,
            "last_day": max(days, default=None),
            "notes": list(dict.fromkeys([*self._manifest.get("notes", []), *notes])),
        }
        self._keep_readings(generation)
        self._replace_manifest()
        return count

    def _keep_readings(self, generation: int) -> None:
        factors = factor_set(DEFAULT_FACTORS)
        stem = self.folder / f"readings-{generation}"
        self._manifest |= kept_readings.keep(self._open_tables(), self._read_again(factors), stem)
        self._manifest["rules"] = kept_readings.rules(factors)

    def _replace_manifest(self) -> None:
        """Point to the new files, then take away those nothing points to."""
        fresh = self.folder / f"{MANIFEST}.new"
        with fresh.open("w", encoding="utf-8") as file:
            json.dump(self._manifest, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.folder / MANIFEST)
        used = {name for names in self._manifest["files"].values() for name in names}
        used |= {MANIFEST, *(str(self._manifest[name]) for name in KEPT_READINGS)}
        for path in self.folder.iterdir():
            if path.name not in used and path.suffix in {".parquet", ".json"}:
                path.unlink()


class _Main:
    """Fills tables that every screening of a store shares."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def fill(self, name: str, rows: Sequence[Sequence[object]]) -> None:
        """Make (or replace) a table."""
        fill(self._connection, f"{name}_new", INPUTS[name], rows)
        self._connection.execute(f"CREATE OR REPLACE TABLE {name} AS FROM {name}_new")
