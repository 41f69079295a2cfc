"""Two usual headings for one thing in one file: harmless while they say the same, else refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice

from unhurried.records.canonical import UnusableInput
from unhurried.records.column_map import FileKind
from unhurried.records.csv.careful import FIELD_MARK, careful_rows
from unhurried.records.csv.columns import candidates, in_words, numbered
from unhurried.records.csv.sniff import Sniffed

ROWS_COMPARED = 1_000


def check_doubles(sniffed: Sniffed, kind: FileKind, columns: Mapping[str, str]) -> None:
    """Compare the column chosen for each role with others that could be it.

    Raises UnusableInput, asking for a map, when their texts differ in any of the first rows: which
    of two dates is the day of issue is not ours to guess.
    """
    doubles = _doubles(sniffed.headings, kind, columns)
    if not doubles:
        return
    places = {name: place for place, name in enumerate(numbered(sniffed.headings))}
    for _, joined, problem, _ in islice(careful_rows(sniffed), ROWS_COMPARED):
        fields = [field.strip() for field in joined.split(FIELD_MARK)]
        if problem is not None or len(fields) < len(places):
            continue
        for role, chosen, other in doubles:
            first, second = fields[places[chosen]], fields[places[other]]
            # A repeated heading row differs by itself.
            if first != second and (first, second) != (chosen, other):
                raise UnusableInput(
                    f"{sniffed.name} has two columns that could be {in_words(role)}, “{chosen}” and"
                    f" “{other}”, and they do not say the same: save a column map that names the"
                    " right one."
                )


def _doubles(
    headings: Sequence[str], kind: FileKind, columns: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    """Role, heading chosen, another heading for the role that serves no role itself."""
    taken = set(columns.values())
    return [
        (role, columns[role], other)
        for role, names in candidates(headings, kind).items()
        for other in names
        if role in columns and other not in taken
    ]
