"""A finished screening: who is listed and why, to look at, to count and to write (ID-4)."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from unhurried.screening.outcome import Outcome
from unhurried.screening.summary import summary
from unhurried.screening.writing import write_all


class Screening(Outcome):
    """What `screen` returns."""

    def summary(self) -> dict[str, object]:
        """Everything a practice should know before it commits to a list."""
        return self._summary

    @cached_property
    def _summary(self) -> dict[str, object]:
        return summary(self)

    def write(self, out: Path, first: int | None = None) -> None:
        """Write candidates, reasons, episodes, rejects, approaching (CSV) and summary.json.

        With `first`, the list and its episodes hold only the first so many people.
        """
        write_all(self, self.summary(), out, first)
