"""Stories worked out by hand, so that the oracle itself is held to something."""

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.oracle import parts, strategies
from tests.oracle.naive_people import age_on
from tests.oracle.naive_screening import screen_naively
from tests.oracle.naive_shapes import (
    DEFAULT_CRITERIA,
    Diagnosis,
    History,
    Issue,
    NaiveResult,
    Part,
    Person,
)

AS_OF = date(2025, 11, 22)
ADULT = Person(person_id="a", born=date(1960, 5, 17))
MST_20 = parts.opioid(parts.MORPHINE_MR_10, "ONE TWICE A DAY")
MST_40 = parts.opioid(parts.MORPHINE_MR_10, "TWO TWICE A DAY")
MST_60 = parts.opioid(parts.MORPHINE_MR_30, "ONE TWICE A DAY")
ORAMORPH = parts.opioid(parts.ORAL_MORPHINE, "5ML FOUR TIMES A DAY WHEN REQUIRED")
TRAMADOL_UNKNOWN = parts.opioid(parts.TRAMADOL_50, "AS DIRECTED")
METHADONE = parts.opioid(parts.METHADONE_5, "ONE TWICE A DAY")
CO_CODAMOL = parts.opioid(parts.CO_CODAMOL_30, "TWO FOUR TIMES A DAY")
DIAZEPAM, ZOPICLONE, PREGABALIN, _ = parts.SEDATIVES


def issued(
    part: Part, *days_ago: int, days: int | None = 28, quantity: Fraction | None = None
) -> list[Issue]:
    """The same issue on several days, counted back from as-of."""
    return [
        Issue(
            issue=n,
            person_id="a",
            day=AS_OF - timedelta(days=n),
            part=part,
            quantity=quantity,
            days_supply=days,
        )
        for n in days_ago
    ]


MONTHLY = (112, 84, 56, 28)


def screened(
    *groups: list[Issue], person: Person = ADULT, coded: Sequence[tuple[str, date]] = ()
) -> NaiveResult:
    issues = [i for group in groups for i in group]
    diagnoses = [Diagnosis(person_id="a", code=code, day=day) for code, day in coded]
    history = History(people=[person], issues=issues, diagnoses=diagnoses)
    return screen_naively(history, DEFAULT_CRITERIA, AS_OF)[0]


def test_four_monthly_issues_of_20_mg_are_listed_and_nothing_more_is_said() -> None:
    """Issues on days -112, -84, -56 and -28, each 28 days: exactly 112 days, runs out today."""
    result = screened(issued(MST_20, *MONTHLY))
    assert result.listed
    assert (result.days_exposed, result.issues) == (112, 4)
    assert (result.episode_start, result.episode_end) == (AS_OF - timedelta(days=112), AS_OF)
    assert (result.ome_min_ug, result.ome_max_ug) == (20_000, 20_000)
    assert (result.ome_status, result.ome_as_at) == ("converted", AS_OF)
    # The last window holds 90 days of 20 mg and the one before 22: a new course would always rise.
    assert result.trend == "not_known"
    assert result.reasons == {"no_further_reason"}
    assert (result.tier, result.rank) == ("long_term", 1)


def test_a_steady_year_has_no_further_reason() -> None:
    result = screened(issued(MST_20, *range(28, 365, 28)))
    assert result.trend == "steady"
    assert result.reasons == {"no_further_reason"}
    assert result.tier == "long_term"


@pytest.mark.parametrize(
    ("later", "word", "tier"),
    [(MST_40, "rising", "changing"), (MST_20, "falling", "long_term")],
)
def test_the_last_ninety_days_against_the_ninety_before(later: Part, word: str, tier: str) -> None:
    """30 mg a day until day -84, then 40 or 20: the last window holds 6 days of 30 and 84 of the
    new dose, 39.3 or 20.7 a day."""
    before = parts.opioid(parts.MORPHINE_MR_10, "1 mane 2 nocte")
    result = screened(issued(before, *range(112, 365, 28)), issued(later, 84, 56, 28))
    assert result.trend == word
    assert result.reasons == {word}
    assert result.tier == tier


def test_a_tenth_more_is_steady() -> None:
    """90 days of 20 mg (1800), then 81 of 20 and 9 of 40 (1980): exactly a tenth, so steady."""
    usual = issued(MST_20, 270, 180, 90, days=90)
    assert screened(usual, issued(MST_40, 9, days=9)).trend == "steady"
    assert screened(usual, issued(MST_40, 10, days=10)).trend == "rising"


@pytest.mark.parametrize(("first", "listed"), [(90, False), (91, True)])
def test_exposure_must_be_longer_than_ninety_days(first: int, listed: bool) -> None:
    result = screened(issued(MST_20, first, 60, 20))
    assert result.listed is listed
    assert result.days_exposed == first
    assert result.approaching is not listed


def test_two_issues_are_too_few_but_are_approaching() -> None:
    result = screened(issued(MST_20, 100, 20, days=56))
    assert result.reasons == {"too_few_issues"}
    assert result.approaching


@pytest.mark.parametrize(("last", "listed"), [(56, True), (57, False)])
def test_on_opioids_now_means_run_out_at_most_28_days_ago(last: int, listed: bool) -> None:
    result = screened(issued(MST_20, last + 84, last + 56, last + 28, last, days=28))
    assert result.listed is listed
    assert ("not_current" in result.reasons) is not listed
    # Nothing in hand: the dose is as at the day it ran out.
    assert result.ome_as_at == (AS_OF - timedelta(days=28) if listed else None)


@pytest.mark.parametrize(("gap", "episode_days"), [(56, 28 + 56 + 28 + 20), (57, 28 + 20)])
def test_a_gap_longer_than_56_days_begins_a_new_episode(gap: int, episode_days: int) -> None:
    second = 28 + 20
    first = second + gap + 28
    result = screened(issued(MST_20, first, second, 20))
    assert result.days_exposed == episode_days


def test_a_long_supply_bridges_shorter_ones_issued_after_it() -> None:
    """The running maximum of run-out days decides, not the run-out of the issue before."""
    long = issued(MST_20, 200, days=180)
    short = issued(MST_60, 190, days=7)
    last = issued(MST_20, 70, 20)  # 113 days after the short one ran out, 50 before the long one
    assert screened(long, short, last).days_exposed == 200


@pytest.mark.parametrize(
    ("quantity", "days"), [("10", 3), ("9", 2), ("0.5", 1), ("800", 180), ("112", 28)]
)
def test_supply_is_quantity_over_units_a_day_rounded_half_up(quantity: str, days: int) -> None:
    """Two twice a day is 4 tablets a day: 10 are 2.5 days, which is 3; never under 1, over 180."""
    result = screened(issued(MST_40, 10, days=None, quantity=Fraction(quantity)))
    assert result.episode_end == AS_OF - timedelta(days=10 - days)


def test_as_required_issues_last_at_least_28_days() -> None:
    assert screened(issued(ORAMORPH, 10, days=5)).episode_end == AS_OF + timedelta(days=18)


def test_an_unknown_dose_is_exposure_and_gives_only_a_minimum() -> None:
    result = screened(issued(TRAMADOL_UNKNOWN, *MONTHLY), issued(MST_20, 28))
    assert result.listed
    assert (result.ome_min_ug, result.ome_max_ug) == (20_000, None)
    assert result.ome_status == "not_known"
    assert result.tier == "dose_not_known"
    assert result.trend == "not_known"


def test_methadone_is_shown_as_not_converted_beside_what_was() -> None:
    alone = screened(issued(METHADONE, *MONTHLY))
    assert (alone.ome_min_ug, alone.ome_max_ug) == (None, None)
    assert alone.ome_status == "not_converted"
    both = screened(issued(METHADONE, *MONTHLY), issued(MST_20, 28))
    assert (both.ome_min_ug, both.ome_max_ug) == (20_000, 20_000)
    assert both.ome_status == "not_converted"


def test_as_required_adds_to_the_maximum_only() -> None:
    result = screened(issued(MST_60, *range(28, 365, 28)), issued(ORAMORPH, 28))
    assert (result.ome_min_ug, result.ome_max_ug) == (60_000, 100_000)
    assert result.tier == "higher_dose"


def test_a_replaced_strength_still_in_hand_counts_in_the_maximum_only() -> None:
    old = issued(MST_20, 100, 70, 40, days=56)  # runs out in 16 days
    new = issued(MST_60, 10)
    result = screened(old, new)
    assert (result.ome_min_ug, result.ome_max_ug) == (60_000, 80_000)
    assert "older_product_in_hand" in result.reasons


def test_two_strengths_of_one_round_are_both_taken() -> None:
    result = screened(issued(MST_20, 100, 70, 37), issued(MST_60, 30))
    assert (result.ome_min_ug, result.ome_max_ug) == (80_000, 80_000)
    later = screened(issued(MST_20, 100, 70, 38), issued(MST_60, 30))
    assert (later.ome_min_ug, later.ome_max_ug) == (60_000, 60_000)


def test_two_directions_for_one_product_on_one_day_add_up() -> None:
    result = screened(issued(MST_20, *MONTHLY), issued(MST_40, 28))
    assert (result.ome_min_ug, result.ome_max_ug) == (60_000, 60_000)


def test_sedatives_reaching_as_of_are_named() -> None:
    base = issued(MST_20, *range(28, 365, 28))
    others = [*issued(DIAZEPAM, 56), *issued(ZOPICLONE, 57), *issued(PREGABALIN, 5)]
    result = screened(base, others)
    assert result.co_prescribed == ("benzodiazepine", "gabapentinoid")
    assert result.tier == "with_sedatives"


def test_two_early_requests_are_a_reason_and_one_is_not() -> None:
    usual = issued(MST_20, *range(28, 365, 28))
    once = screened(usual, issued(MST_20, 8))  # 20 days of the issue at 28 are left
    assert once.early_requests == 1
    assert "early_requests" not in once.reasons
    # At 36, 20 days of the issue at 56 are left; then at 28, 20 days of that one.
    twice = screened(usual, issued(MST_20, 36))
    assert twice.early_requests == 2
    assert "early_requests" in twice.reasons


def test_eight_days_left_is_early_and_seven_is_not() -> None:
    usual = issued(MST_20, *range(140, 365, 28))
    assert screened(usual, issued(MST_20, 119, 99, 79, 59, 39, 19)).early_requests == 5
    assert screened(usual, issued(MST_20, 119, 98, 77, 56, 35, 14)).early_requests == 0


def test_two_strengths_on_one_day_are_not_early_for_each_other() -> None:
    both = issued(MST_20, *range(28, 365, 28)) + issued(MST_60, *range(28, 365, 28))
    assert screened(both).early_requests == 0


def test_paracetamol_of_compound_and_plain_is_summed() -> None:
    steady = issued(CO_CODAMOL, *range(28, 365, 28))
    plain = issued(parts.PARACETAMOL[1], 20)
    assert screened(steady).paracetamol_mg == 4000
    assert "paracetamol" not in screened(steady).reasons
    assert screened(steady, plain).paracetamol_mg == 5000
    assert "paracetamol" in screened(steady, plain).reasons


def test_substitution_alone_is_out_and_with_an_opioid_is_flagged() -> None:
    substitution = issued(parts.SUBSTITUTION[0], *MONTHLY)
    alone = screened(substitution)
    assert alone.considered
    assert alone.reasons == {"substitution_only"}
    both = screened(substitution, issued(MST_20, *MONTHLY))
    assert both.listed
    assert "substitution_too" in both.reasons


def test_someone_without_an_opioid_is_not_considered() -> None:
    result = screened(issued(DIAZEPAM, *MONTHLY))
    assert result == NaiveResult(person_id="a", considered=False)


def test_issues_after_as_of_are_not_counted() -> None:
    assert not screened(issued(MST_20, -1)).considered
    assert screened(issued(MST_20, *MONTHLY, -1)).issues == 4


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2004, 2, 29), date(2022, 2, 28), 17),
        (date(2004, 2, 29), date(2022, 3, 1), 18),
        (date(2004, 2, 29), date(2024, 2, 29), 20),
        (date(2007, 11, 22), AS_OF, 18),
        (date(2007, 11, 23), AS_OF, 17),
    ],
)
def test_age_turns_on_the_birthday(born: date, day: date, age: int) -> None:
    assert age_on(born, day) == age


PERSONAL = [
    (Person(person_id="a", born=date(2007, 11, 23)), {"under_age"}),
    (Person(person_id="a", born=date(1960, 1, 1), died=AS_OF), {"died"}),
    (Person(person_id="a", registered_to=AS_OF - timedelta(days=1)), {"not_registered"}),
    (Person(person_id="a", registered_from=AS_OF + timedelta(days=1)), {"not_registered"}),
]


@pytest.mark.parametrize(("person", "reasons"), PERSONAL)
def test_under_age_death_and_registration_put_people_out(person: Person, reasons: set[str]) -> None:
    result = screened(issued(MST_20, *MONTHLY), person=person)
    assert not result.listed
    assert result.reasons == reasons
    assert not result.approaching


def test_an_unknown_date_of_birth_is_kept_and_flagged() -> None:
    result = screened(issued(MST_20, *MONTHLY), person=Person(person_id="a"))
    assert result.listed
    assert "age_not_known" in result.reasons


BEGAN, ENDED = strategies.PALLIATIVE, strategies.PALLIATIVE_ENDED
PALLIATIVE = [
    ([(BEGAN, date(2024, 1, 5))], True),
    ([(BEGAN, date(2008, 3, 31))], False),
    ([(BEGAN, date(2008, 4, 1))], True),
    ([(BEGAN, AS_OF + timedelta(days=1))], False),
    ([(BEGAN, date(2024, 1, 5)), (ENDED, date(2024, 1, 5))], True),
    ([(BEGAN, date(2024, 1, 5)), (ENDED, date(2024, 1, 6))], False),
    ([(BEGAN, date(2024, 1, 5)), (ENDED, date(2024, 1, 6)), (BEGAN, date(2024, 2, 1))], True),
]


@pytest.mark.parametrize(("coded", "out"), PALLIATIVE)
def test_the_qof_rule_decides_end_of_life(coded: list[tuple[str, date]], out: bool) -> None:
    result = screened(issued(MST_20, *MONTHLY), coded=coded)
    assert ("end_of_life" in result.reasons) is out
    assert result.listed is not out


def test_cancer_is_flagged_and_never_dropped() -> None:
    old = screened(issued(MST_20, *MONTHLY), coded=[(strategies.CANCER, date(2001, 1, 1))])
    recent = screened(issued(MST_20, *MONTHLY), coded=[(strategies.CANCER, date(2024, 1, 1))])
    assert old.listed
    assert "cancer" in old.reasons
    assert recent.listed
    assert "cancer_recent" in recent.reasons


def test_an_undated_code_decides_nothing_and_is_said() -> None:
    history = History(
        people=[ADULT],
        issues=issued(MST_20, *MONTHLY),
        diagnoses=[
            Diagnosis(person_id="a", code=code, day=None)
            for code in (strategies.CANCER, strategies.PALLIATIVE)
        ],
    )
    result = screen_naively(history, DEFAULT_CRITERIA, AS_OF)[0]
    assert result.listed
    assert result.reasons == {"cancer_undated", "end_of_life_undated"}


def test_ranks_go_by_tier_then_dose_then_days() -> None:
    def of(person_id: str, part: Part, *days_ago: int) -> list[Issue]:
        return [
            Issue(
                issue=i.issue,
                person_id=person_id,
                day=i.day,
                part=i.part,
                days_supply=i.days_supply,
            )
            for i in issued(part, *days_ago)
        ]

    year = range(28, 365, 28)
    issues = [
        *of("a", MST_20, *year),
        *of("b", MST_20, *year, 392),  # the same dose for longer
        *of("c", MST_60, *year),
        *of("d", MST_20, *year),
        *of("d", DIAZEPAM, 5),
    ]
    people = [Person(person_id=p, born=date(1960, 1, 1)) for p in "dcba"]
    history = History(people=people, issues=issues, diagnoses=[])
    ranks = {r.person_id: r.rank for r in screen_naively(history, DEFAULT_CRITERIA, AS_OF)}
    assert ranks == {"d": 1, "c": 2, "b": 3, "a": 4}


@given(st.data())
@settings(max_examples=60, derandomize=True, deadline=None)
def test_everyone_considered_has_a_reason_and_only_listed_people_a_rank(
    data: st.DataObject,
) -> None:
    as_of = data.draw(strategies.as_of_days)
    history = data.draw(strategies.histories(as_of))
    results = screen_naively(history, DEFAULT_CRITERIA, as_of)
    assert [r.person_id for r in results] == sorted(p.person_id for p in history.people)
    for result in results:
        assert bool(result.reasons) is result.considered
        assert (result.rank is not None) is result.listed
        assert not (result.listed and result.approaching)
    ranks = sorted(r.rank for r in results if r.rank is not None)
    assert ranks == list(range(1, len(ranks) + 1))
