"""What a timeline shows, before anybody has thought of where on the paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class DoseStep:
    """From `start` until the next step this holds, in mg OME a day.

    `least` None: a gap, and `words` says why. `most` None with a `least`: "at least", since a part
    is not known. `beside` names what is left out of the figure.
    """

    start: date
    least: float | None
    most: float | None
    words: str
    beside: str = ""

    @property
    def shows(self) -> tuple[object, ...]:
        """What a reader can tell two steps apart by."""
        return (self.least, self.most, self.words, self.beside)


@dataclass(frozen=True, slots=True)
class Event:
    """A numbered event. `short` are words for the picture, for the few that matter most."""

    number: int
    on: date
    kind: str
    short: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """What the person gave for a day: pain or stress, 0 to 10."""

    on: date
    of: str
    value: float


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `start` until before `end` that have a name: a pause."""

    start: date
    end: date
    words: str


@dataclass(frozen=True, slots=True)
class Content:
    """Everything on one timeline, from `first` to `last`, both shown; in order of time.

    `planned` are steps agreed for later, drawn apart from what was. Without `shows_scores` the
    reader is not told that there could be any.
    """

    first: date
    last: date
    today: date
    steps: tuple[DoseStep, ...] = ()
    events: tuple[Event, ...] = ()
    scores: tuple[Score, ...] = ()
    spans: tuple[Span, ...] = ()
    planned: tuple[DoseStep, ...] = ()
    shows_dose: bool = True
    shows_scores: bool = True

    def lasting(self) -> list[tuple[DoseStep, date, date]]:
        """Each dose step that falls into the time shown, from and until when; same ones in one."""
        found: list[tuple[DoseStep, date, date]] = []
        if not self.steps:
            return found
        ends = [step.start for step in self.steps[1:]] + [max(self.today, self.first)]
        for step, end in zip(self.steps, ends, strict=True):
            start, until = max(step.start, self.first), min(end, self.last)
            if until < start or (step is not self.steps[-1] and end <= self.first):
                continue
            if found and found[-1][0].shows == step.shows:
                found[-1] = (found[-1][0], found[-1][1], until)
            else:
                found.append((step, start, until))
        return found

    def planning(self) -> list[tuple[DoseStep, date, date]]:
        """Each planned step with its end; the last goes on to the end of the picture."""
        ahead = [step for step in self.planned if self.first <= step.start <= self.last]
        days = [*(step.start for step in ahead), self.last]
        return [
            (step, start, end) for step, (start, end) in zip(ahead, pairwise(days), strict=True)
        ]
