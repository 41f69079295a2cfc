"""A resource's Markdown as blocks, for the screen, for paper and for the checks alike.

Only what our pages use is read; anything else is an error, so that no page says on paper what it
does not say on the screen: headings from level 2, paragraphs, lists, tables, bold, italic, links,
and a line of three underscores for a space to write in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from unhurried.service.sessions.library import Resource

WRITE_HERE = "___"
_MARKED = re.compile(
    r"\*\*(?P<bold>[^*]+)\*\*|\*(?P<italic>[^*]+)\*|\[(?P<text>[^\]]+)\]\((?P<href>https://[^)\s]+)\)"
)
_NUMBERED = re.compile(r"\d+\. ")
_NOT_READ = re.compile(
    r"^(# |#{4,}|>|```|    |\* |\+ |!\[|- \[[ x]\])|<[a-z/!]|&[a-z]+;", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Run:
    """Some words that look the same."""

    text: str
    bold: bool = False
    italic: bool = False
    href: str = ""


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """One block. `kind` is heading, text, list, table or space; the fields it does not use are
    empty. A table's first row is its head."""

    kind: str
    level: int = 0
    numbered: bool = False
    rows: tuple[tuple[Runs, ...], ...] = ()

    @property
    def runs(self) -> Runs:
        """The words of a heading or a paragraph."""
        return self.rows[0][0] if self.rows else ()

    @property
    def items(self) -> tuple[Runs, ...]:
        """The points of a list."""
        return tuple(row[0] for row in self.rows)


@cache
def blocks(resource: Resource) -> tuple[Block, ...]:
    """The resource's body. Raises ValueError for Markdown that is not read here."""
    found = _NOT_READ.search(resource.body)
    if found:
        raise ValueError(f"{resource.code}.md holds {found.group(0)!r}, which is not shown")
    parts = re.split(r"\n[ \t]*\n", resource.body)
    return tuple(_block(part.strip().splitlines()) for part in parts if part.strip())


def plain(resource: Resource) -> str:
    """Every word a reader meets, one sentence or point a line: for the checks of wording."""
    return "\n".join(_lines(resource))


def _lines(resource: Resource) -> Iterator[str]:
    yield f"{resource.title}."
    yield resource.summary
    for block in blocks(resource):
        for row in block.rows:
            for cell in row:
                words = "".join(run.text for run in cell).strip()
                if any(letter.isalpha() for letter in words):
                    yield words if words[-1] in ".?!" else f"{words}."


def _block(lines: list[str]) -> Block:
    first = lines[0]
    if first.startswith("#"):
        marks, _, words = first.partition(" ")
        if len(lines) > 1:
            raise ValueError(f"a heading needs an empty line after it: {first}")
        return Block("heading", level=len(marks), rows=((_runs(words),),))
    if first == WRITE_HERE:
        return Block("space")
    if first.startswith("|"):
        inner = [line.strip().removeprefix("|").removesuffix("|") for line in lines]
        cells = [[_runs(cell.strip()) for cell in line.split("|")] for line in inner]
        if len({len(row) for row in cells}) > 1 or len(lines) < 3:
            raise ValueError(f"a table's rows differ in length: {first}")
        return Block("table", rows=tuple(tuple(row) for row in (cells[0], *cells[2:])))
    if first.startswith("- "):
        return Block("list", rows=tuple(_points(lines, "- ")))
    if _NUMBERED.match(first):
        return Block("list", numbered=True, rows=tuple(_points(lines, "")))
    return Block("text", rows=((_runs(" ".join(lines)),),))


def _points(lines: list[str], mark: str) -> Iterator[tuple[Runs]]:
    for line in lines:
        head = mark if mark and line.startswith(mark) else ""
        numbered = None if mark else _NUMBERED.match(line)
        if not head and not numbered:
            raise ValueError(f"a point of a list takes one line: {line}")
        yield (_runs(line[len(head) or (numbered.end() if numbered else 0) :]),)


def _runs(text: str) -> Runs:
    found: list[Run] = []
    after = 0
    for match in _MARKED.finditer(text):
        if match.start() > after:
            found.append(Run(text[after : match.start()]))
        if match["bold"]:
            found.append(Run(match["bold"], bold=True))
        elif match["italic"]:
            found.append(Run(match["italic"], italic=True))
        else:
            found.append(Run(match["text"], href=match["href"]))
        after = match.end()
    if after < len(text):
        found.append(Run(text[after:]))
    return tuple(found)
