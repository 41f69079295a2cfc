"""Damaged rows: each is refused with its row number and reason, and takes no other row with it."""

from __future__ import annotations

import pytest
from tests.records.csv.conftest import HEADINGS, Reader

from unhurried.records.canonical import RAW_CHARACTERS

GOOD = "P{n},03/11/2026,Morphine 10mg tablets,One twice a day,56"


def good(count: int, start: int = 1) -> list[str]:
    return [GOOD.format(n=n) for n in range(start, start + count)]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (",03/11/2026,Morphine,One,56", "person"),
        ("  ,03/11/2026,Morphine,One,56", "person"),
        ("P9,,Morphine,One,56", "issue_date"),
        ("P9,N/A,Morphine,One,56", "issue_date"),
        ("P9,31/02/2026,Morphine,One,56", "issue_date"),
        ("P9,23/11/2026,Morphine,One,56", "issue_date"),
        ("P9,45123,Morphine,One,56", "issue_date"),
        ("P9,03/11/2026,,One,56", "medicine"),
        ("P9,03/11/2026,Morphine,One,-56", "quantity"),
        ("P9,03/11/2026,Morphine,One", "too_few_columns"),
        ("P9", "too_few_columns"),
        ("P9,03/11/2026,Morphine,One,56,extra", "too_many_columns"),
        ("P9,03/11/2026,Morphine,One,56,,,,,,,,,more", "too_many_columns"),
        (",,,,", "blank_row"),
        (HEADINGS, "repeated_heading"),
        ('P9,03/11/2026,"Morphine,One,56', "quotation"),
        ('P9,03/11/2026,"Mor"phine,One,56', "quotation"),
        ("P9,03/11/2026,Mor\0phine,One,56", "control_character"),
    ],
)
def test_one_bad_row_is_refused_alone(read: Reader, row: str, code: str) -> None:
    extract = read("\n".join([HEADINGS, *good(2), row, *good(2, start=3)]) + "\n")
    assert extract.rejects == [("issues.csv", 4, code)]
    assert [issue[0] for issue in extract.issues] == ["P1", "P2", "P3", "P4"]
    assert extract.rows("SELECT raw FROM rejects") == [(row,)]
    reason = str(extract.rows("SELECT reason FROM rejects")[0][0])
    assert reason.endswith(".")


def test_bytes_of_no_encoding_are_refused_alone(read: Reader) -> None:
    lines = [HEADINGS.encode(), good(1)[0].encode(), b"P9,03/11/2026,\x81\x8d,One,56"]
    assert read(b"\n".join(lines)).rejects == [("issues.csv", 3, "encoding")]


def test_an_unclosed_quotation_mark_swallows_no_rows(read: Reader) -> None:
    rows = good(3)
    rows.insert(1, 'P8,03/11/2026,"Morphine,One,56')
    rows.insert(3, 'P9,03/11/2026,"Morphine, oral","One, daily",56')
    extract = read("\n".join([HEADINGS, *rows]))
    assert extract.rejects == [("issues.csv", 3, "quotation")]
    assert [issue[0] for issue in extract.issues] == ["P1", "P2", "P9", "P3"]


def test_a_quotation_mark_inside_plain_text_is_only_a_mark(read: Reader) -> None:
    extract = read(f'{HEADINGS}\nP1,03/11/2026,Morphine,apply 5" strip,56\n{good(1, 2)[0]}\n')
    assert extract.issues[0][3] == 'apply 5" strip'
    assert extract.rejects == []


def test_row_numbers_are_those_of_a_spreadsheet(read: Reader) -> None:
    quoted = 'P5,03/11/2026,Morphine,"One\ntwo\nthree",56'
    bad = "P9,31/02/2026,Morphine,One,56"
    text = "\n".join(["Report", "", HEADINGS, quoted, bad, "", bad.replace("P9", "P8")])
    assert [record for _, record, _ in read(text).rejects] == [5, 7]


def test_trailing_empty_fields_are_not_too_many(read: Reader) -> None:
    assert read(f"{HEADINGS}\n{good(1)[0]},,\n").rejects == []


def test_a_140_kb_field_is_kept_whole(read: Reader) -> None:
    long = "One " * 35_000
    extract = read(f'{HEADINGS}\nP1,03/11/2026,Morphine,"{long}",56\nP2,bad,{long},One,5\n')
    assert len(str(extract.issues[0][3])) >= 139_999
    assert extract.rows("SELECT length(raw) FROM rejects") == [(RAW_CHARACTERS,)]


def test_zero_and_unreadable_quantities_are_not_known_and_said(read: Reader) -> None:
    extract = read(f"{HEADINGS}\nP1,03/11/2026,M,One,0\nP2,03/11/2026,M,One,lots\n")
    assert [issue[4] for issue in extract.issues] == [None, None]
    assert any("2 rows have a quantity" in note for note in extract.records.notes)


@pytest.mark.parametrize("column", ["Status", "Deleted"])
def test_rows_entered_in_error_do_not_count(read: Reader, column: str) -> None:
    value = "Entered in error" if column == "Status" else "true"
    text = f"{HEADINGS},{column}\n{good(1)[0]},{value}\n{good(1, 2)[0]},\n"
    extract = read(text)
    assert extract.codes == ["entered_in_error"]
    assert [issue[0] for issue in extract.issues] == ["P2"]


def test_a_damaged_diagnosis_code_is_refused_and_an_undated_problem_kept(read: Reader) -> None:
    extract = read(
        {
            "i.csv": f"{HEADINGS}\n{good(1)[0]}\n",
            "p.csv": "Patient ID,SNOMED Code,Term,Date\nP1,1.2E+15,Low back pain,01/02/2020\n"
            "P1,363406005,,\nP1,,,01/02/2020\nP1,363406005,,31/02/2020\n",
        }
    )
    assert extract.rejects == [
        ("p.csv", 2, "code"),
        ("p.csv", 4, "code"),
        ("p.csv", 5, "problem_date"),
    ]
    assert extract.rows("FROM diagnoses") == [(0, "363406005", "", None)]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("P1,9990000019,01/02/1960,", "nhs_number"),
        (",9.99E+09,01/02/1960,", "nhs_number"),
        ("P1,99900001,01/02/1960,", "nhs_number"),
        ("P1,,31/02/1960,", "date_of_birth"),
        ("P1,,01/02/2027,", "date_of_birth"),
        ("P1,,01/02/1960,2027", "date_of_death"),
        ("P1,,01/02/1960,2024", "date_of_death"),
        (",,01/02/1960,", "person"),
    ],
)
def test_patient_rows_are_refused_with_their_reason(read: Reader, row: str, code: str) -> None:
    extract = read(
        {
            "i.csv": f"{HEADINGS}\n{good(1)[0]}\n",
            "p.csv": f"Patient ID,NHS Number,Date of Birth,Date of Death\n{row}\n",
        }
    )
    assert extract.rejects == [("p.csv", 2, code)]
    assert extract.issues[0][0] == "P1"


@pytest.mark.parametrize("number", ["9.99E+09", "9.99000002E+09", "9990000018.0"])
def test_a_spreadsheet_damaged_nhs_number_is_not_known_where_a_patient_id_is_given(
    read: Reader, number: str
) -> None:
    extract = read(
        {
            "i.csv": "Patient ID,NHS Number,Issue Date,Drug\n"
            + "".join(f"P{n},{number},03/11/2026,Morphine\n" for n in (1, 2))
            + f",{number},03/11/2026,Morphine\nP3,9990000019,03/11/2026,Morphine\n",
            "p.csv": f"Patient ID,NHS Number,Date of Birth\nP1,{number},01/02/1960\n",
        }
    )
    assert [issue[0] for issue in extract.issues] == ["P1", "P2"]
    assert extract.rejects == [("i.csv", 4, "nhs_number"), ("i.csv", 5, "nhs_number")]
    assert extract.person("P1")["nhs_number"] is None
    words = "an NHS number turned into a spreadsheet number (not known; patient ID used)"
    assert extract.records.notes == (
        f"p.csv: 1 row has {words}, for example “{number}”.",
        f"i.csv: 2 rows have {words}, for example “{number}”.",
    )


def test_a_death_counts_even_on_a_refused_row(read: Reader) -> None:
    extract = read(
        {
            "i.csv": f"{HEADINGS}\n{good(1)[0]}\n",
            "p.csv": "Patient ID,Date of Birth,Date of Death\nP1,31/02/1960,01/02/2026\n",
        }
    )
    assert extract.codes == ["date_of_birth"]
    assert extract.person("P1")["died"] is not None


@pytest.mark.parametrize(
    "written", ["2026", "Mar-2026", "March 2026", "01/2026", "2026-01", "11-2026", " Sept 2025 "]
)
def test_a_problem_dated_by_month_or_year_is_kept_with_its_day_not_known(
    read: Reader, written: str
) -> None:
    extract = read(
        {
            "i.csv": f"{HEADINGS}\n{good(1)[0]}\n",
            "p.csv": f"Patient ID,SNOMED Code,Date\nP1,103735009,{written}\n",
        }
    )
    assert extract.rejects == []
    assert extract.rows("FROM diagnoses") == [(0, "103735009", "", None)]
    assert extract.records.notes == (
        (
            "p.csv: 1 row has a date without a day (the problem is kept, its date not known),"
            f" for example “{written}”."
        ),
    )


@pytest.mark.parametrize("written", ["2027", "12/2026", "13/2026", "Foo 2026", "1066", "26", "0"])
def test_a_problem_with_a_month_or_year_that_cannot_be_is_refused(
    read: Reader, written: str
) -> None:
    extract = read(
        {
            "i.csv": f"{HEADINGS}\n{good(1)[0]}\n",
            "p.csv": f"Patient ID,SNOMED Code,Date\nP1,363406005,{written}\n",
        }
    )
    assert extract.codes == ["problem_date"]


def test_a_month_or_year_is_no_date_of_an_issue(read: Reader) -> None:
    extract = read(f"{HEADINGS}\n{good(1)[0]}\n{good(1)[0].replace('03/11/2026', '11/2026')}\n")
    assert extract.codes == ["issue_date"]


def test_a_repeated_heading_is_not_counted_among_quantities_not_read(read: Reader) -> None:
    extract = read(f"{HEADINGS}\n{good(1)[0]}\n{HEADINGS}\n")
    assert extract.codes == ["repeated_heading"]
    assert extract.records.notes == ()


@pytest.mark.slow
def test_a_million_rows_with_one_bad_one(read: Reader) -> None:
    rows = good(1_000_000)
    rows[654_321] = 'P9,03/11/2026,"Morphine,One,56'
    extract = read("\n".join([HEADINGS, *rows]))
    assert extract.rejects == [("issues.csv", 654_323, "quotation")]
    assert extract.rows("SELECT COUNT(*) FROM issues") == [(999_999,)]
