"""Every damaged row is in truth/damage.csv, and no row that is not listed differs."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from tests.demo.reading import raw_rows, table

from unhurried.demo.extract import ExtractSummary
from unhurried.demo.extract.tables import rows as own_table


def lines(path: Path) -> list[object]:
    if path.suffix == ".ndjson":
        return list(path.read_bytes().splitlines())
    return list(raw_rows(path))


def damaged_files(summary: ExtractSummary) -> list[str]:
    return sorted({row["file"] for row in table(summary.folder / "truth" / "damage.csv")})


def test_the_rows_that_differ_are_the_rows_listed(
    sound: ExtractSummary, damaged: ExtractSummary
) -> None:
    listed = table(damaged.folder / "truth" / "damage.csv")
    assert len(listed) == damaged.damaged > 0
    for name in sound.rows:
        if name.startswith("truth/"):
            continue
        headings = 0 if name.endswith(".ndjson") else 1
        kinds = {int(row["row"]) - headings: row["kind"] for row in listed if row["file"] == name}
        intact, written = iter(lines(sound.folder / name)), lines(damaged.folder / name)
        assert len(written) == damaged.rows[name]
        before: object = None
        for number, row in enumerate(written, 1):
            kind = kinds.pop(number, None)
            if kind == "repeat":
                assert row == before
                continue
            expected = next(intact)
            assert (row == expected) == (kind is None), (name, number, kind)
            before = row
        assert kinds == {}
        assert next(intact, None) is None


def test_the_rate_is_as_asked(damaged: ExtractSummary) -> None:
    counts = Counter(row["file"] for row in table(damaged.folder / "truth" / "damage.csv"))
    for name, count in counts.items():
        written = damaged.rows[name]
        assert abs(count - 0.03 * written) < 4 * (0.03 * written) ** 0.5 + 2
    assert {name for name, count in damaged.rows.items() if count > 500} - set(counts) == {
        name
        for name, count in damaged.rows.items()
        if count > 500 and ("truth/" in name or "Episode" in name or "observation" in name)
    }


def test_every_kind_of_damage_happens_in_every_format_that_can_have_it(
    damaged: ExtractSummary,
) -> None:
    listed = table(damaged.folder / "truth" / "damage.csv")
    every = {row["kind"] for row in own_table("damage")}
    found = {(row["file"].split("/")[0], row["kind"]) for row in listed}
    assert {kind for where, kind in found if where == "csv"} == every
    assert {kind for where, kind in found if where == "fhir"} == every
    assert {kind for where, kind in found if where == "omop"} == every - {
        "bad_check_digit",
        "shared_number",
    }


def test_a_sound_extract_lists_nothing(sound: ExtractSummary) -> None:
    assert damaged_files(sound) == []
    assert sound.damaged == 0


def test_the_truth_does_not_depend_on_the_damage(
    sound: ExtractSummary, damaged: ExtractSummary
) -> None:
    for name in ("people", "issues", "expected"):
        of_sound = (sound.folder / "truth" / f"{name}.csv").read_bytes()
        assert of_sound == (damaged.folder / "truth" / f"{name}.csv").read_bytes()


@pytest.mark.parametrize("kind", ["bad_check_digit", "shared_number"])
def test_a_wrong_number_is_wrong_in_the_way_it_says(damaged: ExtractSummary, kind: str) -> None:
    path = damaged.folder / "fhir" / "Patient.ndjson"
    written = path.read_bytes().splitlines()
    people = table(damaged.folder / "truth" / "people.csv")
    own = {row["person_id"]: row["nhs_number"] for row in people}
    listed = [
        row
        for row in table(damaged.folder / "truth" / "damage.csv")
        if row["file"] == "fhir/Patient.ndjson" and row["kind"] == kind
    ]
    assert listed
    for row in listed:
        number = json.loads(written[int(row["row"]) - 1])["identifier"][0]["value"]
        assert number != own[row["person_id"]]
        assert (number in own.values()) == (kind == "shared_number")
