"""One resource read several times, and resources that point to one another."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from tests.records.fhir.make import (
    TODAY,
    bundle,
    issues,
    nhs_number,
    patient,
    read_rows,
    refused,
    request,
    table,
    write,
)

from unhurried.records.fhir.read import read


def version(number: str | None = None, day: str | None = None) -> dict[str, Any]:
    meta = {"versionId": number, "lastUpdated": day and f"2026-10-{day}T08:00:00Z"}
    return {"meta": {key: value for key, value in meta.items() if value}}


def test_the_same_file_ten_times_over_changes_nothing(tmp_path: Path) -> None:
    rows = [patient(), request(), request("r2", authoredOn="2026-10-09")]
    once = issues(read_rows(tmp_path, *rows))
    for number in range(9):
        write(tmp_path, *rows, name=f"again-{number}.ndjson")
    again = read(tmp_path, today=TODAY)
    assert issues(again) == once
    assert again.accounting.balanced
    assert (again.accounting.rows_in, again.accounting.rows_repeated) == (30, 27)


def test_content_is_compared_not_its_spelling(tmp_path: Path) -> None:
    spelt = json.dumps(dict(reversed(request().items())), indent=None, separators=(" , ", " : "))
    records = read_rows(tmp_path, patient(), request(), spelt)
    assert refused(records) == [(3, "repeat")]


VERSIONS = [
    (version("1"), version("2"), version("10")),
    (version(day="01"), version(day="02"), version(day="03")),
    (version("9", "01"), version("1", "02"), version("2", "03")),
]


def test_the_newest_version_counts_in_whatever_order(tmp_path: Path) -> None:
    texts = ("One a day", "Two a day", "Three a day")
    rows = []
    for kind, versions in enumerate(VERSIONS):
        contents = list(zip(texts, versions, strict=True))
        for nth, order in enumerate(permutations(contents)):
            rows += [
                request(f"{kind}-{nth}", dosageInstruction=[{"text": text}], **meta)
                for text, meta in order
            ]
    records = read_rows(tmp_path, patient(), *rows)
    assert [row[4] for row in issues(records)] == ["Three a day"] * 18
    assert [code for _, code in refused(records)] == ["older_version"] * 36


@pytest.mark.parametrize("newest_first", [True, False])
def test_entered_in_error_removes_what_was_there(tmp_path: Path, newest_first: bool) -> None:
    rows = [request(**version("1")), request(status="entered-in-error", **version("2"))]
    keep = request("r2")
    ordered = rows[::-1] if newest_first else rows
    records = read_rows(tmp_path, patient(), *ordered, keep)
    assert len(issues(records)) == 1
    assert {code for _, code in refused(records)} == {"entered_in_error", "older_version"}


def test_a_damaged_newest_version_does_not_bring_back_the_older(tmp_path: Path) -> None:
    damaged = request(authoredOn=7, **version("2"))
    records = read_rows(tmp_path, patient(), request(**version("1")), damaged, request("r2"))
    assert len(issues(records)) == 1


CONFLICTS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {}),
    (version("1"), {}),
    (version("3"), version("3")),
    (version(day="01"), version(day="01")),
    (version("one"), version("two")),
]


def test_two_contents_of_one_id_without_a_newest_are_both_refused(tmp_path: Path) -> None:
    rows = []
    for n, (first, second) in enumerate(CONFLICTS):
        rows += [request(f"x{n}", **first), request(f"x{n}", authoredOn="2026-10-02", **second)]
    records = read_rows(tmp_path, patient(), *rows, request())
    assert refused(records) == [(n, "conflict") for n in range(2, 2 + len(rows))]
    assert len(issues(records)) == 1


def test_a_deleted_entry_takes_the_resource_out(tmp_path: Path) -> None:
    entries = [
        {"resource": patient()}, {"resource": request()}, {"resource": request("r2")},
        {"request": {"method": "DELETE", "url": "MedicationRequest/r1"}},
    ]  # fmt: skip
    (tmp_path / "history.json").write_text(bundle(entries), encoding="utf-8")
    records = read(tmp_path, today=TODAY)
    assert len(issues(records)) == 1
    assert refused(records) == [(2, "conflict"), (4, "deleted")]


SERVER = "https://gp.example/fhir"


SUBJECTS: list[dict[str, Any]] = [
    {"reference": "Patient/p1"},
    {"reference": "Patient/p1/_history/4"},
    {"reference": f"{SERVER}/Patient/p1"},
    {"reference": f"Patient?identifier=https://fhir.nhs.uk/Id/nhs-number|{nhs_number(3)}"},
    {"identifier": {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": nhs_number(3)}},
]


def test_every_form_of_reference_finds_the_person(tmp_path: Path) -> None:
    number = {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": nhs_number(3)}
    rows = [request(f"r{n}", subject=subject) for n, subject in enumerate(SUBJECTS)]
    records = read_rows(tmp_path, patient(identifier=[number]), *rows)
    assert [row[0] for row in issues(records)] == ["p1"] * len(SUBJECTS)


def test_an_nhs_number_two_patients_have_is_nobodys_address(tmp_path: Path) -> None:
    number = {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": nhs_number(3)}
    people = [patient(each, identifier=[number], birthDate=f"19{each[1]}0-01-01")
              for each in ("p6", "p7")]  # fmt: skip
    records = read_rows(tmp_path, *people, request(subject={"identifier": number}))
    assert refused(records) == [(3, "no_person")]


def test_addresses_inside_a_bundle_are_followed(tmp_path: Path) -> None:
    who, what = patient(), {"resourceType": "Medication", "code": {"text": "Tramadol 50mg"}}
    del who["id"]
    row = request(
        subject={"reference": "urn:uuid:aaa"}, medicationReference={"reference": "urn:uuid:mmm"}
    )
    del row["medicationCodeableConcept"]
    entries: list[dict[str, Any]] = [
        {"resource": row}, {"fullUrl": "urn:uuid:aaa", "resource": who},
        {"fullUrl": "urn:uuid:mmm", "resource": what},
    ]  # fmt: skip
    (tmp_path / "one.json").write_text(bundle(entries), encoding="utf-8")
    records = read(tmp_path, today=TODAY)
    assert [(row[0], row[2]) for row in issues(records)] == [("aaa", "Tramadol 50mg")]
    assert records.accounting.rows_used == 3


def test_two_servers_with_the_same_id_are_not_mixed(tmp_path: Path) -> None:
    rows = [
        request("r1", subject={"reference": "https://a.example/Patient/p1"}),
        request("r2", subject={"reference": "https://b.example/Patient/p1"}),
    ]
    records = read_rows(tmp_path, patient(), *rows)
    assert refused(records) == [(2, "no_person"), (3, "no_person")]


def test_a_medicine_inside_the_prescription_is_used(tmp_path: Path) -> None:
    inside = {"resourceType": "Medication", "id": "m", "code": {"text": "Codeine 30mg tablets"}}
    loop = {"resourceType": "Medication", "id": "n", "contained": [{"reference": "#n"}]}
    rows = []
    for number, wanted in enumerate(("#m", "#n", "#absent"), start=1):
        row = request(f"r{number}", contained=[inside, loop])
        del row["medicationCodeableConcept"]
        row["medicationReference"] = {"reference": wanted}
        rows.append(row)
    records = read_rows(tmp_path, patient(), *rows)
    assert [row[2] for row in issues(records)] == ["Codeine 30mg tablets"]
    assert refused(records) == [(3, "no_medicine"), (4, "no_medicine")]


def test_a_medicine_that_is_not_there_or_in_error_refuses_the_issue(tmp_path: Path) -> None:
    rows = []
    for number, wanted in enumerate(("Medication/m1", "Medication/gone"), start=1):
        row = request(f"r{number}", medicationReference={"reference": wanted})
        del row["medicationCodeableConcept"]
        rows.append(row)
    wrong = {"resourceType": "Medication", "id": "m1", "status": "entered-in-error",
             "code": {"text": "Morphine"}}  # fmt: skip
    records = read_rows(tmp_path, patient(), *rows, wrong, request("r3"))
    assert len(issues(records)) == 1
    assert refused(records) == [(2, "no_medicine"), (3, "no_medicine"), (4, "entered_in_error")]


def test_rejects_found_late_still_show_what_was_written(tmp_path: Path) -> None:
    records = read_rows(
        tmp_path, patient(), request(), request("r2", subject={"reference": "Patient/who"})
    )
    (raw,) = table(records, "SELECT raw FROM rejects")[0]
    assert '"Patient/who"' in raw
