"""Who is who: rows are joined only when it is certain, and repeats count once."""

from __future__ import annotations

import pytest
from tests.records.csv.conftest import HEADINGS, Extract, Reader, day

NHS = "9990000018"
OTHER = "9990000026"
PATIENTS = "Patient ID,NHS Number,Date of Birth"
BY_NHS = "NHS Number,Issue Date,Drug"
ISSUES = "Patient ID,Issue Date,Drug"


def owners(extract: Extract) -> list[object]:
    return [row[0] for row in extract.issues]


def test_people_may_be_known_by_nhs_number_alone(read: Reader) -> None:
    extract = read(f"{BY_NHS}\n999 000 0018,03/11/2026,A\n999-000-0018,04/11/2026,A\n")
    assert owners(extract) == [NHS, NHS]
    assert extract.person(NHS)["nhs_number"] == NHS


def test_an_nhs_number_finds_its_patient_id(read: Reader) -> None:
    extract = read(
        {
            "i.csv": f"{BY_NHS}\n{NHS},03/11/2026,A\n{OTHER},03/11/2026,A\n",
            "p.csv": f"{PATIENTS}\nP1,{NHS},01/02/1960\n",
        }
    )
    assert owners(extract) == ["P1", OTHER]
    assert extract.person("P1")["born"] == day("1960-02-01")


def test_an_nhs_number_with_another_birth_is_never_joined(read: Reader) -> None:
    extract = read(
        {
            "i.csv": f"NHS Number,DOB,Issue Date,Drug\n{NHS},01/02/1961,03/11/2026,A\n"
            f"{OTHER},,03/11/2026,A\n",
            "p.csv": f"{PATIENTS}\nP1,{NHS},01/02/1960\n",
        }
    )
    assert extract.rejects == [("i.csv", 2, "identity")]
    assert owners(extract) == [OTHER]


def test_two_people_sharing_an_nhs_number_are_refused_without_ids(read: Reader) -> None:
    extract = read(
        f"NHS Number,DOB,Issue Date,Drug\n{NHS},01/02/1960,03/11/2026,A\n"
        f"{NHS},01/02/1970,03/11/2026,A\n{OTHER},01/02/1980,03/11/2026,A\n"
    )
    assert extract.codes == ["identity", "identity"]
    assert owners(extract) == [OTHER]
    assert any("shared by two people" in note for note in extract.records.notes)


def test_two_ids_sharing_a_number_with_different_births_stay_apart(read: Reader) -> None:
    extract = read(
        {
            "i.csv": f"{ISSUES}\nP1,03/11/2026,A\nP2,03/11/2026,A\n",
            "p.csv": f"{PATIENTS}\nP1,{NHS},01/02/1960\nP2,{NHS},01/02/1970\n",
        }
    )
    assert owners(extract) == ["P1", "P2"]
    assert extract.rejects == []
    assert any("kept apart" in note for note in extract.records.notes)


def test_two_ids_with_the_same_number_and_birth_are_one_person(read: Reader) -> None:
    extract = read(
        {
            "i.csv": f"{ISSUES}\nP1,03/11/2026,A\nP2,04/11/2026,A\n",
            "p.csv": f"{PATIENTS},Deregistered Date\nP1,{NHS},01/02/1960,01/01/2026\n"
            f"P2,{NHS},01/02/1960,\n",
        }
    )
    assert owners(extract) == ["P1", "P1"]
    assert extract.person("P1")["registered_to"] is None
    assert any("read as one person" in note for note in extract.records.notes)


def test_one_id_with_two_births_is_refused_with_all_its_rows(read: Reader) -> None:
    extract = read(
        {
            "i.csv": f"{ISSUES}\nP1,03/11/2026,A\nP2,03/11/2026,A\n",
            "p.csv": f"{PATIENTS}\nP1,,01/02/1960\nP1,,01/02/1970\n",
        }
    )
    assert extract.rejects == [
        ("p.csv", 2, "identity"),
        ("p.csv", 3, "identity"),
        ("i.csv", 2, "identity"),
    ]
    assert owners(extract) == ["P2"]
    assert extract.rows("SELECT person, person_id FROM people") == [(0, "P2")]


@pytest.mark.parametrize("row", [f"P1,{OTHER},01/02/1960", f"P1,{NHS},01/02/1970"])
def test_an_issue_with_somebody_elses_number_or_birth_is_refused(read: Reader, row: str) -> None:
    extract = read(
        {
            "i.csv": f"{PATIENTS},Issue Date,Drug\n{row},03/11/2026,A\n"
            f"P1,{NHS},01/02/1960,03/11/2026,A\n",
            "p.csv": f"{PATIENTS}\nP1,{NHS},01/02/1960\n",
        }
    )
    assert extract.rejects == [("i.csv", 2, "identity")]
    assert owners(extract) == ["P1"]


ROWS = "P1,03/11/2026,A,One,56\nP2,03/11/2026,A,One,56\n"


def test_the_same_file_twice_changes_nothing(read: Reader) -> None:
    once = read({"a.csv": f"{HEADINGS}\n{ROWS}"})
    twice = read({"a.csv": f"{HEADINGS}\n{ROWS}", "b.csv": f"{HEADINGS}\n{ROWS}"})
    assert twice.issues == once.issues
    assert twice.rejects == [("b.csv", 2, "repeat"), ("b.csv", 3, "repeat")]
    assert twice.records.accounting.rows_repeated == 2


def test_the_same_rows_written_otherwise_are_still_repeats(read: Reader) -> None:
    other = "Quantity;Dosage;Drug;Issue Date;Patient ID\n56 tablet;One;A;2026-11-03;P1\n"
    extract = read({"a.csv": f"{HEADINGS}\n{ROWS}", "b.csv": other})
    assert extract.rejects == [("b.csv", 2, "repeat")]


def test_identical_rows_in_a_file_are_repeats(read: Reader) -> None:
    extract = read(f"{HEADINGS}\n{ROWS}{ROWS}")
    assert extract.codes == ["repeat", "repeat"]
    assert len(extract.issues) == 2


def test_two_issues_told_apart_by_id_or_time_are_two(read: Reader) -> None:
    by_id = read(f"{ISSUES},Issue ID\nP1,03/11/2026,A,1\nP1,03/11/2026,A,2\nP1,03/11/2026,A,2\n")
    assert (len(by_id.issues), by_id.codes) == (2, ["repeat"])
    by_time = read(f"{ISSUES}\nP1,03/11/2026 09:00,A\nP1,03/11/2026 16:30,A\n")
    assert (len(by_time.issues), by_time.codes) == (2, [])


def test_two_sexes_are_not_known(read: Reader) -> None:
    extract = read(
        {
            "i.csv": f"{ISSUES}\nP1,03/11/2026,A\n",
            "p.csv": "Patient ID,DOB,Sex\nP1,01/02/1960,F\nP1,01/02/1960,M\n",
        }
    )
    assert extract.person("P1")["sex"] == "not known"


def test_numbers_of_people_are_dense_and_in_order_of_id(read: Reader) -> None:
    extract = read(f"{ISSUES}\nP3,03/11/2026,A\nP1,03/11/2026,A\nP2,31/02/2026,A\n")
    assert extract.rows("SELECT person, person_id FROM people ORDER BY 1") == [(0, "P1"), (1, "P3")]


WHOLE = "Patient ID,Date of Birth,Sex,Practice,Registration Date,Deducted Date,Date of Death"


@pytest.mark.parametrize("row", ["P1,01/02/1960,M,B00001,03/11/2026,A", "P1,,,,03/11/2026,A"])
def test_an_issue_row_never_speaks_for_registration(read: Reader, row: str) -> None:
    extract = read(
        {
            "i.csv": f"Patient ID,DOB,Sex,Practice,Issue Date,Drug\n{row}\n",
            "p.csv": f"{WHOLE}\nP1,01/02/1960,F,A81001,01/01/2000,10/10/2026,\n",
        }
    )
    person = extract.person("P1")
    assert person["registered_from"] == day("2000-01-01")
    assert person["registered_to"] == day("2026-10-10")
    assert (person["practice"], person["sex"]) == ("A81001", "female")


def test_an_issue_row_fills_only_what_is_not_known(read: Reader) -> None:
    extract = read(
        {
            "i.csv": "Patient ID,DOB,Sex,Practice,Date of Death,Issue Date,Drug\n"
            "P1,01/02/1960,M,B00001,20/11/2026,03/11/2026,A\n",
            "p.csv": f"{WHOLE}\nP1,,,,,10/10/2026,\n",
        }
    )
    person = extract.person("P1")
    assert (person["born"], person["sex"]) == (day("1960-02-01"), "male")
    assert (person["practice"], person["died"]) == ("B00001", day("2026-11-20"))
    assert person["registered_to"] == day("2026-10-10")


def test_leaving_counts_even_on_a_refused_row_and_beside_issue_rows(read: Reader) -> None:
    extract = read(
        {
            "i.csv": "Patient ID,Sex,Issue Date,Drug\nP1,F,03/11/2026,A\n",
            "p.csv": f"{WHOLE}\nP1,31/02/1960,,,,10/10/2026,\n",
        }
    )
    assert extract.rejects == [("p.csv", 2, "date_of_birth")]
    assert extract.person("P1")["registered_to"] == day("2026-10-10")


def test_a_later_open_registration_on_a_patient_row_still_wins(read: Reader) -> None:
    extract = read(
        {
            "i.csv": "Patient ID,DOB,Issue Date,Drug\nP1,01/02/1960,03/11/2026,A\n",
            "p.csv": f"{WHOLE}\nP1,01/02/1960,,A81001,01/01/2000,10/10/2025,\n"
            "P1,01/02/1960,,B00001,11/10/2025,,\n",
        }
    )
    person = extract.person("P1")
    assert (person["practice"], person["registered_to"]) == ("B00001", None)


def test_a_patient_file_without_leaving_dates_never_says_still_here(read: Reader) -> None:
    extract = read(
        {
            "i.csv": f"{ISSUES}\nP1,03/11/2026,A\n",
            "p.csv": f"{WHOLE}\nP1,01/02/1960,F,A81001,01/01/2000,10/10/2026,\n",
            "q.csv": "Patient ID,Date of Birth,Practice\nP1,01/02/1960,B00001\n",
        }
    )
    person = extract.person("P1")
    assert (person["practice"], person["registered_to"]) == ("A81001", day("2026-10-10"))
