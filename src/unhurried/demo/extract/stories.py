"""The stories people are given: one function each, saying what the records should then show.

How often each is told is in `data/stories.csv`. `intended` and `why` are what the paper's criteria
(adult, alive, registered, on opioids now, for more than 90 days, at least 3 issues, not at the end
of life, not substitution only) make of a person with this story, by construction of the story.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from random import Random

from unhurried.demo.extract.catalogue import Catalogue
from unhurried.demo.extract.dates import years_before
from unhurried.demo.extract.model import Course, Plan, Prescription

HISTORY_DAYS = 730  # how far back the extract goes
ADULT = 18


class Draw:
    """Draws days and courses for one person."""

    def __init__(self, rng: Random, as_of: int, catalogue: Catalogue) -> None:
        self.rng, self.as_of, self.catalogue = rng, as_of, catalogue

    def ago(self, low: int, high: int) -> int:
        """A day between `low` and `high` days before the extract."""
        return self.as_of - self.rng.randint(low, high)

    def course(
        self,
        pool: str,
        *,
        since: tuple[int, int] = (150, 720),
        until: tuple[int, int] = (0, 0),
        early: int = 3,
        late: int = 4,
        unstated: bool = False,
    ) -> Course:
        """A course from a pool that began and ended so many days ago (0 = goes on)."""
        return Course(
            prescription=self.catalogue.pick(pool, self.rng),
            first=self.ago(*since),
            last=self.ago(*until),
            early=early,
            late=late,
            unstated=unstated,
        )

    def regular(self) -> str:
        """A pool of medicines taken every day."""
        return self.rng.choice(("weak_regular", "weak_regular", "strong_regular"))

    def any_opioid(self) -> str:
        """A pool of medicines for long-term pain."""
        return self.rng.choice(("weak_regular", "weak_prn", "strong_regular", "patch"))


def listed(*courses: Course, why: str, problems: tuple[tuple[str, int], ...] = ()) -> Plan:
    """A plan for someone a short list should hold."""
    return Plan(intended="listed", why=why, courses=courses, problems=problems)


def no_opioid(_: Draw) -> Plan:
    """Nothing or only everyday medicines; people of every age, some of whom move or die."""
    return Plan(intended="not_considered", why="no opioid issued", ages=(0, 99), settled=False)


def acute_course(draw: Draw) -> Plan:
    """A few days' supply, now and then repeated once."""
    once = draw.course("acute", since=(3, 720))
    last = once.first + draw.rng.choice((0, 0, 9))
    course = Course(prescription=once.prescription, first=once.first, last=last)
    return Plan(intended="not_listed", why="short course", courses=(course,), ages=(18, 92))


def long_term_steady(draw: Draw) -> Plan:
    """The same medicine every month for months or years."""
    return listed(draw.course(draw.regular()), why="steady")


def long_term_as_required(draw: Draw) -> Plan:
    """When required, issued most months."""
    return listed(draw.course("weak_prn", early=4, late=12), why="as required")


def patches(draw: Draw) -> Plan:
    """A buprenorphine or fentanyl patch."""
    return listed(draw.course("patch"), why="patches")


def liquid(draw: Draw) -> Plan:
    """Morphine by the spoonful."""
    return listed(draw.course("liquid"), why="liquid")


def two_opioids(draw: Draw) -> Plan:
    """Something long-acting and something for when that is not enough."""
    return listed(
        draw.course("strong_regular"),
        draw.course("breakthrough", since=(100, 400), late=20),
        why="two opioids",
    )


def split_regimen(draw: Draw) -> Plan:
    """The same capsule on two lines issued together: one in the morning, two at night."""
    began = draw.rng.randint(150, 700)
    lines = (
        draw.course(pool, since=(began, began), early=0, late=0)
        for pool in ("split_morning", "split_night")
    )
    return listed(*lines, why="two lines of one product")


def compound_and_paracetamol(draw: Draw) -> Plan:
    """A compound tablet and plain paracetamol beside it."""
    return listed(
        draw.course("compound"), draw.course("plain_paracetamol"), why="paracetamol twice"
    )


def _ladder(draw: Draw, steps: tuple[Prescription, ...], why: str) -> Plan:
    changes = [draw.ago(300, 500), draw.ago(150, 220), draw.ago(30, 70), draw.as_of + 1]
    courses = [
        Course(prescription=step, first=first, last=after - 1)
        for step, (first, after) in zip(steps, pairwise(changes), strict=True)
    ]
    return listed(*courses, why=why)


def rising(draw: Draw) -> Plan:
    """Three steps up, the last in the past ten weeks."""
    return _ladder(draw, draw.rng.choice(draw.catalogue.ladders), "rising")


def falling(draw: Draw) -> Plan:
    """Three steps down, the last in the past ten weeks."""
    return _ladder(draw, draw.rng.choice(draw.catalogue.ladders)[::-1], "falling")


def high_dose(draw: Draw) -> Plan:
    """120 mg a day of morphine or as much of another, or more."""
    return listed(draw.course("high_dose"), why="high dose")


def early_requests(draw: Draw) -> Plan:
    """Asks ten days or more before the last supply should have run out, again and again."""
    return listed(draw.course(draw.regular(), early=14, late=-10), why="early requests")


def late_requests(draw: Draw) -> Plan:
    """Often weeks late, but never so long that the treatment stopped."""
    return listed(draw.course("weak_regular", since=(250, 720), early=0, late=24), why="late")


def gap_then_long_again(draw: Draw) -> Plan:
    """Treated, half a year without, and treated again for months."""
    return listed(
        draw.course(draw.any_opioid(), since=(650, 720), until=(520, 580)),
        draw.course(draw.any_opioid(), since=(150, 320)),
        why="a gap and then long again",
    )


def gap_then_restarted(draw: Draw) -> Plan:
    """Treated, half a year without, and begun again these last weeks."""
    courses = (
        draw.course(draw.any_opioid(), since=(650, 720), until=(300, 400)),
        draw.course(draw.any_opioid(), since=(12, 50)),
    )
    return Plan(intended="not_listed", why="begun again not long ago", courses=courses)


def stopped_before(draw: Draw) -> Plan:
    """Long-term treatment that ended months ago."""
    course = draw.course(draw.any_opioid(), since=(450, 720), until=(160, 300))
    return Plan(intended="not_listed", why="not on opioids now", courses=(course,))


def directions_not_stated(draw: Draw) -> Plan:
    """Long-term, and the directions never say how much."""
    return listed(draw.course(draw.any_opioid(), unstated=True), why="directions not stated")


def approaching(draw: Draw) -> Plan:
    """Between two and three months of treatment so far."""
    course = draw.course("weak_regular", since=(66, 86), early=2, late=0)
    return Plan(intended="approaching", why="approaching 3 months", courses=(course,))


def palliative(draw: Draw) -> Plan:
    """On the end-of-life register; for some it was ended once and begun again."""
    began = draw.ago(30, 300)
    problems = [("palliative", began)]
    if draw.rng.random() < 0.3:
        problems += [("palliative_ended", began - 60), ("palliative", began - 200)]
    return Plan(
        intended="not_listed",
        why="end of life",
        courses=(draw.course("strong_regular"), draw.course("breakthrough", since=(20, 100))),
        problems=tuple(problems),
        ages=(45, 95),
    )


def palliative_ended(draw: Draw) -> Plan:
    """An end-of-life code that a later code took back."""
    problems = (("palliative", draw.ago(350, 700)), ("palliative_ended", draw.ago(30, 300)))
    return listed(
        draw.course(draw.any_opioid()), why="end-of-life code taken back", problems=problems
    )


def cancer(draw: Draw) -> Plan:
    """A cancer diagnosis, recent or long ago: the GP decides."""
    problems = (("cancer", draw.ago(60, 3000)),)
    return listed(draw.course(draw.any_opioid()), why="cancer", problems=problems)


def died(draw: Draw) -> Plan:
    """Long-term treatment until death."""
    day = draw.ago(2, 250)
    course = draw.course(draw.any_opioid(), since=(400, 720))
    return Plan(intended="not_listed", why="died", courses=(course,), died=day, ages=(50, 97))


def left_practice(draw: Draw) -> Plan:
    """Long-term treatment until the person left the practice."""
    day = draw.ago(2, 250)
    course = draw.course(draw.any_opioid(), since=(400, 720))
    return Plan(intended="not_listed", why="left the practice", courses=(course,), left=day)


def under_18(draw: Draw) -> Plan:
    """Not yet an adult; for some the birthday is tomorrow."""
    born = years_before(draw.as_of, ADULT) + draw.rng.choice((1, draw.rng.randint(1, 2000)))
    course = draw.course("young", since=(150, 400))
    return Plan(intended="not_listed", why="under 18", courses=(course,), born=born)


def just_18(draw: Draw) -> Plan:
    """Eighteen on the day of the extract or not long before."""
    born = years_before(draw.as_of, ADULT) - draw.rng.choice((0, draw.rng.randint(0, 200)))
    course = draw.course("young", since=(150, 400))
    return Plan(intended="listed", why="just 18", courses=(course,), born=born)


def substitution_only(draw: Draw) -> Plan:
    """Methadone liquid or buprenorphine tablets from a specialist service, and no other opioid."""
    course = draw.course("substitution", early=1, late=1)
    return Plan(intended="not_listed", why="substitution only", courses=(course,), ages=(22, 65))


def substitution_and_opioid(draw: Draw) -> Plan:
    """Substitution treatment and an opioid for pain beside it."""
    return listed(
        draw.course("substitution", early=1, late=1),
        draw.course("weak_regular"),
        why="substitution and an opioid",
    )


def methadone_for_pain(draw: Draw) -> Plan:
    """Methadone tablets for pain: counted as an opioid, never converted."""
    return listed(draw.course("methadone_for_pain"), why="methadone for pain")


STORIES: dict[str, Callable[[Draw], Plan]] = {
    story.__name__: story
    for story in (
        no_opioid, acute_course, long_term_steady, long_term_as_required, patches, liquid,
        two_opioids, split_regimen, compound_and_paracetamol, rising, falling, high_dose,
        early_requests, late_requests, gap_then_long_again, gap_then_restarted, stopped_before,
        directions_not_stated, approaching, palliative, palliative_ended, cancer, died,
        left_practice, under_18, just_18, substitution_only, substitution_and_opioid,
        methadone_for_pain,
    )
}  # fmt: skip
