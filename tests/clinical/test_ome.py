"""Oral morphine equivalents: published examples, what is never converted, and totals."""

from __future__ import annotations

from fractions import Fraction

import pytest

from unhurried.clinical.opioids import (
    Ome,
    OmeTotal,
    Part,
    UnknownFactorSet,
    daily_dose,
    factor_set,
    find_product,
    oral_morphine_equivalent,
    total,
)
from unhurried.clinical.opioids import factors as factor_tables
from unhurried.clinical.opioids.directions import NotUnderstood, Understood
from unhurried.clinical.tables import read_table

UNCLEAR = NotUnderstood("as directed", "as_directed", "The directions only say as directed.")


def seen(*values: object) -> tuple[object, ...]:
    """Values side by side, so that whole numbers may stand for fractions."""
    return values


def said(
    dose: str, times: str, unit: str | None = None, *, as_required: bool = False
) -> Understood:
    amount, often = Fraction(dose), Fraction(times)
    least = Fraction(0) if as_required else amount * often
    return Understood(
        "as written", amount, amount, unit, often, often, as_required, None, least, amount * often
    )


def part(name: str, directions: Understood | NotUnderstood, factors: str = "fpm-2020") -> Part:
    product = find_product(name)
    assert product is not None
    dose = daily_dose(product, directions)
    return Part(product, dose, oral_morphine_equivalent(product, dose, factor_set(factors)))


def ome(name: str, directions: Understood | NotUnderstood, factors: str = "fpm-2020") -> Ome:
    return part(name, directions, factors).ome


def totals(*parts: Part) -> OmeTotal:
    return total(parts)


PATCH_3 = said("1", "1/3", "patch")
PATCH_7 = said("1", "1/7", "patch")


def test_worked_example_1_regular_and_as_required_morphine_is_60_to_100() -> None:
    liquid = said("5", "4", "ml", as_required=True)
    found = totals(
        part("Zomorph 30mg capsules", said("1", "2", "capsule")),
        part("Oramorph 10mg/5ml oral solution", liquid),
    )
    assert seen(found.min, found.max, found.status) == (60, 100, "converted")


@pytest.mark.parametrize(("factors", "ome_mg"), [("fpm-2020", 64), ("cdc-2022", 116)])
def test_worked_example_2_the_table_chosen_moves_a_person_over_a_line(
    factors: str, ome_mg: int
) -> None:
    found = totals(
        part("Co-codamol 30mg/500mg tablets", said("2", "4"), factors),
        part("Tramadol 50mg capsules", said("2", "4"), factors),
    )
    assert seen(found.min, found.max) == (ome_mg, ome_mg)


@pytest.mark.parametrize(
    ("name", "directions", "ome_mg"),
    [
        ("Butec 20micrograms/hour patches", PATCH_7, 48),
        ("Transtec 52.5micrograms/hour transdermal patches", said("1", "1/4", "patch"), 126),
        ("Fentanyl 25micrograms/hour patches", PATCH_3, 60),
        ("Fentanyl 12micrograms/hour patches", PATCH_3, 30),
        ("Fentanyl 37.5micrograms/hour patches", PATCH_3, 90),
        ("Fentanyl 50micrograms/hour patches", PATCH_3, 120),
        ("Fentanyl 75micrograms/hour patches", PATCH_3, 180),
        ("Fentanyl 100micrograms/hour patches", PATCH_3, 240),
        ("Buprenorphine 35micrograms/hour patches", said("1", "1/4", "patch"), 84),
        ("Longtec 30mg modified-release tablets", said("1", "2"), 90),
        ("MST Continus 60mg tablets", said("1", "2"), 120),
        ("Palexia SR 100mg tablets", said("1", "2"), 80),
        ("Palladone SR 4mg capsules", said("1", "2"), 40),
        ("Targinact 10mg/5mg modified-release tablets", said("1", "2"), 30),
        ("Remedeine Forte tablets", said("2", "4"), 24),
    ],
)
def test_worked_examples_3_and_4_and_the_published_equivalents(
    name: str, directions: Understood, ome_mg: int
) -> None:
    found = ome(name, directions)
    assert seen(found.min, found.max, found.status) == (ome_mg, ome_mg, "converted")


def test_two_fentanyl_patches_of_12_and_25_are_90() -> None:
    found = totals(
        part("Fentanyl 12micrograms/hour patches", PATCH_3),
        part("Fentanyl 25micrograms/hour patches", PATCH_3),
    )
    assert found.max == 90


def test_the_12_patch_is_looked_up_only_in_the_set_that_prints_it() -> None:
    assert ome("Fentanyl 12micrograms/hour patches", PATCH_3).max == 30
    plain = ome("Fentanyl 12micrograms/hour patches", PATCH_3, "openprescribing-2025")
    assert plain.max == Fraction(144, 5)
    two = ome("Fentanyl 12micrograms/hour patches", said("2", "1/3", "patch"))
    assert two.max == 60


def test_worked_example_6_methadone_is_named_and_left_out() -> None:
    found = totals(
        part("Methadone 5mg tablets", said("2", "3")),
        part("Morphine 10mg tablets", said("1", "2")),
    )
    assert seen(found.min, found.max, found.status) == (20, 20, "not_converted")
    assert found.not_converted == ("Methadone 5mg tablets",)


@pytest.mark.parametrize("factors", factor_tables.names())
@pytest.mark.parametrize(
    "name",
    [
        "Methadone 5mg tablets",
        "Methadone 1mg/ml oral solution",
        "Physeptone 5mg tablets",
        "Subutex 8mg tablets",
        "Suboxone 8mg/2mg sublingual tablets",
        "Espranor 8mg oral lyophilisates",
    ],
)
def test_methadone_and_substitution_are_never_converted_in_any_set(factors: str, name: str) -> None:
    unit = "ml" if "/ml" in name else None
    found = ome(name, said("1", "1", unit), factors)
    assert seen(found.min, found.max, found.factor) == (None, None, None)
    assert found.status == "not_converted"
    assert found.reason is not None


def test_no_factor_set_has_a_number_for_methadone() -> None:
    rows = [row for row in read_table("factors") if row["ingredient"] == "methadone"]
    assert rows
    assert all(row["factor"] == "" and row["status"] == "not_converted" for row in rows)


def test_sublingual_buprenorphine_for_pain_waits_for_a_site_to_choose() -> None:
    directions = said("1", "3", "tablet")
    assert ome("Temgesic 200microgram sublingual tablets", directions).status == "not_converted"
    chosen = ome("Temgesic 200microgram sublingual tablets", directions, "openprescribing-2025")
    assert chosen.max == 36
    assert [w.code for w in chosen.warnings] == ["sources_disagree"]


def test_cdc_does_not_convert_buprenorphine_patches() -> None:
    found = ome("Butec 20micrograms/hour patches", PATCH_7, "cdc-2022")
    assert seen(found.status, found.max) == ("not_converted", None)


def test_hydrocodone_counts_in_the_us_set_and_in_no_uk_set() -> None:
    name = "acetaminophen 300 MG / hydrocodone bitartrate 5 MG Oral Tablet"
    assert ome(name, said("1", "4"), "cdc-2022").max == 20
    assert ome(name, said("1", "4")).status == "not_converted"


def test_a_part_not_known_leaves_a_floor_and_no_ceiling() -> None:
    found = totals(
        part("Morphine 10mg tablets", said("1", "2")), part("Tramadol 50mg capsules", UNCLEAR)
    )
    assert seen(found.min, found.max, found.status) == (20, None, "not_known")
    assert found.not_known == ("Tramadol 50mg capsules",)


def test_nothing_but_methadone_sums_to_no_number() -> None:
    found = totals(part("Methadone 5mg tablets", said("2", "3")))
    assert seen(found.min, found.max, found.status) == (None, None, "not_converted")


def test_no_opioids_sum_to_nothing() -> None:
    found = totals(part("Paracetamol 500mg tablets", said("2", "4")))
    assert seen(found.min, found.max, found.status) == (0, 0, "converted")


def test_paracetamol_is_summed_over_compound_and_plain_products() -> None:
    found = totals(
        part("Co-codamol 30mg/500mg tablets", said("2", "4")),
        part("Paracetamol 500mg tablets", said("2", "4")),
    )
    assert found.paracetamol_mg_per_day_max == 8_000
    assert [w.code for w in found.warnings] == ["paracetamol_over_maximum"]
    assert found.warnings[0].words == (
        "Paracetamol comes to 8,000 mg a day at most, above 4,000 mg a day."
    )


def test_paracetamol_of_an_unknown_amount_is_named() -> None:
    found = totals(
        part("Solpadeine Plus tablets", said("2", "4")),
        part("Paracetamol 500mg tablets", said("2", "4")),
    )
    assert found.paracetamol_mg_per_day_max == 4_000
    assert found.paracetamol_not_known == ("Solpadeine Plus tablets",)


def test_a_total_is_the_sum_of_its_parts_in_any_order() -> None:
    parts = [
        part("Zomorph 30mg capsules", said("1", "2")),
        part("Fentanyl 12micrograms/hour patches", PATCH_3),
        part("Co-codamol 15mg/500mg tablets", said("2", "4", as_required=True)),
    ]
    forwards, backwards = totals(*parts), totals(*reversed(parts))
    assert seen(forwards.min, forwards.max) == seen(backwards.min, backwards.max)
    assert seen(forwards.min, forwards.max) == (90, 102)


def test_an_unknown_factor_set_names_those_there_are() -> None:
    with pytest.raises(UnknownFactorSet, match=r"fpm-2020, .*cdc-2022"):
        factor_set("fpm-1999")


def test_the_default_set_comes_first_and_every_row_waits_for_sign_off() -> None:
    assert factor_tables.names()[0] == "fpm-2020"
    assert set(factor_tables.names()) == {
        "fpm-2020",
        "openprescribing-2025",
        "cdc-2022",
        "anzca-2021",
    }
    for row in read_table("factors"):
        assert row["sign_off"]
        assert (row["status"] == "converted") == bool(row["factor"])
        assert row["status"] == "converted" or row["reason"]


def test_every_listed_product_is_converted_or_says_why_not() -> None:
    factors = factor_set()
    missing = set()
    for row in read_table("products"):
        product = find_product("", dmd=row["dmd"])
        assert product is not None
        found = factors.find(product.ingredient, product.route)
        if found is None:
            missing.add((product.ingredient, product.route))
    # no published factor in any source: said as such, never guessed
    assert missing == {
        ("codeine", "parenteral"),
        ("dihydrocodeine", "parenteral"),
        ("diamorphine", "inhaled"),
        ("diamorphine", "rectal"),
        ("hydromorphone", "parenteral"),
        ("tramadol", "parenteral"),
        ("pentazocine", "parenteral"),
        ("pentazocine", "rectal"),
    }
