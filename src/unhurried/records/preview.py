"""What would be read from a CSV extract, shown before it is read: files, columns, the map, rows.

For the person who has to confirm or correct the guess; columns that are not used (names, addresses)
are listed by heading and their content is never shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from unhurried.records.canonical import UnusableInput
from unhurried.records.column_map import ColumnMap, FileKind, KindMap
from unhurried.records.csv.careful import FIELD_MARK, careful_rows
from unhurried.records.csv.columns import (
    guess,
    kind_of,
    numbered,
    settle,
)
from unhurried.records.csv.read import find_files
from unhurried.records.csv.sniff import Sniffed, sniff

ROWS_SHOWN = 3


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

    @property
    def not_used(self) -> tuple[str, ...]:
        """The headings whose columns are not read at all."""
        return tuple(name for name in self.headings if name not in self.columns.values())


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
    kinds: dict[FileKind, KindMap] = dict(column_map.kinds) if column_map else {}
    for each in files:
        if each.kind:
            kinds.setdefault(each.kind, KindMap(each.columns))
    return Preview(files, ColumnMap(kinds))


def _file(path: Path, column_map: ColumnMap | None) -> FilePreview:
    try:
        sniffed = sniff(path, path.name, column_map)
    except UnusableInput as error:
        return FilePreview(name=path.name, kind=None, problem=str(error))
    kind = kind_of(sniffed.headings, column_map)
    problem = None
    columns: Mapping[str, str] = {}
    if kind is None:
        problem = f"{path.name} is not recognised by its columns: save a column map, or leave it."
    else:
        try:
            columns = settle(path.name, sniffed.headings, kind, column_map).columns
        except UnusableInput as error:
            problem = str(error)
            columns = guess(sniffed.headings, kind)[0]
    return FilePreview(
        name=path.name,
        kind=kind,
        headings=numbered(sniffed.headings),
        columns=columns,
        encoding=sniffed.encoding,
        separator=sniffed.separator,
        heading_row=sniffed.heading_row,
        rows=_first_rows(sniffed, columns),
        problem=problem,
    )


def _first_rows(sniffed: Sniffed, columns: Mapping[str, str]) -> tuple[Mapping[str, str], ...]:
    places = {name: place for place, name in enumerate(numbered(sniffed.headings))}
    shown = []
    for _, joined, problem, _ in islice(careful_rows(sniffed), ROWS_SHOWN):
        fields = joined.split(FIELD_MARK)
        if problem is None and len(fields) >= len(places):
            shown.append({role: fields[places[heading]] for role, heading in columns.items()})
    return tuple(shown)
