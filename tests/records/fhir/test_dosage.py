"""Structured dosage said in words: each row of dosages.csv, and never more than was meant."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from unhurried.records.fhir.dosage import directions
from unhurried.records.fhir.models import DOSAGES

SHORT = {
    "TABLET1": '"doseAndRate": [{"doseQuantity": {"value": 1, "unit": "tablet"}}]',
    "DAILY2": '"timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}}',
}


def _rows() -> list[tuple[str, str]]:
    with Path(__file__).with_name("dosages.csv").open(encoding="utf-8", newline="") as lines:
        return [(row["dosage"], row["directions"]) for row in csv.DictReader(lines)]


@pytest.mark.parametrize(("dosage", "said"), _rows())
def test_a_dosage_is_said_plainly_or_not_at_all(dosage: str, said: str) -> None:
    for short, full in SHORT.items():
        dosage = dosage.replace(short, full)
    assert directions(DOSAGES.validate_json(dosage)) == said
