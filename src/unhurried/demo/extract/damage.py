"""Which rows of a file are damaged, how, and the list of what was done (`truth/damage.csv`)."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import NamedTuple

from unhurried.demo.extract.dates import Days
from unhurried.demo.extract.streams import stream
from unhurried.demo.extract.tables import Weighted, rows

FURTHEST_AHEAD_DAYS = 900


class Damaged(NamedTuple):
    """One damaged row; `row` is where a person finds it in the file (headings are row 1)."""

    file: str
    row: int
    kind: str
    person_id: str


@dataclass(slots=True, kw_only=True)
class Damage:
    """How often rows are damaged, and every row that was."""

    rate: float
    seed: int
    as_of: int
    done: list[Damaged] = field(default_factory=list)


class Spoiler:
    """Decides for one file which rows are damaged and how.

    `parts` are what its rows have that can be damaged: person, day, number, quantity.
    """

    __slots__ = ("_damage", "_file", "_kinds", "_last_number", "next_row", "rng")

    def __init__(self, damage: Damage, file: str, parts: set[str]) -> None:
        self._damage, self._file = damage, file
        self.rng = stream(damage.seed, "damage", file)
        kinds = [row for row in rows("damage") if not row["needs"] or row["needs"] in parts]
        self._kinds = Weighted([r["kind"] for r in kinds], [int(r["weight"]) for r in kinds])
        self._last_number = ""
        self.next_row = 0.0
        self._skip(0)

    def _skip(self, row: int) -> None:
        rate = self._damage.rate
        if rate <= 0:
            self.next_row = math.inf
        elif rate >= 1:
            self.next_row = row + 1
        else:
            gap = math.log(1.0 - self.rng.random()) / math.log(1.0 - rate)
            self.next_row = row + 1 + int(gap)

    def kind(self, number: str | None) -> str:
        """Draw a kind that this row can have (one with no number cannot have a wrong one)."""
        kind = self._kinds.pick(self.rng)
        impossible = (kind == "bad_check_digit" and not number) or (
            kind == "shared_number" and self._last_number in {"", number}
        )
        return "repeat" if impossible else kind

    def remember(self, number: str) -> None:
        """Keep the number of the person just written, for somebody to share."""
        self._last_number = number or self._last_number

    def wrong_number(self, kind: str, number: str) -> str:
        """The number this kind of damage puts in place of the right one."""
        if kind == "shared_number":
            return self._last_number
        return f"{number[:9]}{(int(number[9]) + self.rng.randint(1, 9)) % 10}"

    def wrong_day(self, kind: str, days: Days) -> str:
        """The date this kind of damage puts in place of the right one."""
        ahead = self._damage.as_of + self.rng.randint(1, FURTHEST_AHEAD_DAYS)
        return days.text(ahead) if kind == "future_date" else days.impossible(ahead - 1000)

    def note(self, row: int, kind: str, person_id: str, *, headings: int = 0) -> None:
        """List the row that was written damaged, and choose the next."""
        self._damage.done.append(Damaged(self._file, row + headings, kind, person_id))
        self._skip(row)
