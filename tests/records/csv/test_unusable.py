"""Sources that are refused as a whole, with a sentence that is enough to put them right."""

from __future__ import annotations

import pytest
from tests.records.csv.conftest import HEADINGS, Reader

from unhurried.records.canonical import UnusableInput


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


def test_one_usable_issue_is_enough(read: Reader) -> None:
    extract = read(f"{HEADINGS}\nP1,46345,M,One,56\nP2,03/11/2026,M,One,56\n")
    assert extract.codes == ["issue_date"]
