"""Palliative care and cancer coded as Observation or Procedure, not as problems (ID-2, ID-3).

Someone on the end of life register must not be listed because their record keeps the entry there.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.records.fhir.make import (
    ON_REGISTER,
    SNOMED,
    TODAY,
    Resource,
    bundle,
    coded,
    observation,
    patient,
    read_rows,
    refused,
    request,
    table,
    write,
)

from unhurried.clinical.codelists import cancer, palliative, palliative_ended
from unhurried.records.fhir.entries import says_nothing
from unhurried.records.fhir.passed import Passed, resource_hash
from unhurried.records.fhir.read import read
from unhurried.records.listed import listed

ENDED, CANCER, BLOOD_PRESSURE = min(palliative_ended().codes), min(cancer().codes), "75367002"


def procedure(identity: str = "s1", code: Any = None, **more: Any) -> Resource:
    return {
        "resourceType": "Procedure", "id": identity, "status": "completed",
        "code": code or coded(ON_REGISTER), "subject": {"reference": "Patient/p1"},
        "performedDateTime": "2026-05-06", **more,
    }  # fmt: skip


def day(text: str) -> int:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def without(resource: Resource, *fields: str) -> Resource:
    return {key: value for key, value in resource.items() if key not in fields}


def test_the_lists_of_screening_are_the_codes_looked_for() -> None:
    every = palliative().codes | palliative_ended().codes | cancer().codes
    assert listed().keys() == every
    assert len(every) > 4000


def test_entries_become_diagnoses_with_code_term_and_day(tmp_path: Path) -> None:
    period = {"start": "2026-03-01", "end": "2026-04-01"}
    rows = [
        observation("o1"),
        observation("o2", coded(CANCER), effectivePeriod=period, effectiveDateTime=None),
        observation("o3", coded(ENDED), effectiveInstant="2026-02-01T10:00:00Z",
                    effectiveDateTime=None),
        observation("o4", issued="2026-01-02T10:00:00Z", effectiveDateTime="2026"),
        procedure("s1", effectiveDateTime="2020-01-01"),
        procedure("s2", performedPeriod=period, performedDateTime=None),
        without(procedure("s3"), "performedDateTime"),
    ]  # fmt: skip
    records = read_rows(tmp_path, patient(), request(), *rows)
    term, plain = "On end of life care register", listed()[ON_REGISTER]
    found = set(table(records, "SELECT code, term, day FROM diagnoses"))
    assert found == {
        (ON_REGISTER, term, day("2026-05-06")),
        (CANCER, listed()[CANCER], day("2026-03-01")),
        (ENDED, listed()[ENDED], day("2026-02-01")),
        (ON_REGISTER, term, day("2026-01-02")),
        (ON_REGISTER, plain, day("2026-05-06")),
        (ON_REGISTER, plain, day("2026-03-01")),
        (ON_REGISTER, plain, None),
    }
    assert records.accounting.rows_used == 9


NO_CODED = [
    {"coding": [{"system": SNOMED, "code": "373067005"}]},
    {"coding": [{"system": "http://loinc.org", "code": "LA32-8"}]},
    {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0136", "code": "N"}]},
    {"coding": [{"system": "urn:local", "code": "2", "display": "No"}]},
    {"text": "no"},
]
MODIFIED = {"modifierExtension": [{"url": "https://example.org/not"}]}
REFUSED: list[tuple[Resource, str]] = [
    (observation("o", valueBoolean=False), "negated"),
    (observation("o", valueString="No."), "negated"),
    *((observation("o", valueCodeableConcept=each), "negated") for each in NO_CODED),
    (observation("o", status="entered-in-error"), "entered_in_error"),
    (observation("o", status="cancelled"), "cancelled"),
    (observation("o", **MODIFIED), "modifier_extension"),
    (observation("o", valueQuantity={"value": 1, **MODIFIED}), "modifier_extension"),
    (observation("o", implicitRules="https://example.org"), "implicit_rules"),
    (observation("o", effectiveDateTime="2026-02-30"), "problem_date"),
    (observation("o", effectiveDateTime="2027-01-01"), "problem_date"),
    (observation("o", valueBoolean="false"), "wrong_type"),
    (observation("o", code="On end of life care register"), "wrong_type"),
    (observation("o", code={"coding": [{"system": SNOMED, "code": int(ON_REGISTER)}]}),
     "wrong_type"),
    (observation("o", subject={"reference": "Patient/gone"}), "no_person"),
    (observation("o", subject={"reference": "Group/1"}), "no_person"),
    (procedure("s", status="not-done"), "not_done"),
    (procedure("s", status="entered-in-error"), "entered_in_error"),
    (procedure("s", **MODIFIED), "modifier_extension"),
    (procedure("s", notDone=False), "fhir_stu3"),
    (procedure("s", occurrenceDateTime="2026-05-06"), "fhir_r5"),
]  # fmt: skip


def test_an_entry_that_says_no_or_cannot_be_trusted_is_refused(tmp_path: Path) -> None:
    rows = [{**row, "id": f"x{number}"} for number, (row, _) in enumerate(REFUSED)]
    records = read_rows(tmp_path, patient(), request(), *rows)
    assert refused(records) == [(n, code) for n, (_, code) in enumerate(REFUSED, start=3)]
    assert table(records, "FROM diagnoses") == []


COUNTS: list[dict[str, Any]] = [
    {"valueBoolean": True},
    {"valueString": "Since last year"},
    {"valueCodeableConcept": coded("373066001", display="Yes")},
    {"valueQuantity": {"value": 0}},
    {"status": "amended"},
    {"status": None},
    {"status": "odd"},
    {"code": coded(BLOOD_PRESSURE, ON_REGISTER)},
    {"code": coded(CANCER, ON_REGISTER, ENDED)},
]


def test_whatever_does_not_say_no_counts(tmp_path: Path) -> None:
    rows = [
        observation(f"o{n}", **{"effectiveDateTime": f"2026-05-{n:02d}", **change})
        for n, change in enumerate(COUNTS, start=1)
    ]
    records = read_rows(tmp_path, patient(), request(), *rows)
    found = table(records, "SELECT code, day FROM diagnoses ORDER BY day")
    assert found == [(ON_REGISTER, day(f"2026-05-{n:02d}")) for n in range(1, len(COUNTS) + 1)]


NOTHING = [
    observation("v1", coded(BLOOD_PRESSURE), **MODIFIED, valueBoolean=False, status="odd"),
    observation("v2", coded(ON_REGISTER, system="urn:local")),
    observation("v3", {"text": "On end of life care register"}),
    without(observation("v4"), "code"),
    observation("v5", coded("413350009"), valueCodeableConcept=coded(CANCER)),
    observation("v6", coded(BLOOD_PRESSURE), subject={"reference": "Patient/gone"}),
    procedure("v7", coded(BLOOD_PRESSURE), status="not-done"),
    without(procedure("v8", coded(BLOOD_PRESSURE)), "id"),
]


def test_entries_of_other_codes_are_used_and_become_nothing(tmp_path: Path) -> None:
    records = read_rows(tmp_path, patient(), request(), *NOTHING, *NOTHING)
    account = records.accounting
    # v2 holds the digits of a code looked for, so its repeat was compared, and found out.
    assert (account.rows_in, account.rows_used, account.rows_repeated) == (18, 17, 1)
    assert account.rows_of_other_kinds == 0
    assert table(records, "FROM diagnoses") == []
    assert any("14 coded entries" in note for note in records.notes)
    shown = bundle({"resource": each} for each in (patient(), request(), *NOTHING))
    (tmp_path / "all.ndjson").unlink()
    (tmp_path / "b.json").write_text(shown, encoding="utf-8")
    again = read(tmp_path, today=TODAY).accounting
    assert (again.rows_in, again.rows_used, again.balanced) == (10, 10, True)


def test_a_damaged_entry_is_a_reject_whatever_its_code(tmp_path: Path) -> None:
    vital = json.dumps(observation("v", coded(BLOOD_PRESSURE)))
    twice = vital.replace('"code": {', f'"code": {json.dumps(coded(ON_REGISTER))}, "code": {{', 1)
    good = observation("w", coded(BLOOD_PRESSURE))
    records = read_rows(tmp_path, patient(), request(), vital[:-9], twice, good)
    assert refused(records) == [(3, "not_json"), (4, "twice")]


def version(number: int) -> dict[str, Any]:
    return {"meta": {"versionId": str(number)}}


@pytest.mark.parametrize("newest_first", [True, False])
def test_a_version_that_tells_nothing_still_replaces_one_that_did(
    tmp_path: Path, newest_first: bool
) -> None:
    rows = [observation("o1", **version(1)),
            observation("o1", coded(BLOOD_PRESSURE), **version(2)),
            observation("o2", coded(BLOOD_PRESSURE), **version(1)),
            observation("o2", **version(2)),
            observation("o3", coded(BLOOD_PRESSURE))]  # fmt: skip
    given = rows[::-1] if newest_first else rows
    write(tmp_path, patient(), request(), name="a.ndjson")
    write(tmp_path, *given[:2], name="b.ndjson")
    write(tmp_path, *given[2:], name="c.ndjson")
    records = read(tmp_path, today=TODAY)
    assert [code for _, code in refused(records)] == ["older_version", "older_version"]
    assert len(table(records, "FROM diagnoses")) == 1
    assert records.accounting.balanced
    assert records.accounting.rows_used == 5


@pytest.mark.parametrize(
    ("code", "nothing"),
    [
        (None, True),
        ({}, True),
        ({"coding": []}, True),
        (coded(BLOOD_PRESSURE, "8302-2"), True),
        (coded(BLOOD_PRESSURE, ON_REGISTER), False),
        (coded(f" {ON_REGISTER} "), False),
        ({"coding": [{"display": "no code"}]}, True),
        ({"coding": [{"code": 7}]}, False),
        ({"coding": ["odd"]}, False),
        ({"coding": {"code": BLOOD_PRESSURE}}, False),
        ("odd", False),
    ],
)
def test_only_a_code_that_is_plainly_another_is_passed_over(code: Any, nothing: bool) -> None:
    assert says_nothing({"code": code}) == nothing


def test_rows_passed_over_are_found_again_by_their_resource() -> None:
    passed = Passed()
    for record, key in enumerate(("a", "b", "", "a"), start=1):
        passed.add(record, "Observation", key)
    assert passed.count == 4
    assert passed.of({resource_hash("Observation", "a")}) == {1, 4}
    assert passed.of({resource_hash("Procedure", "a")}) == set()


def test_people_who_are_not_in_the_data_are_counted_and_what_to_do_is_said(tmp_path: Path) -> None:
    gone: dict[str, Any] = {"subject": {"reference": "Patient/gone"}}
    records = read_rows(tmp_path, patient(), request(), request("r2", **gone),
                        request("r3", **gone), observation(**gone),
                        request("r4", subject={"reference": "Patient/lost"}))  # fmt: skip
    assert [code for _, code in refused(records)] == ["no_person"] * 4
    reasons = [reason for (reason,) in table(records, "SELECT reason FROM rejects")]
    assert all("export that patient too" in reason for reason in reasons)
    assert any("2 patients" in note and "4 rows" in note for note in records.notes)
