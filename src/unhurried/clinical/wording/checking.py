"""Finds words that stigmatise, press or threaten in what is written to or about a person.

Carries INV-4, INV-5, INV-6 and SES-5: an invitation that seemed to mean "we will stop your
opioids", and a name that suggested a fight, drove away people the service was for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

from unhurried.clinical.wording import reassurance
from unhurried.clinical.wording.rules import Kind, Sought, allowed, sought
from unhurried.clinical.wording.tokens import Token, tokens


@dataclass(frozen=True, slots=True)
class Finding:
    """Some words that could hurt: `text[start:end]`, why, and what to write instead."""

    start: int
    end: int
    words: str
    rule: str
    why: str
    instead: str
    blocks: bool


@dataclass(frozen=True, slots=True)
class Findings(Sequence[Finding]):
    """The findings of one text, in the order they stand in it; none of them overlap."""

    items: tuple[Finding, ...] = ()

    @property
    def blocks(self) -> bool:
        """Whether any of them keeps a template from being used."""
        return any(each.blocks for each in self.items)

    @property
    def rules(self) -> frozenset[str]:
        """The ids of the rules that found something."""
        return frozenset(each.rule for each in self.items)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.items)

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Finding, ...]: ...
    def __getitem__(self, index: int | slice) -> Finding | tuple[Finding, ...]:
        """Return one finding, or some."""
        return self.items[index]


@dataclass(frozen=True, slots=True)
class _Match:
    what: Sought
    first: int
    after: int


def check(text: str, *, kind: Kind) -> Findings:
    """Return what in a text could stigmatise, press or threaten the person it is about.

    In a template a finding blocks where its rule says so. In free text nothing blocks: a note has
    to be able to say what was said, so there it only warns. Time is in proportion to the length.
    """
    if kind not in ("template", "free_text"):
        raise ValueError(f"{kind!r} is not a kind of text: use template or free_text.")
    said = tokens(text)
    patterns, matcher = sought()
    choices = reassurance.choices(said)
    lifted = _lifted(said)
    standing = [
        match
        for number, first, after in matcher.matches(said)
        for match in (_Match(patterns[number], first, after),)
        if not (kind == "free_text" and match.what.templates_only)
        and not all(match.what.rule.group in lifted.get(at, ()) for at in range(first, after))
        and not _reassures(match, said, choices)
    ]
    return Findings(tuple(_finding(match, said, text, kind) for match in _apart(standing)))


def other_meanings(text: str) -> tuple[tuple[int, int], ...]:
    """Return the places of published names and of other meanings of words that stigmatise."""
    said = tokens(text)
    groups, matcher = allowed()
    return tuple(
        (said[first].start, said[after - 1].end)
        for number, first, after in matcher.matches(said)
        if groups[number] == "stigma"
    )


def _lifted(said: Sequence[Token]) -> dict[int, set[str]]:
    """Return the tokens inside a published name or another meaning, with the groups lifted."""
    groups, matcher = allowed()
    lifted: dict[int, set[str]] = {}
    for number, first, after in matcher.matches(said):
        for place in range(first, after):
            lifted.setdefault(place, set()).add(groups[number])
    return lifted


def _reassures(match: _Match, said: Sequence[Token], found: reassurance.Choices) -> bool:
    lifted_by = match.what.rule.lifted_by
    if lifted_by == "nothing":
        return False
    if reassurance.negated(said, match.first):
        return True
    return lifted_by == "choice" and reassurance.chosen(said, match.first, match.after, found)


def _apart(matches: list[_Match]) -> Iterator[_Match]:
    """Yield the longest of those that overlap, in the order of the text."""
    taken: set[int] = set()
    kept: list[_Match] = []
    for match in sorted(matches, key=lambda each: (each.first - each.after, each.first)):
        if match.first in taken or match.after - 1 in taken:
            continue
        taken.update(range(match.first, match.after))
        kept.append(match)
    yield from sorted(kept, key=lambda each: each.first)


def _finding(match: _Match, said: Sequence[Token], text: str, kind: Kind) -> Finding:
    rule = match.what.rule
    start, end = said[match.first].start, said[match.after - 1].end
    return Finding(
        start=start,
        end=end,
        words=text[start:end],
        rule=rule.id,
        why=rule.why,
        instead=match.what.instead or rule.instead,
        blocks=kind == "template" and rule.blocks_a_template,
    )
