"""What a screening writes: stable headings, ISO dates, and nothing a spreadsheet would run."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from tests.screening.stories.telling import AS_OF, Issue, issues_of, records

from unhurried.screening import default_criteria, screen, writing
from unhurried.screening.words import milligrams
from unhurried.screening.writing import neutral

HEADING = (
    "person_id,rank,tier,age,sex,practice,episode_start,episode_end,days_exposed,issues,ome_min,"
    "ome_max,ome_status,ome_as_at,products,flags,reasons"
)


def written(tmp_path: Path, first: int | None = None) -> Path:
    text = "-100,-70,-40,-10 | morphine | one twice a day | 60"
    formula = "=1+1"
    issues = [
        *issues_of(text, formula),
        *issues_of(text, "B"),
        *issues_of("-20 | codeine | @SUM(1); two", formula),
        *issues_of("-70,-40,-10 | morphine | one twice a day | 60", "C"),
        Issue(person="D", day=-900, product="Codeine 30mg tablets", directions="one"),
        *issues_of("5 | morphine | one twice a day | 60", "B"),
    ]
    people = {name: {"practice": "-A1"} for name in (formula, "B", "C", "D", "E")}
    screening = screen(records(issues, people), default_criteria(), as_of=AS_OF)
    screening.write(tmp_path / "out", first)
    return tmp_path / "out"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_file_is_there_with_its_heading(tmp_path: Path) -> None:
    out = written(tmp_path)
    assert sorted(path.name for path in out.iterdir()) == [
        "approaching.csv", "candidates.csv", "episodes.csv", "reasons.csv", "rejects.csv",
        "summary.json",
    ]  # fmt: skip
    assert (out / "candidates.csv").read_text(encoding="utf-8").startswith(HEADING)
    assert [row["person_id"] for row in rows(out / "approaching.csv")] == ["C"]


def test_cells_are_iso_dates_plain_numbers_and_joined_lists(tmp_path: Path) -> None:
    listed = {row["person_id"]: row for row in rows(written(tmp_path) / "candidates.csv")}
    plain, unknown = listed["B"], listed["'=1+1"]
    assert plain["episode_start"] == "2026-07-26"
    assert (plain["ome_min"], plain["ome_max"], plain["ome_status"]) == ("20", "20", "converted")
    assert (unknown["ome_min"], unknown["ome_max"]) == ("20", "")
    assert unknown["products"] == "Codeine 30mg tablets; Morphine 10mg modified-release tablets"
    assert unknown["directions"] == "'@SUM(1), two; one twice a day"
    assert unknown["practice"] == "'-A1"


def test_everyone_considered_stands_in_the_reasons(tmp_path: Path) -> None:
    reasons = rows(written(tmp_path) / "reasons.csv")
    assert {row["person_id"]: row["in_or_out"] for row in reasons} == {
        "'=1+1": "in", "B": "in", "C": "out", "D": "out",
    }  # fmt: skip
    assert all(row["reason"] for row in reasons)


def test_the_first_few_only(tmp_path: Path) -> None:
    out = written(tmp_path, first=1)
    assert len(rows(out / "candidates.csv")) == 1
    assert len(rows(out / "episodes.csv")) == 1
    assert {row["person_id"] for row in rows(out / "reasons.csv")} == {"'=1+1", "B", "C", "D"}


def test_the_summary_adds_up(tmp_path: Path) -> None:
    summary = json.loads((written(tmp_path) / "summary.json").read_text(encoding="utf-8"))
    assert summary["people"] == {"in_records": 5, "considered": 4, "listed": 2, "approaching": 1}
    assert sum(summary["listed_by_tier"].values()) == 2
    assert summary["dose"] == {"converted": 1, "not_converted": 0, "not_known": 1}
    assert summary["directions"]["issues_understood"] == 11
    assert summary["directions"]["issues_not_understood"] == 2
    assert summary["issues_after_as_of"] == 1
    assert summary["workload"] == {
        "records": 2, "minutes_per_record": 10, "hours": 0, "per_week": 5, "weeks": 1,
    }  # fmt: skip
    assert summary["criteria"] == {"name": default_criteria().name, "version": "2026.1"}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_a_formula_becomes_text(start: str) -> None:
    assert neutral(f"{start}A1") == f"'{start}A1"


def test_numbers_stay_numbers() -> None:
    assert neutral(-3) == -3


@pytest.mark.parametrize(
    ("micrograms", "shown"),
    [(None, ""), (0, "0"), (180_000, "180"), (112_500, "112.5"), (1_001, "1.001"), (20, "0.02")],
)
def test_doses_have_no_trailing_zeros(micrograms: int | None, shown: str) -> None:
    assert milligrams(micrograms) == shown


def test_a_run_that_is_stopped_leaves_the_folder_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(writing, "_reject_rows", stop)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "candidates.csv").write_text("of last month")
    with pytest.raises(KeyboardInterrupt):
        written(tmp_path)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["candidates.csv"]
    assert (tmp_path / "out" / "candidates.csv").read_text() == "of last month"
