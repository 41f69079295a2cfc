"""What kind of bytes a file is made of: compression, encoding, separator, where the headings are.

Looks at the beginning only; `scan` walks the whole file once for what the fast reader relies on
(the number of lines, ends of line, NUL bytes).
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from unhurried.records.canonical import UnusableInput
from unhurried.records.column_map import ColumnMap
from unhurried.records.csv.columns import known_headings, numbered

HEAD = 256 * 1024
CHUNK = 1 << 18  # small enough to stay near the processor
LINES_ABOVE_HEADINGS = 40
LARGEST_EXPANSION = 400  # a text that shrinks more than this is made to fill a disk
_LONE_RETURN = re.compile(rb"\r(?!\n)")
SEPARATORS = (",", "\t", ";", "|")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHER_FORMATS = (
    (b"PK\x03\x04", "an Excel workbook or zip file: unpack it, or save the sheet as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook: save the sheet as CSV"),
    (b"%PDF", "a PDF: export the search as CSV instead"),
    (b"PAR1", "a Parquet file, which only the OMOP reader takes: export it as CSV"),
    (b"BZh", "compressed with bzip2: unpack it first"),
    (b"\xfd7zXZ", "compressed with xz: unpack it first"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sniffed:
    """How to read a file: `headings` stand on record `heading_row` (1 is the first line)."""

    path: Path
    name: str
    gzipped: bool
    encoding: str
    byte_order_mark: bool
    separator: str
    headings: tuple[str, ...]
    heading_row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What a walk through all bytes found."""

    line_feeds: int
    carriage_returns: int
    lone_returns: bool  # a carriage return without a line feed after it
    nulls: bool
    ends_with_newline: bool

    @property
    def lines(self) -> int:
        """How many lines there are, the last one with or without its end."""
        return self.line_feeds + (not self.ends_with_newline)


@contextmanager
def opened(path: Path, *, gzipped: bool) -> Iterator[BinaryIO]:
    """Open for reading bytes, unpacking gzip; a file cut short is UnusableInput."""
    try:
        with gzip.open(path, "rb") if gzipped else path.open("rb") as stream:
            yield cast(BinaryIO, stream)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UnusableInput(
            f"{path.name} is a gzip file that is cut short or damaged: copy or export it again."
        ) from error
    except OSError as error:
        raise UnusableInput(f"{path.name} cannot be opened: check that it may be read.") from error


def sniff(path: Path, name: str, column_map: ColumnMap | None = None) -> Sniffed:
    """Find out how to read a file. Raises UnusableInput when it is empty or not text."""
    gzipped = _starts_with(path, b"\x1f\x8b")
    with opened(path, gzipped=gzipped) as stream:
        head = stream.read(HEAD)
    if not head:
        raise UnusableInput(f"{name} is empty: export it again.")
    for magic, words in _OTHER_FORMATS:
        if head.startswith(magic):
            raise UnusableInput(f"{name} is {words}.")
    encoding, mark = _encoding(head, name)
    text = _decode(head, encoding)
    separator, row, headings = _headings(text, name, column_map)
    return Sniffed(
        path=path,
        name=name,
        gzipped=gzipped,
        encoding=encoding,
        byte_order_mark=mark,
        separator=separator,
        headings=headings,
        heading_row=row,
    )


def _starts_with(path: Path, magic: bytes) -> bool:
    with opened(path, gzipped=False) as stream:
        return stream.read(len(magic)) == magic


def _encoding(head: bytes, name: str) -> tuple[str, bool]:
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding, True
    nulls = head.count(0)
    if nulls > len(head) // 4:  # every other byte of Latin text in UTF-16 is NUL
        even = head[0::2].count(0)
        encoding = "utf-16-be" if even > nulls // 2 else "utf-16-le"
        if max(even, nulls - even) > 0.9 * nulls:
            return encoding, False
    odd = sum(head.count(byte) for byte in range(32) if byte not in b"\t\n\r\f\x00\x1a\x1b")
    if odd + nulls > max(8, len(head) // 50):
        raise UnusableInput(f"{name} is not a text file: export the search as CSV.")
    return "utf-8", False


def _decode(head: bytes, encoding: str) -> str:
    decoder = codecs.getincrementaldecoder("utf-8-sig" if encoding == "utf-8" else encoding)
    try:
        return decoder().decode(head)
    except UnicodeDecodeError:
        return head.decode("cp1252" if encoding == "utf-8" else encoding, errors="replace")


def _headings(
    text: str, name: str, column_map: ColumnMap | None
) -> tuple[str, int, tuple[str, ...]]:
    """Separator, row and headings: the row among the first with most headings we know."""
    mapped = {
        heading
        for kind in (column_map.kinds.values() if column_map else ())
        for heading in kind.columns.values()
    }
    best: tuple[int, int, int, str, tuple[str, ...]] | None = None
    first: tuple[str, tuple[str, ...]] | None = None
    for place, separator in enumerate(SEPARATORS):
        for row, fields in _first_rows(text, separator):
            known = known_headings(fields) + len(mapped & set(numbered(fields)))
            if first is None or len(fields) > len(first[1]):
                first = (separator, fields) if row <= 5 else first
            if known >= 2 and (best is None or (known, -row, -place) > best[:3]):
                best = (known, -row, -place, separator, fields)
    if best:
        return best[3], -best[1], best[4]
    if first is None:
        raise UnusableInput(f"{name} holds no rows: export it again.")
    return first[0], 1, first[1]


def _first_rows(text: str, separator: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    lines = io.StringIO(text, newline=None).read().split("\n")[: LINES_ABOVE_HEADINGS * 2]
    row = 0
    try:
        for fields in csv.reader(lines, delimiter=separator):
            row += 1
            if fields:
                yield row, tuple(fields)
            if row >= LINES_ABOVE_HEADINGS:
                return
    except csv.Error:
        return


def scan(sniffed: Sniffed) -> Scan:
    """Walk through all bytes once. Raises UnusableInput for damaged or bloated gzip files."""
    size = feeds = returns = 0
    nulls = lone = False
    last = b""
    limit = max(sniffed.path.stat().st_size, 1 << 20) * LARGEST_EXPANSION
    with opened(sniffed.path, gzipped=sniffed.gzipped) as stream:
        while chunk := stream.read(CHUNK):
            if chunk.endswith(b"\r"):
                chunk += stream.read(1)
            size += len(chunk)
            if sniffed.gzipped and size > limit:
                raise UnusableInput(f"{sniffed.name} unpacks to far too much: export it again.")
            feeds += chunk.count(b"\n")
            nulls = nulls or b"\0" in chunk
            if b"\r" in chunk:
                returns += chunk.count(b"\r")
                lone = lone or _LONE_RETURN.search(chunk) is not None
            last = chunk[-1:]
    return Scan(
        line_feeds=feeds,
        carriage_returns=returns,
        lone_returns=lone,
        nulls=nulls,
        ends_with_newline=last == b"\n",
    )
