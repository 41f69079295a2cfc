"""Extracts as practices really export them need no map."""

from __future__ import annotations

import gzip

import pytest
from tests.records.csv.conftest import HEADINGS, Extract, Reader, day

from unhurried.records.canonical import UnusableInput
from unhurried.records.column_map import ColumnMap, KindMap

ROW = "P1,03/11/2026,Morphine 10mg tablets,One twice a day,56 tablet"
ISSUE = ("P1", "2026-11-03", "Morphine 10mg tablets", "One twice a day", 56.0)


def test_a_plain_file_is_read(read: Reader) -> None:
    assert read(f"{HEADINGS}\n{ROW}\n").issues == [ISSUE]


@pytest.mark.parametrize(
    "headings",
    [
        "EMIS Number,Date Issued,Drug Name,Dosage Text,Qty",
        "patient_id,issue_date,drug,dosage,quantity",
        " PATIENT  ID ,Prescription Date,MEDICATION,Sig,Quantity",
        "Patient Identifier,Event Date,Product Name,Directions,Quantity Issued",
        '"Patient ID","Issue Date","Medication","Dose","Quantity"',
    ],
)
def test_usual_headings_need_no_map(read: Reader, headings: str) -> None:
    assert read(f"{headings}\n{ROW}\n").issues == [ISSUE]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_ends_of_line(read: Reader, separator: str, end: str) -> None:
    text = f"{HEADINGS}\n{ROW}\n{ROW.replace('P1', 'P2')}\n"
    extract = read(text.replace(",", separator).replace("\n", end))
    assert [row[0] for row in extract.issues] == ["P1", "P2"]
    assert extract.issues[0] == ISSUE


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_encodings(read: Reader, encoding: str) -> None:
    row = "P1,03/11/2026,O’Brien’s linctus – Siân,One twice a day,56\n"
    extract = read(f"{HEADINGS}\n{row}".encode(encoding))
    assert extract.issues[0][2] == "O’Brien’s linctus – Siân"


def test_mixed_encodings_are_told_apart_line_by_line(read: Reader) -> None:
    lines = [
        HEADINGS.encode(),
        "P1,03/11/2026,Zoë ŵ ŷ,One,56".encode(),
        "P2,03/11/2026,Zoë ’,One,56".encode("cp1252"),
    ]
    assert [row[2] for row in read(b"\n".join(lines)).issues] == ["Zoë ŵ ŷ", "Zoë ’"]


def test_gzip_is_unpacked(read: Reader) -> None:
    packed = gzip.compress(f"{HEADINGS}\n{ROW}\n".encode())
    assert read({"issues.csv.gz": packed}).issues == [ISSUE]


def test_lines_above_the_headings_repeated_headings_and_totals(read: Reader) -> None:
    text = (
        "Long-term opioids search\nRun on,22 Nov 2026\n\nPopulation: Currently registered\n"
        f"{HEADINGS}\n{ROW}\n{HEADINGS}\n{ROW.replace('P1', 'P2')}\nTotal issues: 2\n"
    )
    extract = read(text)
    assert [row[0] for row in extract.issues] == ["P1", "P2"]
    assert extract.rejects == [
        ("issues.csv", 7, "repeated_heading"),
        ("issues.csv", 9, "too_few_columns"),
    ]


def test_quoted_newlines_and_separators_stay_inside_their_field(read: Reader) -> None:
    text = f'{HEADINGS}\nP1,03/11/2026,Morphine,"One, twice\na day ""or so""",56\n{ROW}\n'
    extract = read(text)
    assert extract.issues[0][3] == 'One, twice\na day "or so"'
    assert len(extract.issues) == 2


def test_a_missing_dosage_is_not_an_error(read: Reader) -> None:
    assert read(f"{HEADINGS}\nP1,03/11/2026,Morphine,,56\n").issues[0][3] == ""
    assert read("Patient ID,Issue Date,Drug\nP1,03/11/2026,Morphine\n").issues[0][3:] == ("", None)


def test_three_files_are_recognised_by_their_columns(read: Reader) -> None:
    extract = read(
        {
            "a.csv": f"{HEADINGS}\n{ROW}\n",
            "b.csv": "Patient ID,NHS Number,Date of Birth,Gender,Practice Code,Date of Death,"
            "Registration Date,Deregistered Date,Full Name\n"
            "P1,999 000 0018,29/02/1960,Female,A81001,,01/04/2010,,Siân O’Brien\n"
            "P2,,03/05/1950,M,A81001,01/02/2026,,,X\n",
            "c.csv": "Patient ID,SNOMED Code,Term,Date\nP1,363406005,Cancer,01/02/2020\n",
        }
    )
    assert extract.person("P1") == {
        "person": 0,
        "person_id": "P1",
        "nhs_number": "9990000018",
        "born": day("1960-02-29"),
        "sex": "female",
        "practice": "A81001",
        "died": None,
        "registered_from": day("2010-04-01"),
        "registered_to": None,
        "stated_age": None,
    }
    assert extract.person("P2")["died"] == day("2026-02-01")
    assert extract.rows("FROM diagnoses") == [(0, "363406005", "Cancer", day("2020-02-01"))]


def test_demographics_may_stand_on_the_issue_rows(read: Reader) -> None:
    extract = read(
        "Patient ID,DOB,Sex,Practice,Issue Date,Drug\n"
        "P1,01/02/1960,F,A81001,03/11/2026,Morphine\nP1,01/02/1960,F,A81001,04/11/2026,Morphine\n"
    )
    person = extract.person("P1")
    assert (person["born"], person["sex"], person["practice"]) == (
        day("1960-02-01"),
        "female",
        "A81001",
    )
    assert extract.records.accounting.rows_in == 2


def test_age_alone_is_allowed(read: Reader) -> None:
    extract = read("Patient ID,Age,Issue Date,Drug\nP1,45,03/11/2026,Morphine\n")
    assert (extract.person("P1")["born"], extract.person("P1")["stated_age"]) == (None, 45)


def test_issues_without_a_patient_row_are_kept(read: Reader) -> None:
    extract = read(
        {
            "issues.csv": f"{HEADINGS}\n{ROW}\n",
            "patients.csv": "Patient ID,Date of Birth\nP2,01/02/1960\n",
        }
    )
    assert extract.issues == [ISSUE]
    assert extract.person("P1")["born"] is None
    assert extract.person("P1")["sex"] == "not known"


def test_names_are_never_carried_on(read: Reader) -> None:
    extract = read(f"Forename,Surname,{HEADINGS}\nSiân,O’Brien,{ROW}\n")
    for table in ("people", "issues", "medicines", "diagnoses", "practices"):
        assert "Brien" not in str(extract.rows(f"FROM {table}"))


def test_formula_cells_keep_their_true_value(read: Reader) -> None:
    extract = read(f"{HEADINGS}\nP1,03/11/2026,Morphine,\"=HYPERLINK(\"\"x\"\")\",56\n'P2,"
                   "03/11/2026,+Morphine,@once -1,56\n")  # fmt: skip
    assert extract.issues[0][3] == '=HYPERLINK("x")'
    assert extract.issues[1][0::2] == ("'P2", "+Morphine", 56.0)


def test_medicine_codes_are_told_apart(read: Reader) -> None:
    extract = read(
        "Patient ID,Issue Date,Drug,dm+d Code,BNF Code\n"
        "P1,03/11/2026,A,39112711000001103,0407020Q0AAAAAA\nP1,03/11/2026,B,,0407020Q0AAAAAA\n"
        "P1,03/11/2026,C,3.91E+16,\nP1,03/11/2026,D,39112711000001100,\n"
    )
    assert extract.rows("SELECT product, code FROM medicines ORDER BY product") == [
        ("A", "dmd:39112711000001103"),
        ("B", "bnf:0407020Q0AAAAAA"),
        ("C", ""),
        ("D", ""),
    ]
    assert any("2 rows have a medicine code" in note for note in extract.records.notes)


def test_emis_name_dosage_and_quantity_is_taken_apart(read: Reader) -> None:
    extract = read(
        'Patient ID,Issue Date,"Name, Dosage and Quantity"\n'
        'P1,03/11/2026,"Morphine 10mg tablets, One Twice A Day, With Food, 56 tablet"\n'
        'P2,03/11/2026,"Morphine 10mg tablets, As Directed"\nP3,03/11/2026,Morphine\n'
    )
    assert extract.issues == [
        ("P1", "2026-11-03", "Morphine 10mg tablets", "One Twice A Day, With Food", 56.0),
        ("P2", "2026-11-03", "Morphine 10mg tablets", "As Directed", None),
        ("P3", "2026-11-03", "Morphine", "", None),
    ]


def test_practice_names_are_kept(read: Reader) -> None:
    extract = read(
        {
            "i.csv": f"{HEADINGS}\n{ROW}\n",
            "p.csv": "Patient ID,DOB,Practice Code,Practice Name\nP1,01/02/1960,A81001,High St\n",
        }
    )
    assert extract.rows("FROM practices") == [("A81001", "High St")]


def test_a_map_names_the_columns_and_the_order_of_dates(read: Reader) -> None:
    columns = {"patient_id": "Nr", "issue_date": "When", "product": "What"}
    column_map = ColumnMap({"issues": KindMap(columns, "month-first")})
    extract = read("Nr,When,What\n7,05/13/2026,Morphine\n", column_map=column_map)
    assert extract.issues == [("7", "2026-05-13", "Morphine", "", None)]


def test_unrecognised_files_are_said_to_be_unread(read: Reader) -> None:
    extract = read({"i.csv": f"{HEADINGS}\n{ROW}\n", "staff.csv": "Colour,Shape\nred,round\n"})
    assert any("staff.csv" in note and "not read" in note for note in extract.records.notes)


def test_the_order_of_rows_and_files_changes_nobody(read: Reader) -> None:
    rows = [f"P{n},03/11/2026,Morphine {n},One,56" for n in (3, 1, 2)]

    def people(extract: Extract) -> list[tuple[object, ...]]:
        return extract.rows("FROM people ORDER BY person")

    first = read("\n".join([HEADINGS, *rows]))
    second = read("\n".join([HEADINGS, *reversed(rows)]))
    assert people(first) == people(second)
    assert sorted(map(str, first.issues)) == sorted(map(str, second.issues))


def test_one_plainly_day_first_date_decides_for_the_column(read: Reader) -> None:
    dates = ("13/05/2026", "05/13/2026", "03/04/2026")
    extract = read("\n".join([HEADINGS, *(f"P1,{day},Morphine,One,56" for day in dates)]))
    assert extract.rejects == [("issues.csv", 3, "issue_date")]
    assert [issue[1] for issue in extract.issues] == ["2026-05-13", "2026-04-03"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        (f"{HEADINGS}\n", "no rows"),
        (HEADINGS, "no rows"),
        ("Colour,Shape\nred,round\n", "“Colour”"),
        ("Patient ID,Drug\nP1,Morphine\n", "date of issue"),
        ("Issue Date,Drug\n03/11/2026,Morphine\n", "a patient ID or NHS number"),
        ("Patient ID,Date,Date,Drug\nP1,03/11/2026,03/11/2026,M\n", "more than one column"),
        (f"{HEADINGS}\nP1,11/13/2026,Morphine,One,56\n", "month first"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 20, "not a text file"),
        (b"PK\x03\x04" + bytes(100), "Excel workbook or zip"),
        (gzip.compress(f"{HEADINGS}\n{ROW}\n".encode() * 50)[:-12], "cut short"),
        (b"\x1f\x8b\x08\x00garbage", "cut short or damaged"),
    ],
)
def test_unusable_sources_get_one_sentence(read: Reader, text: str | bytes, words: str) -> None:
    with pytest.raises(UnusableInput, match=words) as caught:
        read(text)
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)
