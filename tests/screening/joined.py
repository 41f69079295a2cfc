"""Joins the naive screening to the product: the same history for both, the answers side by side."""

from datetime import date
from fractions import Fraction
from typing import Any

import duckdb
from tests.oracle.naive_screening import screen_naively
from tests.oracle.naive_shapes import DEFAULT_CRITERIA, Criteria, History, NaiveResult

from unhurried.records.canonical import CANONICAL, Accounting, Records
from unhurried.screening import Criteria as ProductCriteria
from unhurried.screening import Screening, default_criteria, screen

EPOCH = date(1970, 1, 1)

# The product's reason codes in the oracle's words. Those left out say no more than a column does.
CODES = {
    "substitution_only": "substitution_only",
    "not_adult": "under_age",
    "died": "died",
    "not_registered": "not_registered",
    "end_of_life": "end_of_life",
    "not_now": "not_current",
    "episode_short": "not_long_enough",
    "few_issues": "too_few_issues",
    "higher_dose": "higher_dose",
    "dose_noted": "dose_noted",
    "higher_dose_if_needed": "higher_dose_if_needed",
    "dose_noted_if_needed": "dose_noted_if_needed",
    "with_benzodiazepine": "benzodiazepine",
    "with_z_drug": "z_drug",
    "with_gabapentinoid": "gabapentinoid",
    "rising": "rising",
    "falling": "falling",
    "early_requests": "early_requests",
    "dose_not_known": "dose_not_known",
    "dose_not_converted": "dose_not_converted",
    "no_current_product": "no_current_product",
    "paracetamol_high": "paracetamol",
    "older_supply_running": "older_product_in_hand",
    "substitution_too": "substitution_too",
    "cancer_recent": "cancer_recent",
    "cancer_earlier": "cancer",
    "cancer_undated": "cancer_undated",
    "end_of_life_noted": "end_of_life_noted",
    "end_of_life_undated": "end_of_life_undated",
    "age_not_known": "age_not_known",
    "no_further_reason": "no_further_reason",
}
ALWAYS = "meets_definition"

Answer = dict[str, Any]


def epoch_day(day: date | None) -> int | None:
    return None if day is None else (day - EPOCH).days


def records_of(history: History) -> Records:
    """A history as the canonical tables a reader would have filled."""
    connection = duckdb.connect()
    connection.execute(CANONICAL)
    people = sorted(history.people, key=lambda p: p.person_id)
    number = {person.person_id: place for place, person in enumerate(people)}
    products = sorted({issue.part.product for issue in history.issues})
    medicine = {product: place for place, product in enumerate(products)}
    rows: dict[str, list[dict[str, object]]] = {
        "people": [
            {
                "person": number[p.person_id],
                "person_id": p.person_id,
                "born": epoch_day(p.born),
                "sex": "not known",
                "practice": "practice",
                "died": epoch_day(p.died),
                "registered_from": epoch_day(p.registered_from),
                "registered_to": epoch_day(p.registered_to),
            }
            for p in people
        ],
        "medicines": [{"medicine": m, "product": p, "code": ""} for p, m in medicine.items()],
        "issues": [
            {
                "person": number[i.person_id],
                "issue": i.issue,
                "day": epoch_day(i.day),
                "medicine": medicine[i.part.product],
                "directions": i.part.directions,
                "quantity_thousandths": thousandths(i.quantity),
                "days_supply": i.days_supply,
            }
            for i in history.issues
        ],
        "diagnoses": [
            {"person": number[d.person_id], "code": d.code, "term": "", "day": epoch_day(d.day)}
            for d in history.diagnoses
        ],
        "practices": [{"practice": "practice", "name": "practice"}],
    }
    for table, found in rows.items():
        _insert(connection, table, found)
    return Records(connection=connection, accounting=Accounting(files=()), notes=(), format="none")


def thousandths(quantity: Fraction | None) -> int | None:
    return None if quantity is None else int(quantity * 1000)


def _insert(
    connection: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, object]]
) -> None:
    if not rows:
        return
    columns = ", ".join(rows[0])
    places = ", ".join("?" for _ in rows[0])
    every = ", ".join(f"({places})" for _ in rows)
    values = [value for row in rows for value in row.values()]
    connection.execute(f"INSERT INTO {table} ({columns}) VALUES {every}", values)


def answers_of_the_product(screening: Screening, people: list[str]) -> dict[str, Answer]:
    """What the product says of everyone, in the oracle's words."""
    reasons: dict[str, set[str]] = {}
    listed_for: dict[str, set[str]] = {}
    for row in screening.reasons():
        listed_for.setdefault(row.person_id, set()).add(row.in_or_out)
        if row.code != ALWAYS:
            reasons.setdefault(row.person_id, set()).add(CODES[row.code])
    answers: dict[str, Answer] = {
        person: {
            "considered": person in listed_for,
            "listed": listed_for.get(person) == {"in"},
            "reasons": sorted(reasons.get(person, ())),
            "approaching": False,
        }
        for person in people
    }
    for person in screening.approaching():
        answers[person.person_id] |= {"approaching": True, **_exposure(person)}
    for candidate in screening.candidates():
        answers[candidate.person.person_id] |= {
            **_exposure(candidate.person),
            "ome_min_ug": candidate.person.ome_min,
            "ome_max_ug": candidate.person.ome_max,
            "ome_status": candidate.person.ome_status,
            "ome_as_at": candidate.person.ome_as_at,
            "rank": candidate.rank,
            "tier": candidate.tier,
            "trend": candidate.trend.replace(" ", "_"),
            "early_requests": candidate.early_requests,
            "paracetamol_mg": candidate.paracetamol_mg,
        }
    return answers


def _exposure(person: Any) -> Answer:
    names = ("episode_start", "episode_end", "days_exposed", "issues")
    return {name: getattr(person, name) for name in names}


def answer_of_the_oracle(result: NaiveResult) -> Answer:
    answer: Answer = {
        "considered": result.considered,
        "listed": result.listed,
        "reasons": sorted(result.reasons),
        "approaching": result.approaching,
    }
    shown = ("episode_start", "episode_end", "days_exposed", "issues")
    ranked = (
        *("ome_min_ug", "ome_max_ug", "ome_status", "ome_as_at", "rank", "tier"),
        *("trend", "early_requests", "paracetamol_mg"),
    )
    names = (*shown, *ranked) if result.listed else shown if result.approaching else ()
    return answer | {name: getattr(result, name) for name in names}


def disagreements(
    history: History,
    as_of: date,
    naive: Criteria = DEFAULT_CRITERIA,
    product: ProductCriteria | None = None,
) -> list[str]:
    """Every cell on which the product and the oracle differ, each with the person's story."""
    screening = screen(records_of(history), product or default_criteria(), as_of=as_of)
    return compare(screening, history, as_of, naive)


def compare(screening: Screening, history: History, as_of: date, naive: Criteria) -> list[str]:
    """The same of a screening that was made already."""
    people = [person.person_id for person in history.people]
    answers = answers_of_the_product(screening, people)
    return [
        f"{result.person_id} {name}: product {answers[result.person_id].get(name)!r}, "
        f"requirement {expected!r}; as of {as_of}: {story(history, result.person_id)}"
        for result in screen_naively(history, naive, as_of)
        for name, expected in answer_of_the_oracle(result).items()
        if answers[result.person_id].get(name) != expected
    ]


def story(history: History, person_id: str) -> str:
    """All there is about one person, short enough to read in a failing test."""
    lines = [str(p) for p in history.people if p.person_id == person_id]
    lines += [
        f"{i.day} {i.part.product} {i.part.directions!r} quantity {i.quantity} days {i.days_supply}"
        for i in sorted(history.issues, key=lambda i: (i.day, i.issue))
        if i.person_id == person_id
    ]
    lines += [f"{d.day} code {d.code}" for d in history.diagnoses if d.person_id == person_id]
    return "; ".join(lines)
