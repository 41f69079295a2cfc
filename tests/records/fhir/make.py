"""Small FHIR resources for the tests: invented people, NHS numbers from the 999 test range."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from unhurried.clinical.codelists import palliative
from unhurried.records.canonical import Records
from unhurried.records.fhir.read import read

SNOMED = "http://snomed.info/sct"
ON_REGISTER = min(palliative().codes)
TODAY = date(2026, 11, 3)
Resource = dict[str, Any]


def nhs_number(serial: int) -> str:
    """The nth valid number of the 999 test range."""
    for body in range(999_000_000 + serial * 11, 1_000_000_000):
        total = sum(w * int(d) for w, d in zip(range(10, 1, -1), str(body), strict=True))
        if (check := (11 - total % 11) % 11) < 10:
            return f"{body}{check}"
    raise AssertionError


def patient(identity: str = "p1", **more: Any) -> Resource:
    """An adult."""
    return {
        "resourceType": "Patient", "id": identity, "gender": "female", "birthDate": "1970-02-03",
        **more,
    }  # fmt: skip


def request(identity: str = "r1", **more: Any) -> Resource:
    """An issue of morphine to p1."""
    return {
        "resourceType": "MedicationRequest",
        "id": identity,
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": {"text": "Morphine 10mg modified-release tablets"},
        "subject": {"reference": "Patient/p1"},
        "authoredOn": "2026-10-01T09:30:00+01:00",
        "dosageInstruction": [{"text": "One twice a day"}],
        **more,
    }


def condition(identity: str = "c1", **more: Any) -> Resource:
    """Low back pain of p1."""
    return {
        "resourceType": "Condition",
        "id": identity,
        "code": coded("279039007"),
        "subject": {"reference": "Patient/p1"},
        "onsetDateTime": "2020-05-06",
        **more,
    }


def coded(*codes: str, system: str = SNOMED, **more: Any) -> Resource:
    """A CodeableConcept."""
    return {"coding": [{"system": system, "code": each, **more} for each in codes]}


def observation(identity: str = "o1", code: Any = None, **more: Any) -> Resource:
    """P1 is on the end of life care register."""
    return {
        "resourceType": "Observation",
        "id": identity,
        "status": "final",
        "code": code or coded(ON_REGISTER, display="On end of life care register"),
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": "2026-05-06",
        **more,
    }


def write(folder: Path, *resources: Resource | str, name: str = "all.ndjson") -> Path:
    """A folder with one NDJSON file; a text stands in the file as it is."""
    lines = [each if isinstance(each, str) else json.dumps(each) for each in resources]
    (folder / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return folder


def bundle(entries: Iterable[Resource]) -> str:
    """A collection Bundle."""
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": list(entries)})


def read_rows(folder: Path, *resources: Resource | str) -> Records:
    """Write the resources to one file and read it; the account must balance."""
    records = read(write(folder, *resources), today=TODAY)
    assert records.accounting.balanced
    return records


def table(records: Records, query: str) -> list[tuple[Any, ...]]:
    """Rows of a query."""
    return records.connection.execute(query).fetchall()


def refused(records: Records) -> list[tuple[int, str]]:
    """(record, code) of every reject."""
    return [
        (int(r), str(c)) for r, c in table(records, "SELECT record, code FROM rejects ORDER BY 1")
    ]


def issues(records: Records) -> list[tuple[Any, ...]]:
    """(person_id, day, product, code, directions, quantity in thousandths, days)."""
    return table(
        records,
        "SELECT person_id, day, product, code, directions, quantity_thousandths, days_supply"
        " FROM issues JOIN people USING (person) JOIN medicines USING (medicine) ORDER BY ALL",
    )
