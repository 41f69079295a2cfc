"""Read GP records whatever their form: CSV extracts, FHIR R4 or OMOP CDM (ID-1)."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

from unhurried.records.canonical import Records, UnusableInput
from unhurried.records.column_map import ColumnMap
from unhurried.records.csv import read as csv_reader

FORMATS = ("csv", "fhir", "omop")
FHIR_ENDINGS = (".ndjson", ".ndjson.gz")
OMOP_ENDINGS = (".csv", ".parquet", ".csv.gz", ".tsv")
OMOP_TABLES = frozenset({"person", "drug_exposure"})
HEAD = 64 * 1024
GZIP = b"\x1f\x8b"


def read_records(
    source: Path,
    *,
    format: str | None = None,  # noqa: A002 - the word of the command line
    column_map: ColumnMap | None = None,
    today: date,
    progress: Callable[[str], None] | None = None,
) -> Records:
    """Read a file or folder of GP records into canonical tables, every row accounted for.

    `format` is csv, fhir or omop; None finds out. `today` decides which dates are in the future.
    Raises UnusableInput: one sentence that says what is wrong and what to do.
    """
    if not source.exists():
        raise UnusableInput(f"{source} does not exist: check the name.")
    chosen = format or detect_format(source)
    if chosen == "csv":
        return csv_reader.read(source, column_map=column_map, today=today, progress=progress)
    # Imported when needed: reading a CSV must not wait for the models of the other formats.
    if chosen == "fhir":
        from unhurried.records.fhir.read import read as read_fhir

        return read_fhir(source, today=today, progress=progress)
    if chosen == "omop":
        from unhurried.records.omop.read import read as read_omop

        return read_omop(source, today=today, progress=progress)
    raise UnusableInput(f"“{chosen}” is not a format that can be read: use csv, fhir or omop.")


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
