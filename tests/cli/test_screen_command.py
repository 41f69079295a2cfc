"""The `screen` and `demo` commands: a person's whole way from an extract to a list."""

from __future__ import annotations

import csv
import json
import socket
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.cli.conftest import Unhurried

FIRST_COLUMNS = [
    "person_id", "rank", "tier", "age", "sex", "practice", "episode_start", "episode_end",
    "days_exposed", "issues", "ome_min", "ome_max", "ome_status", "ome_as_at", "products", "flags",
    "reasons",
]  # fmt: skip
AS_OF = "2026-10-30"


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    """One person on morphine for seven months, one on a short course, one damaged row."""
    path = tmp_path / "issues.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(
            ["Patient ID", "Date of Birth", "Sex", "Issue Date", "Drug", "Dosage", "Quantity"]
        )
        for month in range(8):
            day = date(2026, 10, 20) - timedelta(days=28 * month)
            rows.writerow(
                ["=1+1", "03/02/1961", "F", f"{day:%d/%m/%Y}", "Zomorph 60mg m/r caps",
                 "ONE TWICE A DAY", "56 capsule"]
            )  # fmt: skip
        rows.writerow(
            ["P2", "1/1/1980", "M", "12/10/2026", "Co-codamol 30/500 tabs", "2 QDS", "100 tablet"]
        )
        rows.writerow(["P3", "1/1/1980", "M", "31/02/2026", "Tramadol 50mg caps", "1 bd", "56"])
    return path


def table(path: Path) -> list[dict[str, str]]:
    """A written CSV file."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_an_extract_becomes_a_list_with_reasons(
    unhurried: Unhurried, extract: Path, tmp_path: Path
) -> None:
    out = tmp_path / "results"
    done = unhurried("screen", str(extract), "--as-of", AS_OF, "--out", str(out))
    assert done.code == 0, done.err
    (listed,) = table(out / "candidates.csv")
    assert list(listed)[: len(FIRST_COLUMNS)] == FIRST_COLUMNS
    assert (listed["ome_min"], listed["ome_max"], listed["ome_status"]) == (
        "120",
        "120",
        "converted",
    )
    assert (listed["rank"], listed["tier"], listed["age"]) == ("1", "higher_dose", "65")
    assert listed["reasons"]
    assert {row["person_id"] for row in table(out / "reasons.csv")} >= {"P2"}
    (reject,) = table(out / "rejects.csv")
    assert reject["record"] == "11"
    summary = json.loads((out / "summary.json").read_text())
    assert summary["accounting"]["rows_in"] == 10
    assert summary["accounting"]["balanced"] is True
    assert "Rows read 10 = used 9 + rejected 1" in done.out


def test_a_formula_from_the_records_is_written_so_that_no_spreadsheet_runs_it(
    unhurried: Unhurried, extract: Path, tmp_path: Path
) -> None:
    out = tmp_path / "results"
    unhurried("screen", str(extract), "--as-of", AS_OF, "--out", str(out))
    (listed,) = table(out / "candidates.csv")
    assert listed["person_id"] == "'=1+1"


def test_json_is_the_summary_and_nothing_else(unhurried: Unhurried, extract: Path) -> None:
    done = unhurried("screen", str(extract), "--as-of", AS_OF, "--json")
    summary = json.loads(done.out)
    assert summary["people"]["listed"] == 1
    assert summary["workload"]["records"] == 1
    assert done.err == ""


def test_without_a_date_it_looks_from_the_last_issue(unhurried: Unhurried, extract: Path) -> None:
    assert json.loads(unhurried("screen", str(extract), "--json").out)["as_of"] == "2026-10-20"


def test_the_same_extract_twice_gives_the_same_files(
    unhurried: Unhurried, extract: Path, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        unhurried("screen", str(extract), "--as-of", AS_OF, "--out", str(tmp_path / name))
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_the_first_few_are_written_alone(
    unhurried: Unhurried, extract: Path, tmp_path: Path
) -> None:
    text = extract.read_text()
    extract.write_text(text + text.replace("=1+1", "P9").split("\n", 1)[1])
    out = tmp_path / "results"
    unhurried("screen", str(extract), "--as-of", AS_OF, "--out", str(out), "--first", "1")
    assert len(table(out / "candidates.csv")) == 1
    assert json.loads((out / "summary.json").read_text())["people"]["listed"] == 2


def test_a_column_map_can_be_saved_changed_and_used(
    unhurried: Unhurried, extract: Path, tmp_path: Path
) -> None:
    extract.write_text(extract.read_text().replace("Issue Date", "When Was It"))
    refused = unhurried("screen", str(extract), "--as-of", AS_OF)
    assert refused.code == 5
    assert "When Was It" in refused.err
    extract.write_text(extract.read_text().replace("When Was It", "Issue Date"))
    saved = tmp_path / "map.toml"
    shown = unhurried("screen", str(extract), "--preview", "--save-map", str(saved))
    assert shown.code == 0, shown.err
    assert "Issue Date" in shown.out
    extract.write_text(extract.read_text().replace("Issue Date", "When Was It"))
    saved.write_text(saved.read_text().replace("Issue Date", "When Was It"))
    mapped = unhurried("screen", str(extract), "--map", str(saved), "--as-of", AS_OF, "--json")
    assert json.loads(mapped.out)["people"]["listed"] == 1


def test_the_relevant_issues_can_be_kept_and_screened_again(
    unhurried: Unhurried, extract: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    first = unhurried("screen", str(extract), "--as-of", AS_OF, "--keep", str(kept), "--json")
    again = unhurried("screen", str(kept), "--as-of", AS_OF, "--json")
    assert again.code == 0, again.err
    assert json.loads(again.out)["listed_by_tier"] == json.loads(first.out)["listed_by_tier"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--as-of", "yesterday"], 2),
        (["--factors", "none"], 2),
        (["--engine", "none"], 1),
        (["--format", "xml"], 2),
        (["--first", "0"], 2),
    ],
)
def test_a_slip_on_the_command_line_is_one_clear_sentence(
    unhurried: Unhurried, extract: Path, arguments: list[str], code: int
) -> None:
    done = unhurried("screen", str(extract), *arguments)
    assert done.code == code
    assert "Traceback" not in done.err
    assert done.err.strip()


def test_criteria_of_ones_own_are_named_in_the_result(
    unhurried: Unhurried, extract: Path, tmp_path: Path
) -> None:
    own = tmp_path / "ours.toml"
    own.write_text('name = "ours"\nversion = "7"\n[exposure]\nissues_at_least = 9\n')
    summary = json.loads(
        unhurried("screen", str(extract), "--criteria", str(own), "--as-of", AS_OF, "--json").out
    )
    assert summary["criteria"] == {"name": "ours", "version": "7"}
    assert summary["people"]["listed"] == 0
    own.write_text('name = "ours"\nversion = "7"\n[exposure]\nisues = 9\n')
    assert unhurried("screen", str(extract), "--criteria", str(own)).code == 2


def test_a_missing_or_empty_source_is_unusable_input(unhurried: Unhurried, tmp_path: Path) -> None:
    assert unhurried("screen", str(tmp_path / "none")).code == 5
    (tmp_path / "empty.csv").write_bytes(b"")
    done = unhurried("screen", str(tmp_path / "empty.csv"))
    assert done.code == 5
    assert len(done.err.strip().splitlines()) == 1


def test_an_extract_is_never_written_over_other_peoples_files(
    unhurried: Unhurried, tmp_path: Path
) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("years of work")
    done = unhurried("demo", "--extract", str(mine), "--people", "20", "--reset")
    assert done.code == 3
    assert (mine / "thesis.txt").read_text() == "years of work"


def test_the_demo_opens_in_no_folder_but_its_own(unhurried: Unhurried, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "unhurried.sqlite3").write_text("a real service")
    done = unhurried("demo", "--data", str(mine), "--port", "0", "--reset")
    assert done.code == 2  # port 0 is no port
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = unhurried("demo", "--data", str(mine), "--port", port, "--reset")
    assert done.code == 1
    assert f"Port {port} is in use" in done.err
    done = unhurried("demo", "--data", str(mine), "--port", port, "--reset")
    assert done.code == 3
    assert (mine / "unhurried.sqlite3").read_text() == "a real service"


def test_one_stray_date_does_not_move_the_day_for_everyone(
    unhurried: Unhurried, tmp_path: Path
) -> None:
    lines = ["Patient ID,Issue Date,Drug,Dosage,Quantity"]
    for person in range(300):
        for back in range(0, 120, 28):
            day = date(2026, 9, 30) - timedelta(days=back + person % 5)
            lines.append(f"P{person},{day:%d/%m/%Y},Codeine 30mg tablets,1 qds,112")
    lines.append("P7,20/11/2026,Bisoprolol 5mg tablets,1 om,28")
    (tmp_path / "issues.csv").write_text("\n".join(lines) + "\n")
    done = unhurried("screen", str(tmp_path / "issues.csv"))
    assert "As of 2026-09-30" in done.out
    assert "1 issue is dated after 30 September 2026" in done.out
    kept = tmp_path / "kept"
    unhurried("screen", str(tmp_path / "issues.csv"), "--keep", str(kept))
    assert "As of 2026-09-30" in unhurried("screen", str(kept)).out


def test_results_never_replace_other_peoples_files(
    unhurried: Unhurried, extract: Path, tmp_path: Path
) -> None:
    out = tmp_path / "mine"
    out.mkdir()
    (out / "candidates.csv").write_text("my own work")
    assert unhurried("screen", str(extract), "--out", str(out)).code == 3
    assert (out / "candidates.csv").read_text() == "my own work"
    again = tmp_path / "results"
    for _ in range(2):
        assert unhurried("screen", str(extract), "--out", str(again)).code == 0
    keep = tmp_path / "notes.toml"
    keep.write_text("mine = true\n")
    assert unhurried("screen", str(extract), "--preview", "--save-map", str(keep)).code == 3
    assert keep.read_text() == "mine = true\n"


def test_results_are_not_put_among_the_records(unhurried: Unhurried, extract: Path) -> None:
    folder = extract.parent
    assert unhurried("screen", str(folder), "--out", str(folder)).code == 3


def test_an_option_that_would_be_ignored_is_refused(
    unhurried: Unhurried, extract: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    unhurried("screen", str(extract), "--keep", str(kept))
    done = unhurried("screen", str(kept), "--engine", "spark")
    assert done.code == 2
    assert "--engine" in done.err
    assert unhurried("screen", str(extract), "--preview", "--json").code == 2


def test_the_commonest_reasons_for_rejecting_are_shown(unhurried: Unhurried, extract: Path) -> None:
    done = unhurried("screen", str(extract), "--as-of", AS_OF)
    assert "1 rejected, such as:" in done.out
