"""What a practice would have exported on an earlier day, from a later extract."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from pathlib import Path

FORMATS = ("%d-%b-%Y", "%d/%m/%Y", "%d %b %Y", "%Y-%m-%d")
ENDINGS = frozenset({"date deducted", "deregistration date", "date of death"})
EVENTS = frozenset({"issue date", "date issued", "date"})


def export_as_on(day: date, extract: Path, code: str, into: Path) -> Path:
    """Copy a practice's CSV files into `into` as they stood on `day`; the folder.

    Issues and problems of later days are left out, and a death or a leaving that had not yet
    happened is blank. Rows whose dates cannot be read are kept: damage stays damage.
    """
    into.mkdir(parents=True, exist_ok=True)
    for source in sorted(extract.glob(f"{code.lower()}-*.csv")):
        text = source.read_text(encoding="utf-8-sig")
        lines = list(csv.reader(io.StringIO(text, newline="")))
        heads = [name.strip().casefold() for name in lines[0]]
        kept = [lines[0], *(row for row in lines[1:] if _happened(row, heads, day))]
        with (into / source.name).open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(_known_then(row, heads, day) for row in kept)
    return into


def _happened(row: list[str], heads: list[str], day: date) -> bool:
    return all(
        (when := _date(row[at])) is None or when <= day
        for at, name in enumerate(heads[: len(row)])
        if name in EVENTS
    )


def _known_then(row: list[str], heads: list[str], day: date) -> list[str]:
    return [
        "" if at < len(heads) and heads[at] in ENDINGS and _later(value, day) else value
        for at, value in enumerate(row)
    ]


def _later(value: str, day: date) -> bool:
    when = _date(value)
    return when is not None and when > day


def _date(text: str) -> date | None:
    for written in FORMATS:
        try:
            return datetime.strptime(text.strip(), written).date()  # noqa: DTZ007 - a day only
        except ValueError:
            continue
    return None
