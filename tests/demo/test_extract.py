"""Extracts are repeatable, small ones begin large ones, and the truth adds up."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from tests.demo.conftest import AS_OF, PEOPLE, SEED
from tests.demo.reading import raw_rows, table

from unhurried.demo.extract import ExtractSummary, tables, write_extract
from unhurried.demo.extract.stories import STORIES
from unhurried.demo.extract.tables import rows as own_table

DATA = Path(tables.__file__).parent / "data"
TABLES = sorted(path.stem for path in DATA.glob("*.csv"))


def everything(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_extract(tmp_path / name, people=60, seed=5, as_of=AS_OF, damage=0.05)
    write_extract(tmp_path / "c", people=60, seed=6, as_of=AS_OF, damage=0.05)
    assert everything(tmp_path / "a") == everything(tmp_path / "b")
    assert everything(tmp_path / "a") != everything(tmp_path / "c")


def test_a_smaller_extract_is_the_beginning_of_a_larger_one(
    sound: ExtractSummary, tmp_path: Path
) -> None:
    small = write_extract(tmp_path, people=90, seed=SEED, as_of=AS_OF, damage=0, practices=4)
    for name in small.rows:
        if not name.startswith("fhir/"):
            of_large = raw_rows(sound.folder / name)
            assert raw_rows(tmp_path / name) == of_large[: small.rows[name]], name


def test_formats_are_written_only_when_asked_for(tmp_path: Path) -> None:
    write_extract(tmp_path, people=5, seed=1, as_of=AS_OF, formats=("csv",))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["csv", "truth"]


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"people": 0}, "person"),
        ({"damage": 1.5}, "damaged"),
        ({"practices": 0}, "practices"),
        ({"practices": 100}, "practices"),
        ({"formats": ("csv", "xml")}, "xml"),
        ({"formats": ()}, "formats"),
    ],
)
def test_arguments_that_make_no_sense_are_refused_in_a_sentence(
    tmp_path: Path, wrong: dict[str, object], word: str
) -> None:
    arguments: dict[str, object] = {"people": 5, "seed": 1, "as_of": AS_OF} | wrong
    with pytest.raises(ValueError, match=word):
        write_extract(tmp_path, **arguments)  # type: ignore[arg-type]


def test_progress_is_told_in_words(tmp_path: Path) -> None:
    told: list[str] = []
    write_extract(tmp_path, people=500, seed=1, as_of=AS_OF, formats=("csv",), progress=told.append)
    assert told[-1] == "Making fictional people: 500 of 500"


@pytest.mark.parametrize("name", TABLES)
def test_every_row_of_the_tables_says_where_it_is_from(name: str) -> None:
    assert own_table(name)
    assert all(row["source"] and row["version"] for row in own_table(name))


def test_no_table_is_forgotten() -> None:
    assert len(TABLES) == 16


def test_every_story_has_a_function_and_a_share() -> None:
    shares = {row["story"]: int(row["per_10000"]) for row in own_table("stories")}
    assert set(shares) == set(STORIES)
    assert sum(shares.values()) == 10_000


def test_stories_come_in_their_proportions_even_among_few(sound: ExtractSummary) -> None:
    shares = {row["story"]: int(row["per_10000"]) for row in own_table("stories")}
    for story, share in shares.items():
        assert abs(sound.stories.get(story, 0) - share * PEOPLE / 10_000) <= 3, story


def test_most_issues_are_for_everyday_medicines(sound: ExtractSummary) -> None:
    classes = Counter(row["drug_class"] for row in table(sound.folder / "truth" / "issues.csv"))
    assert 12 < sound.issues / sound.people < 20
    assert classes["everyday"] > 0.6 * sound.issues
    assert 0.08 < classes["opioid"] / sound.issues < 0.25
    assert min(classes["benzodiazepine"], classes["z_drug"], classes["gabapentinoid"]) > 100


def test_directions_are_messy_but_mostly_state_the_regimen(sound: ExtractSummary) -> None:
    rows = table(sound.folder / "truth" / "issues.csv")
    stated = Counter(row["stated"] for row in rows)
    assert 0.85 < stated["yes"] / len(rows) < 0.97
    assert stated["no"] > stated["unclear"] > 0
    assert "" in {row["directions"] for row in rows}
    opioid = {row["directions"] for row in rows if row["drug_class"] == "opioid"}
    assert len(opioid) > 150


TRUTHS = [
    # product, regimen, units min, units max, mg min, mg max, micrograms an hour
    ("co-codamol-30", "2qds", "8", "8", "240", "240", ""),
    ("co-codamol-30", "1-2qds_prn", "0", "8", "0", "240", ""),
    ("oramorph", "2.5-5ml_qds_prn", "0", "20", "0", "40", ""),
    ("buprenorphine-10", "patch_7d", "1/7", "1/7", "", "", "10"),
    ("fentanyl-25", "patch_72h", "1/3", "1/3", "", "", "25"),
    ("morphine-30-mr", "1bd", "2", "2", "60", "60", ""),
    ("tramadol-50", "1mane2nocte", "3", "3", "150", "150", ""),
    ("methadone-liquid", "60ml_od", "60", "60", "60", "60", ""),
    ("diazepam-5", "half_bd", "1", "1", "5", "5", ""),
    ("alendronic-70", "1weekly", "1/7", "1/7", "10", "10", ""),
]


@pytest.mark.parametrize("row", TRUTHS, ids=lambda row: f"{row[0]} {row[1]}")
def test_the_truth_of_a_regimen_is_its_arithmetic(
    sound: ExtractSummary, row: tuple[str, ...]
) -> None:
    product, regimen, *numbers = row
    found = {
        tuple(
            issue[column]
            for column in (
                "units_per_day_min",
                "units_per_day_max",
                "mg_per_day_min",
                "mg_per_day_max",
                "micrograms_per_hour",
            )
        )
        for issue in table(sound.folder / "truth" / "issues.csv")
        if (issue["product"], issue["regimen"]) == (product, regimen) and issue["stated"] != "no"
    }
    assert found == {tuple(numbers)}


def test_what_directions_do_not_say_is_not_known(sound: ExtractSummary) -> None:
    rows = [r for r in table(sound.folder / "truth" / "issues.csv") if r["stated"] == "no"]
    assert rows
    for row in rows:
        assert row["units_per_day_max"] == "not known"
        assert row["mg_per_day_max"] in {"not known", ""}
        assert row["micrograms_per_hour"] in {"not known", ""}


def test_two_lines_of_one_product_are_issued_on_the_same_day(sound: ExtractSummary) -> None:
    people = table(sound.folder / "truth" / "people.csv")
    split = {row["person_id"] for row in people if row["story"] == "split_regimen"}
    days: Counter[tuple[str, str]] = Counter()
    for row in table(sound.folder / "truth" / "issues.csv"):
        if row["person_id"] in split and row["product"] == "morphine-30-mr":
            days[row["person_id"], row["date"]] += 1
    assert set(days.values()) == {2}
    now = [r for r in table(sound.folder / "truth" / "expected.csv") if r["person_id"] in split]
    assert {row["regimen_now"].count("morphine-30-mr") for row in now} == {2}


def test_the_regimen_now_is_the_latest_issue_of_what_goes_on(sound: ExtractSummary) -> None:
    by_person = defaultdict(list)
    for row in table(sound.folder / "truth" / "issues.csv"):
        by_person[row["person_id"]].append(f"{row['product']} {row['regimen']}")
    told = 0
    for row in table(sound.folder / "truth" / "expected.csv"):
        if row["regimen_now"]:
            told += 1
            assert set(row["regimen_now"].split("; ")) <= set(by_person[row["person_id"]])
            assert len(row["dose_now"].split("; ")) == len(row["regimen_now"].split("; "))
        else:
            assert row["intended"] in {"not_listed", "not_considered"}
    assert told > 100


def episode(rows: list[dict[str, str]]) -> tuple[date, date, int]:
    """First day, day the supply runs out and issues of the latest stretch of opioid issues."""
    start = end = None
    count = 0
    for row in rows:
        on, units = date.fromisoformat(row["date"]), row["units_per_day_max"]
        days = Fraction(28)
        if units != "not known":
            days = Fraction(row["quantity"]) / Fraction(units)
            if row["units_per_day_min"] == "0":
                days = max(days, Fraction(28))
        runs_out = on + timedelta(days=max(1, min(180, round(days))))
        if start is None or end is None or on > end + timedelta(days=56):
            start, end, count = on, runs_out, 0
        end, count = max(end, runs_out), count + 1
    assert start is not None
    assert end is not None
    return start, end, count


def verdict(person: dict[str, str], rows: list[dict[str, str]], ended_care: bool) -> str:
    """What the paper's criteria make of somebody, read plainly from the truth."""
    if not any(row["drug_class"] == "opioid" for row in rows):
        return "not_listed" if rows else "not_considered"
    start, end, count = episode([row for row in rows if row["drug_class"] == "opioid"])
    born = date.fromisoformat(person["born"])
    adult = (AS_OF.year - born.year) - ((AS_OF.month, AS_OF.day) < (born.month, born.day)) >= 18
    here = adult and not person["died"] and not person["left"] and not ended_care
    now = end + timedelta(days=28) >= AS_OF
    exposed = (min(end, AS_OF) - start).days
    if here and now and exposed > 90 and count >= 3:
        return "listed"
    return "approaching" if here and now and exposed >= 60 and count >= 2 else "not_listed"


def test_everybody_is_what_their_story_intends(sound: ExtractSummary) -> None:
    issues = defaultdict(list)
    for row in table(sound.folder / "truth" / "issues.csv"):
        if row["drug_class"] in {"opioid", "opioid_substitution"}:
            issues[row["person_id"]].append(row)
    people = {row["person_id"]: row for row in table(sound.folder / "truth" / "people.csv")}
    wrong = [
        (row["person_id"], row["story"])
        for row in table(sound.folder / "truth" / "expected.csv")
        if row["intended"]
        != verdict(
            people[row["person_id"]],
            issues[row["person_id"]],
            ended_care=row["story"] == "palliative",
        )
    ]
    assert wrong == []
    intended = Counter(r["intended"] for r in table(sound.folder / "truth" / "expected.csv"))
    assert min(intended.values()) >= 5
    assert len(intended) == 4


def test_care_codes_tell_the_palliative_stories_apart(sound: ExtractSummary) -> None:
    groups = {row["code"]: row["group"] for row in own_table("conditions")}
    stories = {r["person_id"]: r["story"] for r in table(sound.folder / "truth" / "people.csv")}
    latest: dict[str, tuple[str, str]] = {}
    for row in table(sound.folder / "omop" / "condition_occurrence.csv"):
        group = groups[row["condition_source_value"]]
        if group.startswith("palliative"):
            seen = latest.get(row["person_id"], ("", ""))
            latest[row["person_id"]] = max(seen, (row["condition_start_date"], group))
    assert latest
    for person, (_, group) in latest.items():
        assert stories[person] == group
    for story in ("palliative", "palliative_ended"):
        assert story in {stories[person] for person in latest}
