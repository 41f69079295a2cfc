"""What would be read from a CSV extract, shown before it is read: files, columns, the map, rows.

For the person who has to confirm or correct the guess; columns that are not used (names, addresses)
are listed by heading and their content is never shown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from unhurried.records.canonical import UnusableInput
from unhurried.records.column_map import ColumnMap, FileKind, KindMap
from unhurried.records.csv.careful import FIELD_MARK, careful_rows
from unhurried.records.csv.columns import (
    guess,
    kind_of,
    mapped,
    missing_roles,
    numbered,
    settle,
)
from unhurried.records.csv.damage import damage
from unhurried.records.csv.doubles import check_doubles
from unhurried.records.csv.meanings import DATES
from unhurried.records.csv.read import find_files
from unhurried.records.csv.sniff import Sniffed, sniff
from unhurried.records.dates import check_order

ROWS_SHOWN = 3
ROWS_LOOKED_AT = 1_000
_UNNAMED = re.compile(r"( \[\d+\])?")


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePreview:
    """One file: what it seems to hold; `problem` is a sentence when it cannot be used as it is."""

    name: str
    kind: FileKind | None
    headings: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    encoding: str = ""
    separator: str = ""
    heading_row: int = 1
    rows: tuple[Mapping[str, str], ...] = ()
    problem: str | None = None
    date_order_to_tell: bool = False

    @property
    def not_used(self) -> tuple[str, ...]:
        """The headings whose columns are not read at all; those without a heading are counted."""
        spare = [name for name in self.headings if name not in self.columns.values()]
        named = [name for name in spare if not _UNNAMED.fullmatch(name)]
        unnamed = len(spare) - len(named)
        counted = f"{unnamed} column{'' if unnamed == 1 else 's'} without a heading"
        return (*named, counted) if unnamed else tuple(named)

    def kind_map(self, kind: FileKind) -> KindMap:
        """The part of the column map for this file, with what is still to be filled in."""
        choices = tuple(
            name
            for name in self.headings
            if name not in self.columns.values() and not _UNNAMED.fullmatch(name)
        )
        missing = dict.fromkeys(missing_roles(kind, self.columns), choices)
        return KindMap(self.columns, None, missing, self.date_order_to_tell)


@dataclass(frozen=True, slots=True)
class Preview:
    """All files of a source and the column map that would be used (and can be saved)."""

    files: tuple[FilePreview, ...]
    column_map: ColumnMap

    @property
    def problems(self) -> tuple[str, ...]:
        """What has to be put right before the source can be read."""
        return tuple(each.problem for each in self.files if each.problem)


def preview(source: Path, column_map: ColumnMap | None = None) -> Preview:
    """Look at a CSV extract without reading it. Raises UnusableInput when there are no files."""
    if not source.exists():
        raise UnusableInput(f"{source} does not exist: check the name.")
    files = tuple(_file(path, column_map) for path in find_files(source))
    if not files:
        raise UnusableInput(f"{source.name} holds no CSV files: put the extract's files in it.")
    return Preview(files, _map(files, column_map))


def _map(files: Sequence[FilePreview], column_map: ColumnMap | None) -> ColumnMap:
    kinds: dict[FileKind, KindMap] = dict(column_map.kinds) if column_map else {}
    for each in files:
        if each.kind:
            kinds.setdefault(each.kind, each.kind_map(each.kind))
    unknown = [each for each in files if each.kind is None and each.headings]
    if "issues" not in kinds and unknown:
        # Without issues nothing can be read: the first file left over gets lines to fill in.
        found = replace(unknown[0], columns=guess(unknown[0].headings, "issues")[0])
        kinds["issues"] = found.kind_map("issues")
    return ColumnMap(kinds)


def _file(path: Path, column_map: ColumnMap | None) -> FilePreview:
    try:
        sniffed = sniff(path, path.name, column_map)
    except UnusableInput as error:
        return FilePreview(name=path.name, kind=None, problem=str(error))
    kind = kind_of(sniffed.headings, column_map)
    seen = FilePreview(
        name=path.name,
        kind=kind,
        headings=numbered(sniffed.headings),
        encoding=sniffed.encoding,
        separator=sniffed.separator,
        heading_row=sniffed.heading_row,
    )
    if kind is None:
        words = "is not recognised by its columns: save a column map, or leave it."
        return replace(seen, problem=f"{path.name} {words}")
    return _with_columns(seen, kind, sniffed, column_map)


def _with_columns(
    seen: FilePreview, kind: FileKind, sniffed: Sniffed, column_map: ColumnMap | None
) -> FilePreview:
    problems: list[str] = []
    order = None
    try:
        settled = settle(seen.name, sniffed.headings, kind, column_map)
        columns, order = settled.columns, settled.date_order
        if not mapped(column_map, kind):
            check_doubles(sniffed, kind, columns)
    except UnusableInput as error:
        problems.append(str(error))
        columns = guess(sniffed.headings, kind)[0]
    rows = _first_rows(sniffed, columns)
    month_first = None if order else _month_first(kind, columns, rows)
    problems += [each for each in (month_first, damage(seen.name, columns, rows)) if each]
    return replace(
        seen,
        columns=columns,
        rows=tuple(rows[:ROWS_SHOWN]),
        problem=" ".join(problems) or None,
        date_order_to_tell=month_first is not None,
    )


def _month_first(
    kind: FileKind, columns: Mapping[str, str], rows: Sequence[Mapping[str, str]]
) -> str | None:
    """The sentence that asks for the order of day and month, when it must be told."""
    for role in (role for role in columns if role in DATES):
        try:
            check_order([row[role] for row in rows], heading=columns[role], section=kind)
        except UnusableInput as error:
            return str(error)
    return None


def _first_rows(sniffed: Sniffed, columns: Mapping[str, str]) -> list[Mapping[str, str]]:
    places = {name: place for place, name in enumerate(numbered(sniffed.headings))}
    shown: list[Mapping[str, str]] = []
    for _, joined, problem, _ in islice(careful_rows(sniffed), ROWS_LOOKED_AT):
        fields = joined.split(FIELD_MARK)
        if problem is None and len(fields) >= len(places):
            shown.append({role: fields[places[heading]] for role, heading in columns.items()})
    return shown
