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

from unhurried.records.csv.sniff import Sniffed, opened

LONGEST_RECORD = 200  # lines one quoted field may run over
LARGEST_FIELD = 1 << 30
FIELD_MARK = "\x1f"  # between the fields of a record; never part of a text

QUOTATION = "quotation"
CONTROL = "control_character"
ENCODING = "encoding"

Line = tuple[str, str | None]  # its text, and why it cannot be used
# Fields joined by FIELD_MARK (None: an empty line), why not, and the text of the record.
Taken = tuple[str | None, str | None, str]


def physical_lines(sniffed: Sniffed) -> Iterator[Line]:
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
                yield decode(bare.encode("latin-1"))


def decode(line: bytes) -> Line:
    """A line as UTF-8, else as Windows-1252, else with marks for what cannot be read."""
    for encoding in ("utf-8", "cp1252"):
        try:
            return line.decode(encoding), None
        except UnicodeDecodeError:
            continue
    return line.decode("utf-8", errors="replace"), ENCODING


def careful_rows(sniffed: Sniffed) -> Iterator[tuple[int, str, str | None, str]]:
    """Every record below the headings: row number, fields joined by FIELD_MARK, problem, text.

    Wholly empty lines count as rows, as in a spreadsheet, but are not given.
    """
    before = csv.field_size_limit(LARGEST_FIELD)
    try:
        rows = _assemble(physical_lines(sniffed), sniffed.separator, len(sniffed.headings))
        for record, (fields, problem, raw) in enumerate(rows, start=1):
            if record > sniffed.heading_row and fields is not None:
                yield record, fields, problem, raw
    finally:
        csv.field_size_limit(before)


class DoubtfulError(Exception):
    """A record cannot be told from its neighbours by counting quotation marks alone."""


def counted_records(sniffed: Sniffed) -> Iterator[str | bytes]:
    """Every record of a UTF-8 file from the first line on, by counting quotation marks only.

    Far quicker than `careful_rows`, to check another reader's work. Raises DoubtfulError where
    quotation marks are not closed as they should be.
    """
    with opened(sniffed.path, gzipped=sniffed.gzipped) as stream:
        following = (decode(line.rstrip(b"\r\n")) for line in stream)
        columns = len(sniffed.headings)
        for line in stream:
            if line.count(b'"') % 2 == 0:
                yield line
                continue
            first = decode(line.rstrip(b"\r\n"))[0]
            if _parse(first, sniffed.separator) is not None:
                yield first
                continue
            _, problem, text = _continued(first, following, deque(), sniffed.separator, columns)
            if problem:
                raise DoubtfulError
            yield text


def _assemble(lines: Iterator[Line], separator: str, columns: int) -> Iterator[Taken]:
    waiting: deque[Line] = deque()
    while True:
        line, problem = waiting.popleft() if waiting else next(lines, (None, None))
        if line is None:
            return
        if "\0" in line or FIELD_MARK in line:
            problem = problem or CONTROL
        if problem:
            yield "", problem, line
        elif '"' not in line:
            yield (line.replace(separator, FIELD_MARK) if line else None), None, line
        else:
            fields = _parse(line, separator)
            if fields is not None:
                yield FIELD_MARK.join(fields), None, line
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
    lines: Iterator[Line],
    waiting: deque[Line],
    separator: str,
    columns: int,
) -> Taken:
    """A record whose quoted field runs over several lines, or the refusal of its first line."""
    taken: list[Line] = []
    text = first
    while len(taken) < LONGEST_RECORD:
        line, problem = waiting.popleft() if waiting else next(lines, (None, None))
        if line is None:
            break
        taken.append((line, problem))
        if problem or "\0" in line or FIELD_MARK in line or _complete(line, separator, columns):
            break
        text += "\n" + line
        if '"' not in line:
            continue
        fields = _parse(text, separator)
        if fields is not None and len(fields) == columns:
            return FIELD_MARK.join(fields), None, text
    waiting.extendleft(reversed(taken))
    return "", QUOTATION, first


def _complete(line: str, separator: str, columns: int) -> bool:
    """True when a line is a whole row by itself, so cannot be the middle of another."""
    if columns < 3 or line.count(separator) < columns - 1:
        return False
    fields = _parse(line, separator)
    return fields is not None and len(fields) == columns
