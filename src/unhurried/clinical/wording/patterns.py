"""The small language of the wording tables, and its matcher.

    word            that word
    {a/b c}         one of these, each one or more words
    <class>         one of the words, or the pattern, that `wording-classes.csv` gives this name
    x?              x may be left out
    ...             up to four light words ("gradually", "or", "all of"): the class `filler`
    *6              up to six words of any kind, none of which negates
    $               nothing more in the sentence or before the next pause

Words follow one another with no pause between, but for those that `...` and `*6` pass over. From
each place a pattern looks at a bounded number of words, so that the time is in proportion to the
length of the text.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from unhurried.clinical.tables import TableError, read_table
from unhurried.clinical.wording.tokens import END, NOTHING, PAUSE, Token, tokens

FILLERS = 4
_ELEMENT = re.compile(
    r"\{([^{}]+)\}(\?)?|<([a-z-]+)>(\?)?|(\.\.\.)|\*(\d)|(\$)|([^\s{}<>$*?]+)(\?)?"
)
NEGATE = frozenset({"not", "never", "no", "nobody", "none", "nothing", "neither", "nor", "without"})


@dataclass(frozen=True, slots=True)
class Element:
    """One place of a pattern: some words, a gap, or the end of a clause."""

    ways: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    optional: bool = False
    gap: int = 0
    any_word: bool = False
    end: bool = False


Pattern = tuple[Element, ...]
# The next token, and what may part it from the token before.
Place = tuple[int, frozenset[str]]
_NOTHING, _PAUSE = frozenset({NOTHING}), frozenset({NOTHING, PAUSE})
_ANYTHING = frozenset({NOTHING, PAUSE, END})


@functools.cache
def classes() -> dict[str, str]:
    """Return the named classes: each name with its words or its pattern."""
    return {row["class"]: row["is"] for row in read_table("wording-classes")}


@functools.cache
def words_of(name: str) -> frozenset[str]:
    """Return the single words of a class."""
    return frozenset(word for word in classes()[name].split("/") if " " not in word)


def compiled(written: str) -> Pattern:
    """Turn a pattern as written in a table into its elements.

    Raises TableError when it is not well written.
    """
    elements: list[Element] = []
    place = 0
    for match in _ELEMENT.finditer(written):
        if written[place : match.start()].strip():
            break
        place = match.end()
        elements.extend(_elements(match, written))
    if written[place:].strip() or not elements:
        raise TableError(f"The pattern {written!r} is not well written: see wording/patterns.py.")
    return tuple(elements)


def _elements(match: re.Match[str], written: str) -> Iterator[Element]:
    ways, ways_optional, name, name_optional, gap, any_words, end, word, optional = match.groups()
    if name is not None:
        is_now = classes().get(name)
        if is_now is None:
            raise TableError(f"The pattern {written!r} names no class of words: {name!r}.")
        if "<" in is_now:
            if name_optional:
                raise TableError(f"The pattern {written!r} may not leave out <{name}>.")
            yield from compiled(is_now)
        else:
            yield Element(ways=_ways(is_now), optional=bool(name_optional))
    elif gap:
        yield Element(gap=FILLERS)
    elif any_words:
        yield Element(gap=int(any_words), any_word=True)
    elif end:
        yield Element(end=True)
    else:
        yield Element(ways=_ways(ways or word), optional=bool(ways_optional or optional))


def _ways(written: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return the ways of saying one place of a pattern, by their first word."""
    by_first: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for way in map(_as_words, written.split("/")):
        by_first[way[0]].append(way)
    return {first: tuple(dict.fromkeys(ways)) for first, ways in by_first.items()}


def _as_words(way: str) -> tuple[str, ...]:
    if way.startswith("{"):
        return (way,)
    return tuple(token.word for token in tokens(way))


class Matcher:
    """Many patterns looked for at once; each is known by its number in the list given."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        """Sort the patterns by the words they can begin with."""
        self._by_first: dict[str, list[tuple[int, Pattern]]] = defaultdict(list)
        for number, pattern in enumerate(patterns):
            for variant in _without_optional_start(pattern):
                for first in variant[0].ways:
                    self._by_first[first].append((number, variant))

    def matches(self, said: Sequence[Token]) -> Iterator[tuple[int, int, int]]:
        """Yield pattern number, first token and the token after the last, longest way each."""
        for start, token in enumerate(said):
            for number, pattern in self._by_first.get(token.word, ()):
                end = longest(pattern, said, start)
                if end is not None:
                    yield number, start, end


def _without_optional_start(pattern: Pattern) -> Iterator[Pattern]:
    yield pattern
    while pattern[0].optional:
        pattern = pattern[1:]
        yield pattern
    if not pattern[0].ways:
        raise TableError("A pattern must begin with a word.")


def longest(pattern: Pattern, said: Sequence[Token], start: int) -> int | None:
    """Return the token after the longest match that begins at `start`, or None."""
    places: set[Place] = {(start, _ANYTHING)}
    for element in pattern:
        places = {after for place in places for after in _after(element, said, place)}
        if not places:
            return None
    return max(place for place, _ in places)


def _after(element: Element, said: Sequence[Token], place: Place) -> Iterator[Place]:
    at, may_part = place
    if element.end:
        if at >= len(said) or said[at].before != NOTHING:
            yield place
    elif element.gap:
        yield from _gap(element, said, place)
    else:
        if element.optional:
            yield place
        if at < len(said) and said[at].before in may_part:
            for way in element.ways.get(said[at].word, ()):
                if _follows(way, said, at):
                    yield at + len(way), _NOTHING


def _gap(element: Element, said: Sequence[Token], place: Place) -> Iterator[Place]:
    at, may_part = place
    yield at, may_part | _PAUSE if element.any_word else may_part
    light = words_of("filler")
    for passed in range(at, min(at + element.gap, len(said))):
        word = said[passed].word
        passes = word not in NEGATE if element.any_word else word in light
        if not passes or said[passed].before == END:
            return
        yield passed + 1, _PAUSE


def _follows(way: tuple[str, ...], said: Sequence[Token], at: int) -> bool:
    """Say whether the rest of a way follows its first word, with nothing between."""
    return len(way) == 1 or (
        at + len(way) <= len(said)
        and all(
            said[at + offset].word == way[offset] and said[at + offset].before == NOTHING
            for offset in range(1, len(way))
        )
    )
