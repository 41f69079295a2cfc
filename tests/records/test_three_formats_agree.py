"""The same people written as CSV, FHIR and OMOP are the same people when read (ID-1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from unhurried.demo.extract import write_extract
from unhurried.records.canonical import Records
from unhurried.records.read import read_records

AS_OF = date(2026, 11, 22)
# All but the NHS number, which an OMOP extract need not have.
WHAT = {
    "people": "SELECT person_id, born, sex, practice, died, registered_from, registered_to,"
    " stated_age FROM people ORDER BY ALL",
    "issues": "SELECT person_id, day, product, directions, quantity_thousandths, days_supply"
    " FROM issues JOIN people USING (person) JOIN medicines USING (medicine) ORDER BY ALL",
    "diagnoses": "SELECT person_id, code, term, day FROM diagnoses JOIN people USING (person)"
    " ORDER BY ALL",
}


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Records]]:
    folder = tmp_path_factory.mktemp("extract")
    write_extract(folder, people=200, seed=20261122, as_of=AS_OF, damage=0)
    records = {each: read_records(folder / each, today=AS_OF) for each in ("csv", "fhir", "omop")}
    yield records
    for each in records.values():
        each.close()


@pytest.mark.parametrize("what", WHAT)
@pytest.mark.parametrize("other", ["fhir", "omop"])
def test_every_format_says_the_same(read: dict[str, Records], what: str, other: str) -> None:
    def rows(form: str) -> list[tuple[Any, ...]]:
        return read[form].connection.execute(WHAT[what]).fetchall()

    assert len(rows("csv")) > 50
    assert rows(other) == rows("csv")


def test_without_damage_every_row_is_used(read: dict[str, Records]) -> None:
    for form, records in read.items():
        assert records.format == form
        assert records.accounting.balanced
        assert records.accounting.rows_rejected == 0
