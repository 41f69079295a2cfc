"""Sources that are refused as a whole, with a sentence that is enough to put them right."""

from __future__ import annotations

import pytest
from tests.records.csv.conftest import HEADINGS, Reader

from unhurried.records.canonical import UnusableInput
from unhurried.records.column_map import ColumnMap, KindMap


def refusal(read: Reader, files: dict[str, str | bytes] | str) -> str:
    with pytest.raises(UnusableInput) as caught:
        read(files)
    return str(caught.value)


def test_when_no_issue_can_be_used_the_commonest_reason_is_given(read: Reader) -> None:
    rows = ["P1,46345,Morphine,One,56", "P2,46346,Morphine,One,56", "P3,03/11/2026,,One,56", ",,,,"]
    assert refusal(read, "\n".join([HEADINGS, *rows])) == (
        "None of the 4 rows of issues.csv could be used: 2 for this reason (first on row 2):"
        " “46345” looks like a spreadsheet's own number for a date: show the column as dd/mm/yyyy"
        " and export it again."
    )


def test_rows_of_patients_do_not_make_up_for_issues(read: Reader) -> None:
    words = refusal(
        read,
        {
            "a.csv": f"{HEADINGS}\nP1,03/11/2026,,One,56\n",
            "b.csv": f"{HEADINGS}\nP1,03/11/2026,,One,56\n,,,,\n",
            "p.csv": "Patient ID,Date of Birth\nP1,01/02/1960\n",
        },
    )
    assert words.startswith("None of the 3 rows of 2 files (a.csv, b.csv) could be used: 2 for")
    assert "(first on row 2 of a.csv): The row names no medicine; put that right" in words


def test_a_patient_file_of_which_no_row_can_be_used_is_told(read: Reader) -> None:
    extract = read(
        {
            "i.csv": f"{HEADINGS}\nP1,03/11/2026,M,One,56\n",
            "p.csv": "Patient ID,Date of Death\nP1,46345\nP2,46346\n",
        }
    )
    assert extract.codes == ["date_of_death", "date_of_death"]
    assert len(extract.records.notes) == 1
    assert extract.records.notes[0].startswith("None of the 2 rows of p.csv could be used: 2 for")


def test_one_usable_issue_is_enough(read: Reader) -> None:
    extract = read(f"{HEADINGS}\nP1,46345,M,One,56\nP2,03/11/2026,M,One,56\n")
    assert extract.codes == ["issue_date"]


TWO = "Patient ID,Issue Date,Date Issued,Drug,Dosage,Directions"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("P2,03/11/2026,04/11/2026,M,One,One", "the date of issue, “Issue Date” and “Date Issued”"),
        ("P2,03/11/2026,,M,One,One", "the date of issue"),
        ("P2,03/11/2026,03/11/2026,M,One,Two", "directions, “Dosage” and “Directions”"),
    ],
)
def test_two_columns_for_one_thing_that_differ_ask_for_a_map(
    read: Reader, row: str, words: str
) -> None:
    same = "P1,03/11/2026,03/11/2026,M,One,One\n"
    said = refusal(read, f"{TWO}\n{same * 500}{row}\n")
    assert words in said
    assert said.endswith("they do not say the same: save a column map that names the right one.")


def test_two_columns_for_one_thing_that_agree_are_one(read: Reader) -> None:
    extract = read(f"{TWO}\nP1,03/11/2026, 03/11/2026,M,One,One\n{TWO}\nP2\n")
    assert [issue[:4] for issue in extract.issues] == [("P1", "2026-11-03", "M", "One")]


def test_a_map_settles_which_of_two_columns_is_meant(read: Reader) -> None:
    columns = {"patient_id": "Patient ID", "issue_date": "Date Issued", "product": "Drug"}
    extract = read(
        {"i.csv": f"{TWO}\nP1,03/11/2026,04/11/2026,M,One,Two\n"},
        column_map=ColumnMap({"issues": KindMap(columns)}),
    )
    assert extract.issues[0][1] == "2026-11-04"


def test_a_column_that_serves_another_purpose_is_no_double(read: Reader) -> None:
    extract = read(
        "Patient ID,Practice Code,Practice Name,Issue Date,Drug\nP1,A81001,High St,03/11/2026,M\n"
    )
    assert extract.person("P1")["practice"] == "A81001"


def test_a_report_grouped_by_patient_is_refused(read: Reader) -> None:
    row = "03/11/2026,Morphine,One,56"
    rows = [f"P1,{row}", *[f",{row}"] * 3, f"P2,{row}", f",{row}", ",,,,", HEADINGS]
    assert refusal(read, "\n".join([HEADINGS, *rows])) == (
        "issues.csv names the patient only on the first row of each group (4 of 6 rows have neither"
        " a patient ID nor an NHS number): set the report to repeat the patient's number on every"
        " row and export it again."
    )


def test_a_few_rows_without_a_patient_are_refused_one_by_one(read: Reader) -> None:
    row = "03/11/2026,Morphine,One,56"
    extract = read("\n".join([HEADINGS, f"P1,{row}", f",{row}", f"P2,{row}", f",{row}"]))
    assert extract.codes == ["person", "person"]


def test_rows_without_any_patient_are_refused_for_that_reason(read: Reader) -> None:
    said = refusal(read, f"{HEADINGS}\n,03/11/2026,Morphine,One,56\n")
    assert "The row has neither a patient ID nor an NHS number" in said
