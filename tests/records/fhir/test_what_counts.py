"""Which resources become issues, people and problems, and which are refused with which reason."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.records.fhir.make import (
    condition,
    issues,
    nhs_number,
    patient,
    read_rows,
    refused,
    request,
    table,
)

DAY = date(2026, 10, 1).toordinal() - date(1970, 1, 1).toordinal()


def test_an_issue_is_read_with_medicine_directions_quantity_and_supply(tmp_path: Path) -> None:
    dispensed = {
        "quantity": {"value": 56, "unit": "tablet"},
        "expectedSupplyDuration": {"value": 28, "unit": "day", "code": "d"},
    }
    concept = {
        "text": "Morphine 10mg modified-release tablets",
        "coding": [{"system": "https://dmd.nhs.uk", "code": "36130611000001100"}],
    }
    rows = request(dispenseRequest=dispensed, medicationCodeableConcept=concept)
    found = issues(read_rows(tmp_path, patient(), rows))
    product = "Morphine 10mg modified-release tablets"
    assert found == [
        ("p1", DAY, product, "dmd:36130611000001100", "One twice a day", 56_000, 28)
    ]  # fmt: skip


def test_a_missing_dosage_is_not_an_error(tmp_path: Path) -> None:
    bare = request()
    del bare["dosageInstruction"]
    records = read_rows(tmp_path, patient(), bare)
    assert [row[4] for row in issues(records)] == [""]
    assert refused(records) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"status": "entered-in-error"}, "entered_in_error"),
        ({"status": "cancelled"}, "cancelled"),
        ({"status": "draft"}, "draft"),
        ({"status": "wonderful"}, "status"),
        ({"status": None}, "status"),
        ({"intent": "proposal"}, "proposal"),
        ({"intent": "plan"}, "plan"),
        ({"intent": "option"}, "option"),
        ({"intent": "filler-order"}, "filler_order"),
        ({"doNotPerform": True}, "do_not_perform"),
        ({"modifierExtension": [{"url": "https://example.org/not"}]}, "modifier_extension"),
        (
            {"dosageInstruction": [{"text": "One", "modifierExtension": [{"url": "x:y"}]}]},
            "modifier_extension",
        ),
        ({"implicitRules": "https://example.org/rules"}, "implicit_rules"),
        ({"authoredOn": None}, "issue_date"),
        ({"authoredOn": "2026-10"}, "issue_date"),
        ({"authoredOn": "2026-02-30"}, "issue_date"),
        ({"authoredOn": "2027-01-01"}, "issue_date"),
        ({"authoredOn": "1915-01-01"}, "issue_date"),
        ({"authoredOn": 20261001}, "wrong_type"),
        ({"subject": {"reference": "Patient/nobody"}}, "no_person"),
        ({"subject": {"reference": "Group/p1"}}, "no_person"),
        ({"subject": None}, "no_person"),
        ({"subject": "Patient/p1"}, "wrong_type"),
        ({"medicationCodeableConcept": {}}, "no_medicine"),
        ({"medicationCodeableConcept": {"text": 3}}, "wrong_type"),
        ({"medicationCodeableConcept": None}, "no_medicine"),
        ({"dosageInstruction": [{"text": "a\x00b"}]}, "text"),
        ({"dosageInstruction": "one a day"}, "wrong_type"),
        ({"dosageInstruction": [{"sequence": "1"}]}, "wrong_type"),
        ({"dispenseRequest": {"quantity": {"value": -56}}}, "quantity"),
        ({"dispenseRequest": {"quantity": {"value": "56"}}}, "wrong_type"),
        ({"medication": {"concept": {"text": "Morphine"}}}, "fhir_r5"),
        ({"context": {"reference": "Encounter/1"}}, "fhir_stu3"),
        ({"dosageInstruction": [{"doseQuantity": {"value": 1}}]}, "fhir_stu3"),
    ],
)
def test_what_does_not_count_is_refused_with_its_row(
    tmp_path: Path, change: dict[str, Any], code: str
) -> None:
    changed = {k: v for k, v in request("r2", **change).items() if v is not None}
    records = read_rows(tmp_path, patient(), request(), changed)
    assert refused(records) == [(3, code)]
    assert len(issues(records)) == 1
    reason = table(records, "SELECT reason FROM rejects")[0][0]
    assert reason.endswith(".")
    assert len(reason.split()) > 3


@pytest.mark.parametrize("status", ["active", "completed", "stopped", "on-hold", "unknown"])
def test_what_was_issued_counts_whatever_became_of_it(tmp_path: Path, status: str) -> None:
    assert len(issues(read_rows(tmp_path, patient(), request(status=status)))) == 1


def test_a_prescription_on_hold_is_mentioned(tmp_path: Path) -> None:
    notes = read_rows(tmp_path, patient(), request(status="on-hold")).notes
    assert any("on hold" in note for note in notes)


@pytest.mark.parametrize(
    ("quantity", "thousandths"),
    [
        ({"value": 56}, 56_000),
        ({"value": 300, "unit": "mL"}, 300_000),
        ({"value": 2.5, "code": "{tablet}", "system": "http://unitsofmeasure.org"}, 2_500),
        ({"value": 56, "code": "428673006", "system": "http://snomed.info/sct"}, 56_000),
        ({"value": 2, "unit": "pack"}, None),
        ({"value": 1, "unit": "bottle"}, None),
        ({"value": 56, "comparator": "<"}, None),
        ({"value": 0}, None),
        ({"unit": "tablet"}, None),
    ],
)
def test_a_quantity_is_read_only_when_it_counts_units(
    tmp_path: Path, quantity: dict[str, Any], thousandths: int | None
) -> None:
    row = request(dispenseRequest={"quantity": quantity})
    assert issues(read_rows(tmp_path, patient(), row))[0][5] == thousandths


@pytest.mark.parametrize(
    ("duration", "days"),
    [
        ({"value": 28, "code": "d"}, 28),
        ({"value": 4, "code": "wk"}, 28),
        ({"value": 48, "unit": "h"}, 2),
        ({"value": 1, "code": "mo"}, None),
        ({"value": 28, "code": "d", "comparator": "<"}, None),
        ({"value": 2.5, "code": "d"}, None),
        ({"value": 0, "code": "d"}, None),
        ({"value": -28, "code": "d"}, None),
        ({"value": 28}, None),
    ],
)
def test_a_length_of_supply_is_read_only_in_whole_days(
    tmp_path: Path, duration: dict[str, Any], days: int | None
) -> None:
    row = request(dispenseRequest={"expectedSupplyDuration": duration})
    assert issues(read_rows(tmp_path, patient(), row))[0][6] == days


SNOMED, RXNORM = "http://snomed.info/sct", "http://www.nlm.nih.gov/research/umls/rxnorm"


@pytest.mark.parametrize(
    ("concept", "product", "code"),
    [
        ({"text": "Zomorph 30mg"}, "Zomorph 30mg", ""),
        ({"coding": [{"system": SNOMED, "code": "12345", "display": "Tramadol 50mg"}]},
         "Tramadol 50mg", "dmd:12345"),
        ({"coding": [{"system": "https://fhir.example/BNF", "code": "040702040aaaMAM"}],
          "text": "Tramadol"}, "Tramadol", "bnf:040702040AAAMAM"),
        ({"coding": [{"system": RXNORM, "code": "835603", "display": "Tramadol 50 MG"}]},
         "Tramadol 50 MG", "rxnorm:835603"),
        ({"coding": [{"system": RXNORM, "code": "835603", "display": "Tramadol 50 MG"},
                     {"system": SNOMED, "code": "12345"}]}, "Tramadol 50 MG", "dmd:12345"),
        ({"coding": [{"system": SNOMED, "code": "1"},
                     {"system": SNOMED, "code": "2", "userSelected": True}]}, "dm+d 2", "dmd:2"),
        ({"coding": [{"system": "urn:local", "code": "T50", "display": "Tramadol"}]},
         "Tramadol", ""),
        ({"coding": [{"system": SNOMED, "code": "not-a-number", "display": "Codeine"}]},
         "Codeine", ""),
    ],
)  # fmt: skip
def test_a_medicine_is_named_as_written_and_coded_by_dmd_first(
    tmp_path: Path, concept: dict[str, Any], product: str, code: str
) -> None:
    row = request(medicationCodeableConcept=concept)
    assert issues(read_rows(tmp_path, patient(), row))[0][2:4] == (product, code)


def test_problems_ruled_out_or_entered_in_error_do_not_count(tmp_path: Path) -> None:
    def said(status: str) -> dict[str, Any]:
        return {"verificationStatus": {"coding": [{"code": status}]}}

    records = read_rows(
        tmp_path, patient(), request(), condition("c1", **said("confirmed")),
        condition("c2", **said("entered-in-error")), condition("c3", **said("refuted")),
        condition("c4", onsetDateTime="2020", recordedDate="2021-02-03"),
        condition("c5", onsetDateTime="2020"), condition("c6", code={"text": ""}),
        condition("c7", verificationStatus="confirmed"),
    )  # fmt: skip
    found = table(records, "SELECT code, day FROM diagnoses ORDER BY day NULLS LAST")
    assert found == [("279039007", 18388), ("279039007", 18661), ("279039007", None)]
    assert [code for _, code in refused(records)] == [
        "entered_in_error", "refuted", "no_code", "fhir_stu3",
    ]  # fmt: skip


def test_statements_and_dispensings_are_other_kinds_and_never_issues(tmp_path: Path) -> None:
    records = read_rows(
        tmp_path, patient(), request(),
        {"resourceType": "MedicationStatement", "subject": {"reference": "Patient/p1"}},
        {"id": "d1", "resourceType": "MedicationDispense"}, {"resourceType": "Encounter"},
    )  # fmt: skip
    account = records.accounting
    assert (account.rows_in, account.rows_used, account.rows_of_other_kinds) == (2, 2, 3)
    assert any("Encounter 1" in note for note in records.notes)
    assert any("not counted as issues" in note for note in records.notes)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"link": [{"type": "replaced-by", "other": {"reference": "Patient/p9"}}]}, "replaced"),
        ({"birthDate": 1970}, "wrong_type"),
        ({"modifierExtension": [{"url": "x:y"}]}, "modifier_extension"),
    ],
)  # fmt: skip
def test_a_patient_who_cannot_be_used_takes_their_rows_out_with_them(
    tmp_path: Path, change: dict[str, Any], code: str
) -> None:
    records = read_rows(
        tmp_path, patient(), request(), patient("p2", **change),
        request("r2", subject={"reference": "Patient/p2"}),
    )  # fmt: skip
    assert refused(records) == [(3, code), (4, "no_person")]
    assert table(records, "SELECT person_id FROM people") == [("p1",)]


@pytest.mark.parametrize(
    ("written", "born"),
    [
        ("1970-02-03", date(1970, 2, 3)),
        ("1970-02", date(1970, 2, 28)),
        ("1970", date(1970, 12, 31)),
        ("2008", None),
        ("2008-10", date(2008, 10, 31)),
        ("2008-11", None),
        ("2009", date(2009, 12, 31)),
        ("1900-01-01", None),
        (None, None),
    ],
)
def test_a_partial_date_of_birth_never_makes_an_adult_of_anyone(
    tmp_path: Path, written: str | None, born: date | None
) -> None:
    who = patient(birthDate=written) if written else patient()
    if not written:
        del who["birthDate"]
    expected = None if born is None else born.toordinal() - date(1970, 1, 1).toordinal()
    assert table(read_rows(tmp_path, who, request()), "SELECT born FROM people") == [(expected,)]


@pytest.mark.parametrize(
    ("change", "died"),
    [
        ({"deceasedBoolean": False}, None),
        ({"deceasedDateTime": "2026-10-20T10:00:00Z"}, date(2026, 10, 20)),
        ({"deceasedDateTime": "2026"}, date(2026, 1, 1)),
        ({"deceasedBoolean": True}, date(2026, 10, 1)),
    ],
)
def test_nobody_who_has_died_is_left_alive_for_want_of_a_date(
    tmp_path: Path, change: dict[str, Any], died: date | None
) -> None:
    records = read_rows(tmp_path, patient(**change), request())
    expected = None if died is None else died.toordinal() - date(1970, 1, 1).toordinal()
    assert table(records, "SELECT died FROM people") == [(expected,)]


def test_a_person_has_their_current_nhs_number_sex_and_practice(tmp_path: Path) -> None:
    system, number = "https://fhir.nhs.uk/Id/nhs-number", nhs_number(1)
    ods = "https://fhir.nhs.uk/Id/ods-organization-code"
    who = patient(
        identifier=[
            {"system": system, "value": nhs_number(2), "use": "old"},
            {"system": system, "value": f"{number[:3]} {number[3:6]} {number[6:]}"},
        ],
        managingOrganization={"reference": "Organization/o1"},
    )
    practice = {
        "resourceType": "Organization", "id": "o1", "name": "Meadow Surgery",
        "identifier": [{"system": ods, "value": "Z99999"}],
    }  # fmt: skip
    other = patient("p2", generalPractitioner=[{"identifier": {"system": ods, "value": "Z88888"}}])
    records = read_rows(tmp_path, who, request(), practice, other)
    found = table(records, "SELECT nhs_number, sex, practice FROM people ORDER BY person_id")
    assert found == [(number, "female", "Z99999"), (None, "female", "Z88888")]
    named = table(records, "SELECT practice, name FROM practices ORDER BY practice")
    assert named == [("Z88888", None), ("Z99999", "Meadow Surgery")]
    assert records.accounting.rows_used == 4


@pytest.mark.parametrize(
    ("active", "periods", "registered"),
    [
        (None, [], (None, None)),
        (True, [("2020-01-02", None)], ("2020-01-02", None)),
        (True, [("2020-01-02", "2026-09-01")], ("2020-01-02", None)),
        (None, [("2020-01-02", "2026-09-01")], ("2020-01-02", "2026-09-01")),
        (None, [("2020-01-02", "2021-01-02"), ("2022-01-02", None)], ("2022-01-02", None)),
        (None, [("2020-01-02", "2030-01-02")], ("2020-01-02", None)),
        (None, [("2020-01-02", "2026-09")], ("2020-01-02", "2026-09-30")),
        (False, [("2020-01-02", "2026-09-01")], ("2020-01-02", "2026-09-01")),
        (False, [("2020-01-02", None)], ("2020-01-02", "2026-10-01")),
        (False, [], (None, "2026-10-01")),
    ],
)
def test_someone_has_left_only_when_the_record_says_so(
    tmp_path: Path,
    active: bool | None,
    periods: list[tuple[str, str | None]],
    registered: tuple[str | None, str | None],
) -> None:
    who = patient() if active is None else patient(active=active)
    episodes = [
        {
            "resourceType": "EpisodeOfCare",
            "id": f"e{number}",
            "status": "finished" if end else "active",
            "patient": {"reference": "Patient/p1"},
            "period": {"start": start, **({"end": end} if end else {})},
        }
        for number, (start, end) in enumerate(periods)
    ]
    records = read_rows(tmp_path, who, request(), *episodes)
    assert refused(records) == []
    days = tuple(
        each and date.fromisoformat(each).toordinal() - date(1970, 1, 1).toordinal()
        for each in registered
    )
    assert table(records, "SELECT registered_from, registered_to FROM people") == [days]


def test_an_episode_of_care_for_a_condition_is_no_registration(tmp_path: Path) -> None:
    base = {"resourceType": "EpisodeOfCare", "patient": {"reference": "Patient/p1"}}
    ended = {"status": "finished", "period": {"start": "2020-01-02", "end": "2021-01-02"}}
    records = read_rows(
        tmp_path, patient(), request(),
        {**base, **ended, "id": "e1", "diagnosis": [{"condition": {"reference": "Condition/1"}}]},
        {**base, **ended, "id": "e2", "type": [{"text": "Home care"}]},
        {**base, **ended, "id": "e3", "status": "cancelled"},
        {**base, "id": "e4", "status": "active", "period": {"start": "2021", "end": "2020"}},
    )  # fmt: skip
    assert table(records, "SELECT registered_to FROM people") == [(None,)]
    assert refused(records) == [(5, "registration"), (6, "registration")]
    assert records.accounting.rows_of_other_kinds == 2


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"birthDate": "2023-02-30"}, "birth_date"),
        ({"birthDate": "2030-01-01"}, "birth_date"),
        ({"birthDate": "2030"}, "birth_date"),
        ({"birthDate": "1820-01-01"}, "birth_date"),
        ({"deceasedDateTime": "2027-01-01"}, "death_date"),
        ({"deceasedDateTime": "soon"}, "death_date"),
        ({"gender": "lady"}, "sex"),
        (
            {
                "identifier": [
                    {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000001"}
                ]
            },
            "nhs_number",
        ),
    ],
)
def test_one_field_that_cannot_be_right_loses_neither_the_person_nor_their_issues(
    tmp_path: Path, change: dict[str, Any], code: str
) -> None:
    records = read_rows(tmp_path, patient(**change), request())
    assert refused(records) == [(1, code)]
    assert len(issues(records)) == 1
    born, number, sex, died = table(records, "SELECT born, nhs_number, sex, died FROM people")[0]
    assert (born is None) == (code == "birth_date")
    assert number is None
    assert (sex == "not known") == (code == "sex")
    assert (died == DAY) == (code == "death_date")


def test_a_slip_in_an_older_version_or_a_repeat_leaves_no_second_person(tmp_path: Path) -> None:
    older = patient(birthDate="2023-02-30", meta={"versionId": "1"})
    records = read_rows(tmp_path, older, older, patient(meta={"versionId": "2"}), request())
    assert [record for record, _ in refused(records)] == [1, 2]
    assert table(records, "SELECT COUNT(*), COUNT(born) FROM people") == [(1, 1)]
