"""What a spreadsheet did to the first rows of a file, said before the file is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from unhurried.records.csv.codes import damaged
from unhurried.records.csv.meanings import DATES
from unhurried.records.dates import is_serial
from unhurried.records.nhs_number import is_spreadsheet_number

CODED = ("snomed", "read", "dmd", "bnf")


def damage(file: str, columns: Mapping[str, str], rows: Sequence[Mapping[str, str]]) -> str | None:
    """A sentence when these rows (role -> text) show damaged numbers or dates, else None."""
    numbers: list[str] = []
    dates: list[str] = []
    for role, heading in columns.items():
        found = next((row[role] for row in rows if _is_damaged(role, row[role].strip())), None)
        if found is not None:
            said = f"“{heading}” (“{found.strip()[:40]}”)"
            (dates if role in DATES else numbers).append(said)
    parts = [f"rounded numbers in {' and '.join(numbers)}"] if numbers else []
    parts += [f"dates turned into numbers in {' and '.join(dates)}"] if dates else []
    if not parts:
        return None
    return (
        f"{file} went through a spreadsheet, which left {' and '.join(parts)}: export it again"
        " without opening it, or make those columns text (dates dd/mm/yyyy) first."
    )


def _is_damaged(role: str, text: str) -> bool:
    if role in DATES:
        return is_serial(text)
    if role == "nhs_number":
        return is_spreadsheet_number(text)
    return role in CODED and damaged(text.removeprefix("'"))
