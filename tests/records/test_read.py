"""Which reader a source goes to."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path
from typing import cast

import duckdb
import pytest

from unhurried.records.canonical import UnusableInput, open_tables
from unhurried.records.csv import raw
from unhurried.records.csv import read as csv_reader
from unhurried.records.csv.sniff import sniff
from unhurried.records.read import detect_format, read_records

TODAY = date(2026, 11, 22)
PATIENT = '{"resourceType": "Patient", "id": "1"}'


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"a.csv": "Patient ID\n"}, "csv"),
        ({"a.txt": "Patient ID\n"}, "csv"),
        ({"Patient.ndjson": PATIENT}, "fhir"),
        ({"bundle.json": PATIENT, "README.txt": "hello"}, "fhir"),
        ({"a.csv": "Patient ID\n", "settings.json": "{}"}, "csv"),
        ({"PERSON.csv": "person_id\n", "DRUG_EXPOSURE.csv": "x\n"}, "omop"),
        ({"person.parquet": "x", "drug_exposure.parquet": "x"}, "omop"),
    ],
)
def test_folders_are_told_apart(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert detect_format(tmp_path) == expected


def test_single_files_are_told_apart(tmp_path: Path) -> None:
    packed = tmp_path / "bundle.gz"
    packed.write_bytes(gzip.compress(PATIENT.encode()))
    plain = tmp_path / "issues.anything"
    plain.write_text("Patient ID,Issue Date\n", encoding="utf-8")
    assert (detect_format(packed), detect_format(plain)) == ("fhir", "csv")


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"a.csv": "Patient ID\n", "b.ndjson": PATIENT}, "both FHIR and CSV"),
        ({}, "no files that can be read"),
        ({"csv/a.csv": "x"}, "name one of its folders \\(csv\\)"),
        ({"picture.png": "x"}, "no files that can be read"),
    ],
)
def test_folders_that_cannot_be_told_get_a_sentence(
    tmp_path: Path, files: dict[str, str], words: str
) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(UnusableInput, match=words):
        detect_format(tmp_path)


def test_a_missing_source_and_an_unknown_format_get_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UnusableInput, match="does not exist"):
        read_records(tmp_path / "nowhere", today=TODAY)
    with pytest.raises(UnusableInput, match="use csv, fhir or omop"):
        read_records(tmp_path, format="xml", today=TODAY)


@pytest.mark.parametrize(
    ("kind", "words"),
    [(duckdb.InterruptException, "Interrupted!"), (RuntimeError, "Query interrupted")],
)
def test_an_interrupted_query_is_an_interrupt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: type[Exception], words: str
) -> None:
    def stop(*_: object) -> None:
        raise kind(words)

    path = tmp_path / "i.csv"
    path.write_text("Patient ID,Issue Date,Drug\nP1,03/11/2026,A\n", encoding="utf-8")
    monkeypatch.setattr(csv_reader, "load", lambda *_, **__: stop())
    with pytest.raises(KeyboardInterrupt):
        read_records(path, today=TODAY)


def test_ctrl_c_while_the_engine_reads_a_file_stops_at_once(tmp_path: Path) -> None:
    path = tmp_path / "i.csv"
    path.write_text("Patient ID,Issue Date,Drug\nP1,03/11/2026,A\n", encoding="utf-8")

    class Stopped:
        def execute(self, *_: object) -> None:
            raise duckdb.InterruptException("Interrupted!")

    with pytest.raises(duckdb.InterruptException):
        raw.bring_in(cast(duckdb.DuckDBPyConnection, Stopped()), sniff(path, path.name), {})


def test_other_faults_of_the_engine_stay_what_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "i.csv"
    path.write_text("Patient ID,Issue Date,Drug\nP1,03/11/2026,A\n", encoding="utf-8")

    def fail(*_: object) -> None:
        raise RuntimeError("out of paper")

    monkeypatch.setattr(csv_reader, "load", lambda *_, **__: fail())
    with pytest.raises(RuntimeError, match="out of paper"):
        read_records(path, today=TODAY)


def test_the_engine_draws_no_progress_bar() -> None:
    connection = open_tables()
    rows = connection.execute("SELECT current_setting('enable_progress_bar')").fetchall()
    connection.close()
    assert rows == [(False,)]
