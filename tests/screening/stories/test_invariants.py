"""What holds for any set of people: order, company and splits change nothing."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from tests.screening.stories.telling import AS_OF, PRODUCTS, Issue, records

from unhurried.records.dates import calendar_day, epoch_day
from unhurried.screening import EngineMissing, Screening, default_criteria, screen
from unhurried.screening.store import KEPT_NOTE, Store, StoreError, is_store

DIRECTIONS = ("one twice a day", "two four times a day as required", "as directed", "one at night")
CODES = ("103735009", "1048611000000104", "100721000119109", "38341003")
PEOPLE = {f"P{number:03d}": {"practice": ("A81001", "B82002")[number % 2]} for number in range(60)}


def made_up(seed: int, people: int = 60) -> tuple[list[Issue], list[tuple[str, str, int | None]]]:
    """Issues and codes of some people, by chance, with overlaps, gaps and repeats."""
    chance = random.Random(seed)  # noqa: S311, a made-up history
    issues: list[Issue] = []
    codes: list[tuple[str, str, int | None]] = []
    for number in range(people):
        person = f"P{number:03d}"
        for _ in range(chance.randint(0, 4)):
            product, day = chance.choice(list(PRODUCTS.values())), -chance.randint(1, 500)
            while day < 10 and chance.random() < 0.93:
                issues.append(
                    Issue(
                        person=person,
                        day=day,
                        product=product,
                        directions=chance.choice(DIRECTIONS[: chance.randint(1, 4)]),
                        quantity=chance.choice((None, 7.5, 28, 56, 112)),
                        days=chance.choice((None, None, 28)),
                    )
                )
                day += chance.choice((14, 21, 28, 28, 28, 40, 90))
        codes += [
            (person, chance.choice(CODES), chance.choice((None, -300, -30)))
            for _ in range(chance.randint(0, 2))
        ]
    return issues, codes


def rows_of(screening: Screening) -> Counter[tuple[object, ...]]:
    """Every candidate (without rank) and reason, as a bag."""
    listed: Counter[tuple[object, ...]] = Counter(
        (each.person.person_id, repr(each.person), each.tier, each.reasons)
        for each in screening.candidates()
    )
    return listed + Counter((row.person_id, row.code, row.words) for row in screening.reasons())


def screened(issues: list[Issue], codes: list[tuple[str, str, int | None]]) -> Screening:
    return screen(records(issues, PEOPLE, codes), default_criteria(), as_of=AS_OF)


def test_the_order_of_rows_changes_nothing() -> None:
    issues, codes = made_up(1)
    told = screen(records(issues, PEOPLE, codes), default_criteria(), as_of=AS_OF)
    for seed in (2, 3):
        mixed = records(issues, PEOPLE, codes, shuffle=seed)
        assert screen(mixed, default_criteria(), as_of=AS_OF).digest() == told.digest()


def test_one_more_person_changes_nobody_else() -> None:
    issues, codes = made_up(4)
    told = rows_of(screened(issues, codes))
    more = [
        Issue(person="Q", day=day, product="Aspirin/codeine and more", directions="x", days=28)
        for day in (-90, -60)
    ]
    more += [
        Issue(person="Q", day=day, product=PRODUCTS["fentanyl"], directions="one every 3 days")
        for day in (-100, -70, -40, -10)
    ]
    company = records([*issues, *more], {**PEOPLE, "Q": {}}, codes)
    result = screen(company, default_criteria(), as_of=AS_OF)
    others = Counter({row: n for row, n in rows_of(result).items() if row[0] != "Q"})
    assert others == told


def test_everyone_considered_has_a_reason_and_people_add_up_over_practices() -> None:
    issues, codes = made_up(5)
    whole = screened(issues, codes)
    listed: Counter[str] = Counter()
    for practice in ("A81001", "B82002"):
        own = {name for name, about in PEOPLE.items() if about["practice"] == practice}
        part = screened(
            [each for each in issues if each.person in own],
            [each for each in codes if each[0] in own],
        )
        listed.update(person.person.person_id for person in part.candidates())
        listed["considered"] += part.summary()["people"]["considered"]  # type: ignore[index]
    considered = {row.person_id for row in whole.reasons()}
    relevant = {PRODUCTS[key] for key in PRODUCTS} - {
        PRODUCTS[key] for key in ("diazepam", "zopiclone", "pregabalin", "paracetamol", "aspirin")
    }
    assert considered == {
        each.person for each in issues if each.day <= 0 and each.product in relevant
    }
    assert listed.pop("considered") == len(considered)
    assert listed == Counter(each.person.person_id for each in whole.candidates())
    assert set(listed.values()) == {1}


def test_a_candidate_is_never_out_and_others_never_in() -> None:
    whole = screened(*made_up(6))
    listed = {each.person.person_id for each in whole.candidates()}
    for row in whole.reasons():
        assert (row.in_or_out == "in") is (row.person_id in listed)


def test_ranks_follow_tier_dose_length_and_id() -> None:
    whole = screened(*made_up(7))
    order = default_criteria().tiers

    def key(each: object) -> tuple[object, ...]:
        person = each.person  # type: ignore[attr-defined]
        dose = person.ome_max if person.ome_max is not None else person.ome_min
        return (
            order.index(each.tier),  # type: ignore[attr-defined]
            -(dose if dose is not None else -1),
            -person.days_exposed,
            person.person_id,
        )

    people = whole.candidates()
    assert [each.rank for each in people] == list(range(1, len(people) + 1))
    assert people == sorted(people, key=key)
    assert whole.candidates(3) == people[:3]


@pytest.mark.parametrize("seed", range(6))
def test_a_store_equals_a_full_run_over_any_split_and_order_of_arrival(
    seed: int, tmp_path: Path
) -> None:
    chance = random.Random(seed)  # noqa: S311, an order of arrival
    issues, codes = made_up(10 + seed)
    days = sorted({each.day for each in issues})
    cuts = sorted(chance.sample(days, 3))
    batches = [
        [each for each in issues if sum(each.day > cut for cut in cuts) == place]
        for place in range(4)
    ]
    chance.shuffle(batches)
    batches.append(chance.choice(batches))  # one extract comes twice
    store = Store.save(records(batches[0], PEOPLE, codes), tmp_path / "store")
    for batch in batches[1:]:
        store.append(records(batch, PEOPLE, codes, shuffle=seed))
    whole = screened(issues, codes)
    again = Store.open(tmp_path / "store").screen(default_criteria(), as_of=AS_OF)
    assert again.digest() == whole.digest()
    assert store.last_issue_day() == calendar_day(epoch_day(AS_OF) + days[-1])


def test_one_person_from_the_store_is_as_in_the_whole(tmp_path: Path) -> None:
    issues, codes = made_up(20)
    store = Store.save(records(issues, PEOPLE, codes), tmp_path / "store")
    whole = rows_of(screened(issues, codes))
    for person in PEOPLE:
        own = store.screen_person(person, default_criteria(), as_of=AS_OF)
        assert rows_of(own) == Counter({row: n for row, n in whole.items() if row[0] == person})
    with pytest.raises(LookupError, match="Nobody in the store"):
        store.screen_person("nobody", default_criteria(), as_of=AS_OF)


def test_two_alike_issues_of_one_extract_stay_two_and_arrive_once(tmp_path: Path) -> None:
    twice = [
        Issue(person="P000", day=day, product=PRODUCTS["morphine"], directions="one twice a day")
        for day in (-100, -100, -60, -20)
    ]
    store = Store.save(records(twice, PEOPLE), tmp_path / "store")
    assert store.append(records(twice, PEOPLE)) == 0
    (only,) = store.screen(default_criteria(), as_of=AS_OF).candidates()
    assert only.person.issues == 4


def test_a_later_extract_brings_a_death_and_one_without_people_takes_nothing_back(
    tmp_path: Path,
) -> None:
    issues = [
        Issue(person="P000", day=day, product=PRODUCTS["morphine"], directions="one twice a day")
        for day in (-100, -60, -20)
    ]
    store = Store.save(records(issues, {"P000": {}}), tmp_path / "store")
    assert store.screen(default_criteria(), as_of=AS_OF).listed == 1
    store.append(records(issues[-1:], {"P000": {"died": -5}}))
    store.append(records(issues[-1:], {"P000": {"practice": None, "born": ""}}))
    (row,) = store.screen(default_criteria(), as_of=AS_OF).reasons()
    assert row.code == "died"


def test_a_store_is_recognised_and_other_folders_are_left_alone(tmp_path: Path) -> None:
    issues, codes = made_up(21, people=3)
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.txt").write_text("kept")
    with pytest.raises(StoreError, match="holds other things"):
        Store.save(records(issues, PEOPLE, codes), tmp_path / "letters")
    with pytest.raises(StoreError, match="is not a store"):
        Store.open(tmp_path / "letters")
    assert not is_store(tmp_path / "letters")
    Store.save(records(issues, PEOPLE, codes), tmp_path / "store")
    assert is_store(tmp_path / "store")
    Store.save(records([], PEOPLE), tmp_path / "store")
    assert Store.open(tmp_path / "store").screen(default_criteria(), as_of=AS_OF).listed == 0


def test_a_store_interrupted_before_its_manifest_is_the_store_it_was(tmp_path: Path) -> None:
    issues, codes = made_up(22)
    store = Store.save(records(issues, PEOPLE, codes), tmp_path / "store")
    told = store.screen(default_criteria(), as_of=AS_OF).digest()
    (tmp_path / "store" / "issues-2.parquet").write_bytes(b"half a fi")
    assert Store.open(tmp_path / "store").screen(default_criteria(), as_of=AS_OF).digest() == told
    Store.open(tmp_path / "store").append(records(issues, PEOPLE, codes))
    assert Store.open(tmp_path / "store").screen(default_criteria(), as_of=AS_OF).digest() == told


def test_a_store_says_what_its_extracts_said_and_that_rows_were_counted_then(
    tmp_path: Path,
) -> None:
    issues, codes = made_up(20)
    noted = replace(records(issues, PEOPLE, codes), notes=("Two people share an NHS number.",))
    store = Store.save(noted, tmp_path / "store")
    store.append(noted)
    summary = Store.open(tmp_path / "store").screen(default_criteria(), as_of=AS_OF).summary()
    assert summary["accounting"] is None
    assert summary["notes"] == [KEPT_NOTE, "Two people share an NHS number."]


def test_a_store_refuses_another_engine_in_a_sentence(tmp_path: Path) -> None:
    store = Store.save(records([], PEOPLE), tmp_path / "store")
    with pytest.raises(EngineMissing, match="screened with duckdb, not spark: leave the engine"):
        store.screen(default_criteria(), as_of=AS_OF, engine="spark")
