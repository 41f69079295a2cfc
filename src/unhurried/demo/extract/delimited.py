"""One delimited file, written row by row; some rows damaged and listed."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from unhurried.demo.extract.damage import Damage, Spoiler
from unhurried.demo.extract.dates import Days

SEPARATORS = {"comma": ",", "tab": "\t"}


class DelimitedFile:
    """A file of rows under headings.

    `parts` says in which column stand the things damage can touch (person, day, number, quantity);
    a file without `damage` is never damaged.
    """

    def __init__(
        self,
        path: Path,
        headings: Sequence[str],
        *,
        parts: dict[str, int] | None = None,
        damage: Damage | None = None,
        days: Days | None = None,
        encoding: str = "utf-8",
        separator: str = "comma",
    ) -> None:
        self.name = f"{path.parent.name}/{path.name}"
        self.rows = 0
        path.parent.mkdir(parents=True, exist_ok=True)
        # newline="" leaves line ends to the csv module: CR LF for practices, as spreadsheets write.
        self._file = path.open("w", encoding=encoding, newline="", buffering=1 << 20)
        ends = "\r\n" if damage else "\n"
        self._writer = csv.writer(self._file, delimiter=SEPARATORS[separator], lineterminator=ends)
        self._writer.writerow(headings)
        self._parts = parts or {}
        self._days = days or Days()
        self._spoiler = Spoiler(damage, self.name, set(self._parts)) if damage else None

    def write(self, rows: Sequence[list[str]], person_id: str = "") -> None:
        """Write one person's rows."""
        if self._spoiler is None or self.rows + len(rows) < self._spoiler.next_row:
            self._writer.writerows(rows)
            self.rows += len(rows)
        else:
            for row in rows:
                self._write_one(row, person_id, self._spoiler)
        if self._spoiler is not None and "number" in self._parts:
            for row in rows:
                self._spoiler.remember(row[self._parts["number"]])

    def _write_one(self, row: list[str], person_id: str, spoiler: Spoiler) -> None:
        self.rows += 1
        if self.rows < spoiler.next_row:
            self._writer.writerow(row)
            return
        number = row[self._parts["number"]] if "number" in self._parts else None
        kind = spoiler.kind(number)
        if kind == "repeat":
            self._writer.writerow(row)
            self.rows += 1
        self._writer.writerow(self._spoiled(row, kind, spoiler))
        spoiler.note(self.rows, kind, person_id, headings=1)

    def _spoiled(self, row: list[str], kind: str, spoiler: Spoiler) -> list[str]:
        row = list(row)
        if kind in {"future_date", "impossible_date"}:
            row[self._parts["day"]] = spoiler.wrong_day(kind, self._days)
        elif kind in {"bad_check_digit", "shared_number"}:
            at = self._parts["number"]
            spaced = " " in row[at]
            wrong = spoiler.wrong_number(kind, row[at].replace(" ", "")).replace(" ", "")
            row[at] = f"{wrong[:3]} {wrong[3:6]} {wrong[6:]}" if spaced else wrong
        elif kind == "negative_quantity":
            row[self._parts["quantity"]] = f"-{row[self._parts['quantity']]}"
        elif kind == "missing_person":
            row[self._parts["person"]] = ""
        elif kind == "ragged_row":
            row = row[: spoiler.rng.randint(1, len(row) - 1)]
        return row

    def close(self) -> None:
        """Finish the file."""
        self._file.close()


def close_all(files: Iterable[DelimitedFile]) -> None:
    """Finish several files."""
    for each in files:
        each.close()
