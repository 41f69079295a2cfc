"""Wording as staff write it: paragraphs, **bold**, lists and {{ placeholders }} only (INV-1).

Text is parsed into blocks first and filled in afterwards, so a name that looks like markup stays a
name. Blocks travel as data to typst and to the page; nobody's text is ever markup there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypedDict

PLACEHOLDER = re.compile(r"\{\{\s*([a-z_]{1,40})\s*\}\}")
_BOLD = re.compile(r"\*\*(?=\S)(.{1,500}?)(?<=\S)\*\*", re.DOTALL)
_ITEM = re.compile(r"\s{0,3}[-*•]\s+(.*)")


class Run(TypedDict):
    """Some words, bold or not."""

    text: str
    bold: bool


class Block(TypedDict):
    """A paragraph (`runs`) or a list (`items`)."""

    kind: str
    runs: list[Run]
    items: list[list[Run]]


def placeholders(text: str) -> set[str]:
    """The names of the placeholders in a text."""
    return set(PLACEHOLDER.findall(text))


def parse(text: str) -> list[Block]:
    """Cut a text into paragraphs and lists."""
    blocks: list[Block] = []
    for part in re.split(r"\n[ \t]*\n+", text.replace("\r\n", "\n").strip()):
        _add(blocks, part.split("\n"))
    return blocks


def _add(blocks: list[Block], lines: Sequence[str]) -> None:
    waiting: list[str] = []
    items: list[str] = []
    for line in lines:
        item = _ITEM.fullmatch(line)
        if item:
            _close_paragraph(blocks, waiting)
            items.append(item[1])
        elif items and line.startswith((" ", "\t")):
            items[-1] += " " + line.strip()
        else:
            _close_list(blocks, items)
            waiting.append(line.strip())
    _close_paragraph(blocks, waiting)
    _close_list(blocks, items)


def _close_paragraph(blocks: list[Block], waiting: list[str]) -> None:
    if any(waiting):
        blocks.append({"kind": "paragraph", "runs": _runs(" ".join(waiting)), "items": []})
    waiting.clear()


def _close_list(blocks: list[Block], items: list[str]) -> None:
    if items:
        blocks.append({"kind": "list", "runs": [], "items": [_runs(item) for item in items]})
    items.clear()


def _runs(text: str) -> list[Run]:
    runs: list[Run] = []
    place = 0
    for bold in _BOLD.finditer(text):
        if bold.start() > place:
            runs.append({"text": text[place : bold.start()], "bold": False})
        runs.append({"text": bold[1], "bold": True})
        place = bold.end()
    if place < len(text):
        runs.append({"text": text[place:], "bold": False})
    return runs


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put values in the place of placeholders; one we do not know stays as written."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)


def filled(blocks: Sequence[Block], values: Mapping[str, str]) -> list[Block]:
    """The same blocks with their placeholders filled in."""

    def runs(items: Sequence[Run]) -> list[Run]:
        return [{"text": fill(run["text"], values), "bold": run["bold"]} for run in items]

    return [
        {
            "kind": block["kind"],
            "runs": runs(block["runs"]),
            "items": [runs(item) for item in block["items"]],
        }
        for block in blocks
    ]


def plain(blocks: Sequence[Block]) -> str:
    """Blocks as plain text, for e-mail, text messages and the page."""

    def words(items: Sequence[Run]) -> str:
        return "".join(run["text"] for run in items)

    parts = [
        "\n".join(f"- {words(item)}" for item in block["items"])
        if block["kind"] == "list"
        else words(block["runs"])
        for block in blocks
    ]
    return "\n\n".join(parts)
