"""The rows of a finished screening as a person would speak of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """An opioid product a person takes now, as the record writes it."""

    name: str
    directions: str
    issued: date
    superseded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What is said of a candidate and of someone nearing the criteria alike.

    Doses are micrograms of oral morphine equivalent a day.
    """

    person_id: str
    age: int | None
    sex: str
    practice: str
    episode_start: date
    episode_end: date
    days_exposed: int
    issues: int
    ome_min: int | None
    ome_max: int | None
    ome_status: str
    ome_as_at: date
    products: tuple[Product, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One person on the short list, with every reason in words."""

    person: Person
    rank: int
    tier: str
    flags: tuple[str, ...]
    reasons: tuple[str, ...]
    trend: str
    early_requests: int
    paracetamol_mg: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonRow:
    """One reason of one person considered, in words."""

    person_id: str
    in_or_out: str
    code: str
    tier: str
    words: str
    requirement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """One dated prescribing episode of a person shown."""

    person_id: str
    number: int
    start: date
    end: date
    issues: int
    current: bool
