"""Numbered markers: events too near one another share one, so that no two ever touch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from unhurried.web.case.drawing.content import Event
from unhurried.web.case.drawing.ink import text_width

GAP = 4.0
PADDING = 12.0
SLACK = 10.0  # how far a marker may stand beside its day before it joins its neighbour
LOUDEST = ("alert", "joined", "ended", "plan", "pause", "resume", "worker")


@dataclass(frozen=True, slots=True)
class Marker:
    """One marker: the numbers of its events, from `left` to `right`, and their days' places."""

    left: float
    right: float
    events: tuple[Event, ...]
    places: tuple[float, ...]

    @property
    def text(self) -> str:
        """The numbers it stands for."""
        return marker_text(self.events)

    @property
    def middle(self) -> float:
        """Where its words and its line go."""
        return (self.left + self.right) / 2

    @property
    def kind(self) -> str:
        """The kind of event that matters most among its own."""
        kinds = {each.kind for each in self.events}
        return next((kind for kind in LOUDEST if kind in kinds), self.events[0].kind)

    @property
    def short(self) -> tuple[str, ...]:
        """The words of its events, each once."""
        return tuple(dict.fromkeys(each.short for each in self.events if each.short))


def marker_text(events: Sequence[Event]) -> str:
    """7, or 7 to 12 with a dash: events stand in order, so numbers follow one another."""
    first, last = events[0].number, events[-1].number
    return str(first) if first == last else f"{first}–{last}"


def markers(
    events: Sequence[Event], places: Sequence[float], left: float, right: float, size: float
) -> list[Marker]:
    """The markers between `left` and `right`, none touching another, numbers in order."""
    if not events:
        return []
    for slack, column in ((SLACK, 0.0), (0.0, _widest(events, size))):
        groups = _by_nearness(events, places, size, slack) if not column else None
        groups = groups or _by_columns(places, left, column)
        placed = _placed(events, places, groups, left, right, size)
        if placed is not None:
            return placed
    whole = [range(len(events))]
    return _placed(events, places, whole, left, right, size) or []


def _width(events: Sequence[Event], size: float) -> float:
    return max(text_width(marker_text(events), size) + PADDING, size + 8)


def _widest(events: Sequence[Event], size: float) -> float:
    number = "8" * len(str(events[-1].number))
    return text_width(f"{number}–{number}", size) + PADDING + GAP


def _by_nearness(
    events: Sequence[Event], places: Sequence[float], size: float, slack: float
) -> list[range]:
    """Each event by itself where there is room; else with those before it, a marker's width wide.

    The width bounds how far a group reaches: weekly sessions over years are not one group.
    """
    reach = _widest(events, size)
    groups: list[range] = []
    taken = float("-inf")
    for number, place in enumerate(places):
        alone = place - _width(events[number : number + 1], size) / 2
        group = groups[-1] if groups else None
        near = alone + slack < taken + GAP
        if group is not None and near and place - places[group.start] < reach:
            group = groups[-1] = range(group.start, number + 1)
        else:
            group = range(number, number + 1)
            groups.append(group)
            alone = max(alone, taken + GAP)
        wide = _width(events[group.start : group.stop], size)
        middle = (places[group.start] + place) / 2
        before = taken if len(group) == 1 else float("-inf")
        taken = max(middle - wide / 2, before + GAP) + wide
    return groups


def _by_columns(places: Sequence[float], left: float, column: float) -> list[range]:
    """Groups by columns each as wide as the widest marker: there is always room for these."""
    groups: list[range] = []
    last = None
    for number, place in enumerate(places):
        which = int((place - left) // column)
        if which == last:
            groups[-1] = range(groups[-1].start, number + 1)
        else:
            groups.append(range(number, number + 1))
        last = which
    return groups


def _placed(
    events: Sequence[Event], places: Sequence[float], groups: list[range], left: float,
    right: float, size: float,
) -> list[Marker] | None:  # fmt: skip
    """The groups as markers over the middle of their days, moved as little as need be."""
    wide = [_width(events[group.start : group.stop], size) for group in groups]
    lefts: list[float] = []
    edge = left - GAP
    for group, width in zip(groups, wide, strict=True):
        middle = (places[group.start] + places[group.stop - 1]) / 2
        lefts.append(max(middle - width / 2, edge + GAP))
        edge = lefts[-1] + width
    edge = right + GAP
    for number in reversed(range(len(groups))):
        lefts[number] = min(lefts[number], edge - GAP - wide[number])
        edge = lefts[number]
    if lefts[0] < left - 1e-6:
        return None
    return [
        Marker(
            at, at + width, tuple(events[group.start : group.stop]),
            tuple(places[group.start : group.stop]),
        )
        for at, width, group in zip(lefts, wide, groups, strict=True)
    ]  # fmt: skip
