"""The library of pages and sheets people may be given (SES-2, SES-4, SES-5; issue 4, part 3).

Each is one Markdown file in `resources/`, its first lines (between two lines of `+++`, TOML) saying
what it is. They are our own words, not clinically signed off yet, and read at most for a reader of
11 years: a test reads every one. Nothing here knows a person; what was given to whom is elsewhere.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources as files
from typing import Any

KINDS = {"page": "Page to read", "sheet": "Sheet to print", "video-link": "Film elsewhere"}
TOPICS = {
    "understanding": "Understanding pain and its medicines",
    "doing": "Doing things",
    "resting": "Rest and sleep",
    "feeling": "Thoughts and feelings",
    "talking": "Talking with your GP",
}
FENCE = "+++\n"


@dataclass(frozen=True, slots=True)
class Resource:
    """One page, sheet or link. `code` stands in addresses and records and never changes.

    `strategies` are codes of the plan's strategies it belongs to; `minutes` is the time to read it.
    """

    code: str
    title: str
    summary: str
    kind: str  # a key of KINDS
    minutes: int
    strategies: tuple[str, ...]
    topic: str = ""  # a key of TOPICS
    place: int = 0  # its place within the library
    sources: tuple[str, ...] = ()
    version: str = ""
    sign_off: str = ""
    body: str = ""  # Markdown, headings from level 2

    @property
    def kind_name(self) -> str:
        """The kind in words."""
        return KINDS[self.kind]

    @property
    def time(self) -> str:
        """How long it takes to read, in words."""
        return "1 minute" if self.minutes == 1 else f"{self.minutes} minutes"


@cache
def resources() -> tuple[Resource, ...]:
    """Every resource, in the order of the library."""
    folder = files.files(__package__) / "resources"
    found = [
        _read(each.name.removesuffix(".md"), each.read_text(encoding="utf-8"))
        for each in folder.iterdir()
        if each.name.endswith(".md")
    ]
    return tuple(sorted(found, key=lambda each: (list(TOPICS).index(each.topic), each.place)))


def resource(code: str) -> Resource | None:
    """The resource with this code; None when there is none (a page may have been taken out)."""
    return next((each for each in resources() if each.code == code), None)


def _read(code: str, text: str) -> Resource:
    """One file. Raises ValueError when its first lines are not what they should be."""
    before, _, rest = text.partition(FENCE)
    head, fence, body = rest.partition(FENCE)
    if before or not fence:
        raise ValueError(f"{code}.md must begin with its front matter between two lines of +++")
    said = tomllib.loads(head)
    if said.get("code") != code:
        raise ValueError(f"{code}.md says its code is {said.get('code')}")
    if said["kind"] not in KINDS or said["topic"] not in TOPICS:
        raise ValueError(f"{code}.md: no such kind or topic")
    lists: dict[str, Any] = {name: tuple(said.pop(name)) for name in ("strategies", "sources")}
    return Resource(**said, **lists, body=body.strip())
