"""`dose_json`: the contract of `unhurried dose --json`, and the OME specification tables."""

from __future__ import annotations

import csv
import json
from fractions import Fraction
from pathlib import Path

import pytest

from unhurried.clinical.opioids import UnknownFactorSet, dose_json

SPEC = Path(__file__).parent.parent / "spec" / "ome"
PROMISED = (
    "text",
    "status",
    "reason",
    "dose_min",
    "dose_max",
    "unit",
    "times_per_day_min",
    "times_per_day_max",
    "as_required",
    "max_units_per_day",
    "units_per_day_min",
    "units_per_day_max",
    "steps",
    "product",
    "mg_per_day_min",
    "mg_per_day_max",
    "micrograms_per_hour",
    "ome_min",
    "ome_max",
    "ome_status",
    "factor",
    "factor_set",
    "factor_version",
    "factor_source",
    "warnings",
)


def _rows() -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    for path in sorted(SPEC.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            rows += csv.DictReader(lines)
    return rows


def _number(text: str) -> float | None:
    return float(text) if text else None


@pytest.mark.parametrize("row", _rows(), ids=lambda row: f"{row['product']}: {row['directions']}")
def test_every_prescription_in_the_specification_gives_its_answer(row: dict[str, str]) -> None:
    answer = dose_json(row["product"], row["directions"], factors=row["factors"])
    warnings = answer["warnings"]
    assert isinstance(warnings, list)
    assert {
        "mg_min": answer["mg_per_day_min"],
        "mg_max": answer["mg_per_day_max"],
        "micrograms_per_hour": answer["micrograms_per_hour"],
        "ome_min": answer["ome_min"],
        "ome_max": answer["ome_max"],
        "ome_status": answer["ome_status"],
        "warnings": " ".join(warning["code"] for warning in warnings),
    } == {
        name: row[name] if name in {"ome_status", "warnings"} else _number(row[name])
        for name in (
            "mg_min",
            "mg_max",
            "micrograms_per_hour",
            "ome_min",
            "ome_max",
            "ome_status",
            "warnings",
        )
    }
    known = answer["mg_per_day_max"] is not None or answer["micrograms_per_hour"] is not None
    assert known == (answer["dose_reason"] is None)
    assert (answer["ome_max"] is None) == (answer["ome_reason"] is not None)


def test_the_promised_fields_are_always_there_in_the_same_order() -> None:
    answers = [
        dose_json("Zomorph 30mg capsules", "1 bd"),
        dose_json("Amoxicillin 500mg capsules", "1 tds"),
        dose_json("Butec 10micrograms/hour patches", "as directed"),
    ]
    assert len({tuple(answer) for answer in answers}) == 1
    for answer in answers:
        assert set(PROMISED) <= set(answer)
        assert json.loads(json.dumps(answer)) == answer


def test_a_patch_has_no_mg_and_a_tablet_no_micrograms_an_hour() -> None:
    patch = dose_json("Fentanyl 12micrograms/hour patches", "one patch every 72 hours")
    assert (patch["mg_per_day_min"], patch["mg_per_day_max"]) == (None, None)
    assert patch["micrograms_per_hour"] == patch["micrograms_per_hour_max"] == 12
    tablet = dose_json("MST Continus 15mg", "1 bd")
    assert tablet["micrograms_per_hour"] is None


def test_whole_numbers_are_whole_and_others_have_at_most_six_places() -> None:
    answer = dose_json("Paramol tablets", "1 tds")
    assert answer["mg_per_day_max"] == 22.38
    assert isinstance(dose_json("MST Continus 15mg", "1 bd")["mg_per_day_max"], int)


def test_codes_decide_and_a_code_that_disagrees_gives_no_dose() -> None:
    answer = dose_json("Morphine tablets", "1 bd", dmd="42014811000001102")
    assert answer["mg_per_day_max"] == 20
    clash = dose_json("Morphine 30mg tablets", "1 bd", dmd="42014811000001102")
    assert clash["mg_per_day_max"] is None
    assert clash["dose_reason"] == "The code says 10 mg and the name says 30 mg: check the record."
    assert clash["ome_status"] == "not_known"


def test_what_was_issued_stands_beside_directions_that_say_nothing() -> None:
    answer = dose_json(
        "Tramadol 50mg capsules", "as directed", quantity=Fraction(60), days=Fraction(4)
    )
    assert answer["issued_mg_per_day"] == 750
    assert answer["mg_per_day_max"] is None
    assert answer["ome_status"] == "not_known"


def test_an_unknown_factor_set_is_refused() -> None:
    with pytest.raises(UnknownFactorSet):
        dose_json("Zomorph 30mg capsules", "1 bd", factors="fpm")
