"""Which resources become issues, people and problems, and which are refused with which reason.

A read costs a tenth of a second whatever its size: cases that do not touch one another share one.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

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


NO_ISSUES: list[tuple[dict[str, Any], str]] = [
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
]


def test_what_does_not_count_is_refused_with_its_row(tmp_path: Path) -> None:
    rows = [
        {key: value for key, value in request(f"x{n}", **change).items() if value is not None}
        for n, (change, _) in enumerate(NO_ISSUES)
    ]
    records = read_rows(tmp_path, patient(), request(), *rows)
    assert refused(records) == [(n, code) for n, (_, code) in enumerate(NO_ISSUES, start=3)]
    assert len(issues(records)) == 1
    for (reason,) in table(records, "SELECT reason FROM rejects"):
        assert reason.endswith(".")
        assert len(reason.split()) > 3


def test_what_was_issued_counts_whatever_became_of_it(tmp_path: Path) -> None:
    statuses = ("active", "completed", "stopped", "on-hold", "unknown")
    records = read_rows(tmp_path, patient(), *(request(each, status=each) for each in statuses))
    assert len(issues(records)) == len(statuses)
    assert any("1 prescriptions are on hold" in note for note in records.notes)


QUANTITIES: list[tuple[dict[str, Any], int | None]] = [
    ({"value": 56}, 56_000),
    ({"value": 300, "unit": "mL"}, 300_000),
    ({"value": 2.5, "code": "{tablet}", "system": "http://unitsofmeasure.org"}, 2_500),
    ({"value": 56, "code": "428673006", "system": "http://snomed.info/sct"}, 56_000),
    ({"value": 2, "unit": "pack"}, None),
    ({"value": 1, "unit": "bottle"}, None),
    ({"value": 56, "comparator": "<"}, None),
    ({"value": 0}, None),
    ({"unit": "tablet"}, None),
]
DURATIONS: list[tuple[dict[str, Any], int | None]] = [
    ({"value": 28, "code": "d"}, 28),
    ({"value": 4, "code": "wk"}, 28),
    ({"value": 48, "unit": "h"}, 2),
    ({"value": 1, "code": "mo"}, None),
    ({"value": 28, "code": "d", "comparator": "<"}, None),
    ({"value": 2.5, "code": "d"}, None),
    ({"value": 0, "code": "d"}, None),
    ({"value": -28, "code": "d"}, None),
    ({"value": 28}, None),
]


def test_quantities_and_lengths_of_supply_are_read_only_when_they_are_plain(tmp_path: Path) -> None:
    supplies = [
        *({"quantity": each} for each, _ in QUANTITIES),
        *({"expectedSupplyDuration": each} for each, _ in DURATIONS),
    ]
    rows = [
        request(f"r{n}", dispenseRequest=each, dosageInstruction=[{"text": f"{n:03d}"}])
        for n, each in enumerate(supplies)
    ]
    found = sorted(issues(read_rows(tmp_path, patient(), *rows)), key=lambda row: row[4])
    expected = [*((each, None) for _, each in QUANTITIES), *((None, each) for _, each in DURATIONS)]
    assert [row[5:] for row in found] == expected


SNOMED, RXNORM = "http://snomed.info/sct", "http://www.nlm.nih.gov/research/umls/rxnorm"


MEDICINES: list[tuple[dict[str, Any], str, str]] = [
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
]  # fmt: skip


def test_a_medicine_is_named_as_written_and_coded_by_dmd_first(tmp_path: Path) -> None:
    rows = [
        request(f"r{n}", medicationCodeableConcept=concept, dosageInstruction=[{"text": str(n)}])
        for n, (concept, _, _) in enumerate(MEDICINES)
    ]
    found = sorted(issues(read_rows(tmp_path, patient(), *rows)), key=lambda row: int(row[4]))
    assert [row[2:4] for row in found] == [each[1:] for each in MEDICINES]


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


NOBODY: list[tuple[dict[str, Any], str]] = [
    ({"link": [{"type": "replaced-by", "other": {"reference": "Patient/p9"}}]}, "replaced"),
    ({"birthDate": 1970}, "wrong_type"),
    ({"modifierExtension": [{"url": "x:y"}]}, "modifier_extension"),
]


def test_a_patient_who_cannot_be_used_takes_their_rows_out_with_them(tmp_path: Path) -> None:
    people = [patient(f"x{n}", **change) for n, (change, _) in enumerate(NOBODY)]
    rows = [
        request(f"y{n}", subject={"reference": f"Patient/{who['id']}"})
        for n, who in enumerate(people)
    ]
    records = read_rows(tmp_path, patient(), request(), *people, *rows)
    assert [code for _, code in refused(records)] == [
        *(code for _, code in NOBODY), *["no_person"] * len(rows)
    ]  # fmt: skip
    assert table(records, "SELECT person_id FROM people") == [("p1",)]


def each_their_own(people: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The people, and an issue for each."""
    return people + [
        request(f"r-{who['id']}", subject={"reference": f"Patient/{who['id']}"}) for who in people
    ]


def days(text: str | date | None) -> int | None:
    """Epoch day of a date."""
    given = date.fromisoformat(text) if isinstance(text, str) else text
    return None if given is None else given.toordinal() - date(1970, 1, 1).toordinal()


BIRTHS: list[tuple[str | None, date | None]] = [
    ("1970-02-03", date(1970, 2, 3)),
    ("1970-02", date(1970, 2, 28)),
    ("1970", date(1970, 12, 31)),
    ("2008", None),
    ("2008-10", date(2008, 10, 31)),
    ("2008-11", None),
    ("2009", date(2009, 12, 31)),
    ("1900-01-01", None),
    (None, None),
]


def test_a_partial_date_of_birth_never_makes_an_adult_of_anyone(tmp_path: Path) -> None:
    people = [patient(f"p{n}", birthDate=written) for n, (written, _) in enumerate(BIRTHS)]
    records = read_rows(tmp_path, *each_their_own(people))
    found = table(records, "SELECT born FROM people ORDER BY person_id")
    assert found == [(days(born),) for _, born in BIRTHS]


DEATHS: list[tuple[dict[str, Any], date | None]] = [
    ({"deceasedBoolean": False}, None),
    ({"deceasedDateTime": "2026-10-20T10:00:00Z"}, date(2026, 10, 20)),
    ({"deceasedDateTime": "2026"}, date(2026, 1, 1)),
    ({"deceasedBoolean": True}, date(2026, 10, 1)),
]


def test_nobody_who_has_died_is_left_alive_for_want_of_a_date(tmp_path: Path) -> None:
    people = [patient(f"p{n}", **change) for n, (change, _) in enumerate(DEATHS)]
    records = read_rows(tmp_path, *each_their_own(people))
    found = table(records, "SELECT died FROM people ORDER BY person_id")
    assert found == [(days(died),) for _, died in DEATHS]


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


Stay = tuple[str | None, str | None]
REGISTERED: list[tuple[bool | None, list[Stay], Stay]] = [
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
]


def test_someone_has_left_only_when_the_record_says_so(tmp_path: Path) -> None:
    people = [
        patient(f"p{n}") if active is None else patient(f"p{n}", active=active)
        for n, (active, _, _) in enumerate(REGISTERED)
    ]
    episodes = [
        {
            "resourceType": "EpisodeOfCare",
            "id": f"e{who}-{number}",
            "status": "finished" if end else "active",
            "patient": {"reference": f"Patient/p{who}"},
            "period": {"start": start, **({"end": end} if end else {})},
        }
        for who, (_, periods, _) in enumerate(REGISTERED)
        for number, (start, end) in enumerate(periods)
    ]
    records = read_rows(tmp_path, *each_their_own(people), *episodes)
    assert refused(records) == []
    found = table(records, "SELECT registered_from, registered_to FROM people ORDER BY person_id")
    assert found == [(days(start), days(end)) for _, _, (start, end) in REGISTERED]


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


SLIPS: list[tuple[dict[str, Any], str]] = [
    ({"birthDate": "2023-02-30"}, "birth_date"),
    ({"birthDate": "2030-01-01"}, "birth_date"),
    ({"birthDate": "2030"}, "birth_date"),
    ({"birthDate": "1820-01-01"}, "birth_date"),
    ({"deceasedDateTime": "2027-01-01"}, "death_date"),
    ({"deceasedDateTime": "soon"}, "death_date"),
    ({"gender": "lady"}, "sex"),
    (
        {"identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000001"}]},
        "nhs_number",
    ),
]


def test_one_field_that_cannot_be_right_loses_neither_the_person_nor_their_issues(
    tmp_path: Path,
) -> None:
    people = [patient(f"p{n}", **change) for n, (change, _) in enumerate(SLIPS)]
    records = read_rows(tmp_path, *each_their_own(people))
    assert refused(records) == [(n, code) for n, (_, code) in enumerate(SLIPS, start=1)]
    assert len(issues(records)) == len(SLIPS)
    found = table(records, "SELECT born, nhs_number, sex, died FROM people ORDER BY person_id")
    for (born, number, sex, died), (_, code) in zip(found, SLIPS, strict=True):
        assert (born is None) == (code == "birth_date")
        assert number is None
        assert (sex == "not known") == (code == "sex")
        assert (died == DAY) == (code == "death_date")


def test_a_slip_in_an_older_version_or_a_repeat_leaves_no_second_person(tmp_path: Path) -> None:
    older = patient(birthDate="2023-02-30", meta={"versionId": "1"})
    records = read_rows(tmp_path, older, older, patient(meta={"versionId": "2"}), request())
    assert [record for record, _ in refused(records)] == [1, 2]
    assert table(records, "SELECT COUNT(*), COUNT(born) FROM people") == [(1, 1)]
