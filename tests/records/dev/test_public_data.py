"""Public data from other countries, read to the last row, with nothing made up about it.

The data are not in the repository: the folder is named by UNHURRIED_DEV_DATA, or stands beside the
repository as shared/dev-data.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from unhurried.records.canonical import Records
from unhurried.records.fhir.read import read as read_fhir
from unhurried.records.omop.read import read as read_omop

TODAY = date(2026, 11, 3)


def _folder(name: str) -> Path:
    beside = Path(__file__).resolve().parents[3].parent / "shared" / "dev-data"
    folder = Path(os.environ.get("UNHURRIED_DEV_DATA", beside)) / name
    if not folder.is_dir():
        pytest.skip(f"no {name} folder: set UNHURRIED_DEV_DATA to the folder that holds it")
    return folder


def _lines(folder: Path, kind: str) -> int:
    return sum(path.read_bytes().count(b"\n") for path in folder.glob(f"{kind}.*.ndjson"))


def _count(records: Records, query: str) -> int:
    return int(records.connection.execute(query).fetchall()[0][0])


def test_fhir_from_another_country_is_read_to_the_last_row() -> None:
    folder = _folder("fhir-synthea-bulk-10")
    records = read_fhir(folder, today=TODAY)
    account = records.accounting
    assert account.balanced
    assert account.rows_in + account.rows_of_other_kinds == _lines(folder, "*")
    used = _count(records, "SELECT COUNT(*) FROM issues")
    late = _count(records, "SELECT COUNT(*) FROM rejects WHERE code = 'issue_date'")
    assert used + late == _lines(folder, "MedicationRequest")
    assert _count(records, "SELECT COUNT(*) FROM people") == _lines(folder, "Patient")
    # Chemotherapy with radiotherapy is among the codes of cancer, and is kept as Procedure.
    therapies = "FROM diagnoses WHERE term LIKE 'Combined chemotherapy and radiation therapy%'"
    therapy = _count(records, f"SELECT COUNT(*) {therapies}")
    assert therapy == 221
    diagnoses = _count(records, "SELECT COUNT(*) FROM diagnoses")
    assert diagnoses == _lines(folder, "Condition") + therapy
    assert _count(records, "SELECT COUNT(*) FROM people WHERE nhs_number IS NOT NULL") == 0
    assert _count(records, "SELECT COUNT(*) FROM issues WHERE days_supply IS NOT NULL") == 0
    assert _count(records, "SELECT COUNT(*) FROM medicines WHERE code NOT LIKE 'rxnorm:%'") == 0
    records.close()


def test_omop_from_another_country_is_read_to_the_last_row() -> None:
    records = read_omop(_folder("omop-synthea27nj"), today=TODAY)
    assert records.accounting.balanced
    assert records.accounting.rows_in == 28 + 883 + 470 + 3 + 28 + 8099
    rejected = {"issue_date"} if records.accounting.rows_rejected else set()
    found = records.connection.execute("SELECT DISTINCT code FROM rejects").fetchall()
    assert {code for (code,) in found} == rejected
    assert _count(records, "SELECT COUNT(*) FROM issues") >= 880
    assert _count(records, "SELECT COUNT(*) FROM people") == 28
    assert _count(records, "SELECT COUNT(*) FROM people WHERE died IS NOT NULL") == 3
    # Every quantity there is 0 and every sig empty: neither may become a number or a direction.
    assert _count(records, "SELECT COUNT(quantity_thousandths) FROM issues") == 0
    assert _count(records, "SELECT COUNT(*) FROM issues WHERE directions <> ''") == 0
    assert _count(records, "SELECT COUNT(*) FROM issues WHERE days_supply = 0") == 0
    assert _count(records, "SELECT COUNT(*) FROM diagnoses WHERE code LIKE '%.0'") == 0
    assert _count(records, "SELECT COUNT(*) FROM medicines WHERE code LIKE 'rxnorm:%'") > 70
    records.close()
