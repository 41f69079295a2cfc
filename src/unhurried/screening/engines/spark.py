"""Spark, for records that are too many for one machine: the same definition, the same answer.

Needs the spark extra (PySpark, Ibis) and Java 17. The steps are Spark SQL compiled from the
definition; the finished tables, which are small, come back into DuckDB.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from unhurried.screening.definition.inputs import INPUTS, TYPES
from unhurried.screening.engines import EngineMissing
from unhurried.screening.engines.duckdb import VIEWS
from unhurried.screening.pipeline import RESULTS

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

CANONICAL = ("issues", "medicines", "people", "diagnoses")
JAVA = (17, 21)  # what Spark 4.0 runs on
SPARK_TYPES = {"int32": "int", "int64": "bigint", "boolean": "boolean", "string": "string"}
WITHOUT_EXTRA = (
    "Spark is not installed: install unhurried with its spark extra "
    "(pip install 'unhurried[spark]'; in a clone: .venv/bin/pip install -e '.[spark]'), or use the "
    "duckdb engine."
)
WITHOUT_JAVA = (
    "Spark needs Java 17 and {found}: install Java 17 (for example openjdk-17-jre-headless) and "
    "set JAVA_HOME to it, or use the duckdb engine."
)


def check_spark() -> None:
    """Raise EngineMissing, with a sentence, when Spark cannot run here."""
    if any(importlib.util.find_spec(name) is None for name in ("pyspark", "ibis", "pyarrow")):
        raise EngineMissing(WITHOUT_EXTRA)
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=str(Path(home) / "bin")) if home else shutil.which("java")
    if java is None:
        raise EngineMissing(WITHOUT_JAVA.format(found="there is no Java here"))
    shown = subprocess.run(  # noqa: S603, the java that Spark would start
        [java, "-version"], capture_output=True, text=True, check=False, timeout=60
    )
    version = re.search(r'version "(\d+)', shown.stderr + shown.stdout)
    if version is None or int(version.group(1)) not in JAVA:
        found = (
            f"this is Java {version.group(1)}" if version else "this Java does not say its version"
        )
        raise EngineMissing(WITHOUT_JAVA.format(found=found))


class SparkEngine:
    """Runs the steps in Spark on this machine or on the cluster the session is set up for."""

    name = "spark"

    def __init__(
        self,
        source: duckdb.DuckDBPyConnection,
        values: Mapping[str, int],
        *,
        folder: Path | None = None,
    ) -> None:
        """Read the source's tables: straight from its folder, or written to one for Spark."""
        check_spark()
        from unhurried.screening.definition.steps import spark_text

        self._texts = dict(spark_text(values))
        # Spark 4.0 fails to carry the constraints of a union into a checkpoint.
        self.session.conf.set("spark.sql.constraintPropagation.enabled", "false")
        self._source = source
        self._kept: dict[str, DataFrame] = {}
        self._scratch = tempfile.TemporaryDirectory(prefix="unhurried-")
        self._read(folder)

    @cached_property
    def session(self) -> SparkSession:
        """The session in use, or a local one with every processor."""
        from pyspark.sql import SparkSession

        return (
            SparkSession.builder.master("local[*]")
            .appName("unhurried")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", str(os.cpu_count() or 2))
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.sql.session.timeZone", "UTC")
            .getOrCreate()
        )

    def fill(self, name: str, rows: Sequence[Sequence[object]]) -> None:
        """Make an input table from rows in the order of its columns."""
        typed = ", ".join(f"`{each}` {SPARK_TYPES[kind]}" for each, kind in INPUTS[name].items())
        frame = self.session.createDataFrame([tuple(row) for row in rows], typed)
        frame.createOrReplaceTempView(name)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """The rows of a query over what is there so far."""
        return [tuple(row) for row in self.session.sql(query).collect()]

    def step(self, name: str) -> None:
        """Make one table of the definition."""
        frame = self.session.sql(self._texts[name])
        if name not in VIEWS:
            frame = frame.localCheckpoint(eager=True)
            self._kept[name] = frame
        frame.createOrReplaceTempView(name)

    def forget(self, *names: str) -> None:
        """Let go of tables that no later step reads."""
        for name in names:
            self.session.catalog.dropTempView(name)
            kept = self._kept.pop(name, None)
            if kept is not None:
                kept.unpersist()

    def results(self) -> duckdb.DuckDBPyConnection:
        """The finished tables, in DuckDB beside the source."""
        connection = self._source.cursor()
        for name in RESULTS:
            table = self._kept[name].toArrow()
            columns = ", ".join(
                f'"{field.name}"::{_duckdb_type(str(field.type))} AS "{field.name}"'
                for field in table.schema
            )
            connection.register("arrived", table)
            connection.execute(f'CREATE TEMP TABLE "{name}" AS SELECT {columns} FROM arrived')
            connection.unregister("arrived")
        self._scratch.cleanup()
        return connection

    def _read(self, folder: Path | None) -> None:
        for name in CANONICAL:
            path = folder / f"{name}.parquet" if folder else self._written(name)
            frame = self.session.read.parquet(str(path))
            for column, kind in INPUTS.get(name, {}).items():
                if column not in frame.columns:
                    frame = _with_nothing(frame, column, SPARK_TYPES[kind])
            frame.createOrReplaceTempView(name)

    def _written(self, name: str) -> Path:
        path = Path(self._scratch.name) / f"{name}.parquet"
        self._source.execute(f"COPY {name} TO '{path}' (FORMAT parquet)")
        return path


def _with_nothing(frame: Any, column: str, kind: str) -> Any:
    from pyspark.sql.functions import lit

    return frame.withColumn(column, lit(None).cast(kind))


def _duckdb_type(arrow: str) -> str:
    names: Iterator[tuple[str, str]] = iter(
        (("int32", "int32"), ("int64", "int64"), ("bool", "boolean"), ("string", "string"))
    )
    return next(TYPES[kind] for start, kind in names if arrow.startswith(start))
