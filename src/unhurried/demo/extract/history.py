"""Turns a person's story into the issues and coded entries their record holds."""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter
from random import Random

from unhurried.demo.extract.catalogue import Catalogue
from unhurried.demo.extract.model import Course, Issue, Person, Plan, Problem, Record
from unhurried.demo.extract.people import Population
from unhurried.demo.extract.stories import HISTORY_DAYS, STORIES, Draw
from unhurried.demo.extract.streams import stream
from unhurried.demo.extract.tables import Weighted, rows

REPRINTED_SHARE = 0.02  # of issues: from here on another brand, or other words
GOLDEN = 0.618_033_988_749_895  # steps of this size spread stories evenly along the line of people
ADULT_DAYS = 18 * 366
PAIN_CODE_SHARE, EVERYDAY_CODE_SHARE = 0.6, 0.35
MOST_EVERYDAY = 9
EVERYDAY_MEAN = tuple(
    (int(row["age_to"]), float(row["everyday_medicines"])) for row in rows("population")
)


class Histories:
    """Makes one record after another."""

    def __init__(
        self, *, seed: int, as_of: int, catalogue: Catalogue, population: Population
    ) -> None:
        self._seed, self._as_of = seed, as_of
        self._catalogue, self._population = catalogue, population
        self._phase = stream(seed, "stories").random()
        told = rows("stories")
        self._stories = Weighted([r["story"] for r in told], [int(r["per_10000"]) for r in told])
        self._with_others = {r["story"] for r in told if r["coprescribed"] == "yes"}
        groups = {r["group"] for r in rows("conditions")}
        self._codes = {group: _codes(group) for group in groups}

    def record(self, index: int) -> Record:
        """The person at this place in the line and everything about them."""
        rng = stream(self._seed, "person", index)
        story = self._stories.at((self._phase + index * GOLDEN) % 1.0)
        draw = Draw(rng, self._as_of, self._catalogue)
        plan = STORIES[story](draw)
        person = self._population.person(index, plan, rng)
        courses = [
            *plan.courses,
            *self._others(story, person, draw),
            *self._everyday(person, draw),
        ]
        return Record(
            person=person,
            story=story,
            plan=plan,
            issues=self._issues(person, courses, rng),
            problems=self._problems(person, plan, rng),
        )

    def _others(self, story: str, person: Person, draw: Draw) -> Iterator[Course]:
        """Medicines that add to an opioid's effect."""
        if person.born > self._as_of - ADULT_DAYS:
            return
        column = "percent_with_opioids" if story in self._with_others else "percent_without"
        for row in rows("coprescribing"):
            if draw.rng.random() * 100 < float(row[column]):
                until = (0, 0) if draw.rng.random() < 0.75 else (100, 300)
                yield draw.course(row["pool"], since=(310, 720), until=until)

    def _everyday(self, person: Person, draw: Draw) -> Iterator[Course]:
        """Repeat prescriptions for everything else, more with age, and a few short courses."""
        rng, age = draw.rng, (self._as_of - person.born) // 365.25
        mean = next((mean for oldest, mean in EVERYDAY_MEAN if age <= oldest), 0.0)
        count = min(MOST_EVERYDAY, int(rng.expovariate(1 / mean) + 0.35))
        taken = set()
        for _ in range(count):
            prescription = self._catalogue.pick("everyday", rng)
            if prescription.product.ingredient in taken:
                continue
            taken.add(prescription.product.ingredient)
            began = HISTORY_DAYS - rng.randrange(prescription.supply_days)
            if rng.random() < 0.25:
                began = rng.randrange(1, HISTORY_DAYS)
            ended = rng.randrange(began) if rng.random() < 0.12 else 0
            yield Course(
                prescription=prescription,
                first=self._as_of - began,
                last=self._as_of - ended,
                early=4,
                late=6,
            )
        if rng.random() < 0.2:
            day = draw.ago(1, HISTORY_DAYS)
            acute = self._catalogue.pick("everyday_acute", rng)
            yield Course(prescription=acute, first=day, last=day)

    def _issues(self, person: Person, courses: list[Course], rng: Random) -> tuple[Issue, ...]:
        last = min(self._as_of, person.died or self._as_of, person.left or self._as_of)
        issues: list[Issue] = []
        seen: set[tuple[int, int]] = set()
        for course in courses:
            item = self._catalogue.item(course.prescription, rng, unstated=course.unstated)
            for day in _days(course, min(last, course.last), rng):
                if rng.random() < REPRINTED_SHARE:
                    item = self._catalogue.item(course.prescription, rng, unstated=course.unstated)
                # Two issues nobody could tell apart would be a repeat, and repeats are damage.
                if day >= person.registered and (day, item.visible) not in seen:
                    seen.add((day, item.visible))
                    issues.append(Issue(day, item))
        issues.sort(key=itemgetter(0))
        return tuple(issues)

    def _problems(self, person: Person, plan: Plan, rng: Random) -> tuple[Problem, ...]:
        wanted = list(plan.problems)
        earliest = max(person.born, self._as_of - 6000)
        if plan.courses and rng.random() < PAIN_CODE_SHARE:
            wanted.append(("pain", rng.randint(earliest, self._as_of)))
        if person.born < self._as_of - ADULT_DAYS and rng.random() < EVERYDAY_CODE_SHARE:
            wanted.append(("everyday", rng.randint(earliest, self._as_of)))
        last = min(self._as_of, person.died or self._as_of, person.left or self._as_of)
        found = {
            Problem(day, *self._codes[group].pick(rng)) for group, day in wanted if day <= last
        }
        return tuple(sorted(found))


def _codes(group: str) -> Weighted[tuple[str, str]]:
    chosen = [row for row in rows("conditions") if row["group"] == group]
    return Weighted(
        [(row["code"], row["term"]) for row in chosen], [int(row["weight"]) for row in chosen]
    )


def _days(course: Course, last: int, rng: Random) -> Iterator[int]:
    day, supply = course.first, course.prescription.supply_days
    earliest, spread = supply - course.early, course.early + course.late + 1
    while day <= last:
        yield day
        day += max(1, earliest + int(rng.random() * spread))
