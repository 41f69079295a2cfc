"""What the generator draws: products, regimens, people, plans of treatment and issues.

Days are proleptic ordinals (`date.toordinal`). All numbers of a dose are exact fractions.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Product:
    """A medicine as the generator knows it; `strength` is per tablet, patch or `per_ml` ml."""

    key: str
    drug_class: str
    ingredient: str
    strength: Fraction | None
    unit: str
    per_ml: Fraction | None
    counted_in: str
    name: str
    dmd: str


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Pattern:
    """A regimen as the prescriber means it, with the units a day it comes to."""

    key: str
    dose: tuple[Fraction, Fraction] | None
    times: tuple[int, int] | None
    per_days: int
    as_required: bool
    units: tuple[Fraction, Fraction] | None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Prescription:
    """A product, how it is meant to be taken, and how much one issue supplies."""

    product: Product
    pattern: Pattern
    supply_days: int
    quantity: Fraction


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Item:
    """A prescription as one practice prints it; one object for every issue that reads the same."""

    prescription: Prescription
    printed: str
    coding: str  # none, dmd or snomed: how a FHIR or OMOP extract codes this printed name
    directions: str
    stated: str  # yes, no or unclear: do the directions state the regimen
    visible: int  # equal for items a reader could not tell apart


class Issue(NamedTuple):
    """One prescription issued (a tuple because there are sixteen for every person)."""

    day: int
    item: Item


class Problem(NamedTuple):
    """One coded entry in the record."""

    day: int
    code: str
    term: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """A fictional practice and the way its system exports."""

    code: str
    name: str
    style: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A fictional person; the name is written to the practice's patient list and nowhere else."""

    person_id: str
    nhs_number: str
    given: str
    family: str
    born: int
    sex: str
    practice: Practice
    registered: int
    left: int | None
    died: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A prescription issued again and again between two days.

    An issue follows the one before after its supply, `early` days sooner to `late` days later.
    """

    prescription: Prescription
    first: int
    last: int
    early: int = 3
    late: int = 4
    unstated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a story wants of a person: courses, coded entries, age and ending."""

    intended: str  # listed, approaching, not_listed or not_considered
    why: str
    courses: tuple[Course, ...] = ()
    problems: tuple[tuple[str, int], ...] = ()
    ages: tuple[int, int] = (25, 92)
    born: int | None = None
    died: int | None = None
    left: int | None = None
    settled: bool = True  # registered since before the records begin, and still here unless said


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One person with everything the extract holds about them."""

    person: Person
    story: str
    plan: Plan
    issues: tuple[Issue, ...]
    problems: tuple[Problem, ...]
