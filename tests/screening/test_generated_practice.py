"""A generated practice, damaged rows and all, screened by the product and by the oracle."""

from datetime import date
from pathlib import Path

from tests.screening.joined import compare
from tests.screening.practice import criteria_with_all_codes, history_of

from unhurried.demo.extract.write import write_extract
from unhurried.records.read import read_records
from unhurried.screening import default_criteria, screen

AS_OF = date(2025, 11, 22)


def test_a_generated_practice_is_screened_alike(tmp_path: Path) -> None:
    write_extract(tmp_path, people=300, seed=7, as_of=AS_OF, formats=("csv",))
    records = read_records(tmp_path / "csv", today=AS_OF)
    history = history_of(records)
    screening = screen(records, default_criteria(), as_of=AS_OF)
    assert screening.listed > 5
    assert compare(screening, history, AS_OF, criteria_with_all_codes()) == []
