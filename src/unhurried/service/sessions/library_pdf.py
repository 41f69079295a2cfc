"""A page or sheet of the library as a tagged PDF, in ordinary or large print."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache
from typing import Any

from unhurried.service.paper import pdf
from unhurried.service.sessions.library import Resource
from unhurried.service.sessions.library_blocks import Block, blocks


@cache
def resource_pdf(resource: Resource, *, large_print: bool = False) -> bytes:
    """The same words as on the screen. It names nobody, so it is made once and kept.

    Raises CannotRender, with a sentence, where the typeface is not installed.
    """
    data = {
        "title": resource.title,
        "summary": resource.summary,
        "sheet": resource.kind == "sheet",
        "large_print": large_print,
        "foot": f"Unhurried, {resource.version}; {resource.sign_off}",
        "blocks": [_plain(block) for block in blocks(resource)],
    }
    return pdf("unhurried.service.sessions", "paper/resource.typ", data)


def _plain(block: Block) -> dict[str, Any]:
    """One block as plain data, with what its kind needs."""
    rows = [[[asdict(run) for run in cell] for cell in row] for row in block.rows]
    return {
        "kind": block.kind, "level": block.level, "numbered": block.numbered, "rows": rows,
        "runs": rows[0][0] if rows else [], "items": [row[0] for row in rows],
    }  # fmt: skip
