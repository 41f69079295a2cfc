"""The daily dose: product and directions together, and every way they can fail to fit."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unhurried.clinical.opioids import DailyDose, Product, daily_dose, find_product
from unhurried.clinical.opioids.directions import NotUnderstood, Understood
from unhurried.clinical.opioids.directions.result import Step

Numbers = Fraction | int | str | tuple[Fraction | int | str, Fraction | int | str]


def seen(*values: object) -> tuple[object, ...]:
    """Values side by side, so that whole numbers may stand for fractions."""
    return values


def _pair(value: Numbers) -> tuple[Fraction, Fraction]:
    low, high = value if isinstance(value, tuple) else (value, value)
    return Fraction(low), Fraction(high)


def directions(
    dose: Numbers,
    times: Numbers,
    unit: str | None = None,
    *,
    as_required: bool = False,
    also_mg: int | None = None,
) -> Understood:
    (low, high), (fewest, most) = _pair(dose), _pair(times)
    return Understood(
        text="as written",
        dose_min=low,
        dose_max=high,
        unit=unit,
        times_per_day_min=fewest,
        times_per_day_max=most,
        as_required=as_required,
        max_units_per_day=None,
        units_per_day_min=Fraction(0) if as_required else low * fewest,
        units_per_day_max=high * most,
        also_mg=None if also_mg is None else Fraction(also_mg),
    )


def product(name: str) -> Product:
    found = find_product(name)
    assert found is not None
    return found


def dose(name: str, said: Understood | NotUnderstood) -> DailyDose:
    return daily_dose(product(name), said)


EVERY_3_DAYS = directions(1, "1/3", "patch")


def test_tablets_are_counted_and_paracetamol_with_them() -> None:
    found = dose("Co-codamol 30mg/500mg tablets", directions((1, 2), 4, "tablet"))
    assert seen(found.mg_per_day_min, found.mg_per_day_max) == (120, 240)
    assert found.paracetamol_mg_per_day_max == 4_000
    assert found.warnings == ()


def test_a_bare_number_is_a_tablet_but_never_an_amount_of_liquid() -> None:
    assert dose("MST Continus 15mg", directions(1, 2)).mg_per_day_max == 30
    found = dose("Oramorph 10mg/5ml oral solution", directions(5, 4))
    assert found.mg_per_day_max is None
    assert found.not_known is not None
    assert "without its unit" in found.not_known


def test_a_liquid_is_ml_times_strength_exactly() -> None:
    found = dose("Morphine sulfate 10mg/5ml oral solution", directions(("2.5", 5), 4, "ml"))
    assert seen(found.mg_per_day_min, found.mg_per_day_max) == (20, 40)
    thirds = dose("Codeine 25mg/5ml oral solution", directions("1/3", 1, "ml"))
    assert thirds.mg_per_day_max == Fraction(5, 3)


def test_directions_in_mg_are_the_dose_of_a_single_medicine() -> None:
    assert dose("MST Continus 10mg tablets", directions(20, 2, "mg")).mg_per_day_max == 40
    assert dose("Oramorph 10mg/5ml oral solution", directions(10, 4, "mg")).mg_per_day_max == 40
    micrograms = dose("Temgesic 200microgram sublingual tablets", directions(400, 3, "microgram"))
    assert micrograms.mg_per_day_max == Fraction(6, 5)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Zomorph 30mg capsules", directions(5, 2, "ml")),
        ("Zomorph 30mg capsules", directions(20, 2, "mg")),  # 30 mg cannot make 20 mg
        ("Zomorph 30mg capsules", directions("1/2", 2, "capsule")),
        ("MST Continus 30mg tablets", directions(15, 2, "mg")),  # half a modified-release tablet
        ("Oramorph 10mg/5ml oral solution", directions(1, 4, "tablet")),
        ("Oramorph 10mg/5ml oral solution", directions(2, 4, "dose")),
        ("Matrifen 25micrograms/hour patches", directions(1, "1/3", "tablet")),
        ("Matrifen 25micrograms/hour patches", directions(25, "1/3", "microgram")),
        ("Matrifen 25micrograms/hour patches", directions("1/2", "1/3", "patch")),
        ("Co-codamol 30mg/500mg tablets", directions(60, 4, "mg")),
        ("Targinact 20mg/10mg modified-release tablets", directions(20, 2, "mg")),
        ("Tramadol 100mg/ml oral drops", directions(20, 4, "drop")),
        ("PecFent 100micrograms/dose nasal spray", directions(1, 4)),
        ("Morphine sulfate 10mg/1ml solution for injection ampoules", directions(1, 1, "ampoule")),
        ("Buvidal 96mg/0.27ml prolonged-release injection", directions(1, "1/28", "ml")),
        ("Morphine tablets", directions(1, 2, "tablet")),
        ("Oxycodone 5mg/5ml oral solution", directions(15, 2, "ml", also_mg=20)),
    ],
)
def test_directions_that_do_not_fit_the_product_give_no_dose_and_say_why(
    name: str, said: Understood
) -> None:
    found = dose(name, said)
    assert found.mg_per_day_min is found.mg_per_day_max is None
    assert found.micrograms_per_hour_min is found.micrograms_per_hour_max is None
    assert found.paracetamol_mg_per_day_max is None
    assert found.not_known is not None
    assert found.not_known.endswith(".")


def test_mg_beside_ml_must_agree_with_the_strength() -> None:
    said = directions(15, 2, "ml", also_mg=15)
    assert dose("Oxycodone 5mg/5ml oral solution", said).mg_per_day_max == 30
    assert dose("Oxycodone 10mg/ml oral solution", said).not_known is not None


def test_half_a_plain_tablet_counts_as_half() -> None:
    found = dose("Codeine 30mg tablets", directions("1/2", 4, "tablet"))
    assert found.mg_per_day_max == 60
    assert dose("Codeine 30mg tablets", directions(15, 4, "mg")).mg_per_day_max == 60


def test_as_required_can_be_nothing_at_all() -> None:
    found = dose("Tramadol 50mg capsules", directions(2, 4, "capsule", as_required=True))
    assert seen(found.mg_per_day_min, found.mg_per_day_max) == (0, 400)


def test_directions_not_understood_give_their_own_reason() -> None:
    said = NotUnderstood("as directed", "as_directed", "The directions only say as directed.")
    found = dose("Codeine 30mg tablets", said)
    assert found.not_known == "The directions only say as directed."


def test_a_regimen_in_steps_has_no_single_dose() -> None:
    step = Step(
        order=1,
        dose_min=Fraction(1),
        dose_max=Fraction(1),
        unit="tablet",
        times_per_day_min=Fraction(2),
        times_per_day_max=Fraction(2),
        as_required=False,
        max_units_per_day=None,
        units_per_day_min=Fraction(2),
        units_per_day_max=Fraction(2),
        duration_days=7,
    )
    said = Understood("x", None, None, None, None, None, False, None, None, None, (step,))
    found = dose("Codeine 30mg tablets", said)
    assert found.not_known == "The dose changes over time, so there is no single daily amount."


def test_a_patch_is_its_rate_times_the_number_worn() -> None:
    found = dose("Fentanyl 75micrograms/hour transdermal patches", EVERY_3_DAYS)
    assert seen(found.micrograms_per_hour_min, found.micrograms_per_hour_max) == (75, 75)
    assert found.mg_per_day_max is None
    two = dose("Fentanyl 50micrograms/hour patches", directions(2, "1/3", "patch"))
    assert two.micrograms_per_hour_max == 100


def test_the_interval_between_patches_never_changes_the_dose() -> None:
    often = dose("Fentanyl 25micrograms/hour patches", directions(1, "1/2", "patch"))
    rarely = dose("Fentanyl 25micrograms/hour patches", directions(1, "1/7", "patch"))
    assert often.micrograms_per_hour_max == rarely.micrograms_per_hour_max == 25
    assert {w.code for w in (*often.warnings, *rarely.warnings)} == {"patch_interval_unusual"}
    assert "every 48 hours" in often.warnings[0].words


@pytest.mark.parametrize(
    ("name", "times", "understood"),
    [
        ("Fentanyl 25micrograms/hour patches", "1", False),
        ("Fentanyl 25micrograms/hour patches", "1/2", True),
        ("Butec 10micrograms/hour patches", "1/7", True),
        ("Butec 10micrograms/hour patches", "1/3", False),
        ("Butec 10micrograms/hour patches", "2/7", False),
        ("Transtec 35micrograms/hour transdermal patches", "2/7", True),
        ("Transtec 35micrograms/hour transdermal patches", "1", False),
        ("Hapoctasin 35micrograms/hour transdermal patches", "1/3", True),
    ],
)
def test_a_patch_added_long_before_the_last_is_due_off_is_not_known(
    name: str, times: str, understood: bool
) -> None:
    found = dose(name, directions(1, times, "patch"))
    assert (found.not_known is None) is understood
    assert found.warnings == () or found.warnings[0].code == "patch_interval_unusual"


@pytest.mark.parametrize(
    ("name", "times", "least"),
    [
        ("Fentanyl 25micrograms/hour patches", "1/6", 25),
        ("Fentanyl 25micrograms/hour patches", "1/7", 0),
        ("Butec 10micrograms/hour patches", "1/14", 10),
        ("Butec 10micrograms/hour patches", "1/28", 0),
    ],
)
def test_a_patch_changed_later_than_twice_its_wear_time_may_leave_none_on(
    name: str, times: str, least: int
) -> None:
    found = dose(name, directions(1, times, "patch"))
    assert found.micrograms_per_hour_min == least
    assert found.micrograms_per_hour_max == product(name).strength
    assert [w.code for w in found.warnings] == ["patch_interval_unusual"]


@pytest.mark.parametrize(
    ("number", "unit", "believed"),
    [
        (8, "tablet", True),
        (9, "tablet", False),
        ((1, 9), None, False),
        (5, None, False),
        ((5, 6), None, False),
        ((6, 7), None, True),
        (10, None, False),
        (20, None, False),
        (30, None, False),
        (4, None, True),
        (10, "tablet", False),
        (5, "tablet", True),
        ("6/5", "tablet", False),
        ("3/4", "tablet", True),
    ],
)
def test_a_number_that_could_be_mg_or_is_too_many_at_one_time_is_not_believed(
    number: Numbers, unit: str | None, believed: bool
) -> None:
    found = dose("Sevredol 10mg tablets", directions(number, 4, unit))
    assert (found.not_known is None) is believed


def test_a_number_like_the_strength_is_shown_in_the_sentence_that_declines_it() -> None:
    found = dose("Zomorph 30mg capsules", directions(30, 2))
    assert found.not_known == "'30' could be 30 mg or 30 capsules: check the directions."
    patch = dose("Butec 10micrograms/hour patches", directions(10, "1/7"))
    assert patch.not_known == (
        "'10' could be the patch's rate or 10 patches: check the directions."
    )


def test_more_than_four_patches_at_one_time_are_not_believed_even_with_the_unit() -> None:
    name = "Fentanyl 12micrograms/hour patches"
    assert dose(name, directions(4, "1/3", "patch")).micrograms_per_hour_max == 48
    assert dose(name, directions(5, "1/3", "patch")).not_known is not None


@pytest.mark.parametrize(
    ("quantity", "days", "counted"), [(2, 28, False), (29, 7, False), (30, 7, True), (20, 6, True)]
)
def test_a_liquid_issued_in_a_handful_may_be_in_bottles(
    quantity: int, days: int, counted: bool
) -> None:
    found = daily_dose(
        product("Oramorph 10mg/5ml oral solution"),
        directions("2.5", 1, "ml"),
        quantity=Fraction(quantity),
        days=Fraction(days),
    )
    assert (found.issued_units_per_day is not None) is counted
    assert (found.issued_mg_per_day is not None) is counted
    assert ("quantity_may_be_bottles" in {w.code for w in found.warnings}) is not counted
    assert found.mg_per_day_max == 5


def test_a_daily_dose_beyond_belief_is_not_known_in_any_factor_set() -> None:
    found = dose("Morphine 20mg/ml oral solution", directions(26, 4, "ml"))
    assert found.mg_per_day_max is None
    assert found.not_known is not None
    assert "2,000 mg" in found.not_known
    assert dose("Morphine 20mg/ml oral solution", directions(25, 4, "ml")).mg_per_day_max == 2_000


def test_what_was_issued_is_shown_beside_and_never_in_place_of_the_directions() -> None:
    unclear = NotUnderstood("as directed", "as_directed", "The directions only say as directed.")
    found = daily_dose(
        product("Tramadol 50mg capsules"), unclear, quantity=Fraction(112), days=Fraction(28)
    )
    assert seen(found.issued_units_per_day, found.issued_mg_per_day) == (4, 200)
    assert found.mg_per_day_max is None
    patches = daily_dose(
        product("Matrifen 25micrograms/hour patches"),
        EVERY_3_DAYS,
        quantity=Fraction(10),
        days=Fraction(30),
    )
    assert patches.issued_micrograms_per_hour == 25
    liquid = daily_dose(
        product("Oramorph 10mg/5ml oral solution"),
        unclear,
        quantity=Fraction(300),
        days=Fraction(30),
    )
    assert liquid.issued_mg_per_day == 20


@pytest.mark.parametrize(
    ("quantity", "days"), [(None, 28), (56, None), (56, 0), (-56, 28), (0, 28)]
)
def test_a_quantity_that_cannot_be_right_gives_no_issued_amount(
    quantity: int | None, days: int | None
) -> None:
    found = daily_dose(
        product("Tramadol 50mg capsules"),
        directions(1, 2),
        quantity=None if quantity is None else Fraction(quantity),
        days=None if days is None else Fraction(days),
    )
    assert found.issued_units_per_day is found.issued_mg_per_day is None
    assert found.mg_per_day_max == 100


@pytest.mark.parametrize(
    ("name", "said", "code"),
    [
        ("Tramadol 100mg capsules", directions(3, 2), "above_licensed_maximum"),
        ("Co-codamol 8mg/500mg tablets", directions(3, 4), "paracetamol_over_maximum"),
        (
            "Abstral 100microgram sublingual tablets",
            directions(1, 4),
            "cancer_breakthrough_product",
        ),
        ("Oramorph 10mg/5ml oral solution", directions(5, 4, "ml"), "liquid_morphine_a_month"),
        ("Methadone 5mg tablets", directions(1, 2), "methadone_not_converted"),
        ("Subutex 8mg tablets", directions(1, 1), "substitution_not_converted"),
    ],
)
def test_a_dose_worth_a_second_look_says_so(name: str, said: Understood, code: str) -> None:
    assert [w.code for w in dose(name, said).warnings] == [code]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Tramadol 50mg capsules", directions(2, 4)),  # 400 mg is allowed
        ("Co-codamol 8mg/500mg tablets", directions(2, 4)),  # 4 g is allowed
        ("Oramorph 10mg/5ml oral solution", directions("2.5", 4, "ml")),  # 280 ml
        ("Fentanyl 12micrograms/hour patches", EVERY_3_DAYS),
    ],
)
def test_an_ordinary_dose_gives_no_warning(name: str, said: Understood) -> None:
    assert dose(name, said).warnings == ()


def test_a_bottle_a_month_of_morphine_liquid_is_seen_in_what_was_issued() -> None:
    unclear = NotUnderstood("", "blank", "There are no directions.")
    found = daily_dose(
        product("Oramorph 10mg/5ml oral solution"),
        unclear,
        quantity=Fraction(300),
        days=Fraction(28),
    )
    assert [w.code for w in found.warnings] == ["liquid_morphine_a_month"]


@given(
    units=st.fractions(min_value=0, max_value=4, max_denominator=2),
    more=st.fractions(min_value=0, max_value=4, max_denominator=2),
    times=st.fractions(min_value="1/7", max_value=8, max_denominator=7),
)
def test_more_units_never_make_less_and_the_range_is_never_upside_down(
    units: Fraction, more: Fraction, times: Fraction
) -> None:
    less = dose("Codeine 30mg tablets", directions(units, times, "tablet"))
    both = dose("Codeine 30mg tablets", directions((units, units + more), times, "tablet"))
    assert less.mg_per_day_max == both.mg_per_day_min == units * times * 30
    assert both.mg_per_day_min is not None
    assert both.mg_per_day_max is not None
    assert both.mg_per_day_min <= both.mg_per_day_max
