"""What an extract says of the people who are registered in the service already (H11).

Only of them: that they have died, that they have left the practice, that the records name no
opioid of theirs any more. Nothing here touches the service's database.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import duckdb

from unhurried.records.dates import calendar_day

COLUMNS = "person_id, nhs_number, born, died, registered_to"


@dataclass(frozen=True, slots=True)
class About:
    """Whom to look for: NHS numbers, and the records' own ids of people without one."""

    nhs_numbers: frozenset[str] = frozenset()
    person_ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class InRecords:
    """One of them, as the records have them."""

    person_id: str
    nhs_number: str
    born: date | None
    died: date | None
    left: date | None
    no_opioid_now: bool


def in_records(
    connection: duckdb.DuckDBPyConnection, about: About, today: date, *,
    known: Collection[str], not_now: Collection[str], elsewhere: Collection[str],
) -> tuple[InRecords, ...]:  # fmt: skip
    """The people asked about whom the records hold, in the order of their ids.

    `known` are the ids of everyone with an opioid in the records, `not_now` those whose last
    supply has run out, `elsewhere` those the records place in another practice, which says nothing
    of leaving this one. A death or an end of registration still to come has not happened.
    """
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM people WHERE nhs_number IN (SELECT unnest(?))"
        " OR person_id IN (SELECT unnest(?)) ORDER BY person_id",
        [sorted(about.nhs_numbers), sorted(about.person_ids)],
    ).fetchall()
    return tuple(
        InRecords(
            person_id=str(key), nhs_number=number or "", born=_day(born), died=_by(died, today),
            left=None if key in elsewhere else _by(left, today),
            no_opioid_now=key in not_now or key not in known,
        )
        for key, number, born, died, left in rows
    )  # fmt: skip


def _day(days: int | None) -> date | None:
    return None if days is None else calendar_day(days)


def _by(days: int | None, today: date) -> date | None:
    day = _day(days)
    return day if day is not None and day <= today else None
