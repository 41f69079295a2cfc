"""The tables of a finished screening, read as people, reasons and episodes (ID-4, ID-8)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from unhurried.clinical.opioids.factors import FactorSet
from unhurried.records.canonical import Accounting
from unhurried.records.dates import calendar_day
from unhurried.screening.criteria import Criteria
from unhurried.screening.kinds import DOSE_WORDS, TREND_WORDS, Dose, Kind, Trend
from unhurried.screening.listing import Candidate, Episode, Person, Product, ReasonRow
from unhurried.screening.parameters import age_on
from unhurried.screening.pipeline import Readings
from unhurried.screening.rules import Reason, reason_table
from unhurried.screening.words import Wording

PERSON = (
    "person, person_id, born, stated_age, sex, practice, start, \"end\", days, issues,"
    " ome_min, ome_max, dose, ome_as_at"
)  # fmt: skip
AFTER_PERSON = PERSON.count(",") + 1

# The parts whose products a reason names, as (dose, superseded) of a part.
NAMED: dict[str, Callable[[int, bool], bool]] = {
    "dose_not_known": lambda dose, _: dose == Dose.NOT_KNOWN,
    "dose_not_converted": lambda dose, _: dose == Dose.NOT_CONVERTED,
    "older_supply_running": lambda _, superseded: superseded,
}

PARACETAMOL = "paracetamol_high"  # names products too, opioid or not

DIGESTED = (
    ("SELECT * EXCLUDE (person) FROM candidates", "rank"),
    ("SELECT * EXCLUDE (person) FROM approaching", "person_id"),
    (
        "SELECT p.person_id, r.* EXCLUDE (person) FROM reasons r JOIN people p USING (person)",
        "person_id, code",
    ),
    (
        "SELECT p.person_id, e.* EXCLUDE (person)"  # noqa: ISC004, one query
        " FROM shown_episodes e JOIN people p USING (person)",
        "person_id, number",
    ),
)


@dataclass(frozen=True, slots=True)
class Source:
    """Where the records came from, and the account of every row when they were read here."""

    connection: duckdb.DuckDBPyConnection
    accounting: Accounting | None = None
    notes: tuple[str, ...] = ()
    folder: Path | None = None


@dataclass(kw_only=True)
class Outcome:
    """The tables of a finished screening. Words are made only when something is asked for."""

    connection: duckdb.DuckDBPyConnection
    criteria: Criteria
    factors: FactorSet
    as_of: date
    engine: str
    readings: Readings
    source: Source

    def rows(self, query: str) -> list[Any]:
        """The rows of a query over the result tables."""
        return self.connection.execute(query).fetchall()

    @property
    def listed(self) -> int:
        """How many people are listed."""
        return int(self.rows("SELECT COUNT(*) FROM candidates")[0][0])

    @cached_property
    def wording(self) -> Wording:
        """Words for these criteria and this date."""
        return Wording(self.criteria, self.as_of, self.readings.medicines.ingredients)

    def candidates(self, first: int | None = None) -> list[Candidate]:
        """The short list in order, or its first people."""
        people = f"SELECT person FROM candidates{_first(first)}"
        parts = self._parts(people)
        reasons: dict[int, list[tuple[str, str]]] = {}
        for person, _, row, words in self.worded(f" WHERE person IN ({people})"):
            reasons.setdefault(person, []).append((row.flag, words))
        query = (
            f"SELECT {PERSON}, rank, tier, trend, early, paracetamol_mg"
            f" FROM candidates{_first(first)} ORDER BY rank"
        )
        return [self._candidate(row, parts, reasons) for row in self.rows(query)]

    def approaching(self) -> list[Person]:
        """Those nearing the criteria, the longest exposed first; not ranked (ID-8)."""
        parts = self._parts("SELECT person FROM approaching")
        query = f"SELECT {PERSON} FROM approaching ORDER BY days DESC, person_id"
        return [self._person(row, parts) for row in self.rows(query)]

    def reasons(self) -> Iterator[ReasonRow]:
        """Every reason, in and out, of everyone considered, in the order of person id."""
        for _, person_id, row, words in self.worded():
            yield ReasonRow(
                person_id=person_id,
                in_or_out=row.in_or_out,
                code=row.code,
                tier=row.tier,
                words=words,
                requirement=row.requirement,
            )

    def episodes(self, first: int | None = None) -> list[Episode]:
        """The dated episodes of the people shown (with `first`, of the first on the list)."""
        only = (
            ""
            if first is None
            else f" WHERE person IN (SELECT person FROM candidates{_first(first)})"
        )
        query = (
            'SELECT p.person_id, e.number, e.start, e."end", e.issues, e.current'
            f" FROM (FROM shown_episodes{only}) e JOIN people p USING (person)"
            " ORDER BY p.person_id, e.number"
        )
        return [
            Episode(
                person_id=person_id,
                number=number,
                start=calendar_day(start),
                end=calendar_day(end),
                issues=issues,
                current=current,
            )
            for person_id, number, start, end, issues, current in self.rows(query)
        ]

    def digest(self) -> str:
        """A fingerprint of every cell of the result: equal results, equal digests."""
        whole = hashlib.sha256()
        for query, order in DIGESTED:
            for row in self.rows(f"{query} ORDER BY {order}"):
                whole.update(repr(row).encode())
        names = self.rows("SELECT p.* , q.person_id FROM parts p JOIN people q USING (person)")
        for row in sorted(self._digested_part(row) for row in names):
            whole.update(repr(row).encode())
        return whole.hexdigest()

    def _digested_part(self, row: Any) -> tuple[object, ...]:
        _, kind, pair, medicine, *others, person_id = row
        words = (self.readings.medicines.by_number[medicine].written, self._directions(pair))
        return (person_id, kind, *words, *(-1 if each is None else each for each in others))

    def _directions(self, pair: int) -> str:
        return self.readings.pairs[pair].directions

    def _parts(self, people: str) -> dict[int, list[tuple[int, Product]]]:
        """(dose, product) of the current opioids of some people, the newest first."""
        parts: dict[int, list[tuple[int, Product]]] = {}
        for person, pair, medicine, day, dose, superseded in self.rows(
            "SELECT person, pair, medicine, day, dose, superseded FROM parts"
            f" WHERE kind = {int(Kind.OPIOID)} AND person IN ({people})"
        ):
            product = Product(
                name=self.readings.medicines.by_number[medicine].written,
                directions=self._directions(pair),
                issued=calendar_day(day),
                superseded=superseded,
            )
            parts.setdefault(person, []).append((dose, product))
        for each in parts.values():
            each.sort(key=lambda part: (part[1].superseded, part[1].name, part[1].directions))
        return parts

    def _holding_paracetamol(self) -> dict[int, list[str]]:
        """The products whose paracetamol is added up, of those with too much of it."""
        names: dict[int, set[str]] = {}
        for person, medicine in self.rows(
            "SELECT person, medicine FROM parts WHERE paracetamol_mg > 0 AND NOT superseded"
            f" AND person IN (SELECT person FROM reasons WHERE code = '{PARACETAMOL}')"
        ):
            written = self.readings.medicines.by_number[medicine].written
            names.setdefault(person, set()).add(written)
        return {person: sorted(each) for person, each in names.items()}

    def worded(self, where: str = "") -> Iterator[tuple[int, str, Reason, str]]:
        """Person, person id, reason and its words, of all reasons or of some (`where` is SQL)."""
        table = reason_table()
        order = ", ".join(f"'{code}'" for code in sorted(table, key=lambda c: table[c].order))
        named = ", ".join(f"'{code}'" for code in NAMED)
        parts = self._parts(f"SELECT person FROM reasons WHERE code IN ({named})")
        paracetamol = self._holding_paracetamol()
        query = (
            "SELECT r.person, p.person_id, r.code, r.first, r.second, r.third"
            f" FROM (FROM reasons{where}) r JOIN people p USING (person)"
            f" ORDER BY p.person_id, list_position([{order}], r.code)"
        )
        say = self.wording.reason
        for person, person_id, code, *numbers in self.rows(query):
            row = table[code]
            products: Sequence[str] = ()
            if code in NAMED:
                applies = NAMED[code]
                products = [e.name for dose, e in parts[person] if applies(dose, e.superseded)]
            elif code == PARACETAMOL:
                products = paracetamol.get(person, ())
            yield person, person_id, row, say(code, numbers, products)

    def _person(self, row: Any, parts: dict[int, list[tuple[int, Product]]]) -> Person:
        person, person_id, born, stated, sex, practice, start, end, days, issues = row[:10]
        least, most, dose, as_at = row[10:AFTER_PERSON]
        return Person(
            person_id=person_id,
            age=stated if born is None else age_on(calendar_day(born), self.as_of),
            sex=sex,
            practice=practice,
            episode_start=calendar_day(start),
            episode_end=calendar_day(end),
            days_exposed=days,
            issues=issues,
            ome_min=least,
            ome_max=most,
            ome_status=DOSE_WORDS[Dose(dose)],
            ome_as_at=calendar_day(as_at),
            products=tuple(product for _, product in parts.get(person, ())),
        )

    def _candidate(
        self,
        row: Any,
        parts: dict[int, list[tuple[int, Product]]],
        reasons: dict[int, list[tuple[str, str]]],
    ) -> Candidate:
        rank, tier, trend, early, paracetamol = row[AFTER_PERSON:]
        why = reasons[row[0]]
        flags = dict.fromkeys(flag for flag, _ in why if flag)
        return Candidate(
            person=self._person(row, parts),
            rank=rank,
            tier=tier,
            flags=tuple(flags),
            reasons=tuple(words for _, words in why),
            trend=TREND_WORDS[Trend(trend)],
            early_requests=early,
            paracetamol_mg=paracetamol,
        )


def _first(first: int | None) -> str:
    return "" if first is None else f" WHERE rank <= {int(first)}"
