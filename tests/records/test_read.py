"""Which reader a source goes to."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import pytest

from unhurried.records.canonical import UnusableInput
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
