"""Hypothesis strategies: small, nasty prescribing histories, and directions with their truth.

Numbers are small and days are steered towards the boundaries the criteria draw (a supply that ends
the day before, on and after a limit), because histories drawn evenly would hardly ever meet one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from tests.oracle import parts
from tests.oracle.naive_directions import Written, write
from tests.oracle.naive_shapes import (
    DEFAULT_CRITERIA,
    Criteria,
    Diagnosis,
    History,
    Issue,
    Part,
    Person,
)
from tests.oracle.naive_supply import supply_days

T = TypeVar("T")

PALLIATIVE = "103735009"  # Palliative care
PALLIATIVE_ENDED = "1048611000000104"  # Palliative care not currently clinically indicated
CANCER = "100721000119109"  # High grade astrocytoma of brain
OTHER_CODE = "38341003"  # Hypertension

AS_OF_DAYS = (
    date(2024, 2, 29),
    date(2023, 3, 1),
    date(2023, 2, 28),
    date(2025, 11, 22),
)
CLOSE = st.integers(-2, 2)

WHOLE = (None, *(Fraction(n) for n in (1, 2, 3, 4, 7, 10, 13, 28, 30, 56, 84, 112, 180, 224, 300)))
HALVES = tuple(Fraction(n) for n in ("0.5", "2.5", "12.5"))  # half tablets, sips; no half patches
DAYS_SUPPLIED = (None, None, None, 1, 7, 14, 28, 30, 56, 84, 179, 180, 181)


@dataclass(frozen=True, slots=True)
class Supply:
    """An issue placed on a relative day; the calendar comes later."""

    day: int
    part: Part
    quantity: Fraction | None
    days_supply: int | None

    def ends(self, criteria: Criteria) -> int:
        issue = Issue(
            issue=0,
            person_id="",
            day=date(2000, 1, 1),
            part=self.part,
            quantity=self.quantity,
            days_supply=self.days_supply,
        )
        return self.day + supply_days(issue, criteria)

    def repeats(self, other: "Supply") -> bool:
        return (self.day, self.part, self.quantity, self.days_supply) == (
            other.day,
            other.part,
            other.quantity,
            other.days_supply,
        )


@st.composite
def _step(draw: DrawFn, earlier: list[Supply], criteria: Criteria) -> int:
    """The day of the next issue: often close to a boundary that the earlier ones draw."""
    last, run_out = earlier[-1], max(s.ends(criteria) for s in earlier)
    gap, early = criteria["gap_days"], criteria["early_by_more_than_days"]
    one_round = last.day + criteria["newest_round_days"]
    nearby = st.sampled_from(
        (last.day, one_round, run_out, run_out - early, run_out + gap, last.ends(criteria))
    )
    near = st.builds(int.__add__, nearby, st.integers(-1, 1))
    some_day = st.integers(0, 40).map(lambda n: last.day + n)
    usual = st.just(last.day + 28)
    return max(0, draw(st.one_of(usual, near, near, some_day)))


@st.composite
def _supplies(draw: DrawFn, choices: Sequence[Part], most: int, criteria: Criteria) -> list[Supply]:
    """A run of issues over a few parts, beginning on relative day 0."""
    palette = draw(st.lists(st.sampled_from(choices), min_size=1, max_size=3))
    supplies: list[Supply] = []
    for _ in range(min(most, draw(st.sampled_from((3, 4, 5, 6, 7, 2, 1))))):
        part = draw(st.sampled_from(palette))
        halves = HALVES if (part.units_per_day_max or Fraction(1)).denominator == 1 else ()
        supply = Supply(
            day=draw(_step(supplies, criteria)) if supplies else 0,
            part=part,
            quantity=draw(st.sampled_from((*WHOLE, *halves))),
            days_supply=draw(st.sampled_from(DAYS_SUPPLIED)),
        )
        # The readers take exact repeats out before anything is screened.
        if not any(supply.repeats(other) for other in supplies):
            supplies.append(supply)
    return supplies


@st.composite
def _anchored(draw: DrawFn, supplies: list[Supply], c: Criteria) -> int:
    """The relative day that is as-of: close to a boundary of this very history."""
    some = draw(st.sampled_from(supplies))
    run_out = max(s.ends(c) for s in supplies)
    limits = (
        run_out + c["current_within_days"],
        supplies[0].day + c["longer_than_days"],
        supplies[0].day + c["approaching_from_days"],
        run_out,
        some.ends(c),
        some.ends(c) + c["current_within_days"],
        some.day,
        some.day + c["early_within_days"],
        some.day + c["window_days"],
        run_out - 5,
    )
    return int(draw(st.sampled_from(limits))) + draw(CLOSE)


@st.composite
def _issues(draw: DrawFn, person_id: str, as_of: date, criteria: Criteria) -> list[Issue]:
    """Opioid issues anchored at a boundary, then whatever else is prescribed around as-of."""
    opioids = draw(_supplies(parts.OPIOIDS, 7, criteria))
    offset = draw(_anchored(opioids, criteria))
    placed = [(as_of + timedelta(days=s.day - offset), s) for s in opioids]
    if draw(st.integers(0, 9)) == 0:  # now and then nothing but substitution, or nothing at all
        placed = []
    for others, often in (
        (parts.SEDATIVES, 3),
        (parts.PARACETAMOL, 2),
        (parts.SUBSTITUTION, 1),
        (parts.OTHER, 1),
    ):
        if draw(st.integers(0, 9)) < often:
            supplies = draw(_supplies(others, 3, criteria))
            offset = draw(_anchored(supplies, criteria))
            placed += [(as_of + timedelta(days=s.day - offset), s) for s in supplies]
    return [
        Issue(
            issue=0,
            person_id=person_id,
            day=day,
            part=s.part,
            quantity=s.quantity,
            days_supply=s.days_supply,
        )
        for day, s in placed
    ]


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


def _around(day: date) -> SearchStrategy[date]:
    return CLOSE.map(lambda n: day + timedelta(days=n))


@st.composite
def _people(draw: DrawFn, person_id: str, as_of: date) -> Person:
    """Mostly grown up, alive and registered; each exception is close to its boundary."""

    def seldom(strategy: SearchStrategy[date]) -> date | None:
        return draw(strategy) if draw(st.integers(0, 9)) == 0 else None

    born = draw(
        st.one_of(
            st.just(date(1960, 5, 17)),
            st.just(date(1960, 5, 17)),
            st.none(),
            _around(_years_before(as_of, 18)),
            st.just(date(2004, 2, 29)),
        )
    )
    return Person(
        person_id=person_id,
        born=born,
        died=seldom(_around(as_of)),
        registered_from=seldom(_around(as_of)) or date(2015, 1, 1),
        registered_to=seldom(_around(as_of)),
    )


@st.composite
def _diagnoses(draw: DrawFn, person_id: str, as_of: date) -> list[Diagnosis]:
    """Palliative codes and what cancels them, often on one day; cancer recent and long ago."""
    found = [Diagnosis(person_id=person_id, code=OTHER_CODE, day=as_of)]
    if draw(st.integers(0, 5)) == 0:
        centre = draw(st.sampled_from((date(2008, 4, 1), as_of, as_of - timedelta(days=200))))
        for _ in range(draw(st.integers(1, 4))):
            code = draw(st.sampled_from((PALLIATIVE, PALLIATIVE_ENDED)))
            day = draw(st.one_of(st.none(), *[_around(centre)] * 5))
            found.append(Diagnosis(person_id=person_id, code=code, day=day))
    if draw(st.integers(0, 5)) == 0:
        years = draw(st.sampled_from((0, 1, 4, 6, 20)))
        around = _around(_years_before(as_of, years))
        day = draw(st.one_of(st.none(), around, around, around))
        found.append(Diagnosis(person_id=person_id, code=CANCER, day=day))
    return found


@st.composite
def histories(
    draw: DrawFn, as_of: date, *, most_people: int = 4, criteria: Criteria = DEFAULT_CRITERIA
) -> History:
    """A few people, their issues in a jumbled order, and their coded problems."""
    people, issues, diagnoses = [], [], []
    for number in range(draw(st.integers(1, most_people))):
        person_id = f"p{number:02}"
        people.append(draw(_people(person_id, as_of)))
        issues += draw(_issues(person_id, as_of, criteria))
        diagnoses += draw(_diagnoses(person_id, as_of))
    order = draw(st.permutations(range(1, len(issues) + 1)))
    numbered = [
        Issue(
            issue=number,
            person_id=i.person_id,
            day=i.day,
            part=i.part,
            quantity=i.quantity,
            days_supply=i.days_supply,
        )
        for number, i in zip(order, issues, strict=True)
    ]
    return History(
        people=people, issues=sorted(numbered, key=lambda i: i.issue), diagnoses=diagnoses
    )


as_of_days = st.sampled_from(AS_OF_DAYS)


@st.composite
def directions(draw: DrawFn) -> Written:
    """Directions as a UK prescriber may write them, with what they mean."""

    def choose(options: Sequence[T], /) -> T:
        return draw(st.sampled_from(options))

    return write(choose)
