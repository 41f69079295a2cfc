"""Read GP records whatever their form: CSV extracts, FHIR R4 or OMOP CDM (ID-1)."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb

from unhurried.records.canonical import Records, UnusableInput
from unhurried.records.column_map import ColumnMap
from unhurried.records.csv import read as csv_reader

FORMATS = ("csv", "fhir", "omop")
FHIR_ENDINGS = (".ndjson", ".ndjson.gz")
OMOP_ENDINGS = (".csv", ".parquet", ".csv.gz", ".tsv")
OMOP_TABLES = frozenset({"person", "drug_exposure"})
HEAD = 64 * 1024
GZIP = b"\x1f\x8b"

Progress = Callable[[str], None] | None
Reader = Callable[[Path, ColumnMap | None, date, Progress], Records]


def read_records(
    source: Path,
    *,
    format: str | None = None,  # noqa: A002 - the word of the command line
    column_map: ColumnMap | None = None,
    today: date,
    progress: Progress = None,
) -> Records:
    """Read a file or folder of GP records into canonical tables, every row accounted for.

    `format` is csv, fhir or omop; None finds out. `today` decides which dates are in the future.
    Raises UnusableInput: one sentence that says what is wrong and what to do; KeyboardInterrupt
    when the person stops it, also while the engine is at work.
    """
    if not source.exists():
        raise UnusableInput(f"{source} does not exist: check the name.")
    chosen = format or detect_format(source)
    try:
        return _reader(chosen)(source, column_map, today, progress)
    except (duckdb.InterruptException, RuntimeError) as error:
        if not interrupted(error):
            raise
        raise KeyboardInterrupt from error


def interrupted(error: Exception) -> bool:
    """True when the engine stopped because the person pressed Ctrl-C."""
    # DuckDB says so by an error of its own or, from some calls, by a plain RuntimeError.
    return isinstance(error, duckdb.InterruptException) or str(error) == "Query interrupted"


def _reader(name: str) -> Reader:
    if name == "csv":
        return lambda source, column_map, today, progress: csv_reader.read(
            source, column_map=column_map, today=today, progress=progress
        )
    # Imported when needed: reading a CSV must not wait for the models of the other formats.
    if name == "fhir":
        from unhurried.records.fhir.read import read as read_fhir

        return lambda source, _, today, progress: read_fhir(source, today=today, progress=progress)
    if name == "omop":
        from unhurried.records.omop.read import read as read_omop

        return lambda source, _, today, progress: read_omop(source, today=today, progress=progress)
    raise UnusableInput(f"“{name}” is not a format that can be read: use csv, fhir or omop.")


def detect_format(source: Path) -> str:
    """Tell csv, fhir and omop apart by file names and first bytes.

    Raises UnusableInput when a folder holds files of more than one format, or none.
    """
    if source.is_file():
        return "fhir" if _is_fhir(source) else "csv"
    files = [path for path in sorted(source.iterdir()) if path.is_file()]
    if {_table(path) for path in files} >= OMOP_TABLES:
        return "omop"
    fhir = any(_is_fhir(path) for path in files)
    tabular = [path for path in csv_reader.find_files(source) if ".txt" not in path.name.lower()]
    if fhir and tabular:
        raise UnusableInput(
            f"{source.name} holds both FHIR and CSV files: say which to read with --format."
        )
    if fhir:
        return "fhir"
    if csv_reader.find_files(source):
        return "csv"
    inside = [path.name for path in sorted(source.iterdir()) if path.is_dir()][:5]
    advice = f"name one of its folders ({', '.join(inside)})" if inside else "check the name"
    raise UnusableInput(f"{source.name} holds no files that can be read: {advice}.")


def _table(path: Path) -> str:
    name = path.name.lower()
    ending = next((ending for ending in OMOP_ENDINGS if name.endswith(ending)), None)
    return name.removesuffix(ending) if ending else ""


def _is_fhir(path: Path) -> bool:
    if path.name.lower().endswith(FHIR_ENDINGS):
        return True
    try:
        with path.open("rb") as plain:
            head = plain.read(HEAD)
        if head.startswith(GZIP):
            with gzip.open(path, "rb") as packed:
                head = packed.read(HEAD)
    except (OSError, EOFError, zlib.error):
        return False
    return head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{") and b'"resourceType"' in head
