"""Fictional people and practices: ages, sexes, names, NHS numbers that were never issued."""

from __future__ import annotations

from collections.abc import Iterator
from operator import mul
from random import Random

from unhurried.demo.extract.dates import years_before
from unhurried.demo.extract.model import Person, Plan, Practice
from unhurried.demo.extract.stories import HISTORY_DAYS
from unhurried.demo.extract.streams import stream
from unhurried.demo.extract.tables import Weighted, rows

FIRST_PERSON_ID = 100_001
NUMBERS = 1_000_000  # 999 000 000x to 999 999 999x
STRIDE = 373_587  # shares no factor with NUMBERS, so every number comes up once
MOST_PRACTICES = 99
NO_NUMBER_SHARE = 0.004
SEX_NOT_KNOWN_SHARE = 0.002
SAME_NAME_SHARE = 0.003
MOVED_IN_SHARE, MOVED_OUT_SHARE = 0.05, 0.04
OLD, OLD_DIED_SHARE = 70, 0.05
PLACES = ("Linden", "Beechcroft", "Hollow Oak", "Larkfield", "Millpond", "Fernbank", "Rookery")
KINDS = ("Surgery", "Medical Centre", "Health Centre")
AGES = Weighted(
    [(int(row["age_from"]), int(row["age_to"])) for row in rows("population")],
    [float(row["percent"]) for row in rows("population")],
)
NAMES = {
    part: tuple(row["name"] for row in rows("names") if row["part"] == part)
    for part in ("given_female", "given_male", "family")
}


def make_practices(count: int) -> tuple[Practice, ...]:
    """Fictional practices Y99901, Y99902, ...; each exports in one of `data/styles.csv`'s styles.

    Raises ValueError for fewer than 1 or more than 99.
    """
    if not 1 <= count <= MOST_PRACTICES:
        raise ValueError(f"Ask for 1 to {MOST_PRACTICES} practices, not {count}.")
    styles = [row["style"] for row in rows("styles")]
    return tuple(
        Practice(
            code=f"Y{99_901 + i}",
            name=f"{PLACES[i % len(PLACES)]} {KINDS[i % len(KINDS)]} (fictional)",
            style=styles[i % len(styles)],
        )
        for i in range(count)
    )


def check_digit(nine: str) -> int:
    """The tenth digit of an NHS number (modulus 11); 10 means there is no such number."""
    total: int = sum(map(mul, map(int, nine), range(10, 1, -1)))
    return (11 - total % 11) % 11


def nhs_numbers(seed: int) -> Iterator[str]:
    """Valid NHS numbers of the 999 range, which is never issued, in a scattered order.

    After about 909,000 there are no more, and everybody else has none (a record may lack one).
    """
    start = stream(seed, "numbers").randrange(NUMBERS)
    for i in range(NUMBERS):
        nine = f"999{(start + i * STRIDE) % NUMBERS:06}"
        last = check_digit(nine)
        if last < 10:
            yield f"{nine}{last}"
    while True:
        yield ""


class Population:
    """Makes people one after another, so that a smaller extract is the start of a larger one."""

    def __init__(self, *, seed: int, as_of: int, practices: tuple[Practice, ...]) -> None:
        self._as_of = as_of
        self._numbers = nhs_numbers(seed)
        self._practices = Weighted(practices, [1 + i % 3 for i in range(len(practices))])
        self._before: Person | None = None

    def person(self, index: int, plan: Plan, rng: Random) -> Person:
        """The person at this place in the line, with the age and ending the plan asks for."""
        number = next(self._numbers)
        born = plan.born if plan.born is not None else self._born(plan, rng)
        sex = rng.choice(("female", "male"))
        given, family = rng.choice(NAMES[f"given_{sex}"]), rng.choice(NAMES["family"])
        if self._before and plan.born is None and rng.random() < SAME_NAME_SHARE:
            # Somebody else with the same name and birthday: records must not be joined on those.
            twin = self._before
            if twin.born <= self._as_of - 19 * 366 and twin.sex != "not known":
                given, family, born, sex = twin.given, twin.family, twin.born, twin.sex
        registered, left, died = self._stay(plan, born, rng)
        person = Person(
            person_id=str(FIRST_PERSON_ID + index),
            nhs_number="" if rng.random() < NO_NUMBER_SHARE else number,
            given=given,
            family=family,
            born=born,
            sex="not known" if rng.random() < SEX_NOT_KNOWN_SHARE else sex,
            practice=self._practices.pick(rng),
            registered=registered,
            left=left,
            died=died,
        )
        self._before = person
        return person

    def _born(self, plan: Plan, rng: Random) -> int:
        youngest, oldest = plan.ages
        low, high = AGES.pick(rng)
        age = rng.randint(low, high)
        if not youngest <= age <= oldest:
            age = rng.randint(max(youngest, 30), min(oldest, 88))
        return years_before(self._as_of, age) - rng.randint(1, 364)

    def _stay(self, plan: Plan, born: int, rng: Random) -> tuple[int, int | None, int | None]:
        """Registered from, left and died."""
        begins = self._as_of - HISTORY_DAYS
        registered = max(born, begins - 60 - int(rng.expovariate(1 / 4000)))
        left, died = plan.left, plan.died
        if not plan.settled:
            fate = rng.random()
            day = begins + rng.randint(40, HISTORY_DAYS - 10)
            if fate < MOVED_IN_SHARE:
                registered = max(born, day)
            elif fate < MOVED_IN_SHARE + MOVED_OUT_SHARE and born < begins:
                left = day
            elif born < self._as_of - OLD * 366 and fate > 1 - OLD_DIED_SHARE:
                died = day
        return registered, left, died
