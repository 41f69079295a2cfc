"""Palliative care and cancer are found whether a problem is coded in SNOMED, in Read or not."""

from __future__ import annotations

import pytest
from tests.records.csv.conftest import HEADINGS, Extract, Reader, day

from unhurried.clinical.codelists import cancer, palliative, palliative_ended
from unhurried.records.csv.codes import is_concept
from unhurried.records.csv.problems import listed_code

ISSUES = f"{HEADINGS}\nP1,03/11/2026,Morphine 10mg tablets,One twice a day,56\n"
BY_TERM = "has no SNOMED codes: palliative care and cancer were looked for by term only."


def problems(read: Reader, text: str) -> Extract:
    return read({"i.csv": ISSUES, "p.csv": text})


def diagnoses(extract: Extract) -> list[tuple[object, ...]]:
    return extract.rows("SELECT code, term, day FROM diagnoses ORDER BY ALL")


@pytest.mark.parametrize(
    "text",
    [
        "Patient ID,CTV3 Code,CTV3 Description,Date\nP1,XaJv2,Palliative care,01/02/2026\n",
        "Patient ID,Read Code,Term,Date\nP1,8BAP.,PALLIATIVE  Care (regime/therapy),01/02/2026\n",
        "Patient ID,Problem,Date\nP1, palliative care ,01/02/2026\n",
        "Patient ID,SNOMED Code,Term,Date\nP1,170671012,Palliative care,01/02/2026\n",
        "Patient ID,SNOMED Code,Term,Date\nP1,,Palliative care,01/02/2026\n",
    ],
)
def test_a_listed_term_without_a_snomed_code_gets_the_code_of_its_list(
    read: Reader, text: str
) -> None:
    extract = problems(read, text)
    assert extract.rejects == []
    assert [(code, when) for code, _, when in diagnoses(extract)] == [
        ("103735009", day("2026-02-01"))
    ]
    assert extract.records.notes == (f"p.csv {BY_TERM}",)


def test_other_problems_stay_as_they_are_written(read: Reader) -> None:
    extract = problems(
        read, "Patient ID,Read Code,Term,Date\nP1,N142.,Low back pain,01/02/2026\nP1,G20..,,\n"
    )
    assert diagnoses(extract) == [
        ("G20..", "", None),
        ("N142.", "Low back pain", day("2026-02-01")),
    ]
    assert extract.records.notes == (f"p.csv {BY_TERM}",)


def test_a_snomed_code_is_believed_before_its_term_and_needs_no_note(read: Reader) -> None:
    extract = problems(
        read,
        "Patient ID,SNOMED Code,Term,Date\nP1,279039007,Palliative care,01/02/2026\n"
        "P1,C10..,Palliative care,01/02/2026\n",
    )
    assert [code for code, _, _ in diagnoses(extract)] == ["103735009", "279039007"]
    assert extract.records.notes == ()


@pytest.mark.parametrize(
    "row", ["P1,1.04E+08,Palliative care,01/02/2026", "P1,103735009,,31/02/2026"]
)
def test_palliative_care_counts_on_a_refused_row_with_its_day_not_known(
    read: Reader, row: str
) -> None:
    extract = problems(read, f"Patient ID,SNOMED Code,Term,Date\n{row}\n")
    assert len(extract.rejects) == 1
    assert [(code, when) for code, _, when in diagnoses(extract)] == [("103735009", None)]


def test_cancer_on_a_refused_row_does_not_count(read: Reader) -> None:
    extract = problems(read, "Patient ID,SNOMED Code,Date\nP1,363406005,31/02/2026\n")
    assert diagnoses(extract) == []


def test_every_listed_term_is_found_with_or_without_a_tag() -> None:
    for codelist in (palliative(), cancer(), palliative_ended()):
        for code, term in codelist.terms.items():
            found = listed_code(f" {term.upper()} (finding)")
            assert found is not None
            assert found == code or codelist.terms[found].casefold() == term.casefold()
            assert is_concept(code)


@pytest.mark.parametrize("term", ["Palliative", "No palliative care", "Palliative care (old)", ""])
def test_words_that_are_not_a_listed_term_are_not_matched(term: str) -> None:
    assert listed_code(term) is None


@pytest.mark.parametrize("code", ["170671012", "103735008", "XaJv2", "12345", "", "G20.."])
def test_descriptions_slips_and_read_codes_are_no_concepts(code: str) -> None:
    assert not is_concept(code)
