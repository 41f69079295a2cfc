"""Nobody in an extract can be taken for, or happen to be, a real person."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

from stdnum.gb import nhs
from tests.demo.conftest import AS_OF
from tests.demo.reading import day, raw_rows, table

from unhurried.demo.extract import ExtractSummary
from unhurried.demo.extract.people import nhs_numbers
from unhurried.demo.extract.tables import rows as own_table

NAMES = {row["name"] for row in own_table("names")}


def people(summary: ExtractSummary) -> list[list[str]]:
    paths = sorted((summary.folder / "csv").glob("*-patients.csv"))
    return [row for path in paths for row in raw_rows(path)]


def test_numbers_are_valid_never_issued_and_unique(sound: ExtractSummary) -> None:
    numbers = [row[1].replace(" ", "") for row in people(sound) if row[1]]
    assert len(numbers) == len(set(numbers)) > 0.98 * sound.people
    for number in numbers:
        assert number.startswith("999")
        assert nhs.is_valid(number)


def test_a_few_people_have_no_number(sound: ExtractSummary) -> None:
    assert 0 < sum(not row[1] for row in people(sound)) < 0.02 * sound.people


def test_numbers_stay_unique_until_there_are_no_more() -> None:
    source = nhs_numbers(3)
    numbers = [next(source) for _ in range(920_000)]
    given = [number for number in numbers if number]
    assert 909_000 < len(given) == len(set(given))
    assert numbers[-1] == ""


def test_every_name_is_from_the_fictional_list_and_only_in_the_patient_files(
    sound: ExtractSummary,
) -> None:
    for row in people(sound):
        assert {row[2], row[3]} <= NAMES
    pattern = re.compile("|".join(NAMES))
    for name in sound.rows:
        if "-patients" not in name:
            text = (sound.folder / name).read_bytes().decode("cp1252", errors="replace")
            assert not pattern.search(text), name


def test_addresses_and_numbers_are_of_places_and_ranges_never_in_use(
    sound: ExtractSummary,
) -> None:
    postcode = re.compile(r"\b[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][A-Z]{2}\b")
    phone = re.compile(r"\b0[0-9]{4} ?[0-9]{6}\b")
    mail = re.compile(r"\S+@\S+")
    for name in sound.rows:
        text = (sound.folder / name).read_bytes().decode("cp1252", errors="replace")
        found = [postcode.findall(text), phone.findall(text), mail.findall(text)]
        if "-patients" not in name:
            assert found == [[], [], []], name
            continue
        assert found[0], name
        assert all(each.startswith("ZZ") for each in found[0]), name
        assert all(each.startswith("07700 900") for each in found[1]), name
        assert all("@example.org" in each for each in found[2]), name


def test_practices_are_fictional(sound: ExtractSummary) -> None:
    assert {row[6] for row in people(sound)} == {"Y99901", "Y99902", "Y99903", "Y99904"}
    sites = table(sound.folder / "omop" / "care_site.csv")
    assert all("(fictional)" in row["care_site_name"] for row in sites)


def test_some_people_share_a_name_and_a_birthday(sound: ExtractSummary) -> None:
    pairs = Counter((row[2], row[3], day(row[4])) for row in people(sound))
    assert max(pairs.values()) == 2


def test_ages_and_sexes_are_shaped_like_the_uk(sound: ExtractSummary) -> None:
    rows = table(sound.folder / "truth" / "people.csv")
    ages = [(AS_OF - date.fromisoformat(row["born"])).days // 365.25 for row in rows]
    assert min(ages) >= 0
    assert 0.12 < sum(age < 18 for age in ages) / len(ages) < 0.24
    assert 0.14 < sum(age >= 65 for age in ages) / len(ages) < 0.30
    sexes = Counter(row["sex"] for row in rows)
    assert set(sexes) == {"female", "male", "not known"}
    assert 0.45 < sexes["female"] / len(rows) < 0.55


def test_nothing_is_issued_outside_a_persons_stay(sound: ExtractSummary) -> None:
    stays = {row["person_id"]: row for row in table(sound.folder / "truth" / "people.csv")}
    for issue in table(sound.folder / "truth" / "issues.csv"):
        stay = stays[issue["person_id"]]
        assert stay["registered"] <= issue["date"] <= AS_OF.isoformat()
        assert issue["date"] <= (stay["died"] or "9999")
        assert issue["date"] <= (stay["left"] or "9999")
