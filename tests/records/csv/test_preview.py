"""The preview says what would go wrong, and the saved map what is still to be filled in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from unhurried.records.canonical import UnusableInput
from unhurried.records.column_map import ColumnMap, KindMap
from unhurried.records.csv.columns import read_map
from unhurried.records.preview import Preview, preview
from unhurried.records.read import read_records

TODAY = date(2026, 11, 22)
HEADINGS = "Patient ID,NHS Number,Issue Date,Drug,dm+d Code"
DAMAGED = f"{HEADINGS}\nP1,9990000018,03/11/2026,M,\nP2,9.99E+09,46345,M,3.2E+16\n"
MONTH_FIRST = "Patient ID,Issue Date,Drug\nP1,06/05/2026,M\nP1,06/15/2026,M\n"


def seen(folder: Path, text: str, column_map: ColumnMap | None = None) -> Preview:
    path = folder / "i.csv"
    path.write_text(text, encoding="utf-8")
    return preview(path, column_map)


def test_damage_by_a_spreadsheet_is_told_before_reading(tmp_path: Path) -> None:
    (said,) = seen(tmp_path, DAMAGED).problems
    assert said == (
        "i.csv went through a spreadsheet, which left rounded numbers in “NHS Number”"
        " (“9.99E+09”) and “dm+d Code” (“3.2E+16”) and dates turned into numbers in “Issue Date”"
        " (“46345”): export it again without opening it, or make those columns text (dates"
        " dd/mm/yyyy) first."
    )


def test_a_sound_file_has_no_problem(tmp_path: Path) -> None:
    shown = seen(tmp_path, f"{HEADINGS}\nP1,999 000 0018,03/11/2026,M,39112711000001103\n")
    assert shown.problems == ()
    assert "#" not in shown.column_map.to_toml().split("\n", 1)[1]


def test_columns_without_a_heading_are_counted(tmp_path: Path) -> None:
    shown = seen(tmp_path, "Patient ID,Issue Date,Drug,Colour,,,\nP1,03/11/2026,M,red,,,\n")
    assert shown.files[0].not_used == ("Colour", "3 columns without a heading")
    one = seen(tmp_path, "Patient ID,Issue Date,Drug,\nP1,03/11/2026,M,\n")
    assert one.files[0].not_used == ("1 column without a heading",)


def test_the_saved_map_holds_a_line_for_each_needed_column(tmp_path: Path) -> None:
    shown = seen(tmp_path, 'Patient ID,Drug,When,"The ""day""",\nP1,M,03/11/2026,1,\n')
    text = shown.column_map.to_toml()
    assert '# issue_date = ""  # needed: choose from "When", "The \\"day\\""' in text.splitlines()
    saved = tmp_path / "map.toml"
    saved.write_text(text.replace('# issue_date = ""', 'issue_date = "When"'), encoding="utf-8")
    records = read_records(tmp_path / "i.csv", column_map=read_map(saved), today=TODAY)
    assert records.accounting.rows_used == 1
    records.close()


def test_a_file_that_is_not_recognised_gets_lines_to_fill_in(tmp_path: Path) -> None:
    shown = seen(tmp_path, "Nr,When,What\n7,03/11/2026,M\n")
    lines = shown.column_map.to_toml().splitlines()
    choices = '  # needed: choose from "Nr", "When", "What"'
    assert "[issues.columns]" in lines
    for role in ("patient_id", "issue_date", "product"):
        assert f'# {role} = ""{choices}' in lines
    shown.column_map.save(tmp_path / "map.toml")
    assert read_map(tmp_path / "map.toml") == ColumnMap({"issues": KindMap({})})


def test_dates_that_look_month_first_say_which_line_to_write_where(tmp_path: Path) -> None:
    shown = seen(tmp_path, MONTH_FIRST)
    assert shown.problems == (
        (
            "The dates in the column “Issue Date” look month first (“06/15/2026”), which could swap"
            ' days and months: save a column map and write the line date_order = "month-first" (or'
            ' "day-first") under [issues].'
        ),
    )
    text = shown.column_map.to_toml()
    assert '\n[issues]\n# date_order = "month-first"  # needed' in text
    saved = tmp_path / "map.toml"
    saved.write_text(text.replace("# date_order", "date_order"), encoding="utf-8")
    told = read_map(saved)
    assert told.kinds["issues"].date_order == "month-first"
    assert seen(tmp_path, MONTH_FIRST, told).problems == ()
    read_records(tmp_path / "i.csv", column_map=told, today=TODAY).close()


def test_reading_names_the_section_of_the_file_that_needs_the_order(tmp_path: Path) -> None:
    (tmp_path / "i.csv").write_text("Patient ID,Issue Date,Drug\nP1,03/11/2026,M\n")
    (tmp_path / "p.csv").write_text("Patient ID,Date of Birth\nP1,06/15/1960\n")
    with pytest.raises(UnusableInput, match=r"under \[patients\]\.$"):
        read_records(tmp_path, today=TODAY)


def test_two_columns_that_differ_are_told_before_reading(tmp_path: Path) -> None:
    text = "Patient ID,Issue Date,Date Issued,Drug\nP1,03/11/2026,04/11/2026,M\n"
    assert "they do not say the same" in seen(tmp_path, text).problems[0]
