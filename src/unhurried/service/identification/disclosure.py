"""Figures about few people, as somebody outside their practice may see them: disclosure.csv.

A small number is hidden and every other is rounded by itself, so that nothing hidden comes back by
taking one figure from another, or one practice from all of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from unhurried.service.identification.tables import DisclosureRow, disclosure_rows

NOT_SHOWN = "-"


@dataclass(frozen=True, slots=True)
class Figure:
    """A count as it is shown: its words, and the number behind them (None when it is hidden)."""

    words: str
    number: int | None


def exact(count: int) -> Figure:
    """The count as it is, for the practice whose people they are."""
    return Figure(str(count), count)


def guarded_figure(count: int) -> Figure:
    """The count as anybody else may see it."""
    row = next(each for each in disclosure_rows() if _fits(each, count))
    if row.shown == "hidden":
        return Figure(f"fewer than {(row.largest or count) + 1}", None)
    if row.shown == "exact":
        return exact(count)
    nearest = (2 * count + 5) // 10 * 5  # half up: 8 -> 10, 12 -> 10, 13 -> 15
    return Figure(f"about {nearest}", nearest)


def _fits(row: DisclosureRow, count: int) -> bool:
    return row.smallest <= count and (row.largest is None or count <= row.largest)


def share(part: Figure, whole: Figure) -> str:
    """The percentage, from the figures as shown; nothing where one of them is hidden."""
    if part.number is None or not whole.number:
        return NOT_SHOWN
    return f"{100 * part.number / whole.number:.0f}%"
