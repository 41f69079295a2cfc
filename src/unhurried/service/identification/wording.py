"""How doses are said on the pages of finding people."""

from __future__ import annotations

from datetime import date

from unhurried.screening.words import long_date, milligrams


def figure_words(least: int | None, most: int | None, status: str) -> str:
    """A dose (in micrograms a day) as its range, without its day."""
    if status == "not_converted":
        return "no safe morphine equivalent"
    if most is None and least is None:
        return "dose not known"
    if most is None:
        return f"at least {milligrams(least)} mg a day, the rest not known"
    if least is None or least == most:
        return f"{milligrams(most)} mg a day"
    return f"{milligrams(least)} to {milligrams(most)} mg a day"


def dose_words(least: int | None, most: int | None, status: str, as_at: date | None) -> str:
    """A dose with its range and its day."""
    figure = figure_words(least, most, status)
    return f"{figure}, as at {long_date(as_at)}" if as_at else figure
