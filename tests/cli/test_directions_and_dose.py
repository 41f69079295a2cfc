"""The `directions` and `dose` commands keep the contract of the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Unhurried

DIRECTIONS_FIELDS = [
    "text", "status", "reason", "dose_min", "dose_max", "unit", "times_per_day_min",
    "times_per_day_max", "as_required", "max_units_per_day", "units_per_day_min",
    "units_per_day_max", "steps",
]  # fmt: skip
DOSE_FIELDS = [
    "product", "mg_per_day_min", "mg_per_day_max", "ome_min", "ome_max", "ome_status", "factor",
    "factor_set", "factor_source", "warnings",
]  # fmt: skip


def test_directions_give_one_json_object_for_each_text(unhurried: Unhurried) -> None:
    done = unhurried("directions", "2 qds prn", "as directed", "--json")
    first, second = done.lines()
    assert done.code == 0
    assert list(first)[: len(DIRECTIONS_FIELDS)] == DIRECTIONS_FIELDS
    assert list(first) == list(second)
    assert (first["units_per_day_min"], first["units_per_day_max"]) == (0, 8)
    assert first["as_required"] is True
    assert second["status"] == "not_understood"
    assert second["reason"]


def test_every_line_of_a_file_is_answered_blank_ones_too(
    unhurried: Unhurried, tmp_path: Path
) -> None:
    file = tmp_path / "lines.txt"
    file.write_bytes("one twice a day\n\nTWO AT NIGHT – for Siân’s pain\n".encode("cp1252"))
    answers = unhurried("directions", "--file", str(file), "--json").lines()
    assert [each["status"] for each in answers][:2] == ["understood", "not_understood"]
    assert len(answers) == 3


def test_text_from_a_record_cannot_move_the_cursor(unhurried: Unhurried) -> None:
    done = unhurried("directions", "one \x1b[2J daily \u202e")
    assert "\x1b" not in done.out
    assert "\u202e" not in done.out


@pytest.mark.parametrize("text", ["\ud800", "\x00", "1" * 10_000, "½ ½ ½", "-5", ""])
def test_no_text_at_all_breaks_it(unhurried: Unhurried, text: str) -> None:
    done = unhurried("directions", "--json", "--", text)
    assert done.code == 0
    assert done.lines()[0]["status"] in {"understood", "not_understood"}


def test_nothing_given_is_wrong_usage_in_one_sentence(unhurried: Unhurried) -> None:
    for command in ("directions", "dose"):
        done = unhurried(command)
        assert done.code == 2
        assert len(done.err.strip().splitlines()) == 1


def test_a_missing_file_is_unusable_input(unhurried: Unhurried, tmp_path: Path) -> None:
    assert unhurried("directions", "--file", str(tmp_path / "none.txt")).code == 5
    assert unhurried("dose", "--file", str(tmp_path / "none.csv")).code == 5


def test_a_dose_carries_its_factor_and_source(unhurried: Unhurried) -> None:
    (answer,) = unhurried("dose", "Zomorph 30mg capsules", "one twice a day", "--json").lines()
    assert set(DIRECTIONS_FIELDS + DOSE_FIELDS) <= set(answer)
    assert (answer["mg_per_day_min"], answer["mg_per_day_max"]) == (60, 60)
    assert (answer["ome_min"], answer["ome_max"], answer["ome_status"]) == (60, 60, "converted")
    assert (answer["factor"], answer["factor_set"]) == (1, "fpm-2020")
    assert answer["factor_source"]
    assert answer["product"]["ingredient"] == "morphine"


def test_a_patch_of_75_is_180_a_day_whatever_the_interval(unhurried: Unhurried) -> None:
    name = "Fentanyl 75micrograms/hour transdermal patches"
    (answer,) = unhurried("dose", name, "APPLY ONE EVERY 72 HOURS", "--json").lines()
    assert answer["micrograms_per_hour"] == 75
    assert answer["mg_per_day_max"] is None
    assert (answer["ome_min"], answer["ome_max"]) == (180, 180)


def test_a_missing_dosage_is_not_an_error_and_issued_stands_beside(unhurried: Unhurried) -> None:
    (answer,) = unhurried(
        "dose", "Zomorph 10mg capsules", "", "--quantity", "60", "--days", "30", "--json"
    ).lines()
    assert answer["ome_status"] == "not_known"
    assert answer["mg_per_day_max"] is None
    assert answer["issued_mg_per_day"] == 20


def test_a_table_of_products_is_answered_row_by_row(unhurried: Unhurried, tmp_path: Path) -> None:
    file = tmp_path / "lines.csv"
    file.write_text(
        "Product,Directions,Quantity,Days\n"
        "Tramadol 50mg capsules,2 qds,224,28\n"
        "Aspirin 75mg tablets,1 od,28,28\n"
        "Methadone 5mg tablets,1 bd,,\n"
    )
    tramadol, aspirin, methadone = unhurried("dose", "--file", str(file), "--json").lines()
    assert tramadol["ome_max"] == 40
    assert tramadol["issued_mg_per_day"] == 400
    assert aspirin["product"] is None
    assert aspirin["ome_status"] == "not_known"
    assert methadone["ome_status"] == "not_converted"
    assert methadone["ome_max"] is None


def test_an_amount_that_cannot_be_read_is_said_and_stops_nothing(
    unhurried: Unhurried, tmp_path: Path
) -> None:
    file = tmp_path / "lines.csv"
    file.write_text(
        "product,directions,quantity,days\n"
        "Tramadol 50mg capsules,2 qds,some,0\n"
        "Oramorph 10mg/5ml oral solution,5ml qds,300 ml,4 weeks\n"
    )
    first, second = unhurried("dose", "--file", str(file), "--json").lines()
    assert {each["code"] for each in first["warnings"]} >= {"quantity_not_read", "days_not_read"}
    assert first["ome_max"] == 40
    assert second["issued_units_per_day"] == pytest.approx(300 / 28)


def test_the_factor_set_changes_the_answer_and_is_named(unhurried: Unhurried) -> None:
    given = ("dose", "Tramadol 50mg capsules", "2 qds", "--json", "--factors")
    (cdc,) = unhurried(*given, "cdc-2022").lines()
    assert (cdc["ome_max"], cdc["factor_set"]) == (80, "cdc-2022")
    assert unhurried(*given, "no-such-set").code == 2


@pytest.mark.parametrize(("option", "value"), [("--quantity", "many"), ("--days", "0")])
def test_an_amount_that_is_no_amount_is_wrong_usage(
    unhurried: Unhurried, option: str, value: str
) -> None:
    done = unhurried("dose", "Tramadol 50mg capsules", "2 qds", option, value)
    assert done.code == 2
    assert value in done.err


def test_a_table_without_the_columns_says_which_it_has(
    unhurried: Unhurried, tmp_path: Path
) -> None:
    file = tmp_path / "lines.csv"
    file.write_text("Drug,Sig\nTramadol,2 qds\n")
    done = unhurried("dose", "--file", str(file))
    assert done.code == 5
    assert "drug" in done.err
