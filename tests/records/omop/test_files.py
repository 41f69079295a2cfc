"""The files of an OMOP folder: forms that give the same, damage that is told, tables left out."""

from __future__ import annotations

import gzip
from pathlib import Path

import duckdb
import pytest
from tests.records.omop.make import (
    TODAY,
    condition,
    drug,
    issues,
    read_tables,
    refused,
    table,
    write,
)

from unhurried.records.canonical import UnusableInput
from unhurried.records.omop.read import read


def test_parquet_capital_letters_and_gzip_give_the_same(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.mkdir()
    tables = {
        "drug_exposure": [drug(), drug(2, person_id=9)],
        "condition_occurrence": [condition()],
    }
    expected = read_tables(plain, **tables)
    other = tmp_path / "other" / "cdm"
    other.mkdir(parents=True)
    for path in plain.iterdir():
        if path.stem in ("person", "concept"):
            target = other / f"{path.stem.upper()}.parquet"
            duckdb.execute(f"COPY (FROM '{path}') TO '{target}'")
        else:
            (other / f"{path.stem.upper()}.CSV.gz").write_bytes(gzip.compress(path.read_bytes()))
    records = read(tmp_path / "other", today=TODAY)
    assert records.accounting.balanced
    for each in ("people", "issues", "medicines", "diagnoses"):
        assert table(records, f"FROM {each}") == table(expected, f"FROM {each}")
    assert [row[1:] for row in refused(records)] == [row[1:] for row in refused(expected)]


def test_a_vocabulary_with_tabs_and_bare_quotation_marks_is_read(tmp_path: Path) -> None:
    write(tmp_path, drug_exposure=[drug()])
    lines = [
        "concept_id\tconcept_name\tvocabulary_id\tconcept_code",
        '99\t"Odd" 5" name\tRxNorm\t1',
        '100\tmorphine 10 MG "ER" Tablet\tRxNorm\t891874',
    ]
    (tmp_path / "concept.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert issues(read(tmp_path, today=TODAY))[0][2] == 'morphine 10 MG "ER" Tablet'


def test_rows_of_the_wrong_shape_are_refused(tmp_path: Path) -> None:
    write(tmp_path, drug_exposure=[drug(), drug(2)])
    path = tmp_path / "drug_exposure.csv"
    path.write_text(path.read_text() + "3,1,100\n" + "4,1" + ",x" * 20 + "\n", encoding="utf-8")
    records = read(tmp_path, today=TODAY)
    assert records.accounting.balanced
    assert [row[1:] for row in refused(records)] == [(4, "shape"), (5, "shape")]
    assert len(issues(records)) == 2


def test_a_source_that_cannot_be_used_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UnusableInput, match="no table person"):
        read(tmp_path, today=TODAY)
    write(tmp_path, drug_exposure=[drug()])
    (tmp_path / "person.parquet").write_bytes(b"PAR1 not really")
    with pytest.raises(UnusableInput, match="two files"):
        read(tmp_path, today=TODAY)
    (tmp_path / "person.csv").unlink()
    with pytest.raises(UnusableInput, match="damaged"):
        read(tmp_path, today=TODAY)
    (tmp_path / "person.parquet").unlink()
    write(tmp_path, person=[{"person_id": 1}])
    with pytest.raises(UnusableInput, match="no column year_of_birth"):
        read(tmp_path, today=TODAY)


def test_without_a_vocabulary_words_still_name_the_medicine(tmp_path: Path) -> None:
    rows = [drug(drug_source_value="Morphine 10mg tablets"), drug(2)]
    write(tmp_path, drug_exposure=rows)
    (tmp_path / "concept.csv").unlink()
    records = read(tmp_path, today=TODAY)
    assert [row[2] for row in issues(records)] == ["Morphine 10mg tablets"]
    assert any("no concept table" in note for note in records.notes)
