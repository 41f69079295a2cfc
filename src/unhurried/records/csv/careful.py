"""The slow, exact reader: for files that are damaged, oddly encoded or oddly quoted.

One bad row cannot swallow others: when a quotation mark is opened and never properly closed, only
the row it stands on is refused and reading goes on with the next line. Lines that are not UTF-8 are
read as Windows-1252, line by line, because exports do mix the two.
"""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from unhurried.records.csv.sniff import Sniffed, opened

LONGEST_RECORD = 200  # lines one quoted field may run over
LARGEST_FIELD = 1 << 30

QUOTATION = "quotation"
NUL = "nul_byte"
ENCODING = "encoding"


@dataclass(frozen=True, slots=True)
class CarefulRow:
    """One record: the row number a person sees, its fields, or why it cannot be taken apart."""

    record: int
    fields: list[str]
    problem: str | None
    raw: str
    lines: int


def physical_lines(sniffed: Sniffed) -> Iterator[tuple[str, str | None]]:
    """Each line as text, without its end; the second value is ENCODING when it cannot be read."""
    by_line = sniffed.encoding == "utf-8"
    encoding = "latin-1" if by_line else sniffed.encoding
    with opened(sniffed.path, gzipped=sniffed.gzipped) as stream:
        text = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline=None)
        for number, line in enumerate(text):
            bare = line.removesuffix("\n")
            if number == 0:
                bare = bare.removeprefix("\ufeff").removeprefix("\u00ef\u00bb\u00bf")
            if bare.isascii() or not by_line:
                yield bare, ENCODING if "\ufffd" in bare else None
            else:
                yield _decode(bare.encode("latin-1"))


def _decode(line: bytes) -> tuple[str, str | None]:
    for encoding in ("utf-8", "cp1252"):
        try:
            return line.decode(encoding), None
        except UnicodeDecodeError:
            continue
    return line.decode("utf-8", errors="replace"), ENCODING


def careful_rows(sniffed: Sniffed) -> Iterator[CarefulRow]:
    """Every record below the headings; wholly empty lines count as rows but are not given."""
    before = csv.field_size_limit(LARGEST_FIELD)
    try:
        rows = _assemble(physical_lines(sniffed), sniffed.separator, len(sniffed.headings))
        for record, row in enumerate(rows, start=1):
            if record > sniffed.heading_row and (row.fields or row.problem):
                yield CarefulRow(record, row.fields, row.problem, row.raw, row.lines)
    finally:
        csv.field_size_limit(before)


def _assemble(
    lines: Iterator[tuple[str, str | None]], separator: str, columns: int
) -> Iterator[CarefulRow]:
    waiting: deque[tuple[str, str | None]] = deque()
    while True:
        line, problem = waiting.popleft() if waiting else next(lines, (None, None))
        if line is None:
            return
        if "\0" in line:
            problem = problem or NUL
        if problem:
            yield CarefulRow(0, [], problem, line, 1)
        elif '"' not in line:
            yield CarefulRow(0, line.split(separator) if line else [], None, line, 1)
        else:
            fields = _parse(line, separator)
            if fields is not None:
                yield CarefulRow(0, fields, None, line, 1)
            else:
                yield _continued(line, lines, waiting, separator, columns)


def _parse(text: str, separator: str) -> list[str] | None:
    """The fields of a well-formed record, or None."""
    try:
        rows = list(csv.reader(text.splitlines(keepends=True), delimiter=separator, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def _continued(
    first: str,
    lines: Iterator[tuple[str, str | None]],
    waiting: deque[tuple[str, str | None]],
    separator: str,
    columns: int,
) -> CarefulRow:
    """A record whose quoted field runs over several lines, or the refusal of its first line."""
    taken: list[tuple[str, str | None]] = []
    text = first
    while len(taken) < LONGEST_RECORD:
        following = waiting.popleft() if waiting else next(lines, None)
        if following is None:
            break
        taken.append(following)
        line, problem = following
        if problem or "\0" in line or _complete(line, separator, columns):
            break
        text += "\n" + line
        if '"' not in line:
            continue
        fields = _parse(text, separator)
        if fields is not None and len(fields) == columns:
            return CarefulRow(0, fields, None, text, 1 + len(taken))
    waiting.extendleft(reversed(taken))
    return CarefulRow(0, [], QUOTATION, first, 1)


def _complete(line: str, separator: str, columns: int) -> bool:
    """True when a line is a whole row by itself, so cannot be the middle of another."""
    if columns < 3 or line.count(separator) < columns - 1:
        return False
    fields = _parse(line, separator)
    return fields is not None and len(fields) == columns
