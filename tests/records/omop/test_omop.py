"""OMOP folders: each row used or rejected with its number, nothing known that is not said.

A read costs a tenth of a second whatever its size: cases that do not touch one another share one.
"""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.records.omop.make import (
    CONCEPTS,
    Rows,
    condition,
    day,
    drug,
    issues,
    person,
    read_tables,
    refused,
    table,
)

MORPHINE = str(CONCEPTS[0]["concept_name"])


NOTHING = ("", "0", "0.000", "-0")
WRITTEN = ("2026-10-01 00:00:00", "2026-10-01T09:30:00", "20261001", " 2026-10-01 ")
NAMED: list[tuple[dict[str, Any], str, str]] = [
    ({"drug_concept_id": 101}, "Zomorph 10mg modified-release capsules", "dmd:9123411000001105"),
    ({"drug_source_concept_id": 101}, "Zomorph 10mg modified-release capsules",
     "dmd:9123411000001105"),
    ({"drug_source_concept_id": 101, "drug_source_value": "Zomorph 10mg capsules (Made-Up Ltd)"},
     "Zomorph 10mg capsules (Made-Up Ltd)", "dmd:9123411000001105"),
    ({"drug_source_value": "Morphgesic 10mg"}, MORPHINE, "rxnorm:891874"),
    ({"drug_concept_id": 0, "drug_source_concept_id": 100}, MORPHINE, "rxnorm:891874"),
    ({"drug_concept_id": 102}, "tramadol 50 MG Oral Capsule", ""),
    ({"drug_concept_id": 0, "drug_source_value": "MST Continus 10mg"}, "MST Continus 10mg", ""),
    ({"drug_concept_id": "100.0"}, MORPHINE, "rxnorm:891874"),
]  # fmt: skip


@pytest.fixture(scope="module")
def exposures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[Any, ...]]]:
    """The issues of four people, read once."""
    rows = [
        drug(1),
        *(drug(20 + n, person_id=2, quantity=each, days_supply=each, sig="")
          for n, each in enumerate(NOTHING)),
        *(drug(30 + n, person_id=3, sig=str(n), **change)
          for n, (change, _, _) in enumerate(NAMED)),
        *(drug(40 + n, person_id=4, drug_exposure_start_date=each)
          for n, each in enumerate(WRITTEN)),
    ]  # fmt: skip
    people = [person(n) for n in range(1, 5)]
    folder = tmp_path_factory.mktemp("exposures")
    found = issues(read_tables(folder, person=people, drug_exposure=rows))
    return {str(n): [row for row in found if row[0] == str(n)] for n in range(1, 5)}


Exposures = dict[str, list[tuple[Any, ...]]]


def test_an_exposure_is_read_with_name_code_directions_and_supply(exposures: Exposures) -> None:
    assert exposures["1"] == [
        ("1", day("2026-10-01"), MORPHINE, "rxnorm:891874", "One twice a day", 56_000, 28)
    ]


def test_a_quantity_or_supply_of_nothing_is_not_known(exposures: Exposures) -> None:
    assert [row[4:] for row in exposures["2"]] == [("", None, None)] * len(NOTHING)


def test_a_medicine_is_named_by_the_best_there_is(exposures: Exposures) -> None:
    found = {row[4]: row[2:4] for row in exposures["3"]}
    assert found == {str(n): (product, code) for n, (_, product, code) in enumerate(NAMED)}


def test_dates_with_a_time_or_without_hyphens_are_read(exposures: Exposures) -> None:
    assert [row[1] for row in exposures["4"]] == [day("2026-10-01")] * len(WRITTEN)


NO_ISSUES: list[tuple[dict[str, Any], str]] = [
    ({"person_id": 9}, "no_person"),
    ({"person_id": ""}, "no_person"),
    ({"drug_exposure_start_date": ""}, "issue_date"),
    ({"drug_exposure_start_date": "2026-02-30"}, "issue_date"),
    ({"drug_exposure_start_date": "01/10/2026"}, "issue_date"),
    ({"drug_exposure_start_date": "2027-01-01"}, "issue_date"),
    ({"drug_exposure_start_date": "1915-01-01"}, "issue_date"),
    ({"drug_concept_id": 0}, "no_medicine"),
    ({"drug_concept_id": 555, "drug_source_value": "dj3A."}, "no_medicine"),
    ({"quantity": -28}, "quantity"),
    ({"drug_type_concept_id": 32865}, "not_an_issue"),
    ({"drug_type_concept_id": 38000178}, "not_an_issue"),
]


def test_an_exposure_that_is_no_issue_is_refused_with_its_row(tmp_path: Path) -> None:
    rows = [drug(n, **change) for n, (change, _) in enumerate(NO_ISSUES, start=2)]
    records = read_tables(tmp_path, drug_exposure=[drug(), *rows])
    assert refused(records) == [
        ("drug_exposure.csv", n, code) for n, (_, code) in enumerate(NO_ISSUES, start=3)
    ]
    assert len(issues(records)) == 1
    for reason, raw in table(records, "SELECT reason, raw FROM rejects"):
        assert reason.endswith(".")
        assert "One twice a day" in raw


def test_a_dispensing_counts_unless_its_prescription_does(tmp_path: Path) -> None:
    rows = [
        drug(1),
        drug(2, drug_type_concept_id=32869, drug_exposure_start_date="2026-10-03"),
        drug(3, drug_type_concept_id=32869, drug_exposure_start_date="2026-09-03"),
        drug(4, drug_type_concept_id=32869, drug_concept_id=101),
    ]
    records = read_tables(tmp_path, drug_exposure=rows)
    assert refused(records) == [("drug_exposure.csv", 3, "dispensing")]
    assert len(issues(records)) == 3


def test_the_same_rows_again_change_nothing_and_two_contents_of_one_id_count_not_at_all(
    tmp_path: Path,
) -> None:
    rows = [drug(1)] * 10 + [drug(2), drug(2, sig="Two a day"), drug(3)]
    records = read_tables(tmp_path, drug_exposure=rows)
    assert [code for _, _, code in refused(records)] == ["repeat"] * 9 + ["conflict"] * 2
    assert len(issues(records)) == 2


def test_the_order_of_rows_does_not_matter(tmp_path: Path) -> None:
    orders = list(permutations((1, 2, 3)))
    rows = [
        drug(f"{who}{n}", person_id=who, drug_exposure_start_date=f"2026-0{n}-01")
        for who, order in enumerate(orders)
        for n in order
    ]
    people = [person(who) for who in range(len(orders))]
    found = issues(read_tables(tmp_path, person=people, drug_exposure=rows))
    expected = [day(f"2026-0{n}-01") for n in (1, 2, 3)]
    assert [row[1] for row in found] == expected * len(orders)


PROBLEMS: list[tuple[dict[str, Any], str, str]] = [
    ({}, "279039007", "Low back pain"),
    ({"condition_concept_id": 0, "condition_source_value": "526631000000108.0"},
     "526631000000108", ""),
    ({"condition_source_value": "279039007.0"}, "279039007", "Low back pain"),
    ({"condition_concept_id": 201, "condition_source_concept_id": 200}, "279039007",
     "Low back pain"),
    ({"condition_concept_id": 0, "condition_source_value": "M54.5"}, "M54.5", ""),
]  # fmt: skip


def test_a_problem_has_its_snomed_code(tmp_path: Path) -> None:
    dates = [f"2020-05-{n:02d}" for n in range(1, len(PROBLEMS) + 1)]
    rows = [
        condition(**change, condition_start_date=each)
        for each, (change, _, _) in zip(dates, PROBLEMS, strict=True)
    ]
    records = read_tables(tmp_path, drug_exposure=[drug()], condition_occurrence=rows)
    assert table(records, "FROM diagnoses ORDER BY day") == [
        (0, code, term, day(each)) for each, (_, code, term) in zip(dates, PROBLEMS, strict=True)
    ]


def test_problems_that_cannot_be_right_are_refused(tmp_path: Path) -> None:
    rows = [
        condition(person_id=9), condition(condition_start_date="2020-13-01"),
        condition(condition_start_date="2031-01-01"), condition(condition_concept_id=0),
        condition(condition_start_date=""),
    ]  # fmt: skip
    records = read_tables(tmp_path, drug_exposure=[drug()], condition_occurrence=rows)
    assert [code for _, _, code in refused(records)] == [
        "no_person", "problem_date", "problem_date", "no_code",
    ]  # fmt: skip
    assert table(records, "SELECT day FROM diagnoses") == [(None,)]


BORN: list[tuple[dict[str, Any], str | None]] = [
    ({}, "1970-02-03"),
    ({"day_of_birth": ""}, "1970-02-28"),
    ({"day_of_birth": "", "month_of_birth": ""}, "1970-12-31"),
    ({"year_of_birth": 2008, "month_of_birth": "", "day_of_birth": ""}, None),
    ({"year_of_birth": 2008, "month_of_birth": 10, "day_of_birth": ""}, "2008-10-31"),
    ({"year_of_birth": 2009, "month_of_birth": "", "day_of_birth": ""}, "2009-12-31"),
    ({"year_of_birth": "", "birth_datetime": "1970-02-03 00:00:00"}, "1970-02-03"),
    ({"year_of_birth": "", "month_of_birth": "", "day_of_birth": ""}, None),
    ({"year_of_birth": 1900, "month_of_birth": 1, "day_of_birth": 1}, None),
]


def test_a_partial_date_of_birth_never_makes_an_adult_of_anyone(tmp_path: Path) -> None:
    people = [person(n, **change) for n, (change, _) in enumerate(BORN, start=1)]
    records = read_tables(tmp_path, person=people, drug_exposure=[drug()])
    found = table(records, "SELECT born FROM people ORDER BY person_id")
    assert found == [(day(born) if born else None,) for _, born in BORN]


NOT_BORN: list[dict[str, Any]] = [
    {"month_of_birth": 13},
    {"month_of_birth": 2, "day_of_birth": 30},
    {"year_of_birth": "nineteen"},
    {"year_of_birth": 2031},
    {"year_of_birth": 1801},
    {"month_of_birth": 13, "day_of_birth": ""},
]


def test_a_birth_that_cannot_be_right_loses_neither_the_person_nor_their_issues(
    tmp_path: Path,
) -> None:
    wrong = [person(n, **change) for n, change in enumerate(NOT_BORN)]
    people = [*wrong, person(9)]
    rows = [drug(n, person_id=each["person_id"]) for n, each in enumerate(people)]
    records = read_tables(tmp_path, person=people, drug_exposure=rows)
    assert refused(records) == [
        ("person.csv", n, "birth_date") for n in range(2, len(NOT_BORN) + 2)
    ]
    assert len(issues(records)) == len(people)
    found = table(records, "SELECT born FROM people ORDER BY person_id")
    assert found == [*[(None,)] * len(NOT_BORN), (33,)]


def test_sex_nhs_number_and_practice_are_read(tmp_path: Path) -> None:
    rows = [
        person(1, person_source_value="999 000 0018"),
        person(2, gender_concept_id=0, gender_source_value="M", care_site_id=8),
        person(3, gender_concept_id=8551, care_site_id=""),
    ]
    sites = [
        {"care_site_id": 7, "care_site_name": "Meadow Surgery", "care_site_source_value": "Z99999"},
        {"care_site_id": 8, "care_site_name": "Hill Surgery", "care_site_source_value": ""},
    ]
    records = read_tables(tmp_path, person=rows, drug_exposure=[drug()], care_site=sites)
    assert table(records, "SELECT sex, nhs_number, practice FROM people ORDER BY person_id") == [
        ("female", "9990000018", "Z99999"), ("male", None, "8"), ("not known", None, None),
    ]  # fmt: skip
    assert table(records, "FROM practices") == [("8", "Hill Surgery"), ("Z99999", "Meadow Surgery")]


DEATHS = [
    (["2026-10-20"], "2026-10-20"),
    (["2026-10-20", "2026-10-10"], "2026-10-10"),
    ([""], "2026-10-01"),
    (["soon"], "2026-10-01"),
    (["2031-01-01"], "2026-10-01"),
]


def test_nobody_who_has_died_is_left_alive_for_want_of_a_date(tmp_path: Path) -> None:
    numbered = list(enumerate(DEATHS, start=1))
    deaths = [{"person_id": n, "death_date": each} for n, (dates, _) in numbered for each in dates]
    people = [person(n) for n, _ in numbered]
    rows = [drug(n, person_id=n) for n, _ in numbered]
    records = read_tables(tmp_path, person=people, drug_exposure=rows, death=deaths)
    found = table(records, "SELECT died FROM people ORDER BY person_id")
    assert found == [(day(died),) for _, died in DEATHS]


@pytest.mark.parametrize(
    ("ended", "registered_to"),
    [("2026-09-30", None), ("2026-08-02", None), ("2026-08-01", "2026-08-01")],
)
def test_only_a_period_that_ended_long_before_the_data_did_means_leaving(
    tmp_path: Path, ended: str, registered_to: str | None
) -> None:
    periods = [
        {
            "person_id": each,
            "observation_period_start_date": "2010-01-01",
            "observation_period_end_date": ended,
        }
        for each in (1, 2)
    ]
    # Person 1 has an issue after the end, so the end says nothing about them.
    records = read_tables(
        tmp_path, person=[person(1), person(2)], drug_exposure=[drug()], observation_period=periods
    )
    found = table(records, "SELECT registered_from, registered_to FROM people ORDER BY person_id")
    left = day(registered_to) if registered_to else None
    assert found == [(day("2010-01-01"), None), (day("2010-01-01"), left)]


def test_an_earlier_end_than_most_peoples_means_leaving(tmp_path: Path) -> None:
    ends = {1: "2026-11-01", 2: "2026-11-01", 3: "2026-11-01", 4: "2026-10-01", 5: "2026-09-30"}
    periods = [
        {
            "person_id": each,
            "observation_period_start_date": "2010-01-01",
            "observation_period_end_date": end,
        }
        for each, end in ends.items()
    ]
    people = [person(each) for each in ends]
    rows = [drug(1), drug(2, person_id=4, drug_exposure_start_date="2026-10-02")]
    records = read_tables(tmp_path, person=people, drug_exposure=rows, observation_period=periods)
    found = table(records, "SELECT registered_to FROM people ORDER BY person_id")
    assert found == [(None,), (None,), (None,), (None,), (day("2026-09-30"),)]


FIELD = st.text(max_size=10) | st.integers(-(2**70), 2**70).map(str) | st.floats().map(str)


@settings(max_examples=2)
@given(
    drugs=st.lists(
        st.fixed_dictionaries({}, optional=dict.fromkeys(drug(), FIELD)), min_size=8, max_size=20
    ),
    people=st.lists(
        st.fixed_dictionaries({}, optional=dict.fromkeys(person(), FIELD)), min_size=4, max_size=9
    ),
    problems=st.lists(
        st.fixed_dictionaries({}, optional=dict.fromkeys(condition(), FIELD)), min_size=4
    ),
)
def test_whatever_stands_in_the_fields_the_account_balances(
    tmp_path_factory: pytest.TempPathFactory, drugs: Rows, people: Rows, problems: Rows
) -> None:
    folder = tmp_path_factory.mktemp("any")
    records = read_tables(
        folder,
        person=[person(), *({**person(n), **row} for n, row in enumerate(people, 5))],
        drug_exposure=[{**drug(n), **row} for n, row in enumerate(drugs)],
        condition_occurrence=[{**condition(), **row} for row in problems],
    )
    assert table(records, "SELECT COUNT(*) FROM rejects WHERE reason = ''") == [(0,)]
    records.close()
