"""Small OMOP tables for the tests: invented people, NHS numbers from the 999 test range."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

from unhurried.records.canonical import Records
from unhurried.records.omop.read import read

TODAY = date(2026, 11, 3)
Rows = list[dict[str, Any]]


def day(text: str) -> int:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def person(identity: Any = 1, **more: Any) -> dict[str, Any]:
    return {
        "person_id": identity, "gender_concept_id": 8532, "year_of_birth": 1970,
        "month_of_birth": 2, "day_of_birth": 3, "birth_datetime": "", "care_site_id": 7,
        "person_source_value": f"src-{identity}", "gender_source_value": "", **more,
    }  # fmt: skip


def drug(identity: Any = 1, **more: Any) -> dict[str, Any]:
    return {
        "drug_exposure_id": identity, "person_id": 1, "drug_concept_id": 100,
        "drug_exposure_start_date": "2026-10-01", "drug_type_concept_id": 38000177, "refills": 0,
        "quantity": 56, "days_supply": 28, "sig": "One twice a day",
        "drug_source_value": "11111", "drug_source_concept_id": 0, **more,
    }  # fmt: skip


def condition(**more: Any) -> dict[str, Any]:
    return {
        "condition_occurrence_id": 1, "person_id": 1, "condition_concept_id": 200,
        "condition_start_date": "2020-05-06", "condition_source_value": "",
        "condition_source_concept_id": 0, **more,
    }  # fmt: skip


CONCEPTS: Rows = [
    {"concept_id": each[0], "concept_name": each[1], "vocabulary_id": each[2],
     "concept_code": each[3]}
    for each in (
        (100, "morphine sulfate 10 MG Extended Release Oral Tablet", "RxNorm", "891874"),
        (101, "Zomorph 10mg modified-release capsules", "dm+d", "9123411000001105"),
        (102, "tramadol 50 MG Oral Capsule", "RxNorm Extension", "OMOP123"),
        (200, "Low back pain", "SNOMED", "279039007"),
        (201, "M54.5", "ICD10", "M54.5"),
    )
]  # fmt: skip


def write(folder: Path, **tables: Rows) -> Path:
    given: dict[str, Rows] = {"person": [person()], "concept": CONCEPTS, **tables}
    for name, rows in given.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return folder


def read_tables(folder: Path, **tables: Rows) -> Records:
    records = read(write(folder, **tables), today=TODAY)
    assert records.accounting.balanced
    return records


def table(records: Records, query: str) -> list[tuple[Any, ...]]:
    return records.connection.execute(query).fetchall()


def refused(records: Records) -> list[tuple[str, int, str]]:
    return table(records, "SELECT file, record, code FROM rejects ORDER BY ALL")


def issues(records: Records) -> list[tuple[Any, ...]]:
    return table(
        records,
        "SELECT person_id, day, product, code, directions, quantity_thousandths, days_supply"
        " FROM issues JOIN people USING (person) JOIN medicines USING (medicine) ORDER BY ALL",
    )
