"""From the files of an extract to the people it lists: reading, checking, screening (ID-1 to ID-4).

Nothing here touches the database; what is found is handed to `operations.keep_results`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from unhurried.records.canonical import Records, UnusableInput
from unhurried.records.column_map import ColumnMap
from unhurried.records.contacts import ContactDetails, read_contact_details
from unhurried.records.csv.columns import read_map
from unhurried.records.dates import calendar_day
from unhurried.records.read import read_records
from unhurried.screening import Screening, default_criteria, screen
from unhurried.screening.as_of import end_of
from unhurried.screening.listing import Candidate, Person, Product
from unhurried.screening.writing import REJECTS, write_table
from unhurried.service.identification.registered import About, InRecords, in_records

ODS_CODE = re.compile(r"[A-Z][0-9]{5}")
STEPS = 4  # read, screen, look up names, keep

Tell = Callable[[int, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be screened, and how."""

    records: Path
    format: str
    column_map: ColumnMap | None
    looks_from: date | None
    today: date
    practice_code: str
    rejects: Path
    about: About = field(default_factory=About)  # the people registered in the service


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One person an extract lists, or knows as nearing three months."""

    person: Person
    listed: bool
    rank: int
    tier: str
    flags: tuple[str, ...]
    reasons: tuple[tuple[str, str], ...]  # code, words
    nhs_number: str
    born: date | None
    contact: ContactDetails

    @property
    def products(self) -> list[dict[str, object]]:
        """What they take, as kept."""
        return [_kept_product(each) for each in self.person.products]


def _kept_product(product: Product) -> dict[str, object]:
    return {
        "name": product.name, "directions": product.directions,
        "issued": product.issued.isoformat(), "superseded": product.superseded,
    }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Everything an extract said."""

    as_of: date
    summary: dict[str, Any]
    rejects: list[tuple[str, int]]
    people: tuple[Found, ...]
    out: dict[str, list[tuple[str, str]]]  # person id -> (code, words): why not listed
    registered: tuple[InRecords, ...] = ()  # of those asked about, whom the records hold


def column_map_from(toml: str, folder: Path) -> ColumnMap | None:
    """The column map kept as TOML, or None when there is none."""
    if not toml.strip():
        return None
    path = folder / "columns.toml"
    path.touch(mode=0o600)
    path.write_text(toml, encoding="utf-8")
    return read_map(path)


def find(asked: Asked, tell: Tell) -> Results:
    """Read, check and screen. Raises UnusableInput, with a sentence, when that cannot be done."""
    tell(0, "Reading the records")
    records = read_records(
        asked.records, format=asked.format, column_map=asked.column_map, today=asked.today,
        progress=lambda words: tell(0, words),
    )  # fmt: skip
    try:
        return _found(asked, records, tell)
    finally:
        records.close()


def _found(asked: Asked, records: Records, tell: Tell) -> Results:
    _check_practice(records, asked.practice_code)
    _write_rejects(records, asked.rejects)
    rejects = _reject_reasons(records)
    as_of = asked.looks_from or _last_day(records, asked.today)
    tell(1, "Finding people")
    screening = screen(records, default_criteria(), as_of=as_of)
    summary = screening.summary()
    candidates, approaching = screening.candidates(), screening.approaching()
    elsewhere = _registered_elsewhere(screening, asked.practice_code)
    shown = {c.person.person_id for c in candidates} | {p.person_id for p in approaching}
    shown -= elsewhere
    reasons: dict[str, list[tuple[str, str]]] = {}
    out: dict[str, list[tuple[str, str]]] = {}
    for row in screening.reasons():
        place = reasons if row.person_id in shown else out
        place.setdefault(row.person_id, []).append((row.code, row.words))
    tell(2, "Looking up the names of the people listed")
    known = _identities(screening, shown)
    contacts = _contacts(asked, known)
    summary["elsewhere"] = len(elsewhere & ({c.person.person_id for c in candidates}))
    people = [
        *(_listed(each, reasons, known, contacts) for each in candidates),
        *(_approaching(each, reasons, known, contacts) for each in approaching),
    ]
    people = [each for each in people if each.person.person_id in shown]
    tell(3, "Keeping the list")
    return Results(
        as_of=as_of, summary=summary, rejects=rejects, people=tuple(_each_number_once(people)),
        out=out,
        registered=in_records(
            records.connection, asked.about, asked.today, known=reasons.keys() | out.keys(),
            not_now={key for key, why in out.items() if "not_now" in dict(why)},
            elsewhere=elsewhere,
        ),
    )  # fmt: skip


def _listed(
    each: Candidate,
    reasons: dict[str, list[tuple[str, str]]],
    known: dict[str, tuple[str, date | None]],
    contacts: dict[str, ContactDetails],
) -> Found:
    key = each.person.person_id
    number, born = known.get(key, ("", None))
    return Found(
        person=each.person, listed=True, rank=each.rank, tier=each.tier, flags=each.flags,
        reasons=tuple(reasons.get(key, ())), nhs_number=number, born=born,
        contact=contacts.get(key, ContactDetails()),
    )  # fmt: skip


def _approaching(
    each: Person,
    reasons: dict[str, list[tuple[str, str]]],
    known: dict[str, tuple[str, date | None]],
    contacts: dict[str, ContactDetails],
) -> Found:
    number, born = known.get(each.person_id, ("", None))
    return Found(
        person=each, listed=False, rank=0, tier="", flags=(),
        reasons=tuple(reasons.get(each.person_id, ())), nhs_number=number, born=born,
        contact=contacts.get(each.person_id, ContactDetails()),
    )  # fmt: skip


def _each_number_once(people: Iterable[Found]) -> Iterable[Found]:
    """Two ids with one NHS number stay two people: the second goes by its id alone."""
    seen: set[str] = set()
    for each in people:
        if each.nhs_number in seen:
            yield Found(
                person=each.person, listed=each.listed, rank=each.rank, tier=each.tier,
                flags=each.flags, reasons=each.reasons, nhs_number="", born=each.born,
                contact=each.contact,
            )  # fmt: skip
            continue
        if each.nhs_number:
            seen.add(each.nhs_number)
        yield each


def _identities(screening: Screening, shown: set[str]) -> dict[str, tuple[str, date | None]]:
    """Person id -> NHS number and date of birth, of the people shown."""
    rows = screening.source.connection.execute(
        "SELECT person_id, nhs_number, born FROM people WHERE person_id IN (SELECT unnest(?))",
        [sorted(shown)],
    ).fetchall()
    return {
        str(person): (number or "", calendar_day(born) if born is not None else None)
        for person, number, born in rows
    }


def _contacts(asked: Asked, known: dict[str, tuple[str, date | None]]) -> dict[str, ContactDetails]:
    """Names and addresses by person id; asked for by id and by NHS number."""
    numbers = {number: person for person, (number, _) in known.items() if number}
    found = read_contact_details(
        asked.records, asked.column_map, {*known, *numbers}, format=asked.format
    )
    by_number = {numbers[key]: each for key, each in found.items() if key in numbers}
    return by_number | {key: each for key, each in found.items() if key in known}


def _check_practice(records: Records, code: str) -> None:
    """Refuse the extract of another practice: nobody's list may show another practice's people."""
    rows = records.connection.execute(
        "SELECT upper(practice), COUNT(*) FROM people WHERE practice IS NOT NULL"
        " GROUP BY 1 ORDER BY 2 DESC"
    ).fetchall()
    codes = [str(name) for name, _ in rows if ODS_CODE.fullmatch(str(name))]
    if code and codes and code.upper() not in codes:
        raise UnusableInput(
            f"These records are of the practice with the code {codes[0]}, yours is {code.upper()}:"
            " hand in your own practice's extract."
        )


def _registered_elsewhere(screening: Screening, code: str) -> set[str]:
    """The people shown whom the records place in a practice with another code."""
    if not code:
        return set()
    rows = screening.source.connection.execute(
        "SELECT person_id, upper(practice) FROM people WHERE practice IS NOT NULL"
        " AND upper(practice) <> ?",
        [code.upper()],
    ).fetchall()
    return {str(person) for person, other in rows if ODS_CODE.fullmatch(str(other))}


def _last_day(records: Records, today: date) -> date:
    end = end_of(records.connection)
    if end is None:
        return today
    if end.note:
        records.notes = (*records.notes, end.note)
    return end.day


def _write_rejects(records: Records, path: Path) -> None:
    """The rows that could not be used, for the person who mends them; no cell is a formula."""
    rows = records.connection.execute(
        f"SELECT {', '.join(REJECTS)} FROM rejects ORDER BY file, record"
    ).fetchall()
    path.touch(mode=0o600)
    write_table(path, REJECTS, rows)


def _reject_reasons(records: Records) -> list[tuple[str, int]]:
    """Why rows could not be used, the commonest reason first; together they are all of them."""
    rows = records.connection.execute(
        "SELECT MIN(reason), COUNT(*), COUNT(DISTINCT reason) FROM rejects GROUP BY code"
        " ORDER BY 2 DESC, 1"
    ).fetchall()
    return [
        (str(reason) if kinds == 1 else f"For example: {reason}", int(count))
        for reason, count, kinds in rows
    ]
