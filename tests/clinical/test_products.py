"""Which medicine a prescription is for: names as printed, codes, and what must never match."""

from __future__ import annotations

import csv
import re
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unhurried.clinical.opioids.names import read_name
from unhurried.clinical.opioids.products import Product, find_product
from unhurried.clinical.tables import read_table

SPEC = Path(__file__).parent.parent / "spec" / "products"


def _rows(*files: str) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    for file in files or sorted(path.name for path in SPEC.glob("*.csv")):
        with (SPEC / file).open(encoding="utf-8", newline="") as lines:
            rows += csv.DictReader(lines)
    return rows


def _number(text: str) -> Fraction | None:
    return Fraction(text) if text else None


def _find(row: dict[str, str]) -> Product | None:
    return find_product(row["name"], dmd=row["dmd"], bnf=row["bnf"])


def _wrong(row: dict[str, str]) -> str:
    found = _find(row)
    if found is None or row["understood"] == "none":
        return "" if found is None and row["understood"] == "none" else f"{row} gave {found}"
    facts = (
        found.drug_class == row["drug_class"],
        found.ingredient == row["ingredient"],
        found.strength == _number(row["strength"]),
        (found.unit or "") == row["unit"],
        found.per_ml == _number(row["per_ml"]),
        found.paracetamol_mg == _number(row["paracetamol_mg"]),
        found.form == row["form"],
        found.release == row["release"],
        found.matched_by == row["matched_by"],
        (found.not_known is None) == (row["understood"] == "yes"),
    )
    return "" if all(facts) else f"{row} gave {found}"


def test_every_name_and_code_in_the_specification_gives_its_answer() -> None:
    rows = _rows()
    assert len(rows) >= 400
    assert [wrong for row in rows if (wrong := _wrong(row))] == []


def test_at_least_forty_names_must_never_match() -> None:
    rows = _rows("never-matched.csv")
    assert len(rows) >= 40
    assert [row["name"] for row in rows if _find(row) is not None] == []


@pytest.mark.parametrize("change", [str.upper, str.lower, str.title])
def test_case_never_changes_the_answer(change: object) -> None:
    assert callable(change)
    for row in _rows("printed-names.csv", "not-known.csv", "rxnorm-names.csv"):
        assert _wrong(row | {"name": change(row["name"])}) == ""


def test_a_supplier_in_brackets_and_a_pack_size_never_change_the_answer() -> None:
    for row in _rows("printed-names.csv", "paracetamol-and-coprescribed.csv"):
        assert _wrong(row | {"name": row["name"] + " (Morningside Healthcare Ltd)"}) == ""
        if row["form"].endswith("tablet") and "tab" in row["name"].lower():
            assert _wrong(row | {"name": row["name"] + " 28 tablet (4 x 7 tablets)"}) == ""


def test_missing_and_extra_spaces_never_change_the_answer() -> None:
    for row in _rows("printed-names.csv"):
        loose = re.sub(r"(?<=\d)mg", " mg ", row["name"]).replace("/", " / ")
        assert _wrong(row | {"name": loose.replace(" ", "  ")}) == ""
        assert _wrong(row | {"name": row["name"].replace(" mg", "mg").replace(" / ", "/")}) == ""


def test_every_listed_product_has_the_strength_its_own_name_states() -> None:
    rows = read_table("products")
    assert len(rows) > 1_800
    generic = {row["bnf"]: row for row in reversed(rows) if row["level"] == "VMP"}
    wrong = []
    for row in rows:
        code = row["bnf"]
        equivalent = generic[f"{code[:9]}AA{code[13:]}{code[13:]}"]
        read = read_name(row["name"]) or read_name(equivalent["name"])
        if read is not None and read.not_known and row["strength"]:
            read = read_name(equivalent["name"])
        assert read is not None, row
        stated = None if read.not_known else read.strength
        if (stated, read.ingredient) != (_number(row["strength"]), row["ingredient"]):
            wrong.append(row["name"])
        same = (row["ingredient"], row["partner"]) == (
            equivalent["ingredient"],
            equivalent["partner"],
        )
        if not same or _ratio(row) != _ratio(equivalent):
            wrong.append(f"{row['name']} is not {equivalent['name']}")
    assert wrong == []


def _ratio(row: dict[str, str]) -> Fraction | None:
    strength = _number(row["strength"])
    return strength and strength / (_number(row["per_ml"]) or 1)


def test_every_listed_code_finds_its_product_with_no_name_and_with_its_own_name() -> None:
    for row in read_table("products"):
        for name in ("", row["name"]):
            found = find_product(name, dmd=row["dmd"])
            assert found is not None
            assert found.ingredient == row["ingredient"]
            assert found.strength == _number(row["strength"])
            assert found.matched_by == "dmd"


def test_names_reference_lists_get_wrong_give_the_opioids_own_strength() -> None:
    traps = {
        "Aspirin 500mg / Codeine 8mg dispersible tablets sugar free": Fraction(8),
        "Ibuprofen 300mg modified-release / Codeine 20mg tablets": Fraction(20),
        "Ibuprofen 200mg / Codeine 12.8mg tablets": Fraction(64, 5),
        "Kaolin light 1.5g/5ml / Codeine 5mg/5ml oral suspension sugar free": Fraction(5),
        "Terpin 32.5mg/5ml / Codeine 16mg/5ml linctus": Fraction(16),
        "Eroset 500mg/10mg tablets": Fraction(10),
    }
    for name, strength in traps.items():
        found = find_product(name)
        assert found is not None
        assert found.strength == strength


def test_naloxone_in_a_compound_is_not_counted() -> None:
    found = find_product("Targinact 20mg/10mg modified-release tablets")
    assert found is not None
    assert (found.ingredient, found.partner) == ("oxycodone", "naloxone")
    assert found.strength == 20


def test_a_code_and_a_name_that_disagree_keep_the_class_and_give_no_strength() -> None:
    for name in ("Morphine 30mg tablets", "Codeine 30mg tablets", "Amoxicillin 250mg capsules"):
        found = find_product(name, dmd="42014811000001102")
        assert found is not None
        assert (found.drug_class, found.strength) == ("opioid", None)
        assert found.not_known is not None
        assert found.not_known.endswith("check the record.")


def test_a_dmd_and_a_bnf_code_that_disagree_give_no_strength() -> None:
    found = find_product("", dmd="42014811000001102", bnf="0407020Q0AACECE")
    assert found is not None
    assert found.strength is None
    assert found.not_known == (
        "The dm+d code and the BNF code are for different products: check the record."
    )


def test_the_whole_of_bnf_0410_is_not_opioid_substitution() -> None:
    assert find_product("Nicotine 21mg/24hours transdermal patches", bnf="0410020B0AAAIAI") is None
    assert find_product("Naltrexone 50mg tablets", bnf="0410030E0AAAAAA") is None
    found = find_product("Methadone 5mg tablets", bnf="0410030C0AAAFAF")
    assert found is not None
    assert found.drug_class == "opioid_substitution"


def test_ibuprofens_own_bnf_chemical_does_not_make_it_codeine() -> None:
    assert find_product("Ibuprofen 400mg tablets", bnf="1001010J0AAADAD") is None
    assert find_product("", bnf="1001010J0AAADAD") is None


def test_every_brand_in_the_tables_is_recognised_by_name_alone() -> None:
    for row in read_table("brands"):
        found = find_product(row["brand"])
        assert found is not None, row["brand"]
        assert found.ingredient == row["ingredient"]
    for row in read_table("coprescribing"):
        if row["kind"] != "bnf":
            found = find_product(row["value"].upper())
            assert found is not None, row["value"]
            assert found.drug_class == row["drug_class"]


def test_a_brand_in_square_brackets_never_decides_by_itself() -> None:
    assert find_product("perindopril erbumine 4 MG Oral Tablet [Aceon]") is None
    found = find_product("oxycodone hydrochloride 10 MG Oral Tablet [Oxycontin]")
    assert found is not None
    assert found.brand == "oxycontin"


def test_a_product_without_a_plain_strength_always_says_why() -> None:
    for row in _rows("not-known.csv"):
        found = _find(row)
        assert found is not None
        assert found.not_known is not None
        assert found.not_known.endswith(".")
        assert len(found.not_known) > 20


_PIECES = st.sampled_from(
    [
        *("morphine", "Co-codamol", "Zomorph", "fentanyl", "Targinact", "paracetamol", "naloxone"),
        *(
            "10mg",
            "30/500",
            "5 ml",
            "/",
            "25mcg/hr",
            "1,000",
            "0.5",
            "½",
            "x",
            "µg",
            "(Teva)",
            "[",
            "-",
        ),
        *("tablets", "m/r", "patches", "oral solution", "per", "in", "%", "\x00", "٣", "1" * 30),
    ]
)


@given(st.one_of(st.text(), st.lists(_PIECES, max_size=9).map(" ".join)))
def test_no_text_raises_and_an_understood_product_always_has_strength_form_and_route(
    text: str,
) -> None:
    found = find_product(text)
    if found is None or found.not_known:
        return
    assert found.strength is not None
    assert found.strength > 0
    assert found.form
    assert found.unit == ("micrograms_per_hour" if found.form == "patch" else "mg")


def test_a_huge_name_is_read_in_ordinary_time_and_not_believed() -> None:
    found = find_product("morphine " + "1 " * 70_000)
    assert found is not None
    assert found.strength is None
