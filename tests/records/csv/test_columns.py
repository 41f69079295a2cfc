"""Headings, maps and the preview that shows them."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unhurried.records.canonical import UnusableInput
from unhurried.records.column_map import KINDS, ColumnMap, KindMap
from unhurried.records.csv.columns import guess, kind_of, read_map, roles, settle
from unhurried.records.preview import preview

TABLE = Path(__file__).parents[3] / "src/unhurried/records/csv/headings.csv"


@pytest.mark.parametrize(
    ("headings", "kind"),
    [
        ("Patient ID,Issue Date,Drug", "issues"),
        ("NHS Number,Date,Name Dosage And Quantity", "issues"),
        ("EMIS Number,Full Name,DOB,Usual GP", "patients"),
        ("Patient ID,SNOMED Code,Term,Date", "problems"),
        ("Patient ID,Event Date,Event Code", "problems"),
        ("Patient ID,Read Code,Date", "problems"),
        ("Patient ID,Favourite colour", None),
        ("Colour,Shape", None),
    ],
)
def test_files_are_recognised_by_their_columns(headings: str, kind: str | None) -> None:
    assert kind_of(headings.split(",")) == kind


def test_the_surer_heading_wins() -> None:
    columns, doubtful = guess(["Date", "Issue Date", "Patient ID", "Drug"], "issues")
    assert columns["issue_date"] == "Issue Date"
    assert doubtful == {}


def test_every_usual_heading_has_a_role_and_a_source() -> None:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert all(row["source"] for row in rows)
    for row in rows:
        kinds = KINDS if row["kinds"] == "any" else (row["kinds"],)
        assert any(row["role"] in roles(kind) for kind in KINDS if kind in kinds)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(TEXTS, st.sampled_from([None, "day-first", "month-first"]))
def test_a_saved_map_reads_back_the_same(tmp_path_factory: pytest.TempPathFactory,
                                         heading: str, order: str | None) -> None:  # fmt: skip
    columns = {"patient_id": heading, "product": "Drug"}
    column_map = ColumnMap({"issues": KindMap(columns, order)})  # type: ignore[arg-type]
    path = tmp_path_factory.mktemp("maps") / "map.toml"
    column_map.save(path)
    assert tomllib.loads(path.read_text(encoding="utf-8"))["issues"]["columns"] == columns
    assert read_map(path) == column_map


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("not toml", "not valid TOML"),
        ("[letters]\n", "use \\[issues\\]"),
        ("[issues.columns]\ncolour = 'x'\n", "colour"),
        ("[issues.columns]\nproduct = 3\n", "product"),
        ("[issues]\ncolumns = 3\n", "columns"),
        ("[issues]\ndate_order = 'backwards'\n", "day-first"),
        ("[issues]\ndate_ordre = 'day-first'\n", "date_order"),
    ],
)
def test_a_wrong_map_gets_one_sentence(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "map.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnusableInput, match=words):
        read_map(path)


def test_a_map_for_other_columns_names_what_is_missing() -> None:
    column_map = ColumnMap({"issues": KindMap({"patient_id": "Nr", "product": "Drug"})})
    with pytest.raises(UnusableInput, match="no column “Nr”"):
        settle("i.csv", ["Patient ID", "Drug"], "issues", column_map)


def test_a_map_can_point_at_the_second_of_two_headings() -> None:
    columns = {"patient_id": "Patient ID", "issue_date": "Date [2]", "product": "Drug"}
    headings = ["Patient ID", "Date", "Date", "Drug"]
    column_map = ColumnMap({"issues": KindMap(columns)})
    assert settle("i.csv", headings, "issues", column_map).columns["issue_date"] == "Date [2]"


def test_the_preview_shows_columns_rows_and_the_map_but_no_names(tmp_path: Path) -> None:
    (tmp_path / "i.csv").write_text(
        "Patient ID,Surname,Issue Date,Drug\nP1,O’Brien,03/11/2026,Morphine\n", encoding="utf-8"
    )
    (tmp_path / "x.csv").write_text("Colour,Shape\nred,round\n", encoding="utf-8")
    shown = preview(tmp_path)
    issues = shown.files[0]
    assert issues.kind == "issues"
    assert issues.not_used == ("Surname",)
    assert issues.rows == ({"patient_id": "P1", "issue_date": "03/11/2026", "product": "Morphine"},)
    assert shown.column_map.kinds["issues"].columns == issues.columns
    assert [problem.split()[0] for problem in shown.problems] == ["x.csv"]


def test_the_preview_says_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "i.csv"
    path.write_text("Patient ID,Drug,When\nP1,Morphine,03/11/2026\n", encoding="utf-8")
    shown = preview(path)
    assert "date of issue" in shown.problems[0]
    assert shown.files[0].columns == {"patient_id": "Patient ID", "product": "Drug"}
