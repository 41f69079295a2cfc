"""Tell a story (people, issues, codes, in days from the as-of date) and screen it."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import duckdb

from unhurried.records.canonical import CANONICAL, Accounting, Records
from unhurried.records.dates import epoch_day
from unhurried.screening import Criteria, Screening, default_criteria, screen

AS_OF = date(2026, 11, 3)

PRODUCTS = {
    "morphine": "Morphine 10mg modified-release tablets",
    "morphine60": "Morphine 60mg modified-release tablets",
    "liquid": "Morphine sulfate 10mg/5ml oral solution",
    "codeine": "Codeine 30mg tablets",
    "co-codamol": "Co-codamol 30mg/500mg tablets",
    "co-codamol8": "Co-codamol 8mg/500mg tablets",
    "fentanyl": "Fentanyl 75micrograms/hour transdermal patches",
    "methadone": "Methadone 5mg tablets",
    "substitution": "Methadone 1mg/ml oral solution",
    "diazepam": "Diazepam 5mg tablets",
    "zopiclone": "Zopiclone 7.5mg tablets",
    "pregabalin": "Pregabalin 75mg capsules",
    "paracetamol": "Paracetamol 500mg tablets",
    "aspirin": "Aspirin 75mg tablets",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One issue of a story."""

    person: str
    day: int
    product: str
    directions: str
    quantity: float | None = None
    days: int | None = None


def issues_of(text: str, person: str = "P1") -> list[Issue]:
    """Lines `days from as-of | product | directions | quantity | days`, the last two optional.

    Several days on one line are several issues.
    """
    told = []
    for line in filter(None, (each.strip() for each in text.splitlines())):
        days, product, directions, *rest = (cell.strip() for cell in line.split("|"))
        quantity, supply = [*rest, "", ""][:2]
        told += [
            Issue(
                person=person,
                day=int(day),
                product=PRODUCTS.get(product, product),
                directions=directions,
                quantity=float(quantity) if quantity else None,
                days=int(supply) if supply else None,
            )
            for day in days.split(",")
        ]
    return told


def records(
    issues: Sequence[Issue],
    people: Mapping[str, Mapping[str, Any]],
    codes: Sequence[tuple[str, str, int | None]] = (),
    as_of: date = AS_OF,
    shuffle: int | None = None,
) -> Records:
    """The canonical tables of a story, its issues in any order wanted."""
    connection = duckdb.connect()
    connection.execute(CANONICAL)
    today = epoch_day(as_of)
    number = {name: place for place, name in enumerate(sorted(people))}
    told = list(issues)
    if shuffle is not None:
        random.Random(shuffle).shuffle(told)  # noqa: S311, an order, not a secret
    products = sorted({each.product for each in told})
    for name, about in people.items():
        connection.execute(
            "INSERT INTO people VALUES (?, ?, NULL, ?, 'female', ?, ?, ?, ?, ?)",
            [
                number[name],
                name,
                _day(about.get("born", date(1960, 5, 17))),
                about.get("practice", "A81001"),
                *(_day(about.get(key), as_of) for key in ("died", "joined", "left")),
                about.get("stated_age"),
            ],
        )
    for place, product in enumerate(products):
        connection.execute("INSERT INTO medicines VALUES (?, ?, '')", [place, product])
    for place, each in enumerate(told):
        connection.execute(
            "INSERT INTO issues VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                number[each.person],
                place,
                today + each.day,
                products.index(each.product),
                each.directions,
                None if each.quantity is None else round(each.quantity * 1000),
                each.days,
            ],
        )
    for person, code, day in codes:
        connection.execute(
            "INSERT INTO diagnoses VALUES (?, ?, '', ?)",
            [number[person], code, None if day is None else today + day],
        )
    connection.execute("INSERT INTO practices VALUES ('A81001', 'A'), ('B82002', 'B')")
    return Records(connection=connection, accounting=Accounting(()), notes=(), format="story")


def _day(value: object, as_of: date | None = None) -> int | None:
    if value is None or value == "":
        return None
    if isinstance(value, int) and as_of is not None:
        return epoch_day(as_of + timedelta(days=value))
    assert isinstance(value, date)
    return epoch_day(value)


def screened(
    text: str,
    *,
    person: Mapping[str, Any] | None = None,
    codes: Sequence[tuple[str, int | None]] = (),
    criteria: Criteria | None = None,
    as_of: date = AS_OF,
) -> Screening:
    """Screen the story of one person."""
    story = records(
        issues_of(text),
        {"P1": person or {}},
        [("P1", code, day) for code, day in codes],
        as_of,
    )
    return screen(story, criteria or default_criteria(), as_of=as_of)
