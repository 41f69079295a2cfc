"""The short pages for practices: our own words, a file each in `learning/` (TRN-1).

Its first lines (TOML between two lines of +++) say what it is and where its facts are from. Shown
with the blocks of the library people are given pages from.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources as files

from unhurried.service.sessions.library import FENCE, Resource


@cache
def learning_pages() -> tuple[Resource, ...]:
    """Every page, in the order to read them."""
    folder = files.files(__package__) / "learning"
    found = [
        _read(each.name.removesuffix(".md"), each.read_text(encoding="utf-8"))
        for each in folder.iterdir()
        if each.name.endswith(".md")
    ]
    return tuple(sorted(found, key=lambda each: each.place))


def learning_page(code: str) -> Resource | None:
    """The page with this code; None when there is none."""
    return next((each for each in learning_pages() if each.code == code), None)


def _read(code: str, text: str) -> Resource:
    """One file. Raises ValueError when its first lines are not what they should be."""
    before, _, rest = text.partition(FENCE)
    head, fence, body = rest.partition(FENCE)
    if before or not fence:
        raise ValueError(f"{code}.md must begin with its front matter between two lines of +++")
    said = tomllib.loads(head)
    if said.get("code") != code:
        raise ValueError(f"{code}.md says its code is {said.get('code')}")
    sources = tuple(said.pop("sources"))
    return Resource(kind="page", strategies=(), sources=sources, body=body.strip(), **said)
