"""One set of people and issues, whichever format they are read from."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from tests.demo.reading import day, raw_rows, resources, table

from unhurried.demo.extract import ExtractSummary

Issue = tuple[str, date, str, str, float]


def csv_issues(folder: Path) -> Counter[Issue]:
    return Counter(
        (row[0], day(row[1]), row[2], row[3], float(row[4].split()[0]))
        for path in sorted((folder / "csv").glob("*-issues.csv"))
        for row in raw_rows(path)
    )


def fhir_issues(folder: Path) -> Counter[Issue]:
    return Counter(
        (
            each["subject"]["reference"].removeprefix("Patient/"),
            day(each["authoredOn"]),
            each["medicationCodeableConcept"]["text"],
            each.get("dosageInstruction", [{"text": ""}])[0]["text"],
            float(each["dispenseRequest"]["quantity"]["value"]),
        )
        for each in resources(folder / "fhir" / "MedicationRequest.ndjson")
    )


def omop_issues(folder: Path) -> Counter[Issue]:
    return Counter(
        (
            row["person_id"],
            day(row["drug_exposure_start_date"]),
            row["drug_source_value"],
            row["sig"],
            float(row["quantity"]),
        )
        for row in table(folder / "omop" / "drug_exposure.csv")
    )


def test_every_issue_is_the_same_in_all_three(sound: ExtractSummary) -> None:
    found = csv_issues(sound.folder)
    assert found.total() == sound.issues
    assert found == fhir_issues(sound.folder)
    assert found == omop_issues(sound.folder)


def test_no_two_issues_are_indistinguishable(sound: ExtractSummary) -> None:
    assert max(csv_issues(sound.folder).values()) == 1


def test_row_counts_agree_with_each_other_and_with_the_files(sound: ExtractSummary) -> None:
    rows = sound.rows
    of_csv = {
        kind: sum(n for name, n in rows.items() if name.startswith("csv/") and kind in name)
        for kind in ("patients", "issues", "problems")
    }
    people = [of_csv["patients"], rows["fhir/Patient.ndjson"], rows["omop/person.csv"]]
    issues = [
        of_csv["issues"],
        rows["fhir/MedicationRequest.ndjson"],
        rows["omop/drug_exposure.csv"],
        rows["truth/issues.csv"],
    ]
    problems = [
        of_csv["problems"],
        rows["fhir/Condition.ndjson"],
        rows["omop/condition_occurrence.csv"],
    ]
    assert set(people) == {sound.people} == {rows["truth/people.csv"]}
    assert set(issues) == {sound.issues}
    assert set(problems) == {sound.problems}
    for name, count in rows.items():
        if name.endswith(".ndjson"):
            assert len(resources(sound.folder / name)) == count
        else:
            assert len(raw_rows(sound.folder / name)) == count


def test_people_are_the_same_in_all_three(sound: ExtractSummary) -> None:
    of_csv = set()
    for path in (sound.folder / "csv").glob("*-patients.csv"):
        of_csv |= {
            (row[0], day(row[4]), row[6], day(row[9]) if row[9] else None) for row in raw_rows(path)
        }
    of_fhir = {
        (
            each["id"],
            day(each["birthDate"]),
            each["managingOrganization"]["reference"].removeprefix("Organization/"),
            day(each["deceasedDateTime"]) if "deceasedDateTime" in each else None,
        )
        for each in resources(sound.folder / "fhir" / "Patient.ndjson")
    }
    omop = sound.folder / "omop"
    sites = {r["care_site_id"]: r["care_site_source_value"] for r in table(omop / "care_site.csv")}
    deaths = {r["person_id"]: day(r["death_date"]) for r in table(omop / "death.csv")}
    of_omop = {
        (
            row["person_id"],
            date(int(row["year_of_birth"]), int(row["month_of_birth"]), int(row["day_of_birth"])),
            sites[row["care_site_id"]],
            deaths.get(row["person_id"]),
        )
        for row in table(omop / "person.csv")
    }
    assert of_csv == of_fhir == of_omop


def test_a_printed_name_is_always_coded_the_same_way(sound: ExtractSummary) -> None:
    codes: dict[str, set[str]] = {}
    for each in resources(sound.folder / "fhir" / "MedicationRequest.ndjson"):
        medicine = each["medicationCodeableConcept"]
        codes.setdefault(medicine["text"], set()).add(str(medicine.get("coding")))
    assert {len(found) for found in codes.values()} == {1}
    assert {"None"} in codes.values()


def test_structured_dosage_never_goes_without_words(sound: ExtractSummary) -> None:
    dosages = [
        each["dosageInstruction"][0]
        for each in resources(sound.folder / "fhir" / "MedicationRequest.ndjson")
        if "dosageInstruction" in each
    ]
    assert all(dosage["text"].strip() for dosage in dosages)
    structured = sum("timing" in dosage for dosage in dosages)
    assert 0.2 < structured / len(dosages) < 0.8


@pytest.mark.parametrize("name", ["Patient", "MedicationRequest", "Condition", "EpisodeOfCare"])
def test_fhir_ids_are_used_once(sound: ExtractSummary, name: str) -> None:
    ids = [each["id"] for each in resources(sound.folder / "fhir" / f"{name}.ndjson")]
    assert len(ids) == len(set(ids)) > 0
