"""Palliative care and cancer coded in OMOP outside condition_occurrence (ID-2, ID-3)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
from tests.records.omop.make import (
    CONCEPTS,
    TODAY,
    Rows,
    condition,
    day,
    drug,
    person,
    read_tables,
    refused,
    table,
    write,
)

from unhurried.clinical.codelists import cancer, palliative, palliative_ended
from unhurried.records.listed import listed
from unhurried.records.omop.read import read

ON_REGISTER, ENDED = min(palliative().codes), min(palliative_ended().codes)
CANCER = min(cancer().codes)
TERM = "On end of life care register"

WORDS: Rows = [
    *CONCEPTS,
    *({"concept_id": each[0], "concept_name": each[1], "vocabulary_id": each[2],
       "concept_code": each[3]}
      for each in (
          (301, TERM, "SNOMED", ON_REGISTER), (302, "Breast cancer", "SNOMED", CANCER),
          (303, "Blood pressure", "SNOMED", "75367002"), (304, "Odd", "ICD10", ON_REGISTER),
          (305, "", "SNOMED", ENDED), (401, "No", "SNOMED", "373067005"),
          (402, "No", "LOINC", "LA32-8"), (403, "Yes", "LOINC", "LA33-6"),
      )),
]  # fmt: skip


def observation(**more: Any) -> dict[str, Any]:
    return {
        "observation_id": 1, "person_id": 1, "observation_concept_id": 301,
        "observation_date": "2026-05-06", "observation_source_value": "",
        "observation_source_concept_id": 0, "value_as_string": "", "value_as_concept_id": 0, **more,
    }  # fmt: skip


def procedure(**more: Any) -> dict[str, Any]:
    return {
        "procedure_occurrence_id": 1, "person_id": 1, "procedure_concept_id": 301,
        "procedure_date": "2026-05-06", "procedure_source_value": "",
        "procedure_source_concept_id": 0, **more,
    }  # fmt: skip


READ: list[tuple[dict[str, Any], tuple[str, str]]] = [
    ({}, (ON_REGISTER, TERM)),
    ({"_concept_id": 302}, (CANCER, "Breast cancer")),
    ({"_concept_id": 305}, (ENDED, listed()[ENDED])),
    ({"_concept_id": 303, "_source_concept_id": 301}, (ON_REGISTER, TERM)),
    ({"_concept_id": 302, "_source_concept_id": 301}, (ON_REGISTER, TERM)),
    ({"_concept_id": 301, "_source_concept_id": 302}, (ON_REGISTER, TERM)),
    ({"_concept_id": 0, "_source_value": ON_REGISTER}, (ON_REGISTER, listed()[ON_REGISTER])),
    ({"_concept_id": "0", "_source_value": f"{ENDED}.0"}, (ENDED, listed()[ENDED])),
    ({"_concept_id": "301.0"}, (ON_REGISTER, TERM)),
]


def _changed(event: str, number: int, change: dict[str, Any]) -> dict[str, Any]:
    return {f"{event}_date": f"2026-05-{number:02d}"} | {
        f"{event}{name}": value for name, value in change.items()
    }


def test_entries_with_a_code_looked_for_become_diagnoses(tmp_path: Path) -> None:
    cases = list(enumerate(READ, start=1))
    observed = [observation(**_changed("observation", n, change)) for n, (change, _) in cases]
    done = [procedure(**_changed("procedure", n + 10, change)) for n, (change, _) in cases]
    records = read_tables(
        tmp_path, concept=WORDS, drug_exposure=[drug()], observation=observed,
        procedure_occurrence=done,
    )  # fmt: skip
    assert refused(records) == []
    expected = [(*said, day(f"2026-05-{n + more:02d}")) for more in (0, 10)
                for n, (_, said) in cases]  # fmt: skip
    assert table(records, "SELECT code, term, day FROM diagnoses ORDER BY day") == expected


NOTHING: list[dict[str, Any]] = [
    {"observation_concept_id": 303},
    {"observation_concept_id": 304},
    {"observation_concept_id": 0},
    {"observation_concept_id": 999, "observation_source_value": TERM},
    {"observation_concept_id": 303, "person_id": 9, "observation_date": "never"},
]


def test_other_entries_are_used_and_become_nothing(tmp_path: Path) -> None:
    records = read_tables(
        tmp_path, concept=WORDS, drug_exposure=[drug()],
        observation=[observation(), *(observation(**each) for each in NOTHING)],
        procedure_occurrence=[procedure(procedure_concept_id=303)],
    )  # fmt: skip
    used = {each.file: (each.rows_in, each.rows_used) for each in records.accounting.files}
    assert used["observation.csv"] == (6, 6)
    assert used["procedure_occurrence.csv"] == (1, 1)
    assert table(records, "SELECT COUNT(*) FROM diagnoses") == [(1,)]


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"value_as_concept_id": 401}, "negated"),
    ({"value_as_concept_id": 402}, "negated"),
    ({"value_as_concept_id": 4188540}, "negated"),
    ({"value_as_string": " No. "}, "negated"),
    ({"person_id": 9}, "no_person"),
    ({"person_id": ""}, "no_person"),
    ({"observation_date": "2026-02-30"}, "problem_date"),
    ({"observation_date": "2027-02-03"}, "problem_date"),
    ({"observation_date": "1800-02-03"}, "problem_date"),
]
COUNTS: list[dict[str, Any]] = [
    {"value_as_concept_id": 403},
    {"value_as_string": "Since last year"},
    {"value_as_concept_id": 999},
    {"observation_date": ""},
]


def test_entries_that_say_no_or_cannot_be_right_are_refused(tmp_path: Path) -> None:
    rows = [observation(**change) for change, _ in REFUSED]
    some = [observation(observation_concept_id=302, **change) for change in COUNTS]
    other = [{**each, "observation_date": each["observation_date"] and f"2026-05-{n:02d}"}
             for n, each in enumerate(some, start=1)]  # fmt: skip
    records = read_tables(tmp_path, concept=WORDS, drug_exposure=[drug()], observation=rows + other)
    assert refused(records) == [
        ("observation.csv", n, code) for n, (_, code) in enumerate(REFUSED, start=2)
    ]
    assert table(records, "SELECT COUNT(*) FROM diagnoses") == [(len(COUNTS),)]


def test_wrong_shapes_repeats_and_parquet_are_accounted_for(tmp_path: Path) -> None:
    plain, packed = tmp_path / "plain", tmp_path / "packed"
    plain.mkdir()
    packed.mkdir()
    rows = [observation(), observation(), observation(observation_concept_id=303)]
    write(plain, concept=WORDS, drug_exposure=[drug()], observation=rows)
    for path in plain.iterdir():
        duckdb.execute(f"COPY (FROM '{path}') TO '{packed / path.stem}.parquet'")
    with (plain / "observation.csv").open("a") as file:
        file.write("7,1\n")
    first, second = read(plain, today=TODAY), read(packed, today=TODAY)
    assert [row[1:] for row in refused(first)] == [(3, "repeat"), (5, "shape")]
    assert [row[2] for row in refused(second)] == ["repeat"]
    for each in (first, second):
        assert each.accounting.balanced
        assert table(each, "FROM diagnoses") == [(0, ON_REGISTER, TERM, day("2026-05-06"))]


def test_without_a_vocabulary_the_codes_themselves_are_read(tmp_path: Path) -> None:
    write(tmp_path, drug_exposure=[drug(drug_source_value="Morphine 10mg tablets")],
          observation=[observation(observation_source_value=ON_REGISTER),
                       observation(observation_source_value=CANCER, value_as_concept_id=45878245),
                       observation()])  # fmt: skip
    (tmp_path / "concept.csv").unlink()
    records = read(tmp_path, today=TODAY)
    assert records.accounting.balanced
    assert [row[1:] for row in refused(records)] == [(3, "negated")]
    assert table(records, "SELECT code FROM diagnoses") == [(ON_REGISTER,)]


def test_a_problem_with_several_codes_has_the_one_looked_for(tmp_path: Path) -> None:
    rows = [
        condition(condition_concept_id=301, condition_source_concept_id=303),
        condition(condition_concept_id=200, condition_source_value=ENDED),
    ]
    records = read_tables(
        tmp_path, concept=WORDS, drug_exposure=[drug()], condition_occurrence=rows
    )
    assert set(table(records, "SELECT code FROM diagnoses")) == {(ON_REGISTER,), (ENDED,)}


def test_people_who_are_not_in_the_data_are_counted_and_what_to_do_is_said(tmp_path: Path) -> None:
    rows = [drug(), drug(2, person_id=8), drug(3, person_id=9), drug(4, person_id=9)]
    records = read_tables(
        tmp_path, concept=WORDS, person=[person()], drug_exposure=rows,
        observation=[observation(person_id=9)],
    )  # fmt: skip
    reasons = [reason for (reason,) in table(records, "SELECT reason FROM rejects")]
    assert len(reasons) == 4
    assert all("export the person table again" in reason for reason in reasons)
    assert any("2 people" in note and "4 rows" in note for note in records.notes)
